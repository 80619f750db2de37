"""How much labels prove when leads are there more than once: each lead counts once, no error is lost."""

from collections.abc import Iterable, Sequence

from winnow.core.learning.figures.bounds import Count, counted
from winnow.core.learning.reading.copies import kinds_of
from winnow.core.learning.study import Study


def evidence(held: Study, kinds: Sequence[int], places: Iterable[int]) -> Count:
    """The labels at these places, counted for a proof.

    kinds: as `copies.kinds_of` numbers the leads of `held`

    Copies are one label: junk when all of them are, with the least of their weights; otherwise an error, with the
    greatest weight of those that are one. The share that is right is this or that of all leads, whichever is smaller,
    since among leads that only look alike errors are many and not one.
    """
    chosen = list(places)
    plain = counted([held.truth[place] for place in chosen], [held.weights[place] for place in chosen])
    once: dict[int, tuple[bool, float]] = {}
    for place in chosen:
        junk, weight = held.truth[place], held.weights[place]
        all_junk, counts = once.setdefault(kinds[place], (junk, weight))
        if junk is all_junk:
            once[kinds[place]] = junk, min(counts, weight) if junk else max(counts, weight)
        elif all_junk:
            once[kinds[place]] = junk, weight
    if len(once) == len(chosen):
        return plain  # as always where nobody compared leads
    single = counted([junk for junk, _ in once.values()], [weight for _, weight in once.values()])
    total = min(single.total, plain.total)
    return Count(total, total * min(single.precision, plain.precision))


def unseen(study: Study, split: int) -> Study:
    """The leads from `split` on that may prove something: without junk that repeats a lead before it, errors all."""
    kinds = kinds_of(study)
    learned = set(kinds[:split])
    held = range(split, len(study))
    kept = [place for place in held if kinds[place] not in learned or not study.truth[place]]
    return study.part(split, len(study)) if len(kept) == len(held) else study.having(kept)


def repeated(kinds: Sequence[int], places: Iterable[int]) -> int:
    """How many of the leads at these places repeat another one of them."""
    chosen = [kinds[place] for place in places]
    return len(chosen) - len(set(chosen))
