from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.histories import bell, honest, leaking, study_of, truth_of, with_gaps, words
from winnow.core.learning.leaks import Suspicion, Verdict, suspicions, suspicious_name
from winnow.core.learning.leaks.coding import EMPTY, OTHER, UNKNOWN, coding_of
from winnow.core.learning.leaks.table import area, middle, period_ends
from winnow.core.learning.study import Study
from winnow.core.signals.registry import BY_NAME, SIGNALS
from winnow.errors import InvalidInputError

REFUSED, DOUBTFUL = Verdict.REFUSED, Verdict.DOUBTFUL
SIZE = 1500
#: Columns whose honest drawing gives cause for doubt, or none, from one lot to the next.
OFTEN_DOUBTED = {"priority.value", "seasonal.value", "firm_name.value", "filled_in.value", "old_question.value"}


def examined(study: Study, share: float = 0.8) -> dict[str, Suspicion]:
    return {each.signal: each for each in suspicions(study, int(len(study) * share))}


def verdicts(study: Study, share: float = 0.8) -> dict[str, Verdict]:
    return {name: each.verdict for name, each in examined(study, share).items()}


def one(name, column, truth, target="conversion", **others):
    """What is said of one column beside some that say nothing."""
    study = study_of(target, list(map(bool, truth)), {name: column, **others})
    return examined(study).get(study.signals[0].name)


@pytest.fixture
def draw():
    return np.random.default_rng(7)


@pytest.fixture
def truth(draw):
    return truth_of(draw, SIZE, 0.3)


# ── Names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("Last Activity", "activity"),
        ("Lead Quality", "quality"),
        ("Tags", "tags"),
        ("LeadStage", "stage"),
        ("account status", "status"),
        ("closed_at", "closed"),
        ("won", "won"),
        ("outcome", "outcome"),
        ("assignedTo", "assigned"),
        ("follow_up_date", "followup"),
        ("Follow-up", "followup"),
        ("numCalls", "calls"),
        ("call back", "call"),
        ("Gesprächsdauer (min)", "gesprachsdauer"),
        ("gespraechsdauer", "gespraechsdauer"),
        ("Leadqualität", "leadqualitat"),
        ("Abschluss", "abschluss"),
        ("letzte Aktivität", "aktivitat"),
        ("Dernière activité", "activite"),
        ("étape", "etape"),
        ("Última llamada", "llamada"),
        ("resultado", "resultado"),
        ("duration", "duration"),
        ("Asymmetrique Profile Index", "profile"),
        ("updated", "updated"),
        ("Notizen", "notizen"),
        ("owner", "owner"),
    ],
)
def test_a_name_that_speaks_of_afterwards(column, word):
    found = suspicious_name(column)
    assert found is not None
    assert f"`{word}`" in found


@pytest.mark.parametrize(
    "column",
    [
        "Lead Origin", "Lead Source", "Do Not Email", "Do Not Call", "TotalVisits", "Total Time Spent on Website",
        "Page Views Per Visit", "Country", "City", "Specialization", "What is your current occupation", "age", "job",
        "marital", "marital_status", "Familienstand", "employment status", "poutcome", "previous_outcome", "campaign",
        "pdays", "cons.price.idx", "consumer price index", "last name", "form_duration", "session duration",
        "user agent", "company_profile", "credit score", "signup_time", "purchase_time", "purchase_value", "browser",
        "home owner", "state", "utm_content", "", "42",
    ],
)  # fmt: skip
def test_a_name_that_may_be_known_at_the_start(column):
    assert suspicious_name(column) is None


def test_no_signal_of_ours_is_doubted_for_its_name(truth, draw):
    named = {signal.name: bell(draw, truth, 0.0) for signal in SIGNALS}
    size = len(truth)
    study = Study(
        "junk", SIGNALS, named, truth.tolist(), [1.0] * size, (), [str(i) for i in range(size)], [None] * size
    )
    assert [each for each in suspicions(study, 1200) if "name says" in " ".join(each.evidence)] == []


def test_a_name_alone_makes_doubtful_and_says_why(truth, draw):
    found = one("account_status", words(draw, truth, {"a": (0.5, 0.5), "b": (0.5, 0.5)}), truth)
    assert found is not None
    assert found.verdict is DOUBTFUL
    assert found.evidence == (
        "its name says `status`, which speaks of where a lead stands, which is written while it is worked on",
    )


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("account_status", REFUSED), ("rating", DOUBTFUL), ("time_on_site", None)],
)
def test_what_ranks_well_is_refused_under_a_loud_name_only(truth, draw, name, verdict):
    found = one(name, bell(draw, truth, 1.1), truth)
    assert (found and found.verdict) == verdict


def test_a_quiet_name_refuses_with_a_clue(truth, draw):
    gone = np.where(truth, 0.9, 0.6)
    found = one("rating", with_gaps(draw, bell(draw, truth, 0.0), gone), truth)
    assert found is not None
    assert found.verdict is REFUSED
    assert "its name says `rating`" in found.evidence[-1]


# ── Columns that know the future ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("leak", "name", "verdict"),
    [
        ("status", "sales_stage", REFUSED),
        ("status", "x7", REFUSED),
        ("minutes of calls", "talk_minutes", REFUSED),
        ("minutes of calls", "x7", REFUSED),
        ("moment of closing", "closed_at.seconds_since", REFUSED),
        ("moment of closing", "x7.seconds_since", DOUBTFUL),
        ("asked when it goes well", "follow_up_answer", REFUSED),
        ("asked when it goes well", "x7", REFUSED),
        ("asked, the newest not yet", "x7", REFUSED),
        ("asked a little more", "follow_up_answer", REFUSED),
        ("asked a little more", "x7", DOUBTFUL),
        ("ticket", "invoice_no", REFUSED),
        ("ticket", "x7", REFUSED),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_column_that_knows_a_conversion(seed, leak, name, verdict):
    study = leaking(seed, leak, name)
    found = verdicts(study)
    assert found[study.signals[-1].name] is verdict
    assert {each for each in found if each != study.signals[-1].name} <= OFTEN_DOUBTED | {"time_on_site.value"}
    assert list(found.values()).count(REFUSED) == (verdict is REFUSED)


@pytest.mark.parametrize(
    ("leak", "name", "verdict"),
    [
        ("status", "sales_stage", REFUSED),
        ("status", "x7", REFUSED),
        ("minutes of calls", "talk_minutes", REFUSED),
        ("minutes of calls", "x7", DOUBTFUL),
        ("ticket", "invoice_no", REFUSED),
        ("asked when it goes well", "x7", DOUBTFUL),
    ],
)
def test_where_junk_is_told_from_genuine_scripts_are_given_the_benefit_of_the_doubt(leak, name, verdict):
    study = leaking(3, leak, name, target="junk")
    assert verdicts(study)[study.signals[-1].name] is verdict


def test_evidence_comes_with_figures():
    study = leaking(1, "status", "sales_stage")
    (ranked, sides, *_, named) = examined(study)["sales_stage.value"].evidence
    assert ranked.startswith("by itself it ranks leads with an AUC of 0.9")
    assert "on the newest leads" in ranked
    assert "raise the odds more than 8 times" in sides
    assert "its name says `stage`" in named


@settings(max_examples=25, deadline=None)
@given(
    rate=st.floats(0.15, 0.85),
    seed=st.integers(0, 1000),
    target=st.sampled_from(["junk", "conversion"]),
    as_seen=st.sampled_from([bool, str, float, lambda true: "x" if true else None, lambda true: 7 if true else -1]),
)
def test_the_outcome_itself_is_always_refused(rate, seed, target, as_seen):
    draw = np.random.default_rng(seed)
    truth = truth_of(draw, 500, rate)
    found = one("answer", [as_seen(bool(true)) for true in truth], truth, target, noise=bell(draw, truth, 0.0))
    assert found is not None
    assert found.verdict is REFUSED


def test_a_value_that_is_certain_is_a_proof_of_a_conversion_and_a_hint_at_scripts(truth, draw):
    paid = ["yes" if true and lot < 0.5 else "no" for true, lot in zip(truth, draw.random(SIZE), strict=True)]
    assert one("x7", paid, truth).verdict is REFUSED
    found = one("x7", paid, truth, target="junk")
    assert found.verdict is DOUBTFUL
    many = int(sum(word == "yes" for word in paid))
    assert found.evidence[0].startswith(f"{many:,} of {many:,} leads with `yes` are counted as `junk`, where ")


def test_a_certain_value_that_is_gone_proves_nothing(draw):
    truth = truth_of(draw, 3000, 0.3)
    lots = draw.random(3000)
    once = [1.0 if true and place < 900 else lot for place, (true, lot) in enumerate(zip(truth, lots, strict=True))]
    found = one("seconds_to_buy", once, truth)
    assert found.verdict is DOUBTFUL
    assert "once (AUC" in found.evidence[-1]


def test_a_number_that_leaves_all_others_behind(draw):
    truth = truth_of(draw, 8000, 0.3)
    strong = bell(draw, truth, 2.2)
    found = one("x7", strong, truth, weak=bell(draw, truth, 0.5))
    assert found.verdict is REFUSED
    assert "better than all other columns together (AUC 0.9" in found.evidence[-1]
    alike = np.array(strong) + draw.normal(0, 0.9, 8000)
    assert one("x7", strong, truth, twin=alike.tolist()).verdict is DOUBTFUL


def test_known_for_some_periods_only(draw):
    truth = truth_of(draw, 3000, 0.3)
    place = np.arange(3000) / 3000
    batches = with_gaps(draw, bell(draw, truth, 0.2), np.where((place < 0.3) | (place > 0.8), 0.99, 0.04))
    found = one("activity_score", batches, truth)
    assert found.verdict is REFUSED
    assert "now rising, now falling" in found.evidence[0]
    assert one("points", batches, truth).verdict is DOUBTFUL


# ── Honest columns ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.no_cover
def test_false_alarms_are_rare():
    columns = refused = 0
    for seed in range(200):
        study = honest(seed, most=700)
        columns += len(study.signals)
        refused += sum(each.verdict is REFUSED for each in suspicions(study, int(0.8 * len(study))))
    assert refused <= 0.005 * columns  # measured on fresh lots: none of 9,400


def test_a_form_filled_in_within_a_second_is_not_refused(draw):
    truth = truth_of(draw, 3000, 0.5)
    seconds = np.where(truth & (draw.random(3000) < 0.95), 1.0, np.exp(draw.normal(3.5, 0.8, 3000)))
    found = one("x7", seconds.tolist(), truth, target="junk", noise=bell(draw, truth, 0.0))
    assert found.verdict is DOUBTFUL


def test_scripts_are_known_whichever_way_the_target_is_put(draw):
    junk = truth_of(draw, 3000, 0.5)
    seconds = np.where(junk & (draw.random(3000) < 0.95), 1.0, np.exp(draw.normal(3.5, 0.8, 3000))).tolist()
    noise = bell(draw, junk, 0.0)
    assert one("x7", seconds, ~junk, target="genuine", noise=noise).verdict is DOUBTFUL
    assert one("x7", seconds, ~junk, target="conversion", noise=noise).verdict is REFUSED


def test_a_number_without_traces_of_scripts_gets_no_benefit_of_the_doubt(draw):
    truth = truth_of(draw, 8000, 0.06)
    assert one("x7", bell(draw, truth, 2.5), truth, target="junk", noise=bell(draw, truth, 0.0)).verdict is REFUSED


def test_time_on_a_website_is_not_even_doubted(truth, draw):
    assert one("minutes on website", bell(draw, truth, 1.2), truth) is None


def test_gaps_that_have_nothing_to_do_with_the_outcome(truth, draw):
    assert one("phone", with_gaps(draw, bell(draw, truth, 0.5), np.full(SIZE, 0.5)), truth) is None


def test_a_question_asked_only_lately_is_not_doubted(truth, draw):
    late = np.where(np.arange(SIZE) > 0.6 * SIZE, 0.95, 0.0)
    assert one("new_question", with_gaps(draw, bell(draw, truth, 0.5), late), truth) is None


def test_what_most_columns_lack_when_screening_says_nothing_against_one(truth, draw):
    left_open = {
        f"field{place}": with_gaps(draw, bell(draw, truth, 0.0), np.where(truth, 0.4, 0.9)) for place in range(4)
    }
    study = study_of("junk", truth.tolist(), left_open)
    assert verdicts(study) == {}
    alone = study_of("junk", truth.tolist(), {"field0": left_open["field0"], "age": bell(draw, truth, 0.0)})
    assert verdicts(alone) == {"field0.value": DOUBTFUL}


def test_a_column_that_names_leads_is_doubted(truth, draw):
    found = one("x7", [f"id {place}" for place in range(SIZE)], truth)
    assert found == Suspicion("x7.value", DOUBTFUL, ("1,500 of 1,500 leads have a value of their own: it names leads",))
    assert (
        one("x7", [float(place) for place in range(SIZE)], truth).evidence[0].startswith("it rises from lead to lead")
    )
    assert one("x7", draw.permutation(SIZE).astype(float).tolist(), truth) is None


def test_a_moment_before_the_lead_is_not_doubted(truth, draw):
    earlier = [float(value) for value in draw.uniform(0, 1e6, SIZE)]
    assert one("signup.seconds_since", earlier, truth) is None


# ── The ends of what can be asked ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fit", [0, -1, 101])
def test_leads_that_are_not_there(fit, draw):
    study = study_of("junk", truth_of(draw, 100, 0.5).tolist(), {})
    with pytest.raises(InvalidInputError, match=f"{fit} of 100 leads cannot be learned from"):
        suspicions(study, fit)


def test_with_few_leads_only_names_speak():
    truth = [place % 20 == 0 for place in range(400)]
    study = study_of("conversion", truth, {"x7": truth, "outcome": truth})
    assert verdicts(study) == {"outcome.value": DOUBTFUL}


def test_too_few_of_an_outcome_in_any_period_for_an_area():
    truth = [place % 33 == 0 for place in range(1000)]
    assert sum(truth) >= 30
    assert verdicts(study_of("conversion", truth, {"x7": truth}), 0.5) == {}


@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
def test_wherever_the_hold_out_begins(share):
    study = leaking(4, "status", "x7")
    assert verdicts(study, share)["x7.value"] is REFUSED


def test_outcomes_of_one_kind_at_the_start(draw):
    truth = [False] * 500 + truth_of(draw, 500, 0.5).tolist()
    assert verdicts(study_of("conversion", truth, {"noise": bell(draw, np.array(truth), 0.0)}), 0.4) == {}


def test_equal_studies_give_equal_suspicions_whatever_the_order_of_the_columns():
    study = leaking(5, "minutes of calls", "x7")
    turned = Study(
        study.target, study.signals[::-1], study.columns, study.truth, study.weights, (), study.ids, study.sources
    )
    assert examined(study) == examined(study) == examined(turned)
    assert [each.signal for each in suspicions(turned, 1200)] == list(
        reversed([each.signal for each in suspicions(study, 1200)])
    )


def test_periods_leave_enough_leads_of_both_outcomes_in_each():
    truth = [place % 2 == 0 for place in range(1000)]
    assert period_ends(study_of("junk", truth, {}), 800) == ([133, 266, 400, 533, 666, 800, 900, 1000], 6)
    rare = [place % 10 == 0 for place in range(1000)]
    assert period_ends(study_of("junk", rare, {}), 800) == ([266, 533, 800, 1000], 3)
    assert period_ends(study_of("junk", rare, {}), 1000) == ([250, 500, 750, 1000], 4)


def test_an_area_by_hand():
    counts = [(10, 0), (5, 5), (0, 10)]
    found = area(counts, counts)
    assert found.auc == pytest.approx((5 * (10 + 5 / 2) + 10 * 15) / (15 * 15))
    assert found.low < found.auc
    assert area(counts, [(5, 5)] * 3) is not None
    assert area(counts, [(3, 3)] * 3) is None


# ── Bins ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stand_in", [-1, 999])
def test_a_number_that_stands_for_nothing(stand_in):
    coding = coding_of(float, [stand_in] * 20 + list(range(50)))
    assert [coding.of(value) for value in (None, stand_in)] == [UNKNOWN, EMPTY]
    assert coding.of(7) > OTHER


@pytest.mark.parametrize(
    "column",
    [[-1] * 20 + [-3, 4], [999] * 20 + [700, 4], [999, *range(200)], [999] * 20],
    ids=["others are negative", "not far away", "seldom", "nothing else"],
)
def test_a_number_that_only_looks_like_it(column):
    assert coding_of(float, column).of(column[0]) > OTHER


@pytest.mark.parametrize("word", ["select", "n/a", "unbekannt", "k.a.", "desconocido"])
def test_a_word_that_stands_for_nothing(word):
    coding = coding_of(str, [word] * 9 + ["a"] * 9 + ["b"])
    assert [coding.of(value) for value in (None, word, "b", "never seen")] == [UNKNOWN, EMPTY, OTHER, OTHER]
    assert coding.words[coding.of("a")] == "`a`"


def test_numbers_in_ranges_and_by_themselves():
    coding = coding_of(float, [0.0] * 500 + [float(place) for place in range(1, 501)])
    assert coding.words[coding.of(0.0)] == "`0`"
    assert coding.of(0.0) in coding.blank
    assert coding.words[coding.of(-5.0)].startswith("below ")
    assert coding.words[coding.of(9e9)].endswith(" and more")
    assert len({coding.of(float(place)) for place in range(1, 501)}) == 16


def test_a_number_wider_than_a_range_is_cut_once():
    coding = coding_of(float, [0.0] * 940 + [5.5] * 19 + [float(place) for place in range(1, 42)])
    cuts = [word for word in coding.words if " to " in word or "below" in word]
    assert len(cuts) == len(set(cuts))
    assert coding.words[coding.of(5.5)].startswith("5 to 6")


def test_numbers_nobody_has_seen():
    coding = coding_of(float, [None, None])
    assert coding.words[coding.of(3.0)] == "other numbers"


@pytest.mark.parametrize(
    ("numbers", "expected"), [([3.0], 3), ([4.0, 1.0], 2.5), ([9.0, 1.0, 2.0], 2), ([4, 1, 2, 9], 3)]
)
def test_the_middle_of_numbers(numbers, expected):
    assert middle(numbers) == expected


# ── What Winnow measures itself ──────────────────────────────────────────────────────────────────


def measured(study: Study, name: str = "form.fill_seconds") -> Study:
    """The same study, its last column called like a signal of everybody's."""
    own, signal = study.signals[-1].name, BY_NAME[name]
    columns = {(name if each == own else each): column for each, column in study.columns.items()}
    return replace(study, signals=(*study.signals[:-1], signal), columns=columns)


@pytest.mark.parametrize("target", ["conversion", "junk"])
@pytest.mark.parametrize(
    ("column", "own", "ours"),
    [
        ("ranks perfectly", REFUSED, DOUBTFUL),
        ("filled in for one outcome", REFUSED, REFUSED),
        ("filled in more for one outcome, and not yet", REFUSED, REFUSED),
    ],
)
def test_what_is_measured_when_a_lead_comes_in_is_refused_for_its_gaps_only(draw, truth, target, column, own, ours):
    if target == "junk" and column == "filled in for one outcome":
        ours = DOUBTFUL  # scripts leave fields open
    place = np.arange(SIZE)
    known = {
        "ranks perfectly": np.full(SIZE, fill_value=True),
        "filled in for one outcome": truth,
        "filled in more for one outcome, and not yet": (truth | (draw.random(SIZE) < 0.3)) & (place < SIZE * 0.9),
    }[column]
    values = draw.normal(0, 1, SIZE) + 9 * truth * (column == "ranks perfectly")
    cells = [float(value) if there else None for value, there in zip(values, known, strict=True)]
    others = {f"noise{number}": bell(draw, truth, 0.3) for number in range(3)}
    study = study_of(target, list(map(bool, truth)), {**others, "x": cells})
    assert verdicts(study)["x.value"] is own
    found = examined(measured(study))["form.fill_seconds"]
    assert found.verdict is ours, found.evidence
    if column == "ranks perfectly":
        assert any(each.endswith("yet it is measured in what the lead itself says") for each in found.evidence)
