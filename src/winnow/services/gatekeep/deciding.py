"""The answer for each of a batch, in which one person may stand several times."""

from collections import Counter
from collections.abc import Sequence

from winnow.core.govern.ask import Grant, NotKnown, OfPerson, Refusal
from winnow.core.govern.gate import Prepared


def decide(
    prepared: Prepared,
    people: Sequence[OfPerson],
    persons: Sequence[int],
    which: Sequence[int],
    found: list[Grant | Refusal],
) -> None:
    """Answer for some of them, in place; a contact permitted within the batch counts for those after it.

    persons: a number for each, the same for all addresses of one person · which: whom to answer for, of all
    """
    several = {each for each, times in Counter(persons).items() if times > 1}
    earlier: Counter[int] = Counter()
    for at, person in zip(which, people, strict=True):
        whose = persons[at]
        if whose not in several:
            found[at] = prepared.of(person)
            continue
        answer = found[at] = prepared.of(_counted(person, earlier[whose]))
        earlier[whose] += isinstance(answer, Grant)


def _counted(person: OfPerson, again: int) -> OfPerson:
    """The person with the contacts that the same batch permitted already."""
    if not again or isinstance(person.contacts, NotKnown):
        return person
    return person._replace(contacts={cap: count + again for cap, count in person.contacts.items()})
