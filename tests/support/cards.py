"""A small model card, made by hand, with one of everything a card may hold."""

from dataclasses import replace
from typing import Any

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.card.document import (
    BandFacts,
    CardFacts,
    CertificateFacts,
    CheckFacts,
    ColumnFacts,
    DataFacts,
    Estimate,
    GroupFacts,
    OutcomeCount,
    OverrideFacts,
    PartFacts,
    Quality,
    ReliabilityFacts,
    RoundingFacts,
    SliceFacts,
)
from winnow.core.learning.card.features import feature_facts, pair_facts
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, PairTable, Scorecard
from winnow.core.signals.base import Signal

NOTHING = Bin(0, "")


def signals() -> dict[str, Signal]:
    """The declared signals of the card, by name."""
    made = (
        DeclaredSignal("visit.seconds", "custom.seconds", Reading.NUMBER, "time on the website"),
        DeclaredSignal("campaign.source", "custom.source", Reading.TEXT, "where the lead came from"),
        DeclaredSignal("form.copy", "custom.copy", Reading.YES_NO, "asked for a copy"),
    )
    return {each.name: each.signal for each in made}


def scorecard() -> Scorecard:
    """Three features and a pair."""
    seconds = NumericFeature(
        "visit.seconds",
        (30.0, 1200.5),
        (Bin(900, "Time on the website: under 30 s"), Bin(-100, "middling"), Bin(-1500, "long")),
        Bin(0, "Time on the website: not known"),
    )
    source = CategoryFeature("campaign.source", ("webinar", "chat"), (Bin(-400, ""), Bin(300, "")), NOTHING, NOTHING)
    copy = CategoryFeature("form.copy", (True, False), (Bin(-40, ""), Bin(10, "")), NOTHING, NOTHING)
    table = ((0, 70, 0, 0), (0, 0, 0, 0), (-20, 0, 0, 0), (0, 0, 0, 0))
    return Scorecard(
        "small-1",
        -800,
        (copy, seconds, source),
        {"visit": 1200, "campaign": 900, "form": 100, "pair": 100},
        "Maria Ruiz",
        kind="learned",
        pairs=(PairTable("visit.seconds", "campaign.source", table, "together"),),
    )


COUNTS = {"visit.seconds": [400, 380, 200, 20], "campaign.source": [600, 388, 12, 0], "form.copy": [250, 750, 0, 0]}


def quality(leads: int = 400, positives: int = 100, auc: float = 0.834) -> Quality:
    """Figures of some leads."""
    return Quality(
        leads,
        positives,
        Estimate(auc, round(auc - 0.03, 3), round(auc + 0.03, 3)),
        Estimate(0.4312),
        Estimate(0.021),
        Estimate(0.62, 0.57, 0.66),
    )


def card_facts(**changed: Any) -> CardFacts:
    """The facts of the card, some of them changed."""
    card = scorecard()
    facts = CardFacts(
        id="small-1",
        target="junk",
        meaning="`bad` in the column `verdict`",
        author="Ana Lima",
        owner="Maria Ruiz",
        made_at="2026-11-22T08:55:00Z",
        scorecard_hash="ab" * 32,
        data=DataFacts(
            "leads.csv",
            "cd" * 32,
            1500,
            1400,
            "created",
            "2026-01-01T00:00:00Z",
            "2026-09-14T10:30:00Z",
            (OutcomeCount("bad", 420, "junk"), OutcomeCount("good", 980, "genuine"), OutcomeCount("", 100, "not used")),
            ("chat", "webinar"),
        ),
        fit=PartFacts(1000, 300, "2026-01-01T00:00:00Z", "2026-07-25T00:00:00Z"),
        holdout=PartFacts(400, 120, "2026-07-25T00:00:00Z", "2026-09-14T10:30:00Z"),
        columns=(
            ColumnFacts("seconds", "visit.seconds", "number", used=True, why="known at intake", direction="falling"),
            ColumnFacts("tags", "", "text", False, "knows the future", "allowed", "refused", ("filled in afterwards",)),
            ColumnFacts(
                "stage",
                "deal.stage",
                "text",
                used=True,
                why="allowed by a person",
                suspicion="refused",
                evidence=("empty for 83 in 100 junk leads", "AUC 0.97 alone"),
                override=OverrideFacts("Ana Lima", "filled in by the form itself"),
            ),
            ColumnFacts("city", "home.city", "text", True, "known at intake", suspicion="doubtful", evidence=("new",)),
            ColumnFacts("faith", "", "", used=False, why="off-limits", off_limits="off limits"),
        ),
        checks=(
            CheckFacts("off-limits columns", "passed"),
            CheckFacts("stand-ins for off-limits attributes", "not testable", "no column holds one"),
            CheckFacts("free text", "not testable"),
        ),
        quality=quality(),
        quality_fit=quality(1000, 300, 0.86),
        slices=(
            SliceFacts("fit", "2026-01-01", "2026-04-01", 500, quality(500, 150, 0.87)),
            SliceFacts("fit", "2026-04-01", "2026-07-25", 500, quality(500, 150, 0.85)),
            SliceFacts("hold-out", "2026-07-25", "2026-08-20", 200, quality(200, 50, 0.84)),
            SliceFacts("hold-out", "2026-08-20", "2026-09-14", 200, replace(quality(200, 50), recall=Estimate(0.5))),
        ),
        groups=(
            GroupFacts("source", "webinar", 240, quality(240, 60)),
            GroupFacts("source", "chat", 120, quality(120, 29)),
            GroupFacts("source", "", 40, None),
        ),
        reliability=(
            ReliabilityFacts(200, 0.05, Estimate(0.03, 0.01, 0.07)),
            ReliabilityFacts(200, 0.55, Estimate(0.5)),
        ),
        rounding=RoundingFacts(0.00002, -0.00001),
        base=card.base,
        caps=card.caps,
        features=feature_facts(card, signals(), COUNTS, {"visit.seconds": "falling", "form.copy": "rising"}),
        pairs=pair_facts(card, signals()),
        bands=(BandFacts("tag", 500, 200, 110), BandFacts("review", 1500, 60, 55), BandFacts("reject", 3000, 0, 0)),
        not_certified="212 more labels are needed",
        unknowns=("How it does in winter: the file begins in January.",),
        assumptions=("later leads come from the same sources",),
        settings={"seed": "1"},
        versions={"winnow": "0.2.0"},
    )
    return replace(facts, **changed)


CERTIFICATE = CertificateFacts(2600, 0.9953, 812, 0.31, "2027-02-01T00:00:00Z")
