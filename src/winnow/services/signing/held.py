"""What holds at a moment: whose signatures count, what they are of, and what the live ruleset rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from winnow.core.apikeys import Scope
from winnow.core.govern.signing import Basis, Circumstances, Filed, Kind, Proposal, SignOff, lacking, ladder_content
from winnow.core.learning.ladder import Rung
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import Incident, incident_of
from winnow.core.ruleset import Ruleset
from winnow.errors import NotAllowedError
from winnow.ports import Activation, Clock, Ground, IncidentStore, PeopleStore, SigningStore

#: The role whose signature a change of policy needs.
PRIVACY = "privacy-officer"

#: Whom the log names for what happens by itself.
_SYSTEM = "system"

_DRIFT = frozenset({Guard.SCORE_DRIFT, Guard.SIGNAL_DRIFT})
_INCIDENT = "inc"
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class LiveGround:
    """What the live ruleset rests on, SHIPPED also when it was gone back to.

    lapsed: why its sign-off does not hold any more, empty when all is well
    """

    basis: Basis
    sign_off: SignOff | None
    lapsed: tuple[str, ...]


class HeldSignOffs:
    """Which sign-offs hold now: nobody has left who answers for them, and what they rested on is still so."""

    def __init__(
        self,
        store: SigningStore,
        people: PeopleStore,
        incidents: IncidentStore,
        clock: Clock,
        new_id: Callable[[str, datetime], str],
    ) -> None:
        self._store = store
        self._people = people
        self._incidents = incidents
        self._clock = clock
        self._new_id = new_id

    def signed(self, kind: Kind, content: str) -> SignOff | None:
        """The sign-off of an exact content that holds now; None when none does."""
        found = (each for each in self._store.about(kind, content) if not self.lacking(each))
        return next((each.ground for each in found), None)

    def holds(self, content: str) -> bool:
        """Whether the content of an AI system has a sign-off that holds; Winnow's own is the live ruleset."""
        if self.signed(Kind.AI_SYSTEM, content) is not None:
            return True
        last = self.live()
        if last is None or last.ruleset != content:
            return False
        return last.ground.basis is Basis.SHIPPED or self.signed(Kind.RULESET, content) is not None

    def standing(self) -> LiveGround | None:
        """What the live ruleset rests on, and who signed it; None before the first."""
        last = self.live()
        if last is None:
            return None
        kind = Kind.BREAK_GLASS if last.ground.basis is Basis.BREAK_GLASS else Kind.RULESET
        found = [each for each in self._store.about(kind, last.ruleset) if each.ground is not None]
        good = next((each for each in found if not self.lacking(each)), found[0] if found else None)
        shipped = good is None and self._store.regular(last.ruleset)
        return LiveGround(
            Basis.SHIPPED if shipped else last.ground.basis, None if good is None else good.ground, self.lapsed()
        )

    def ground(self, ruleset: Ruleset) -> Ground:
        """What a ruleset may go live on; raises NotAllowedError with everything that is lacking."""
        found = self._store.about(Kind.RULESET, ruleset.hash)
        for each in found:
            if not self.lacking(each) and each.ground is not None:
                return Ground(Basis.SIGNED, each.ground.number)
        if self._store.regular(ruleset.hash):
            return Ground(Basis.ROLLBACK)
        said = self.lacking(found[0]) if found else ("nobody has proposed it",)
        raise NotAllowedError(
            "this ruleset may not be activated: " + "; ".join(said),
            fix="have it proposed, and signed by somebody who did not write it (docs/sign-off.md)",
        )

    def lapsed(self) -> tuple[str, ...]:
        """Why the sign-off of the live ruleset does not hold any more; empty when it does, or there never was one.

        One that nobody ever signed rejects nothing anyway, and break-glass ends by itself.
        """
        last = self.live()
        if last is None or last.ground.basis in {Basis.SHIPPED, Basis.BREAK_GLASS}:
            return ()
        found = [each for each in self._store.about(Kind.RULESET, last.ruleset) if each.ground is not None]
        judged = [self.lacking(each, legal=False) for each in found]
        return judged[0] if judged and all(judged) else ()

    def look(self) -> Incident | None:
        """Open an incident, which pauses rejecting, when the live ruleset's sign-off lapsed; None when all is well."""
        live, reasons, now = self.live(), self.lapsed(), self._clock.now()
        if live is None or not reasons:
            return None
        figures = tuple(f"the sign-off of the live ruleset does not hold: {each}" for each in reasons)
        finding = Finding(
            Guard.SIGN_OFF, None, 0, now.date(), figures, Severity.ALARM, pauses=True, about=live.ruleset[:_DIGITS]
        )
        incident = incident_of(finding, self._new_id(_INCIDENT, now), now)
        return incident if self._incidents.open(incident, _SYSTEM, now) else None

    # ── one proposal ─────────────────────────────────────────────────────────────────────────────

    def live(self) -> Activation | None:
        """The last change of the live ruleset; None before the first."""
        (last,) = self._store.activations(1) or (None,)
        return last

    def legal(self, proposal: Proposal) -> bool:
        """Whether it changes the policy that was agreed to last."""
        if proposal.kind not in {Kind.RULESET, Kind.BREAK_GLASS}:
            return False
        return self._store.policy_of(proposal.terms["ruleset"]) != self._store.policy_in_force()

    def lacking(self, filed: Filed, *, legal: bool | None = None) -> tuple[str, ...]:
        """Why a proposal does not count as signed, empty when it does; `legal` if the caller knows that already."""
        proposal, now = filed.proposal, self._clock.now()
        seen = Circumstances(
            now,
            gone=self._gone(filed),
            demoted={each.signer for each in filed.sign_offs if each.privacy and not self._is_officer(each.signer)},
            drift=self._drift() if proposal.kind in {Kind.RULESET, Kind.LADDER} else {},
            legal=self.legal(proposal) if legal is None else legal,
        )
        return lacking(filed, seen)

    def _gone(self, filed: Filed) -> frozenset[str]:
        """Those who may no longer answer for it."""
        asked = {each.signer: Scope.SIGN_OFFS_WRITE for each in filed.sign_offs}
        asked[filed.proposal.author] = Scope.PROPOSALS_WRITE
        return frozenset(person for person, scope in asked.items() if not self._may(person, scope))

    def _may(self, person_id: str, scope: Scope) -> bool:
        account = self._people.account(person_id)
        return account is not None and scope in account.person.scopes

    def _is_officer(self, person_id: str) -> bool:
        account = self._people.account(person_id)
        return account is not None and PRIVACY in account.person.roles

    def _drift(self) -> dict[str, datetime]:
        return {each.id: each.opened_at for each in self._incidents.unclosed() if each.guard in _DRIFT}


class LadderSignOffs:
    """Who signed a step up the ladder; see the port SignOffs."""

    def __init__(self, held: HeldSignOffs) -> None:
        self._held = held

    def signed(self, subject: str, rung: Rung, content: str) -> str | None:
        """Who signed that `subject` may climb to `rung`, for the ruleset with this hash."""
        found = self._held.signed(Kind.LADDER, ladder_content(subject, rung.value, content))
        return None if found is None else found.signer
