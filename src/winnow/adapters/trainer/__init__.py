"""Fits additive models; importing it without the extra `learn` raises MissingExtraError."""

from winnow.errors import MissingExtraError

try:
    from winnow.adapters.trainer.ebm import EbmTrainer
except ImportError as error:
    raise MissingExtraError(
        "learning needs interpret-core", fix="install it: pip install 'winnow-crm[learn]'"
    ) from error

__all__ = ["EbmTrainer"]
