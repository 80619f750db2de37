"""What a model card says of leads that are there more than once."""

from collections.abc import Iterator

from winnow.core.learning.figures.plain import counted, in_hundred
from winnow.core.learning.reading.copies import Copies

#: A smaller share of copies changes no figure that anybody reads.
TELLING = 0.01


def copies_doubts(found: Copies) -> Iterator[str]:
    """What nobody knows because of copies; nothing where they are few."""
    if found.share >= TELLING:
        yield (
            f"On how many people it rests: {in_hundred(found.share)} of its leads "
            f"({counted(found.repeats, 'lead')}) repeat another one in everything that is used, so that figures "
            "seem surer than they are."
        )
    if found.seen:
        yield (
            f"How it does on leads it has not seen: {counted(found.seen, 'lead')} of those set aside repeat one that "
            "it was learned from."
        )
