"""The sole chooser of outcomes: a lead and what was looked up about it go in, a decision with every reason comes out.

Precedence, scope by scope: policy hard stop > customer protection > manual override > allow entry >
block entry > rules > score. All evidence is collected before anything is decided, so that the reasons
show also what did not decide. What the kill switch has stopped decides nothing: a person does, or what is left. Of the
leads that the score or a rule would reject, some go blind to a person: see `thresholds.drawn`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp

from winnow.core.drafts import filled
from winnow.core.facts import Facts
from winnow.core.halted import NOTHING, Halted, halted
from winnow.core.lead import Lead
from winnow.core.lists import KIND_FIELDS, ListEntry, winner
from winnow.core.measuring import Values, fitting, measured
from winnow.core.outcome import ACQUISITION_SCOPES, SERVICE_SCOPES, Outcome, Scope
from winnow.core.policy import StopHit
from winnow.core.reasons import BLIND, BLIND_SAMPLE, Reason
from winnow.core.remarks import doubts, spoken, stopped
from winnow.core.rules import Rule
from winnow.core.ruleset import Ruleset
from winnow.core.signals.base import Value
from winnow.core.thresholds import drawn

SCOPES = tuple(Scope)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the machine decided about a lead, and everything that led to it; immutable.

    outcome: that of the sales scope · scopes: the outcome in every scope
    probability: of being junk, 0.01 to 0.99 · score: base + the sum of the reasons' points
    threshold_band: what the score alone asks for, certificate or not
    decided_by: source of the deciding reason, or `score`
    unknown: signals that could not be measured or were off-limits
    skipped_rules: rules that did not fire because they read an unknown signal
    codes: bin code of every feature of the scorecard, for re-deciding without the lead
    """

    lead_id: str
    outcome: Outcome
    probability: float
    score: int
    base: int
    threshold_band: Outcome
    decided_by: str
    reasons: tuple[Reason, ...]
    scopes: Mapping[Scope, Outcome]
    unknown: tuple[str, ...]
    skipped_rules: tuple[str, ...]
    ruleset_id: str
    ruleset_hash: str
    codes: bytes
    shadow: bool = False


_decision = filled(Decision)

_BLINDLY = Reason(BLIND_SAMPLE, "system", 0, "A person decides in place of the machine, to check on it", BLIND)


def decide(
    lead: Lead,
    facts: Facts,
    ruleset: Ruleset,
    *,
    shadow: bool = False,
    assumed: Mapping[str, Value | None] | None = None,
) -> Decision:
    """Decide one lead; never raises for whatever a lead or its facts contain.

    shadow: the decision is only recorded, not acted on
    assumed: signal values to take instead of the measured ones, for what-if questions
    """
    plan = ruleset.plan
    values, broken = measured(plan, lead, facts)
    if assumed:
        values = tuple(assumed.get(name, value) for name, value in zip(plan.names, values, strict=True))
    evidence = _gathered(lead, facts, ruleset, values, broken)
    scopes, decided_by = _settled(evidence)
    reasons = evidence.reasons
    if evidence.rejecting and drawn(lead.id, ruleset.scorecard_hash, ruleset.thresholds.sampled_share):
        softened, _ = _settled(evidence.for_a_person())
        if softened != scopes:  # otherwise something else decides, and the lot changes nothing
            scopes, reasons = softened, (*reasons, _BLINDLY)
    return _decision(
        lead.id,
        scopes[Scope.SALES],
        probability(evidence.score),
        evidence.score,
        ruleset.scorecard.base,
        evidence.band,
        decided_by,
        reasons,
        scopes,
        evidence.unknown,
        evidence.skipped,
        ruleset.id,
        ruleset.hash,
        evidence.codes,
        shadow,
    )


@lru_cache(maxsize=16_384)
def probability(score: int) -> float:
    """The chance of junk a score stands for: the logistic function of score / 1000, shown between 1 % and 99 %."""
    logit = max(-20.0, min(20.0, score / 1000))
    return max(0.01, min(0.99, round(1 / (1 + exp(-logit)), 4)))


@dataclass(slots=True)
class _Evidence:
    """Everything found about a lead, before precedence is applied.

    rejecting: the score or a rule asks to reject, and may
    """

    facts: Facts
    stops: tuple[StopHit, ...]
    hits: tuple[ListEntry, ...]
    rules: tuple[Rule, ...]
    score: int
    band: Outcome
    by_score: Outcome
    may_reject: bool
    rejecting: bool
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]
    skipped: tuple[str, ...]
    codes: bytes
    halted: Halted

    @property
    def only_scored(self) -> bool:
        """Whether nothing but the score speaks, as for most leads."""
        facts = self.facts
        return not (
            self.stops or self.hits or self.rules or facts.override or facts.is_customer or self.halted.everything
        )

    def for_a_person(self) -> "_Evidence":
        """The same where neither the score nor a rule may reject."""
        return replace(self, by_score=min(self.by_score, Outcome.REVIEW), may_reject=False)


def _gathered(lead: Lead, facts: Facts, ruleset: Ruleset, values: Values, broken: tuple[str, ...]) -> _Evidence:
    plan, policy = ruleset.plan, ruleset.policy
    found = plan.rules.evaluate(values, facts.now)
    book, fired = plan.rules.rules, found.fired
    halt = halted(facts.halts, ruleset.scorecard_hash) if facts.halts else NOTHING
    if halt.rules:
        fired = tuple([index for index in fired if book[index].id not in halt.rules])
    rules = tuple([book[index] for index in fired])
    points = _points_by_family(rules) if rules else _NO_POINTS
    try:
        scored = plan.scorer(values, points)
    except TypeError:  # a field of the lead is not of the type it is declared with
        values, odd = fitting(plan, values)
        broken += odd
        scored = plan.scorer(values, points)
    stops = policy.stops(dict(zip(plan.names, values, strict=True))) if policy.hard_stops else ()
    hits = facts.list_hits
    if hits and policy.forbidden:
        hits = tuple([hit for hit in hits if KIND_FIELDS[hit.kind] not in policy.forbidden])
    bands = ruleset.thresholds.for_source(lead.source)
    band = bands.band(scored.score)
    sound = not (broken or facts.failed or found.failed or facts.paused) and facts.is_customer is not None
    may_reject = sound and halt.may_reject
    by_score = Outcome.REVIEW if facts.failed else band
    if band is Outcome.REJECT and not (
        may_reject
        and ruleset.thresholds.may_reject(bands, ruleset.scorecard_hash, facts.now)
        # the certificate was earned by the scorecard alone, so points of rules must not be what lifts a lead over it
        and (not points or bands.band(plan.scorer(values, _NO_POINTS).score) is Outcome.REJECT)
    ):
        by_score = Outcome.REVIEW
    held = band is Outcome.REJECT and by_score is not Outcome.REJECT and halt.may_reject
    if halt.score:
        by_score, held = Outcome.REVIEW if facts.failed else Outcome.ACCEPT, False
    ruled_out = bool(rules) and any(rule.outcome is Outcome.REJECT for rule in rules)
    paused = bool(facts.paused) and (held or ruled_out)
    failures = (*broken, *(f"rule.{book[index].id}" for index in found.failed))
    return _Evidence(
        facts=facts,
        stops=stops,
        hits=hits,
        rules=rules,
        score=scored.score,
        band=band,
        by_score=by_score,
        may_reject=may_reject,
        rejecting=by_score is Outcome.REJECT or (may_reject and ruled_out),
        reasons=(
            *(spoken(facts, stops, hits) if stops or hits or facts.is_customer or facts.override else ()),
            *(
                stopped(halt, band, stops, hits, rules, [book[index].id for index in found.fired])
                if facts.halts
                else ()
            ),
            *[plan.rule_reasons[index] for index in fired],
            *(doubts(facts, failures, held=held, paused=paused) if facts.failed or failures or held or paused else ()),
            *scored.reasons,
        ),
        unknown=tuple([name for name, value in zip(plan.names, values, strict=True) if value is None]),
        skipped=tuple([book[index].id for index in found.skipped]),
        codes=scored.codes,
        halted=halt,
    )


_NO_POINTS: Mapping[str, int] = {}


def _points_by_family(rules: tuple[Rule, ...]) -> dict[str, int]:
    points: dict[str, int] = {}
    for rule in rules:
        if rule.points:
            points[rule.family] = points.get(rule.family, 0) + rule.points
    return points


def _settled(evidence: _Evidence) -> tuple[Mapping[Scope, Outcome], str]:
    """The outcome of every scope, and what decided the sales scope."""
    if evidence.only_scored:
        return dict(_SCORED[evidence.by_score]), "score"
    settled = {scope: _in_scope(scope, evidence) for scope in SCOPES}
    return {scope: outcome for scope, (outcome, _) in settled.items()}, settled[Scope.SALES][1]


_SCORED = {
    outcome: {scope: outcome if scope in ACQUISITION_SCOPES else Outcome.ACCEPT for scope in SCOPES}
    for outcome in Outcome
}


def _in_scope(scope: Scope, evidence: _Evidence) -> tuple[Outcome, str]:
    stops = [hit for hit in evidence.stops if scope in hit.stop.scopes]
    if stops:
        worst = max(stops, key=lambda hit: hit.outcome)
        return min(worst.outcome, evidence.halted.most), f"policy:{worst.stop.id}"
    outcome, decided_by = _below_policy(scope, evidence)
    ceiling = Outcome.ACCEPT if scope in SERVICE_SCOPES else Outcome.REVIEW
    if evidence.facts.is_customer and outcome > ceiling:
        return ceiling, "customer"
    return outcome, decided_by


def _below_policy(scope: Scope, evidence: _Evidence) -> tuple[Outcome, str]:
    override = evidence.facts.override
    if override is not None and scope in ACQUISITION_SCOPES and override.stands(evidence.facts.now):
        return override.outcome, "override"
    if evidence.halted.everything:
        return (Outcome.REVIEW if scope in ACQUISITION_SCOPES else Outcome.ACCEPT), "system"
    entry = winner(evidence.hits, scope, evidence.facts.now)
    if entry is not None:
        return min(entry.effect, evidence.halted.most), f"list:{entry.id}"
    deciding = [rule for rule in evidence.rules if rule.outcome is not None and scope in rule.scopes]
    if deciding:
        worst = max(deciding, key=lambda rule: rule.outcome or Outcome.ACCEPT)
        return _rule_outcome(worst, evidence), f"rule:{worst.id}"
    return (evidence.by_score if scope in ACQUISITION_SCOPES else Outcome.ACCEPT), "score"


def _rule_outcome(rule: Rule, evidence: _Evidence) -> Outcome:
    """A rule rejects by itself only when nothing failed and the person is known not to be a customer."""
    outcome = rule.outcome or Outcome.ACCEPT
    return outcome if outcome < Outcome.REJECT or evidence.may_reject else Outcome.REVIEW
