"""Policies in files, and the law packs they are checked with; needs no installation."""

from pathlib import Path

from winnow.adapters.packs import law_packs
from winnow.adapters.rulesets import policy_toml
from winnow.core.govern.examples import check_limits
from winnow.core.policy import Policy
from winnow.core.policy_read import policy_from_toml
from winnow.core.ruleset import Ruleset
from winnow.errors import InvalidInputError, InvalidRulesetError

__all__ = ["check_policy", "law_packs", "policy_in", "policy_toml", "text_of"]


def check_policy(ruleset: Ruleset) -> None:
    """Refuse a ruleset whose policy names a law pack that is not there, or whose examples do not hold."""
    check_limits(ruleset.policy.limits, law_packs())


def policy_in(path: Path) -> Policy:
    """The policy of a file, with examples that hold; raises InvalidInputError with file and line."""
    policy = policy_from_toml(text_of(path), str(path))
    try:
        check_limits(policy.limits, law_packs())
    except InvalidRulesetError as error:
        error.where = f"{path}: {error.where}"
        raise
    return policy


def text_of(path: Path) -> str:
    """The text of a file; raises InvalidInputError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        what = f"cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(path), fix="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(path), fix="save the file as UTF-8") from None
