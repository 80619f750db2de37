"""Who earns the right to reject, who does not, and what they are told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import NOTHING, NOW
from winnow.core.canonical import content_hash
from winnow.core.learning.figures.bounds import labels_needed, lower_bound
from winnow.core.learning.proof.capping import capped, capped_score, lowered, most_alone, sums_of
from winnow.core.learning.proof.certify import Abstained, Certified, Terms, certify
from winnow.core.learning.proof.steady import Slice, precisions, sliced, unsteady
from winnow.core.learning.study import Study
from winnow.core.outcome import Outcome
from winnow.core.policy import Policy
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_write import scorecard_document
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, PairTable, Scorecard, compiled
from winnow.core.signals.registry import BY_NAME
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import InvalidInputError, InvalidRulesetError

SECONDS = NumericFeature(
    "form.fill_seconds", (1, 2, 3), (Bin(4000, "a"), Bin(3000, "b"), Bin(2000, "c"), Bin(-500, "d")), NOTHING
)
NETWORK = CategoryFeature(
    "net.ip_class",
    ("hosting", "vpn", "residential"),
    (Bin(3000, "h"), Bin(2000, "v"), Bin(-500, "r")),
    NOTHING,
    NOTHING,
)
CARD = Scorecard("card", -2000, (SECONDS, NETWORK), {"form": 4000, "net": 3000}, "Mia", "learned")
SIGNALS = (BY_NAME["form.fill_seconds"], BY_NAME["net.ip_class"])

#: Kinds of leads by what is measured of them, and what they score under CARD.
WORST = (0.5, "hosting")  # 5,000
BAD = (1.5, "vpn")  # 3,000
DOUBTFUL = (2.5, "vpn")  # 2,000
FAST = (0.5, None)  # 2,000 by one kind of evidence alone
GOOD = (60.0, "residential")  # -3,000

Lead = tuple[tuple[float | None, str | None], bool]


def study(leads: Iterable[Lead], weights: Sequence[float] | None = None, target: str = "junk") -> Study:
    """Labelled leads, the oldest first."""
    rows = list(leads)
    return Study(
        target=target,
        signals=SIGNALS,
        columns={
            "form.fill_seconds": [values[0] for values, _ in rows],
            "net.ip_class": [values[1] for values, _ in rows],
        },
        truth=[junk for _, junk in rows],
        weights=weights or [1.0] * len(rows),
        times=[float(place) for place in range(len(rows))],
        ids=[str(place) for place in range(len(rows))],
        sources=[None] * len(rows),
    )


def mixed(*groups: tuple[tuple[float | None, str | None], int, int]) -> list[Lead]:
    """Groups of (values, leads, of them not junk), each spread evenly over time, errors too."""
    placed: list[tuple[float, Lead]] = []
    for values, leads, wrong in groups:
        errors = {int((each + 0.5) * leads / wrong) for each in range(wrong)} if wrong else set()
        placed += [((each + 0.5) / leads, (values, each not in errors)) for each in range(leads)]
    return [lead for _, lead in sorted(placed, key=lambda each: each[0])]


def found(leads: Iterable[Lead], **terms: Any) -> Certified:
    answer = certify(CARD, study(leads), Terms(**terms))
    assert isinstance(answer, Certified), answer
    return answer


def refused(leads: Iterable[Lead], **terms: Any) -> Abstained:
    answer = certify(CARD, study(leads), Terms(**terms))
    assert isinstance(answer, Abstained), answer
    return answer


# ── Certified ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_always_right_is_certified_with_all_its_figures() -> None:
    answer = found(mixed((WORST, 700, 0), (GOOD, 1400, 1400)))
    assert (answer.threshold, answer.labels, answer.flagged, answer.wrong, answer.leads) == (5000, 700, 700, 0, 2100)
    assert [answer.precision, answer.coverage, answer.caught] == pytest.approx([1.0, 1 / 3, 1.0])
    assert answer.alone == pytest.approx(lower_bound(700, 700))
    assert [(each.flagged, each.wrong) for each in answer.slices] == [(175, 0)] * 4
    assert (answer.lowered, answer.card) == ({}, CARD)


def test_the_lowest_threshold_that_is_proven_wins() -> None:
    answer = found(mixed((WORST, 700, 0), (BAD, 700, 1), (DOUBTFUL, 700, 300), (GOOD, 700, 700)))
    assert (answer.threshold, answer.flagged, answer.wrong) == (3000, 1400, 1)
    assert answer.caught == pytest.approx(1399 / 1799)


@pytest.mark.parametrize(
    ("labels", "least", "enough"),
    [(597, 0.995, False), (598, 0.995, True), (399, 0.99, False), (400, 0.99, True)],
)
def test_so_many_labels_with_none_wrong_are_needed(labels: int, least: float, enough: bool) -> None:
    answer = certify(CARD, study(mixed((WORST, labels, 0), (GOOD, 900, 900))), Terms(least=least))
    assert isinstance(answer, Certified) is enough


def test_a_search_over_more_thresholds_is_paid_for() -> None:
    """With leads enough for two walks each may take half the risk, and 949 labels with one wrong no longer do."""
    assert found(mixed((WORST, 949, 1), (GOOD, 900, 900))).threshold == 5000
    assert refused(mixed((WORST, 949, 1), (BAD, 949, 400), (GOOD, 900, 900))).kind == "labels"


def test_each_other_card_examined_on_the_same_hold_out_halves_the_risk() -> None:
    leads = mixed((WORST, 650, 0), (GOOD, 900, 900))
    assert isinstance(certify(CARD, study(leads), Terms(looks=0)), Certified)
    assert refused(leads, looks=1).more == 736 - 650
    assert Terms(looks=2).risk_left == 0.0125


def test_labels_that_count_less_prove_less() -> None:
    leads = mixed((WORST, 700, 0), (GOOD, 900, 900))
    halved = [0.5 if junk else 1.0 for _, junk in leads]
    assert isinstance(certify(CARD, study(leads, halved)), Certified)  # all alike: as good as whole ones
    uneven = [0.1 if place % 2 else 1.0 for place in range(len(leads))]
    answer = certify(CARD, study(leads, uneven))
    assert isinstance(answer, Abstained)
    assert answer.kind == "labels"


def test_the_certificate_says_what_was_found() -> None:
    answer = found(mixed((WORST, 700, 0), (GOOD, 1400, 1400)), days=30, fresh_labels=12)
    proof = answer.certificate("h", NOW)
    assert (proof.precision_bound, proof.labels, proof.threshold, proof.scorecard_hash) == (0.995, 700, 5000, "h")
    assert (proof.issued_at, proof.expires_at) == (NOW, NOW + timedelta(days=30))
    assert (proof.wrong, proof.coverage, proof.fresh_labels) == (0, 0.333333, 12)
    assert proof.covers(5000, "h", NOW)


def test_the_assumptions_name_the_terms() -> None:
    said = " ".join(found(mixed((WORST, 700, 0), (GOOD, 9, 9)), days=45, fresh_labels=7).assumptions)
    assert "One in 20 " in said
    assert "after 45 days" in said
    assert "fewer than 7 labels a month" in said


# ── One kind of evidence alone ───────────────────────────────────────────────────────────────────


def test_caps_are_lowered_and_scores_counted_under_them() -> None:
    """From 2,000 points up a lead that is only fast would be flagged, if its family were not capped for that."""
    leads = mixed((DOUBTFUL, 700, 0), (FAST, 700, 700), (GOOD, 700, 700))
    answer = found(leads)
    assert (answer.threshold, answer.flagged, answer.wrong) == (2000, 700, 0)
    assert answer.lowered == {"form": (4000, 3999)}
    assert answer.card.caps == {"form": 3999, "net": 3000}


def test_the_capped_card_may_reject_from_the_threshold_up_and_the_card_itself_may_not() -> None:
    answer = found(mixed((DOUBTFUL, 700, 0), (FAST, 700, 700), (GOOD, 700, 700)))
    bands = Thresholds(Bands(0, 1000, answer.threshold))
    assert Ruleset("r", Policy("Mia"), answer.card, bands).thresholds.bands.band(2000) is Outcome.REJECT
    with pytest.raises(InvalidRulesetError, match="alone could reach reject"):
        Ruleset("r", Policy("Mia"), CARD, bands)


def test_scores_are_those_of_the_capped_card() -> None:
    pair = PairTable("form.fill_seconds", "net.ip_class", ((50, 0, 0, 0, 0), *[(0, 7, 0, 0, 0)] * 3, (0,) * 5), "both")
    card = replace(CARD, pairs=(pair,), caps={**CARD.caps, "pair": 20})
    history = study([(values, True) for values in (WORST, BAD, DOUBTFUL, FAST, GOOD)])
    for threshold in (500, 2000, 3500, 9000):
        after = capped(card, threshold)
        score = compiled(after, {signal.name: place for place, signal in enumerate(SIGNALS)})
        caps = [after.caps[family] for family in after.families]
        ours = [capped_score(card.base, sums, caps) for sums in sums_of(card, history)]
        assert ours == [score(row, {}).score for row in history.rows()]
        assert max(after.caps.values()) <= most_alone(card, threshold) == threshold + 2000 - 1
    assert lowered(CARD, capped(CARD, 1500)) == {"form": (4000, 3499)}


@pytest.mark.parametrize("caps", [{"form": 4000, "net": 3000}, {"form": 4500, "net": 9000}])
def test_a_card_with_one_kind_of_evidence_is_never_certified(caps: dict[str, int]) -> None:
    answer = certify(replace(CARD, caps=caps), study(mixed((FAST, 900, 0), (GOOD, 900, 900))))
    assert isinstance(answer, Abstained)
    assert (answer.kind, answer.more) == ("separable", None)
    assert answer.reason == (
        "not separable: only one kind of evidence speaks against any lead, and one kind alone never rejects"
    )


# ── Not certified ────────────────────────────────────────────────────────────────────────────────


def test_too_few_labels_are_counted() -> None:
    answer = refused(mixed((WORST, 300, 0), (GOOD, 900, 900)))
    assert (answer.kind, answer.more) == ("labels", 298)
    assert answer.reason == (
        "not certified: 298 more labels needed at the precision seen (100.00% of 300 from 5000 points up; "
        "about 1,192 more leads)"
    )
    assert [each.flagged for each in answer.slices] == [75] * 4


def test_a_wrong_one_costs_labels() -> None:
    answer = refused(mixed((WORST, 700, 2), (GOOD, 900, 900)))
    assert answer.kind == "labels"
    assert (
        answer.more == labels_needed(698 / 700, 0.995, 0.025) - 700
    )  # one walk was there; another would halve the risk
    assert f"{answer.more:,} more labels needed" in answer.reason


def test_the_least_number_of_labels_counts_too() -> None:
    assert refused(mixed((WORST, 380, 0), (GOOD, 900, 900)), least=0.99).more == 20


def test_what_cannot_be_told_apart_is_said_to_be_so() -> None:
    answer = refused(mixed((WORST, 700, 30), (BAD, 700, 100), (GOOD, 900, 900)))
    assert (answer.kind, answer.more) == ("separable", None)
    assert answer.reason == (
        "not separable: even the highest scores are junk only 95.7 of 100 times (700 leads from 5000 points up)"
    )


def test_a_handful_that_happens_to_be_right_tells_nothing() -> None:
    answer = refused(mixed((WORST, 16, 0), (BAD, 700, 100), (GOOD, 900, 900)))
    assert answer.kind == "separable"
    assert "junk only 86 of 100 times" in answer.reason
    few = refused(mixed((WORST, 16, 0), (GOOD, 900, 900)))
    assert (few.kind, few.more) == ("labels", 582)


def test_a_hold_out_without_high_scores_is_said_to_be_so() -> None:
    answer = refused(mixed((GOOD, 900, 800)))
    assert answer.reason == "not separable: the score takes no lead of the hold-out to be junk with more than even odds"
    assert refused([]).leads == 0


def test_rejecting_never_begins_at_or_below_the_base() -> None:
    card = replace(CARD, base=1500)
    plain = [((None, None), True)] * 700 + [((60.0, "residential"), False)] * 300
    answer = certify(card, study(plain))
    assert isinstance(answer, Abstained)
    assert "more than even odds" in answer.reason


@pytest.mark.parametrize(
    "terms",
    [
        {"least": 0.98},
        {"least": 1.0},
        {"least": float("nan")},
        {"labels": 399},
        {"risk": 0.06},
        {"risk": 0.0},
        {"slices": 1},
        {"days": 0},
        {"looks": -1},
        {"fresh_labels": -1},
    ],
)
def test_weaker_terms_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        Terms(**terms)


def test_the_floor_is_named_when_less_is_asked_for() -> None:
    with pytest.raises(InvalidInputError, match=r"precision of 0\.95; ask for 0\.99 to under 1"):
        Terms(least=0.95)


# ── Drift ────────────────────────────────────────────────────────────────────────────────────────


def over_time(*slices: tuple[int, int, int]) -> list[Lead]:
    """Consecutive slices of (flagged, of them wrong, others)."""
    return [
        lead for flagged, wrong, others in slices for lead in mixed((WORST, flagged, wrong), (GOOD, others, others))
    ]


@pytest.mark.parametrize(
    ("slices", "reason"),
    [
        ([(3000, 0, 0), (3000, 0, 0), (3000, 0, 0), (200, 3, 2800)], "precision fell below 99% in a slice of time"),
        ([(900, 0, 100), (900, 0, 100), (60, 0, 940), (60, 0, 940)], "the newer half alone (120 leads"),
        ([(1000, 0, 0), (1000, 0, 0), (1000, 1, 0), (1000, 5, 0)], "the errors gather in the newer half"),
        ([(900, 0, 100), (900, 0, 100), (900, 0, 100), (90, 0, 910)], "the newest slice flags 9.0% of its leads"),
    ],
)
def test_what_slipped_within_the_hold_out_is_not_certified(slices: list[tuple[int, int, int]], reason: str) -> None:
    answer = refused(over_time(*slices))
    assert answer.kind == "drift"
    assert answer.reason.startswith(f"not certified: {reason}")
    assert answer.more is None
    assert len(answer.slices) == 4


def test_a_stricter_threshold_that_is_steady_is_certified_where_a_lower_one_drifts() -> None:
    early = mixed((WORST, 700, 0), (BAD, 1500, 0), (GOOD, 100, 100))
    late = mixed((WORST, 700, 0), (BAD, 100, 3), (GOOD, 1500, 1500))
    answer = found(early + late)
    assert (answer.threshold, answer.flagged, answer.wrong) == (5000, 1400, 0)


def test_steady_leads_are_steady() -> None:
    leads = over_time(*[(1000, 1, 1000)] * 4)
    assert found(leads).slices == tuple([Slice(2000, 1000, 1)] * 4)


def test_slices_are_of_equal_size_and_say_how_right_they_are() -> None:
    flags = [True, True, False, False, True, False, False, False, False]
    truth = [True, False, True, True, True, True, True, True, True]
    found_slices = sliced(flags, truth, 3)
    assert found_slices == (Slice(3, 2, 1), Slice(3, 1, 0), Slice(3, 0, 0))
    assert precisions(found_slices) == "50.00%, 100.00%, none flagged"
    assert [each.share for each in found_slices] == [2 / 3, 1 / 3, 0]
    assert Slice(0, 0, 0).share == 0.0


def test_one_wrong_lead_in_a_small_slice_is_no_drift() -> None:
    leads = over_time((60, 1, 1440), (1500, 0, 0), (1500, 0, 0), (1500, 1, 0))
    flags = [values == WORST for values, _ in leads]
    assert unsteady(flags, study(leads), slices=4, least=0.995) is None


# ── Copies ───────────────────────────────────────────────────────────────────────────────────────


def copied(leads: Sequence[Lead], times: int) -> Study:
    """The same leads, each so many times in a row, and alike in all that is compared."""
    many = [lead for lead in leads for _ in range(times)]
    return replace(study(many), faces=[place // times for place in range(len(many))])


@pytest.mark.parametrize("wrong", [0, 2])
@pytest.mark.parametrize("size", [580, 700, 1000, 1400])
def test_a_file_twice_over_is_certified_as_it_is_once(size: int, wrong: int) -> None:
    leads = mixed((WORST, size, wrong), (GOOD, 2 * size, 2 * size))
    once, twice = certify(CARD, study(leads)), certify(CARD, copied(leads, 2))
    assert type(once) is type(twice)
    if isinstance(once, Certified) and isinstance(twice, Certified):
        assert (twice.threshold, twice.labels) == (once.threshold, once.labels)
        assert twice.alone == pytest.approx(once.alone)
        assert (twice.flagged, twice.wrong, twice.copies) == (2 * once.flagged, 2 * once.wrong, once.flagged)
    elif isinstance(once, Abstained) and isinstance(twice, Abstained):
        assert (twice.kind, twice.more) == (once.kind, once.more)


def test_a_form_sent_over_and_over_is_one_case() -> None:
    leads = mixed((WORST, 1000, 0), (GOOD, 1000, 1000))
    kinds = [-1 if values == WORST and place // 2 % 2 else place for place, (values, _) in enumerate(leads)]
    assert isinstance(certify(CARD, study(leads)), Certified)
    answer = certify(CARD, replace(study(leads), faces=kinds))
    assert isinstance(answer, Abstained)
    assert (answer.kind, answer.copies > 400) == ("labels", True)
    assert answer.more is not None


def test_errors_among_leads_that_only_look_alike_are_all_counted() -> None:
    leads = mixed((WORST, 3000, 60), (GOOD, 1000, 1000))
    kinds = [-1 if values == WORST and not junk else place for place, (values, junk) in enumerate(leads)]
    assert isinstance(certify(CARD, replace(study(leads), faces=kinds)), Abstained)


# ── Worlds in which it must not go wrong ─────────────────────────────────────────────────────────


def drawn(seed: str, size: int, rates: Sequence[tuple[tuple[float | None, str | None], float, float]]) -> list[Lead]:
    """Leads by lot: (values, share of the leads, chance of being junk), the same for the same seed."""
    leads: list[Lead] = []
    for place in range(size):
        digest = sha256(f"{seed}/{place}".encode()).digest()
        lot, fate = int.from_bytes(digest[:8]) / 2**64, int.from_bytes(digest[8:16]) / 2**64
        for values, share, junk in rates:
            if lot < share:
                leads.append((values, fate < junk))
                break
            lot -= share
    return leads


@pytest.mark.no_cover
def test_a_precision_below_the_bound_is_hardly_ever_certified() -> None:
    """Of 60 histories at a risk of 5 %, at most 8 may go wrong (a chance of 1 % if exactly 5 % do)."""
    worlds = (
        drawn(f"low {seed}", 3000, [(WORST, 0.3, 0.9885), (BAD, 0.3, 0.98), (GOOD, 0.4, 0.1)]) for seed in range(60)
    )
    assert sum(isinstance(certify(CARD, study(each), Terms(least=0.99)), Certified) for each in worlds) <= 8


@pytest.mark.no_cover
def test_a_precision_well_above_the_bound_is_mostly_certified() -> None:
    worlds = (
        drawn(f"high {seed}", 3000, [(WORST, 0.3, 0.999), (BAD, 0.3, 0.97), (GOOD, 0.4, 0.1)]) for seed in range(30)
    )
    answers = [certify(CARD, study(each), Terms(least=0.99)) for each in worlds]
    certified = [answer for answer in answers if isinstance(answer, Certified)]
    assert len(certified) >= 20
    assert all(answer.threshold == 5000 for answer in certified)


KINDS = st.sampled_from([WORST, BAD, DOUBTFUL, FAST, GOOD, (None, None), (60.0, "hosting")])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(KINDS, st.integers(0, 900), st.integers(0, 3)), min_size=1, max_size=5))
def test_whatever_is_certified_may_be_put_into_a_ruleset_and_is_proven(
    groups: list[tuple[tuple[float | None, str | None], int, int]],
) -> None:
    leads = mixed(*[(values, leads, min(wrong, leads)) for values, leads, wrong in groups])
    answer = certify(CARD, study(leads), Terms(least=0.99))
    if isinstance(answer, Abstained):
        assert answer.reason.startswith(("not certified: ", "not separable: "))
        return
    assert answer.alone >= 0.99
    assert answer.labels >= 400
    digest = content_hash(scorecard_document(answer.card))
    thresholds = Thresholds(Bands(-1999, -1999, answer.threshold), certificate=answer.certificate(digest, NOW))
    laws = Ruleset("r", Policy("Mia"), answer.card, thresholds)
    assert laws.thresholds.may_reject(laws.thresholds.bands, laws.scorecard_hash, NOW)
    score = compiled(answer.card, {signal.name: place for place, signal in enumerate(SIGNALS)})
    rejected = [
        junk
        for row, junk in zip(study(leads).rows(), study(leads).truth, strict=True)
        if score(row, {}).score >= answer.threshold
    ]
    assert (len(rejected), rejected.count(False)) == (answer.flagged, answer.wrong)
