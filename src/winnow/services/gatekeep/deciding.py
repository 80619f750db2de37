"""The answer for each of a batch, in which one person may stand several times."""

from collections import Counter
from collections.abc import Sequence

from winnow.core.govern.ask import Grant, NotKnown, OfPerson, Refusal
from winnow.core.govern.gate import Prepared


def decide(
    prepared: Prepared,
    people: Sequence[OfPerson],
    subjects: Sequence[int],
    which: Sequence[int],
    found: list[Grant | Refusal],
) -> None:
    """Answer for some of them, in place; a contact permitted within the batch counts for those after it."""
    several = {subject for subject, times in Counter(subjects).items() if times > 1}
    earlier: Counter[int] = Counter()
    for at, person in zip(which, people, strict=True):
        subject = subjects[at]
        if subject not in several:
            found[at] = prepared.of(person)
            continue
        answer = found[at] = prepared.of(_counted(person, earlier[subject]))
        earlier[subject] += isinstance(answer, Grant)


def _counted(person: OfPerson, again: int) -> OfPerson:
    """The person with the contacts that the same batch permitted already."""
    if not again or isinstance(person.contacts, NotKnown):
        return person
    return person._replace(contacts={cap: count + again for cap, count in person.contacts.items()})
