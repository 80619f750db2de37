"""Break-glass: one act that two people take upon themselves in an emergency, and which ends by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from winnow.core.govern.signing import Basis, Filed, Kind
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import ConflictError, NotAllowedError, NotFoundError
from winnow.ports import Activation, Clock, Ground, IncidentStore, RulesetStore, SigningStore

#: Whom the log names when the time is up.
SYSTEM = "system"
_INCIDENT = "inc"
_DIGITS, _MOST = 16, 1_000


@dataclass(frozen=True, slots=True)
class Emergency:
    """A ruleset that decides by break-glass; `before` is the one that comes back at `until`."""

    proposal: str
    ruleset: str
    before: str
    since: datetime
    until: datetime
    because: str
    asked_by: str
    granted_by: str


#: Why a proposal does not count as signed, in words; empty when it does.
Lacking = Callable[[str], tuple[str, ...]]
#: Raises NotAllowedError when a ruleset may not become live whoever signed.
Check = Callable[[Ruleset, str], object]


class BreakGlassDesk:
    """Where an emergency is used and ended; it is asked for and granted like any proposal."""

    def __init__(  # each a thing it works with
        self,
        store: SigningStore,
        rulesets: RulesetStore,
        incidents: IncidentStore,
        rules: tuple[Lacking, Check],
        clock: Clock,
        new_id: Callable[[str, datetime], str],
    ) -> None:
        self._store = store
        self._rulesets = rulesets
        self._incidents = incidents
        self._lacking, self._check = rules
        self._clock = clock
        self._new_id = new_id

    def use(self, proposal_id: str, actor: str) -> Emergency:
        """Do the one act that was granted: have a ruleset decide, until the time is up.

        Raises NotFoundError, ConflictError when it was used already, NotAllowedError with what is lacking.
        """
        filed = self._store.filed(proposal_id)
        if filed.proposal.kind is not Kind.BREAK_GLASS:
            raise NotFoundError("this proposal is not about an emergency", fix="activate the ruleset it is about")
        said = self._lacking(proposal_id)
        if said or filed.ground is None:
            raise NotAllowedError("nothing is granted: " + "; ".join(said), fix="have a second person grant it")
        self._need_unused(filed)
        ruleset = ruleset_from(self._rulesets.document(filed.proposal.terms["ruleset"])).unbound
        self._check(ruleset, actor)
        now = self._clock.now()
        try:
            self._rulesets.activate(ruleset, actor, now, Ground(Basis.BREAK_GLASS, filed.ground.number))
        except NotAllowedError:
            self._need_unused(filed)  # somebody else used it at the same moment
            raise
        self._tell(filed, actor, now)
        return self._need()

    def now(self) -> Emergency | None:
        """The emergency there is; None when nothing decides by break-glass."""
        found = self._store.activations(_MOST)
        if not found or found[0].ground.basis is not Basis.BREAK_GLASS:
            return None
        before = next((each for each in found if each.ground.basis is not Basis.BREAK_GLASS), None)
        return None if before is None else self._emergency(found[0], before.ruleset)

    def end(self, actor: str) -> None:
        """Have the ruleset before decide again; raises ConflictError when there is no emergency."""
        emergency = self._need()
        before = ruleset_from(self._rulesets.document(emergency.before))
        try:
            self._rulesets.activate(before, actor, self._clock.now(), Ground(Basis.RETURN))
        except NotAllowedError:
            self._need()  # somebody else ended it at the same moment
            raise

    def look(self) -> Emergency | None:
        """End an emergency whose time is up; returns the one that was ended."""
        emergency = self.now()
        if emergency is None or self._clock.now() < emergency.until:
            return None
        try:
            self.end(SYSTEM)
        except (ConflictError, NotAllowedError):
            if self.now() is not None:
                raise
            return None  # another process looked at the same moment, and was quicker
        return emergency

    def used(self, proposal_id: str) -> bool:
        """Whether the act that was granted has been done; raises NotFoundError."""
        return self._used(self._store.filed(proposal_id))

    # ── inside ───────────────────────────────────────────────────────────────────────────────────

    def _need(self) -> Emergency:
        found = self.now()
        if found is None:
            raise ConflictError("nothing decides by break-glass", fix="there is nothing to end")
        return found

    def _need_unused(self, filed: Filed) -> None:
        if self._used(filed):
            raise ConflictError("it was used already", fix="a grant is good for one act; ask anew")

    def _used(self, filed: Filed) -> bool:
        numbers = {each.number for each in filed.sign_offs}
        return any(each.ground.sign_off in numbers for each in self._store.activations(_MOST))

    def _emergency(self, last: Activation, before: str) -> Emergency:
        filed = self._granted(last)
        granted = next(each for each in filed.sign_offs if each.number == last.ground.sign_off)
        proposal = filed.proposal
        return Emergency(
            proposal.id,
            last.ruleset,
            before,
            last.at,
            granted.expires_at,
            proposal.because,
            proposal.author,
            granted.signer,
        )

    def _granted(self, last: Activation) -> Filed:
        known = self._store.about(Kind.BREAK_GLASS, last.ruleset)
        return next(each for each in known if any(s.number == last.ground.sign_off for s in each.sign_offs))

    def _tell(self, filed: Filed, actor: str, now: datetime) -> None:
        proposal = filed.proposal
        granted = ", ".join(each.signer for each in filed.sign_offs)
        figures = (
            f"ruleset {proposal.content[:_DIGITS]} decides without a sign-off, by break-glass",
            f"asked for by {proposal.author}, granted by {granted}, used by {actor}",
            f"because: {proposal.because}",
        )
        finding = Finding(
            Guard.BREAK_GLASS, None, 0, now.date(), figures, Severity.ALARM, pauses=False, about=proposal.id
        )
        self._incidents.open(incident_of(finding, self._new_id(_INCIDENT, now), now), actor, now)
