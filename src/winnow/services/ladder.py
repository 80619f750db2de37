"""The ladder: what may do how much, up with evidence and a second person's word, down at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from winnow.core.learning.ladder import (
    Evidence,
    Rung,
    Standing,
    after_incident,
    missing,
    rung_of_card,
    rungs_of,
    subject_of_card,
    subject_of_rule,
)
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, RefusedByPolicyError
from winnow.ports import Clock, LadderStore, RulesetStore, ShadowStore, SignOffs

#: Whom the log names for a step down after a guard's finding.
GUARDS = "guards"


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the ladder with the way up: `lacking` is what keeps it there, None at the top."""

    subject: str
    rung: Rung
    next: Rung | None
    lacking: tuple[str, ...] | None


class LadderDesk:
    """Where scorecards and rules climb and fall. `incidents` tells how many are open."""

    def __init__(  # what evidence is made of comes from many places
        self,
        ladder: LadderStore,
        rulesets: RulesetStore,
        shadows: ShadowStore,
        sign_offs: SignOffs,
        incidents: Callable[[], int],
        clock: Clock,
    ) -> None:
        self._ladder = ladder
        self._rulesets = rulesets
        self._shadows = shadows
        self._sign_offs = sign_offs
        self._incidents = incidents
        self._clock = clock

    def standings(self) -> tuple[Standing, ...]:
        """Everything that was ever put on a rung."""
        return tuple(self._ladder.standings())

    def step(self, digest: str, rule: str | None = None) -> Step:
        """Where a ruleset's scorecard, or one of its rules, stands and what it lacks; raises NotFoundError."""
        ruleset = self._ruleset(digest)
        subject, rung, _ = self._place(ruleset, rule)
        above = rung.above
        return Step(subject, rung, above, missing(above, self._evidence(ruleset, subject, above)) if above else None)

    def promote(self, digest: str, actor: str, rule: str | None = None) -> Standing:
        """One rung up.

        Raises RefusedByPolicyError with everything that is lacking, and ConflictError at the top or when it was moved
        meanwhile.
        """
        ruleset = self._ruleset(digest)
        subject, rung, was = self._place(ruleset, rule)
        above = rung.above
        if above is None:
            raise ConflictError("it stands on the highest rung", fix="there is nothing left to earn")
        evidence = self._evidence(ruleset, subject, above)
        lacking = list(missing(above, evidence))
        if evidence.signed_by == actor:
            lacking.append("whoever signs and whoever promotes must be two people")
        if lacking:
            what = f"it stays on the rung `{rung}`: " + "; ".join(lacking)
            raise RefusedByPolicyError(what, fix="leave it in shadow until that is there (docs/ladder.md)")
        reason = f"evidence over {evidence.leads:,} leads, signed by {evidence.signed_by}"
        return self._move(Standing(subject, above, self._clock.now(), actor, reason), was)

    def demote(
        self, digest: str, reason: str, actor: str, *, to: Rung | None = None, rule: str | None = None
    ) -> Standing:
        """Down at once, to where a guard's finding would put it or to a lower rung that is named.

        Raises InvalidInputError without a reason, ConflictError when it stands no higher.
        """
        if not reason.strip():
            raise InvalidInputError("there is no reason", where="reason", fix="say why it must do less")
        subject, rung, was = self._place(self._ruleset(digest), rule)
        target = after_incident(rung) if to is None else to
        if target.outcome >= rung.outcome:
            raise ConflictError(f"it stands on the rung `{rung}`", fix="name a lower one")
        return self._move(Standing(subject, target, self._clock.now(), actor, reason.strip()), was)

    def fallen(self, reason: str) -> Standing | None:
        """What a guard's finding does to the live scorecard; None when it does not climb or is down already."""
        live = self._rulesets.live()
        if live is None or not _climbs(live):
            return None
        subject = subject_of_card(live)
        while True:
            was = rungs_of(self._ladder.standings()).get(subject)
            rung = was or Rung.REJECT  # one let in without climbing acts with all its might, and falls from there
            if rung is Rung.SHADOW:
                return None
            with suppress(ConflictError):  # somebody moved it just now: it falls from where it stands then
                return self._move(Standing(subject, after_incident(rung), self._clock.now(), GUARDS, reason), was)

    def may_activate(self, ruleset: Ruleset, actor: str) -> bool:  # noqa: ARG002  # as the desk of rulesets asks
        """Whether a ruleset may become the live one; raises NotAllowedError for a scorecard still in shadow.

        Live, it would do nothing but push out the scorecard that works.
        """
        if rung_of_card(ruleset, rungs_of(self._ladder.standings())) is Rung.SHADOW:
            raise NotAllowedError(
                "its scorecard was learned and stands in shadow, so live it would let every lead through",
                fix="put it in shadow beside the live one and have it promoted (docs/ladder.md)",
            )
        return True

    # ── what is behind it ────────────────────────────────────────────────────────────────────────

    def _ruleset(self, digest: str) -> Ruleset:
        return ruleset_from(self._rulesets.document(digest))

    def _place(self, ruleset: Ruleset, rule_id: str | None) -> tuple[str, Rung, Rung | None]:
        """The ladder's name of something, what it may do, and the rung it was put on, None for none."""
        rungs = rungs_of(self._ladder.standings())
        if rule_id is None:
            subject = subject_of_card(ruleset)
            return subject, rung_of_card(ruleset, rungs), rungs.get(subject)
        rule = next((each for each in ruleset.rules if each.id == rule_id), None)
        if rule is None:
            raise NotFoundError(f"the ruleset has no rule `{rule_id}`", fix="see its rules with `winnow ruleset show`")
        subject = subject_of_rule(rule)
        return subject, rungs.get(subject, Rung.REJECT), rungs.get(subject)

    def _evidence(self, ruleset: Ruleset, subject: str, rung: Rung) -> Evidence:
        """What speaks for it; a certificate is about scores, so a rule needs none."""
        rule = subject != subject_of_card(ruleset)
        thresholds, now = ruleset.thresholds, self._clock.now()
        none = Evidence(
            0,
            0,
            0,
            0.0,
            incidents=self._incidents(),
            certified=rule or thresholds.may_reject(thresholds.bands, ruleset.scorecard_hash, now),
            signed_by=self._sign_offs.signed(subject, rung, ruleset.hash),
        )
        try:
            report = self._shadows.report(ruleset.hash, 0)
        except NotFoundError:
            return none
        outcome = rung.outcome
        return replace(
            none,
            days=report.days,
            leads=report.leads,
            labels=report.judged_from(outcome).labels,
            precision=report.precision_bound(outcome),
            read_leads=report.read_leads,
        )

    def _move(self, standing: Standing, was: Rung | None) -> Standing:
        self._ladder.move(standing, was)
        return standing


def _climbs(ruleset: Ruleset) -> bool:
    """Whether its scorecard has to earn what it does."""
    return rung_of_card(ruleset, {}) is Rung.SHADOW
