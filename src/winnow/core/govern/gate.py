"""The hard stop: may this system do this to this person now?

Every question is answered, in a fixed order, with yes, no or unknown, and nothing but yes to all of them lets anything
through. A fact that is missing, old, of another type than it should be, or that broke on the way is unknown; so is
whatever a check stumbles over. There is no way to ignore an answer: people may correct the fact it rests on, with
evidence, or change the policy, which takes a second person.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from winnow.core.govern.ask import NOT_READ, Ask, Check, Common, Grant, NotKnown, OfPerson, Question, Refusal
from winnow.core.govern.gate_person import PERSONAL, Required, required
from winnow.core.govern.gate_system import COMMON, NotThereError
from winnow.core.govern.terms import Answer

#: Facts that were read longer ago are not known any more.
MOST_AGE = timedelta(minutes=2)

#: Answers that are remembered for others of whom the same is known.
_MOST_ALIKE = 10_000


def may(ask: Ask, common: Common, person: OfPerson, now: datetime) -> Grant | Refusal:
    """Whether it may be done to one person at `now` (aware), with the answer to every question. Never raises."""
    return Prepared(ask, common, now).of(person)


@dataclass(slots=True)
class Prepared:
    """The answers that are the same for everybody, given once; `of` adds those about one person."""

    ask: Ask
    common: Common
    now: datetime
    checks: tuple[Check, ...] = field(init=False)
    _fresh: bool = field(init=False)
    _required: dict[str | None, Required | None] = field(init=False, default_factory=dict)
    _alike: dict[int, tuple[OfPerson, Grant | Refusal]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._fresh = _is_fresh(self.common.read_at, self.now)
        self.checks = tuple(self._in_common())

    def _in_common(self) -> Iterator[Check]:
        for question, check in COMMON:
            try:
                yield check(self.ask, self.common, self.now) if self._fresh else unknown(question, NotKnown.STALE)
            except Exception as error:  # noqa: BLE001  # whatever it is, it must not let anything through
                yield unknown(question, _why(error))

    def of(self, person: object) -> Grant | Refusal:
        """The answer for one person. Never raises."""
        if not isinstance(person, OfPerson):
            person = OfPerson()  # whatever else comes is nothing that is known
        # by identity: whoever asks for many shares persons of whom the same is known, and no two look the same here
        known = self._alike.get(id(person))
        if known is not None:
            return known[1]
        answer = self._worked_out(person)
        if len(self._alike) < _MOST_ALIKE:
            self._alike[id(person)] = person, answer  # which keeps the person alive, and so the identity its own
        return answer

    def _worked_out(self, person: OfPerson) -> Grant | Refusal:
        place = person.place if isinstance(person.place, str) else None
        needed = self._needed(place)
        checks = [*self.checks]
        for question, check in PERSONAL:
            try:
                found = check(self.ask, person, needed, self.now) if self._fresh else unknown(question, NotKnown.STALE)
            except Exception as error:  # noqa: BLE001  # as above
                found = unknown(question, _why(error))
            checks.append(found)
        failing = tuple([found for found in checks if found.answer is not Answer.YES])
        return Refusal(tuple(checks), failing) if failing else Grant(tuple(checks))

    def _needed(self, place: str | None) -> Required | None:
        """What a contact at this place needs, worked out once a place; None when it cannot be."""
        if place not in self._required:
            try:
                self._required[place] = required(self.ask, self.common, place, self.now)
            except Exception:  # noqa: BLE001  # whatever it is, what is needed is not known
                self._required[place] = None
        return self._required[place]


def unknown(question: Question, known: NotKnown) -> Check:
    """The answer when there is none, and why."""
    return Check(question, Answer.UNKNOWN, known.what, fix=known.fix)


def _why(error: Exception) -> NotKnown:
    return error.known if isinstance(error, NotThereError) else NOT_READ


def _is_fresh(read_at: object, now: datetime) -> bool:
    return isinstance(read_at, datetime) and _age(read_at, now)


def _age(read_at: datetime, now: datetime) -> bool:
    try:
        return timedelta(0) <= now - read_at <= MOST_AGE
    except TypeError:  # one of them is without a time zone
        return False
