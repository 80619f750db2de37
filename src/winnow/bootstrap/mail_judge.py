"""The gate as mail asks it: one recipient at a time, in words that a mail program shows to whoever sent the mail."""

from collections.abc import Callable, Iterable, Sequence

from winnow.core.govern.ask import Ask, Check, Question, Refusal
from winnow.core.govern.identity import AddressKind, email_identity
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.core.govern.told import Address
from winnow.errors import BrokenLogError, ConflictError, InvalidInputError, NotFoundError, UnavailableError
from winnow.ports.gate import Recipient
from winnow.ports.outgoing import Ruling, Sender
from winnow.services.gatekeep import Asking, Gatekeeper, spelled


class GateJudge:
    """See the port Judge."""

    def __init__(self, gatekeeper: Gatekeeper, inputs: Callable[[str], Iterable[str]], place: str | None) -> None:
        """`inputs`: categories of data that a system works with, by the register · `place`: where recipients are."""
        self._gatekeeper = gatekeeper
        self._inputs = inputs
        self._place = place

    def ask(self, sender: Sender, address: str, message: str = "") -> Ruling:
        """See the port."""
        given = self._gatekeeper.ask(self._wanted(sender, message), [self._recipient(address)], Asking(sender.actor))
        return _ruling(given.id_of(0), _failing(given.results[0]))

    def still(self, sender: Sender, address: str) -> Ruling:
        """See the port. How often was answered when it was permitted, and that permit counts by now."""
        asking = Asking(sender.actor, rehearsal=True)
        given = self._gatekeeper.ask(self._wanted(sender, ""), [self._recipient(address)], asking)
        failing = [check for check in _failing(given.results[0]) if check.question is not Question.FREQUENCY]
        return _ruling("", failing)

    def presented(self, sender: Sender, address: str, token: str, *, use: bool = False) -> Ruling:
        """See the port."""
        wanted = {
            "address": spelled(_address(address)),
            "system": sender.system,
            "action": Action.CONTACT,
            "channel": Channel.EMAIL,
            "purpose": sender.purpose,
        }
        try:
            permit = self._gatekeeper.verify(token, wanted, sender.actor, redeem=use)
        except (InvalidInputError, BrokenLogError, ConflictError, NotFoundError) as wrong:
            return Ruling("", wrong.what, wrong.fix or "")
        return Ruling(permit.id)

    def _wanted(self, sender: Sender, message: str) -> Ask:
        why = message or f"mail of {sender.system} for {sender.purpose}, as it was handed in"
        data = tuple(sorted(self._inputs(sender.system)))
        return Ask(sender.system, Action.CONTACT, sender.purpose, Channel.EMAIL, data, explanation=why)

    def _recipient(self, address: str) -> Recipient:
        return Recipient(_address(address), address, self._place)


def _address(address: str) -> Address:
    return Address(AddressKind.EMAIL, email_identity(address))


def _failing(result: object) -> Sequence[Check]:
    return result.failing if isinstance(result, Refusal) else ()


def _ruling(answer: str, failing: Sequence[Check]) -> Ruling:
    """The first reason in words; raises UnavailableError when it is only that something could not be read."""
    if not failing:
        return Ruling(answer)
    if all(check.answer is Answer.UNKNOWN and not check.because for check in failing):
        raise UnavailableError("the gate could not read what it needs to know", fix="send again later")
    first, owner = failing[0], failing[0].owner
    whom = f"who answers for this: {owner}" if owner else ""
    more = f"{len(failing) - 1} more reasons" if len(failing) > 1 else ""
    return Ruling(answer, first.what, "; ".join(filter(None, (first.fix, whom, more))))
