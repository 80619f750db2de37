"""May we? asked about one person by a person: what the gate would answer, without any permit."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.bootstrap.desks import Desks
from winnow.core.govern.ask import Ask, Check, Question
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports.gate import Recipient
from winnow.shells.web.consent_forms import About, channel_in
from winnow.shells.web.posted import Form

#: What is asked of a system alone.
_OF_SYSTEM = frozenset({Question.SYSTEM, Question.DATA, Question.OFF_LIMITS, Question.INFERENCE, Question.EXPLANATION})
_BY_PHONE, _BY_MAIL = frozenset({Channel.PHONE, Channel.SMS}), frozenset({Channel.EMAIL})
_NONE: frozenset[Channel] = frozenset()
#: Whoever asks on a page explains nothing else; what a system really wants is said when it asks.
_WHY = "somebody asks on a page whether it may be done"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the gate would say.

    skipped: questions that nobody asked, since no system was named
    """

    ask: Ask
    place: str | None
    checks: Sequence[Check]
    skipped: Sequence[Question]

    @property
    def against(self) -> Sequence[Check]:
        """What stands in the way."""
        return [check for check in self.checks if check.answer is not Answer.YES]


def answered(desks: Desks, whom: About, form: Form) -> Answered:
    """What the gate would answer to a form; raises InvalidInputError, NotFoundError."""
    place = form.text("place", most=6).upper() or None
    ask, recipient = _ask(desks, form), _recipient(desks, whom, place)
    _need_reachable(ask, recipient)
    checks = desks.gate.keeper.checks(ask, recipient)
    skipped = frozenset() if ask.system else _OF_SYSTEM
    return Answered(
        ask,
        place,
        [check for check in checks if check.question not in skipped],
        [question for question in Question if question in skipped],
    )


def _ask(desks: Desks, form: Form) -> Ask:
    system, action = form.text("system", most=100), _action(form)
    channel = channel_in(form, "ask_channel") if action is Action.CONTACT else None
    data = tuple(sorted(desks.systems.registered(system).system.inputs)) if system else ()
    return Ask(system, action, form.text("ask_purpose", most=100), channel, data, explanation=_WHY)


def _action(form: Form) -> Action:
    text = form.text("action", most=40) or Action.CONTACT
    try:
        return Action(text)
    except ValueError:
        fix = f"use {', '.join(Action)}"
        raise InvalidInputError(f"`{text}` is nothing the gate knows", where="action", fix=fix) from None


def _need_reachable(ask: Ask, recipient: Recipient) -> None:
    """The gate takes an address that a channel does not go to for nobody; a person is told so."""
    if ask.channel is not None and ask.channel not in reached(recipient.address.kind):
        fix = "choose another channel, or look up the address that it goes to"
        raise InvalidInputError("this channel does not go to this address", where="ask_channel", fix=fix)
    if not recipient.sure:
        fix = "look it up with its country, like +49…"
        raise InvalidInputError("this number may be several people's", where="ask_channel", fix=fix)


def reached(kind: AddressKind | None) -> tuple[Channel, ...]:
    """The channels that go to an address of a kind."""
    beside = {AddressKind.EMAIL: _BY_PHONE, AddressKind.PHONE: _BY_MAIL}.get(kind, _NONE) if kind else _NONE
    return tuple(channel for channel in Channel if channel not in beside)


def _recipient(desks: Desks, whom: About, place: str | None) -> Recipient:
    if whom.subject is not None:
        found = desks.gate.of_subject(whom.subject)
        if found is None:
            raise NotFoundError(
                "the address was erased, so nothing may be done to it", fix="look for the address itself"
            )
        return found._replace(place=place)
    address = whom.address(desks.consent.desk)
    # where somebody is says nothing about whose number it is: the answer is about the very address of the page
    return desks.gate.recipient(address.kind, whom.text, whom.country, None)._replace(place=place or whom.country)
