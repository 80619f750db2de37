"""Questions of the gate that do not depend on whom it is about: stop, system, purpose, data, inference, reason."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from winnow.core.govern.allowed import data_allowed, inference_allowed
from winnow.core.govern.ask import NOT_READ, Ask, Check, Common, NotKnown, Question
from winnow.core.govern.limits import Because, Judgement, Limits
from winnow.core.govern.stop import Stop, Stops
from winnow.core.govern.systems import AiSystem, Standing
from winnow.core.govern.terms import Action, Answer, Channel

#: Fewer words explain nothing.
FEWEST_WORDS = 3
#: Of a word that somebody sent.
_SHOWN = 60

_FOUR_EYES = "change the policy, which a second person has to sign"

T = TypeVar("T")


class NotThereError(Exception):
    """A fact is not there, or of another type than it should be; `known` says why, as far as that is known."""

    def __init__(self, known: NotKnown = NOT_READ) -> None:
        super().__init__(known)
        self.known = known


def read(value: object, kind: type[T]) -> T:
    """The fact, if it is what it should be; anything else makes the question unknown."""
    if not isinstance(value, kind):
        raise NotThereError(value if isinstance(value, NotKnown) else NOT_READ)
    return value


def yes(question: Question, what: str, because: tuple[Because, ...] = ()) -> Check:
    """A check that found nothing in the way."""
    return Check(question, Answer.YES, what, because)


def no(question: Question, what: str, fix: str, owner: str = "", because: tuple[Because, ...] = ()) -> Check:
    """A check that found what is in the way."""
    return Check(question, Answer.NO, what, because, owner, fix)


def policy(part: str, text: str) -> tuple[Because, ...]:
    """The organisation's own policy as a ground."""
    return (Because(f"policy.{part}", "", text),)


def _stop(ask: Ask, common: Common, _: datetime) -> Check:
    held = read(common.stops, Stops).covers(action=ask.action, system=ask.system)
    if held is None:
        return yes(Question.STOP, "no kill switch is engaged for this")
    stop = read(held, Stop)
    fix = "two people lift a stop, once its reason is gone: `winnow stop off`"
    return no(Question.STOP, f"a kill switch is engaged: {stop.reason}", fix, stop.by)


def _system(ask: Ask, common: Common, _: datetime) -> Check:
    if common.system is None:
        what = f"`{ask.system}` is not in the register of AI systems"
        return no(Question.SYSTEM, what, "enter it there, with an owner, and have it signed off")
    system, standing = read(common.system, AiSystem), read(common.standing, Standing)
    if system.id != ask.system:
        raise NotThereError
    owner = system.owner or ""
    if not standing.acts:
        why = standing.because[0] if standing.because else "it is not live"
        return no(Question.SYSTEM, f"the system may not act: {why}", "do what the register says is missing", owner)
    outside = next(_outside(ask, system), None)
    if outside is not None:
        fix = "use a system that is registered for it, or change the entry and have it signed off anew"
        return no(Question.SYSTEM, outside, fix, owner)
    return yes(Question.SYSTEM, "the system is registered, owned, signed off and live for this")


def _outside(ask: Ask, system: AiSystem) -> Iterator[str]:
    """What the register does not say the system is for."""
    if ask.purpose not in system.purposes:
        yield f"the system is not registered for the purpose `{ask.purpose}`"
    if ask.action not in system.actions:
        yield f"the system is not registered for the action `{ask.action}`"
    if ask.channel is not None and ask.channel not in system.channels:
        yield f"the system is not registered for the channel `{ask.channel}`"
    unregistered = sorted(set(ask.data) - system.inputs)
    if unregistered:
        yield f"the system is not registered to use `{unregistered[0]}` data"


def _purpose(ask: Ask, common: Common, _: datetime) -> Check:
    limits = read(common.limits, Limits)
    purpose = limits.purpose(ask.purpose)
    if purpose is None:
        known = ", ".join(each.name for each in limits.purposes)
        what = f"nothing may be done for the purpose `{ask.purpose}`, which the policy does not have"
        return _against_policy(Question.PURPOSE, what, f"ask for one of {known}, or {_FOUR_EYES}", common, "purposes")
    if ask.action is Action.CONTACT and read(ask.channel, Channel) not in purpose.channels:
        what = f"the policy does not let `{purpose.name}` go through `{ask.channel}`"
        return _against_policy(Question.PURPOSE, what, f"take another channel, or {_FOUR_EYES}", common, purpose.name)
    return yes(Question.PURPOSE, "the policy has this purpose, and lets it go this way")


def _data(ask: Ask, common: Common, _: datetime) -> Check:
    limits, used = read(common.limits, Limits), _words(ask.data)
    if not used:
        return no(Question.DATA, "nobody said which data were used", "name the categories of data that were used")
    judged = data_allowed(limits, ask.purpose, used)
    if judged.answer is Answer.YES:
        return yes(Question.DATA, "only data that may be used for this purpose")
    fix = f"leave it out, or {_FOUR_EYES}"
    return _judged(Question.DATA, judged, "data that may not be used for this purpose", fix, common)


def _off_limits(ask: Ask, common: Common, _: datetime) -> Check:
    limits = read(common.limits, Limits)
    found = sorted(_words(ask.data) & off_limits_words(limits, read(common.off_limits, frozenset)))
    if found:
        what = f"`{found[0]}` is off limits, whoever asks"
        return _against_policy(Question.OFF_LIMITS, what, f"leave it out, or {_FOUR_EYES}", common, "off_limits")
    return yes(Question.OFF_LIMITS, "nothing that is off limits")


def off_limits_words(limits: Limits, fields: frozenset[str]) -> frozenset[str]:
    """What data may not be called: categories and `fields` that are off limits, and what tells one of them."""
    return limits.categories | fields | {name for each in limits.proxies for name in (each.field, each.stands_for)}


def _inference(ask: Ask, common: Common, now: datetime) -> Check:
    limits, packs = read(common.limits, Limits), read(common.packs, tuple)
    for label in sorted(_words(ask.inferences)):
        judged = inference_allowed(limits, label, packs, None, _words(ask.data), now.date())
        if judged.answer is not Answer.YES:
            what = f"`{label[:_SHOWN]}` may not be concluded about a person"
            fix = f"do not conclude it; if it is harmless, clear the label: {_FOUR_EYES}"
            return _judged(Question.INFERENCE, judged, what, fix, common)
    return yes(Question.INFERENCE, "no conclusion that nobody may draw")


def _explanation(ask: Ask, _: Common, __: datetime) -> Check:
    if explains(read(ask.explanation, str)):
        return yes(Question.EXPLANATION, "an explanation is there")
    what = "there is no explanation that a person could read"
    return no(Question.EXPLANATION, what, "say in a sentence why this is to be done")


def explains(text: str) -> bool:
    """Whether a text can be a reason: some words, not a placeholder."""
    return len([word for word in text.split() if any(map(str.isalpha, word))]) >= FEWEST_WORDS


def _judged(question: Question, judged: Judgement, what: str, fix: str, common: Common) -> Check:
    return Check(question, judged.answer, what, tuple(judged.because), common.owner, fix)


def _words(data: object) -> frozenset[str]:
    return frozenset(read(word, str) for word in read(data, tuple))


def _against_policy(question: Question, what: str, fix: str, common: Common, part: str) -> Check:
    return no(question, what, fix, common.owner, policy(part, "as the policy of this organisation says"))


#: The checks in their order.
COMMON: tuple[tuple[Question, Callable[[Ask, Common, datetime], Check]], ...] = (
    (Question.STOP, _stop),
    (Question.SYSTEM, _system),
    (Question.PURPOSE, _purpose),
    (Question.DATA, _data),
    (Question.OFF_LIMITS, _off_limits),
    (Question.INFERENCE, _inference),
    (Question.EXPLANATION, _explanation),
)
