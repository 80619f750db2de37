"""Past decisions as columns, re-decided by the million; the one place besides the trainer that needs the extra `learn`.

A value of a signal is kept once and every lead points at it, so that whatever follows from a value (its bin, its
points, whether a rule holds on it) is worked out once a distinct value and then gathered. What else decides (policy,
lists, customers, people, rules with an outcome) is left to `winnow.core.decide` itself: once for each combination
of it that occurs.

Importing this package without the extra raises MissingExtraError.
"""

from winnow.errors import MissingExtraError

try:
    import numpy as np
    import polars as pl
except ImportError as error:
    raise MissingExtraError(
        "what-if questions need numpy and polars", fix="install them: pip install 'winnow-crm[learn]'"
    ) from error

__all__ = ["np", "pl"]
