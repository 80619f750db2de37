"""The ladder of a junior employee: a scorecard or a rule starts in shadow, earns tag, then review, then reject.

Each step up takes evidence from live traffic and the word of a second person; a step down takes nothing but a
reason. What a rung allows is built into the ruleset (`held_to`), so that `decide` needs to know nothing of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from winnow.core.canonical import content_hash
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_write import rule_document
from winnow.core.scorecard import Scorecard
from winnow.core.thresholds import Bands

#: The kind of scorecard that has to climb; the hand-set starter never rejects and has no rung.
_CLIMBS = "learned"


class Rung(StrEnum):
    """What something may do at most, the lowest first."""

    SHADOW = "shadow"
    TAG = "tag"
    REVIEW = "review"
    REJECT = "reject"

    @property
    def outcome(self) -> Outcome:
        """The severest outcome it allows."""
        return _ALLOWS[self]

    @property
    def above(self) -> "Rung | None":
        """The next one up."""
        return _ABOVE.get(self)


_ALLOWS = dict(zip(Rung, Outcome, strict=True))
_ABOVE = dict(pairwise(Rung))


@dataclass(frozen=True, slots=True)
class Needs:
    """What a step up takes at least.

    days, leads: in shadow on live traffic · labels: about leads it would treat at least as the new rung allows
    precision: share of junk among those, proven at a risk of 5 %
    """

    days: float
    leads: int
    labels: int
    precision: float


#: Judgement, not measurement: a tag costs a rep a glance, a review a person's minutes, a rejection a customer.
#: To reject by score, the certificate comes on top.
NEEDS: Mapping[Rung, Needs] = {
    Rung.TAG: Needs(days=7, leads=500, labels=50, precision=0.5),
    Rung.REVIEW: Needs(days=14, leads=1_000, labels=100, precision=0.7),
    Rung.REJECT: Needs(days=28, leads=2_000, labels=400, precision=0.99),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a step up.

    days, leads, labels, precision: as in Needs · read_leads: leads the difference report was about when somebody
    last said they have read it · incidents: open ones · certified: its certificate still lets it reject
    signed_by: the second person who agreed to this very content at the new rung; None when nobody has
    """

    days: float
    leads: int
    labels: int
    precision: float
    read_leads: int = 0
    incidents: int = 0
    certified: bool = False
    signed_by: str | None = None


def missing(rung: Rung, evidence: Evidence) -> tuple[str, ...]:
    """What a step up to `rung` still lacks, in words; empty when nothing does."""
    needs = NEEDS[rung]
    lacking = [
        (evidence.days < needs.days, f"{evidence.days:.1f} of {needs.days:g} days on live traffic"),
        (evidence.leads < needs.leads, f"{evidence.leads:,} of {needs.leads:,} leads decided in shadow"),
        (
            evidence.labels < needs.labels,
            f"{evidence.labels:,} of {needs.labels:,} labels of leads it would {rung} or worse",
        ),
        (
            evidence.precision < needs.precision,
            f"{evidence.precision:.1%} of those proven junk, {needs.precision:.1%} needed",
        ),
        (evidence.read_leads < needs.leads, f"nobody has read the difference report over {needs.leads:,} leads"),
        (evidence.incidents > 0, f"{evidence.incidents:,} incidents are open"),
        (rung is Rung.REJECT and not evidence.certified, "no certificate lets it reject by score"),
        (evidence.signed_by is None, "nobody has signed"),
    ]
    return tuple(words for lacks, words in lacking if lacks)


def after_incident(rung: Rung) -> Rung:
    """Where a guard's finding puts whatever stands on a rung: who rejects goes back to people, all else to shadow."""
    return Rung.REVIEW if rung is Rung.REJECT else Rung.SHADOW


# ── what stands on the ladder ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands, and since when; `subject` is from `subject_of_card` or `subject_of_rule`."""

    subject: str
    rung: Rung
    at: datetime
    actor: str
    reason: str


def subject_of_card(ruleset: Ruleset) -> str:
    """The ladder's name of a scorecard: its very content, so that a changed one begins anew."""
    return f"scorecard {ruleset.scorecard_hash}"


def subject_of_rule(rule: Rule) -> str:
    """The ladder's name of a rule, likewise."""
    return f"rule {content_hash(rule_document(rule))}"


def rung_of_card(ruleset: Ruleset, rungs: Mapping[str, Rung]) -> Rung:
    """The rung of a ruleset's scorecard: shadow for a learned one nobody has promoted, reject for one set by hand.

    A hand-set scorecard does not climb: without a certificate, which it never earns, no score rejects.
    """
    default = Rung.SHADOW if ruleset.scorecard.kind == _CLIMBS else Rung.REJECT
    return rungs.get(subject_of_card(ruleset), default)


def rungs_of(standings: Iterable[Standing]) -> dict[str, Rung]:
    """The rung of each subject."""
    return {each.subject: each.rung for each in standings}


# ── what a rung means ────────────────────────────────────────────────────────────────────────────


def held(ruleset: Ruleset, rungs: Mapping[str, Rung], card: Rung) -> Ruleset:
    """The ruleset with its scorecard held to a rung, and each rule to that it stands on; those on none are free."""
    rules = {rule.id: rungs[name] for rule in ruleset.rules if (name := subject_of_rule(rule)) in rungs}
    return held_to(ruleset, card, rules)


def held_to(ruleset: Ruleset, rung: Rung, rules: Mapping[str, Rung] | None = None) -> Ruleset:
    """A ruleset that does no more by score than `rung` allows; the same one when it does not anyway.

    rules: rungs of rules by their id, others stay as they are. A rule in shadow is left out; one above keeps its
    points, which count only as far as the scorecard's rung goes, and asks for no severer outcome than its rung.
    The bands that are not allowed begin where no score gets to.
    """
    out_of_reach = _highest(ruleset.scorecard) + 1
    thresholds = ruleset.thresholds
    kept = replace(
        thresholds,
        bands=_held_bands(thresholds.bands, rung, out_of_reach),
        by_source={name: _held_bands(bands, rung, out_of_reach) for name, bands in thresholds.by_source.items()},
    )
    at = rules or {}
    climbed = tuple(_held_rule(rule, at[rule.id]) if rule.id in at else rule for rule in ruleset.rules)
    working = tuple(rule for rule in climbed if at.get(rule.id) is not Rung.SHADOW)
    if kept == thresholds and working == ruleset.rules:
        return ruleset
    return replace(ruleset, thresholds=kept, rules=working)


def _highest(card: Scorecard) -> int:
    """No score is above this: no family brings more than its cap."""
    return card.base + sum(card.caps.values())


def _held_bands(bands: Bands, rung: Rung, out_of_reach: int) -> Bands:
    if rung is Rung.REJECT:
        return bands
    if rung is Rung.REVIEW:
        return replace(bands, reject=None)
    review = max(bands.review, out_of_reach)
    return Bands(max(bands.tag, out_of_reach) if rung is Rung.SHADOW else bands.tag, review)


def _held_rule(rule: Rule, rung: Rung) -> Rule:
    if rule.outcome is None or rule.outcome <= rung.outcome:
        return rule
    return replace(rule, outcome=rung.outcome)
