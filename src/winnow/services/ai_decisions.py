"""What a vendor's AI concluded about somebody goes on record with its reasons, or is refused."""

from collections.abc import Callable, Sequence
from datetime import datetime

from winnow.core.govern.allowed import inference_allowed
from winnow.core.govern.gate_system import FEWEST_WORDS, explains, off_limits_words
from winnow.core.govern.limits import Because
from winnow.core.govern.systems import AiSystem, Standing
from winnow.core.govern.terms import Answer
from winnow.core.govern.told import Address
from winnow.errors import InvalidInputError, RefusedByPolicyError
from winnow.ports import Clock
from winnow.ports.gate import AiDecision, AiDecisionStore, Concluded, PolicyInForce

_SHOWN = 60


class AiDecisionDesk:
    """Where such conclusions are told. Any call may raise UnavailableError."""

    def __init__(
        self,
        store: AiDecisionStore,
        policy: Callable[[], PolicyInForce],
        system: Callable[[str], tuple[AiSystem, Standing] | None],
        subject: Callable[[Address], int],
        clock: Clock,
    ) -> None:
        """`system`: the entry of the register by its id; None: there is none · `subject`: keyed hash of an address."""
        self._store = store
        self._policy = policy
        self._system = system
        self._subject = subject
        self._clock = clock

    def record(self, decision: AiDecision, about: Address) -> tuple[int, datetime]:
        """Put it on record; its number in the log, and when.

        Raises InvalidInputError without a reason, RefusedByPolicyError for what may not be concluded or used, or by a
        system that is not registered for it.
        """
        _need_reasons(decision.reasons)
        self._need_registered(decision)
        self._need_allowed(decision)
        now = self._clock.now()
        return self._store.add(decision, self._subject(about), now), now

    def one(self, number: int) -> tuple[AiDecision, datetime]:
        """One by its number, and when it was recorded; raises NotFoundError."""
        return self._store.one(number)

    def page(self, before: int | None, limit: int, system: str | None = None) -> Sequence[Concluded]:
        """The newest first, of one system or all; those whose number is smaller than `before`."""
        return self._store.page(before, limit, system)

    def _need_registered(self, decision: AiDecision) -> None:
        found = self._system(decision.system)
        if found is None:
            what = f"`{decision.system[:_SHOWN]}` is not in the register of AI systems"
            raise RefusedByPolicyError(what, where="system", fix="enter it there, with an owner")
        outputs, inputs = found[0].outputs, found[0].inputs
        if decision.label not in outputs:
            what = f"the system is not registered to conclude `{decision.label[:_SHOWN]}`"
            raise RefusedByPolicyError(what, where="label", fix="add the output to its entry, and have that signed off")
        beyond = sorted(set(decision.data) - inputs)
        if beyond:
            what = f"the system is not registered to use `{beyond[0][:_SHOWN]}` data"
            raise RefusedByPolicyError(what, where="data_used", fix="add it to its entry, and have that signed off")

    def _need_allowed(self, decision: AiDecision) -> None:
        policy, today = self._policy(), self._clock.now().date()
        for where, text in (("label", decision.label), ("conclusion", decision.conclusion)):
            judged = inference_allowed(policy.limits, text, policy.packs, None, decision.data, today)
            if judged.answer is not Answer.YES:
                what = f"this may not be concluded about a person{_said(judged.because)}"
                raise RefusedByPolicyError(what, where=where, fix="do not conclude it, and do not act on it")
        forbidden = sorted(set(decision.data) & off_limits_words(policy.limits, policy.off_limits))
        if forbidden:
            what = f"`{forbidden[0][:_SHOWN]}` data is off limits"
            raise RefusedByPolicyError(what, where="data_used", fix="conclude nothing from it")


def _need_reasons(reasons: Sequence[str]) -> None:
    if not reasons or not all(map(explains, reasons)):
        what = "a conclusion about a person needs its reasons"
        fix = f"give at least one, each a sentence of {FEWEST_WORDS} words or more"
        raise InvalidInputError(what, where="reasons", fix=fix)


def _said(because: Sequence[Because]) -> str:
    return f": {because[0].text.rstrip('.').lower()}" if because else ""
