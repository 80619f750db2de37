"""Old leads are learned from, the newest are set aside: what a scorecard is worth shows only on what came later."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from winnow.core.canonical import content_hash
from winnow.core.learning.study import Study
from winnow.errors import InvalidInputError

#: Labels of either class below which a fit would learn noise, and hold-out labels below which nothing can be shown.
FEWEST_LABELS = 200
FEWEST_HELD_OUT = 20


def split_place(times: Sequence[float], size: int, share: float) -> int:
    """How many of the oldest leads are learned from when about `share` of them is set aside.

    Leads of one moment are not parted as long as that moves the place by less than half the share.
    """
    place = size - round(size * share)
    if not times or not 0 < place < size or times[place - 1] < times[place]:
        return place
    nearest = min(
        bisect_left(times, times[place]), bisect_right(times, times[place]), key=lambda each: abs(each - place)
    )
    return nearest if 0 < nearest < size and abs(nearest - place) <= size * share / 2 else place


def ids_hash(ids: Sequence[str]) -> str:
    """SHA-256 over ids in their order: says later whether these were the very leads."""
    return content_hash(list(ids))


def need_enough(study: Study, split: int) -> None:
    """Raise InvalidInputError when there is too little to learn from, or to show what was learned."""
    for what, truth, fewest in (
        ("to learn from", study.truth[:split], FEWEST_LABELS),
        ("in the hold-out, the newest part", study.truth[split:], FEWEST_HELD_OUT),
    ):
        positive = sum(truth)
        for word, found in ((study.target, positive), (f"not {study.target}", len(truth) - positive)):
            if found < fewest:
                raise InvalidInputError(
                    f"only {found:,} leads {what} are {word}, and {fewest:,} are needed",
                    fix=f"bring {fewest - found:,} more of them, or set another share aside with --holdout",
                )
