"""Questions of the gate about one person: consent, block lists, the hour where they are, how often already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from winnow.core.govern.ask import Ask, Check, Common, OfPerson, Question
from winnow.core.govern.consent import Standing, State
from winnow.core.govern.gate_system import no, policy, read, yes
from winnow.core.govern.limits import Cap, Limits, Purpose, PurposeKind, Told
from winnow.core.govern.packs import Hours
from winnow.core.govern.requirement import Requirement, requirement, suffices
from winnow.core.govern.terms import Action, Answer, Channel, Needed
from winnow.core.lists import ListAction, ListEntry, winner
from winnow.core.outcome import Scope

_CORRECT = "if this is wrong, record what the person really said, with evidence"
_CONFIRM = "have the person confirm it: by the link of a mail, or of a number by what they say aloud"
_NOT_OBJECTED = yes(Question.CONSENT, "the person has not objected")
_NO_BLOCKS = yes(Question.LISTS, "no block keeps a person from this purpose")
_UNLISTED = yes(Question.LISTS, "on no block list that counts here")
_NO_HOURS = yes(Question.HOURS, "no law in use names hours for this")
_NO_LIMIT = yes(Question.FREQUENCY, "no limit on how often")
_WITHIN = yes(Question.FREQUENCY, "within the limits on how often")
_OBTAIN = "ask the person for it, and record what they say with the words they were told"


@dataclass(frozen=True, slots=True)
class Required:
    """What is needed at one place, worked out once for everybody there.

    needs: of the contact; None where the action goes through no channel · caps: those that count it
    scope: where a block keeps a person from it; None: no block does
    enough, in_time: what is answered, the same for everybody, where there is consent, and where the hour is right
    owner: of the policy
    """

    needs: Requirement | None
    caps: tuple[Cap, ...]
    scope: Scope | None
    enough: Check
    in_time: Check
    owner: str


def channel_of(ask: Ask) -> Channel | None:
    """The channel whose consent an action is held to: whom a person is shared with may show them advertisements."""
    if ask.action is Action.CONTACT:
        return read(ask.channel, Channel)
    return Channel.ADS if ask.action is Action.SHARE else None


def required(ask: Ask, common: Common, place: str | None, now: datetime) -> Required:
    """What is needed at a place; raises when it cannot be told."""
    limits, packs = read(common.limits, Limits), read(common.packs, tuple)
    purpose, channel = read(limits.purpose(ask.purpose), Purpose), channel_of(ask)
    needs = None if channel is None else requirement(limits, packs, place, channel, ask.purpose, now.date())
    caps = limits.caps_on(ask.channel, ask.purpose) if ask.action is Action.CONTACT else ()
    because, hours = ((), ()) if needs is None else (needs.because, needs.hours_because)
    enough = yes(Question.CONSENT, "what the law and the policy ask for is there", because)
    in_time = yes(Question.HOURS, "an hour at which people may be reached", hours)
    return Required(needs, caps, scope_of(purpose, limits), enough, in_time, common.owner)


def scope_of(purpose: Purpose, limits: Limits) -> Scope | None:
    """Which blocks count for a purpose: that of its name, else all that keep people from marketing, or none."""
    named = next((scope for scope in Scope if scope.value == purpose.name), None)
    if named is None and purpose.kind is not PurposeKind.SERVICE:
        named = Scope.MARKETING
    return named if named in limits.block_scopes else None


def _consent(_: Ask, person: OfPerson, needed: Required | None, now: datetime) -> Check:
    standing, needed = read(person.consent, Standing), read(needed, Required)
    state = read(standing.state, State)
    if needed.needs is None:
        return _unchanneled(state, standing)
    answer = consented(needed.needs, standing, now)
    if answer is Answer.YES:
        return needed.enough
    what = f"{standing.why}; needed is {_WORDS[needed.needs.needed]}"
    fix = _CORRECT if state >= State.BARRED else _OBTAIN
    if standing.waits:
        fix = _CONFIRM
    if needed.needs.needed is Needed.PROHIBITED:
        fix = "take another channel, or another purpose"
    return Check(Question.CONSENT, answer, what, needed.needs.because, needed.owner, fix)


def consented(needs: Requirement, standing: Standing, now: datetime) -> Answer:
    """Whether how things stand for somebody is enough for what is needed: any one of its grounds has to be."""
    state = read(standing.state, State)
    told = Told[state.name].value
    answers = [suffices(needs, told, basis, since, now.date()) for basis, since in _grounds(state, standing, now)]
    return next((each for each in (Answer.YES, Answer.UNKNOWN) if each in answers), Answer.NO)


_WORDS = {
    Needed.OPT_OUT: "that nobody said no",
    Needed.IMPLIED: "consent, or a relationship that the law takes for it",
    Needed.EXPRESS: "the person's own yes",
    Needed.PROHIBITED: "nothing that could be given: it is prohibited",
}


def _grounds(state: State, standing: Standing, now: datetime) -> list[tuple[str, date | None]]:
    """What it could rest on: each ground that holds at `now`; nothing, unless something was granted."""
    if state is not State.GRANTED:
        return [("", None)]
    living = [each for each in standing.grounds if each.expires_at is None or now < each.expires_at]
    return [(each.basis, each.since and each.since.date()) for each in living] or [("", None)]


def _unchanneled(state: State, standing: Standing) -> Check:
    """What is not a contact goes on until the person objects to all of it."""
    if state is State.OBJECTED:
        return no(Question.CONSENT, standing.why, _CORRECT)
    return _NOT_OBJECTED


def _lists(_: Ask, person: OfPerson, needed: Required | None, now: datetime) -> Check:
    scope, hits = read(needed, Required).scope, read(person.hits, tuple)
    if scope is None:
        return _NO_BLOCKS
    entry = winner([read(hit, ListEntry) for hit in hits], scope, now) if hits else None
    if entry is None or entry.action is ListAction.ALLOW:
        return _UNLISTED
    what = f"the block entry `{entry.id}` keeps them from {scope.value}"
    fix = f"take the entry out, or ask {entry.owner}: `winnow list remove {entry.id}`"
    return no(Question.LISTS, what, fix, entry.owner, policy(f"list.{entry.id}", "an entry of the block lists"))


def _hours(_: Ask, person: OfPerson, needed: Required | None, now: datetime) -> Check:  # noqa: ARG001  # as the other checks
    needed = read(needed, Required)
    needs = needed.needs
    if needs is None or needs.hours is None:
        return _NO_HOURS
    allowed, local = read(needs.hours, Hours), read(person.local_hours, frozenset)
    if not local:
        what, fix = "what time it is there is not known", "give the time zone of the person, or the place"
        return Check(Question.HOURS, Answer.UNKNOWN, what, needs.hours_because, needed.owner, fix)
    if all(allowed.allow(read(hour, int)) for hour in local):
        return needed.in_time
    what = f"people there may be reached from {allowed.start} to {allowed.end} o'clock of their own day"
    return no(Question.HOURS, what, "wait until then", needed.owner, needs.hours_because)


def _frequency(_: Ask, person: OfPerson, needed: Required | None, now: datetime) -> Check:  # noqa: ARG001  # as the other checks
    needed = read(needed, Required)
    caps = needed.caps
    if not caps:
        return _NO_LIMIT
    contacts: Mapping[str, int] = read(person.contacts, Mapping)  # type: ignore[type-abstract]  # it is only compared with
    reached = [cap for cap in caps if _count(contacts, cap) >= cap.most]
    if not reached:
        return _WITHIN
    cap = reached[0]
    what = f"contacts are limited to {cap.most} in any {cap.days}-day period, and that is reached"
    fix = "wait until the first of them is older, or change the policy, which a second person has to sign"
    return no(Question.FREQUENCY, what, fix, needed.owner, policy(f"caps.{cap.id}", "as the policy says"))


def _count(contacts: Mapping[str, int], cap: Cap) -> int:
    """How many there were; True is no number, and a number that is missing is not zero."""
    count = read(contacts[cap.id], int)
    if isinstance(count, bool) or count < 0:
        raise TypeError(cap.id)
    return count


#: The checks in their order.
PERSONAL: tuple[tuple[Question, Callable[[Ask, OfPerson, Required | None, datetime], Check]], ...] = (
    (Question.CONSENT, _consent),
    (Question.LISTS, _lists),
    (Question.HOURS, _hours),
    (Question.FREQUENCY, _frequency),
)
