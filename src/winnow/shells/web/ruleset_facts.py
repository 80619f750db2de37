"""What a page tells of one ruleset beside its content: shadow, ladder, certificate, and what keeps it from deciding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from winnow.core.govern.signing import Basis, Kind, ladder_content
from winnow.core.learning.ladder import Rung, rungs_of, subject_of_rule
from winnow.core.learning.shadow import Pair, Shadow, ShadowReport
from winnow.core.outcome import Outcome
from winnow.core.ruleset import Ruleset
from winnow.errors import NotFoundError, WinnowError
from winnow.ports import Ground
from winnow.services.ladder import Step
from winnow.services.signing import Told
from winnow.shells.http.state import State
from winnow.shells.web.navigation import N_

_LEARNED = "learned"
_LAST = len(Outcome)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts.

    shadow: as it runs in shadow now · report: of its time in shadow, None when it never was
    step: where its scorecard stands, None for one set by hand, which does not climb
    rejecting: a sentence on whether its score may reject · until: the end of its certificate, where it has one
    lacking: why it may not be activated · back: it can only be gone back to, by the sign-off of before
    steps: where its scorecard, and what else of it was put on the ladder, stands
    proposals: all that was proposed about it, the newest first
    """

    shadow: Shadow | None
    report: ShadowReport | None
    step: Step | None
    rejecting: str
    until: datetime | None
    lacking: WinnowError | None
    back: bool
    steps: Sequence["Rise"]
    proposals: Sequence[Told]

    @property
    def rows(self) -> Sequence[tuple[Pair, int]]:
        """Leads by both outcomes, the mildest first; what failed is last of its kind."""
        counts = self.report.counts if self.report else {}
        return sorted(counts.items(), key=lambda each: (each[0][0], _LAST if each[0][1] is None else each[0][1]))

    @property
    def learned(self) -> bool:
        """Whether its scorecard was fitted to data."""
        return self.step is not None


@dataclass(frozen=True, slots=True)
class Rise:
    """A step up the ladder; `rule`: of which one, None for the scorecard; `proposals`: about exactly this step."""

    rule: str | None
    step: Step
    proposals: Sequence[Told]


def facts_of(state: State, ruleset: Ruleset, who: str) -> Facts:
    """The facts of a ruleset, for somebody who might activate it."""
    certificate = ruleset.thresholds.certificate
    ground, lacking = _ground(state, ruleset, who)
    rises = tuple(_rises(state, ruleset))
    return Facts(
        shadow=next((each for each in state.desks.shadows.running() if each.ruleset == ruleset.hash), None),
        report=_report(state, ruleset),
        step=next((each.step for each in rises if each.rule is None), None),
        rejecting=_rejecting(ruleset, state.clock.now()),
        until=certificate.expires_at if certificate else None,
        lacking=lacking,
        back=ground is not None and ground.basis is Basis.ROLLBACK,
        steps=rises,
        proposals=state.desks.signing.about(Kind.RULESET, ruleset.hash),
    )


def _report(state: State, ruleset: Ruleset) -> ShadowReport | None:
    try:
        return state.desks.shadows.report(ruleset.hash)
    except NotFoundError:
        return None


def _ground(state: State, ruleset: Ruleset, who: str) -> tuple[Ground | None, WinnowError | None]:
    try:
        return state.desks.rulesets.check(ruleset, who), None
    except WinnowError as error:
        return None, error


def _rises(state: State, ruleset: Ruleset) -> Iterator[Rise]:
    """Of the scorecard if it climbs, and of rules that somebody has put down."""
    standing = rungs_of(state.desks.ladder.standings())
    down = [rule.id for rule in ruleset.rules if standing.get(subject_of_rule(rule), Rung.REJECT) is not Rung.REJECT]
    for rule in [*([None] if ruleset.scorecard.kind == _LEARNED else []), *down]:
        step = state.desks.ladder.step(ruleset.hash, rule)
        content = ladder_content(step.subject, step.next.value, ruleset.hash) if step.next else ""
        yield Rise(rule, step, state.desks.signing.about(Kind.LADDER, content) if content else ())


def _rejecting(ruleset: Ruleset, now: datetime) -> str:
    thresholds, certificate = ruleset.thresholds, ruleset.thresholds.certificate
    if all(bands.reject is None for bands in thresholds.all_bands):
        return N_("The score never rejects: there is no threshold for it.")
    if certificate is None:
        return N_("The score may not reject yet: there is no certificate, so what it would reject waits for a person.")
    if now >= certificate.expires_at:
        return N_("The score may not reject: the certificate has expired, so what it would reject waits for a person.")
    if any(thresholds.may_reject(bands, ruleset.scorecard_hash, now) for bands in thresholds.all_bands):
        return N_("The score may reject: a certificate proves that it is right often enough.")
    return N_("The score may not reject: the certificate is for another scorecard or threshold.")
