"""What a card says of those who gave the labels: how many, never who; names are for whoever answers for the system."""

from collections.abc import Iterator

from winnow.core.learning.card.facts import CheckFacts
from winnow.core.learning.feedback.safeguard import Safeguard

_NAME = "who gave the labels"

#: From this share of a hold-out's labels on, what its authors say matters to the figures measured with them.
MUCH = 0.1


def authors_check(found: Safeguard) -> CheckFacts:
    """Whether anybody stood out, and how many count for less."""
    many, odd, untested = found.authors, len(found.examined.outliers), len(found.examined.untested)
    if not many:
        return CheckFacts(_NAME, "not testable", "no label names its author")
    less = len(found.held_authors)
    note = f"of {many} authors {odd} judge unlike the others; the labels of {less} count for less"
    note += f"; {untested} cannot be compared with anybody" if untested else ""
    return CheckFacts(_NAME, "reported" if odd else "not testable" if untested == many else "passed", note)


def holdout_doubts(found: Safeguard, leads: int) -> Iterator[str]:
    """What is not known when those who stood out labelled much of the hold-out, whose labels nobody changes."""
    odd = found.holdout_by_outliers
    if odd and odd >= MUCH * leads:
        yield f"How good it is: {odd / leads:.0%} of the hold-out was labelled by authors who judge unlike the others."
