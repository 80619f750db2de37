"""Labels are taken back, and what is left is what a history without them would have been."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cases import ruleset
from tests.support.learned import made_study
from winnow.core.learning.card.changes import PointChange, point_changes
from winnow.core.learning.feedback.unlearn import (
    Affected,
    Said,
    Withdrawal,
    affected,
    remaining,
    remaining_signed,
)
from winnow.core.learning.study import Study
from winnow.core.outcome import Outcome
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, Scorecard
from winnow.core.signals.registry import BY_NAME
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import InvalidInputError

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
STUDY = Study(
    "junk",
    (BY_NAME["text.links"], BY_NAME["mail.spf"]),
    {"text.links": [0, 3, None, 9, 1], "mail.spf": ["pass", "fail", None, "fail", "pass"]},
    [False, True, False, True, True],
    [1.0] * 5,
    [1.0, 2.0, 3.0, 4.0, 5.0],
    ["a", "b", "c", "d", "e"],
    ["web", "web", None, "ads", "ads"],
)
LABELS = [
    Said("b", True, "ana", "web", "jan", MONDAY),
    Said("c", True, "ana", "", "jan", MONDAY),
    Said("d", False, "bo", "ads", None, MONDAY),
    Said("c", False, "eve", "", "feb", TUESDAY),
    Said("d", True, "eve", "ads", "feb", TUESDAY),
    Said("e", True, "eve", "ads", "feb"),
]


@pytest.mark.parametrize(
    ("withdrawal", "withdrawn", "turned", "split", "labels"),
    [
        (Withdrawal(author="eve"), ("e",), ("c", "d"), 3, 3),
        (Withdrawal(author="ana"), ("b",), (), 2, 2),  # of c the last label holds, as before
        (Withdrawal(batch="feb"), ("e",), ("c", "d"), 3, 3),
        (Withdrawal(batch="feb", source="ads"), ("e",), ("d",), 3, 2),
        (Withdrawal(source="web"), ("b",), (), 2, 1),
        (Withdrawal(since=TUESDAY), (), ("c", "d"), 3, 2),  # nobody knows when e was said
        (Withdrawal(since=MONDAY, until=TUESDAY), ("b",), (), 2, 3),
        (Withdrawal(until=MONDAY), (), (), 3, 0),
        (Withdrawal(author="nobody"), (), (), 3, 0),
    ],
)
def test_what_is_left_is_as_if_the_labels_had_never_been(withdrawal, withdrawn, turned, split, labels):
    left = remaining(STUDY, 3, LABELS, withdrawal)
    assert (left.withdrawn, left.turned, left.split, left.labels) == (withdrawn, turned, split, labels)
    kept = [label for label in LABELS if not withdrawal.takes(label)]
    assert remaining(left.study, left.split, kept, Withdrawal(author="nobody")).study == left.study
    known = dict(zip(left.study.ids, left.study.truth, strict=True))
    assert known == {
        lead: truth if lead not in turned else not truth
        for lead, truth in zip(STUDY.ids, STUDY.truth, strict=True)
        if lead not in withdrawn
    }


def test_nothing_is_left_of_a_label_that_a_later_one_had_overruled_after_the_data_were_taken():
    before = replace(STUDY, truth=[False, True, True, True, True])  # of c ana's word stood, eve had not spoken yet
    left = remaining(before, 3, LABELS, Withdrawal(author="ana"))
    assert left.turned == ("c",)
    assert dict(zip(left.study.ids, left.study.truth, strict=True))["c"] is False


def test_a_lead_goes_over_to_whoever_spoke_before():
    told = replace(STUDY, authors=["", "ana", "eve", "eve", "eve"], batches=["", "jan", "feb", "feb", "feb"])
    left = remaining(told, 3, [*LABELS, Said("c", True, " Ana  NG", "", None, TUESDAY)], Withdrawal(author="eve"))
    assert list(left.study.ids) == ["a", "b", "c", "d"]
    assert list(left.study.authors) == ["", "ana", "ana ng", "bo"]
    assert list(left.study.batches) == ["", "jan", "", ""]


def test_a_withdrawal_says_what_it_takes():
    withdrawal = Withdrawal("eve", since=MONDAY)
    assert withdrawal.words == "labels of author eve, since 2026-11-16T00:00:00+00:00"
    assert withdrawal.document == {"author": "eve", "since": "2026-11-16T00:00:00+00:00"}
    with pytest.raises(InvalidInputError):
        Withdrawal()


NUMBERS = NumericFeature("text.links", (2.0,), (Bin(0, "few"), Bin(1500, "many")), Bin(0, "unknown"))
WORDS = CategoryFeature("mail.spf", ("fail",), (Bin(900, "fails"),), Bin(-100, "other"), Bin(0, "unknown"))
CARD = Scorecard("c", -1000, (NUMBERS, WORDS), {"text": 3000, "mail": 900}, "Mia", "learned")
BEFORE = ruleset(scorecard=CARD, thresholds=Thresholds(Bands(0, 1000)))


def test_the_leads_are_named_whose_outcome_changes():
    calmer = replace(NUMBERS, bins=(Bin(0, "few"), Bin(400, "many")))
    after = replace(BEFORE, scorecard=replace(CARD, features=(calmer, WORDS)))
    assert affected(STUDY, BEFORE, BEFORE) == ()
    assert affected(STUDY, BEFORE, after) == (
        Affected("b", "web", Outcome.REVIEW, Outcome.TAG, 1400, 300),
        Affected("d", "ads", Outcome.REVIEW, Outcome.TAG, 1400, 300),
    )
    milder = replace(BEFORE, thresholds=Thresholds(Bands(0, 1000), {"ads": Bands(0, 2000)}))
    assert [each.lead for each in affected(STUDY, BEFORE, milder)] == ["d"]


def test_data_without_a_signal_the_scorecard_reads_is_refused():
    with pytest.raises(InvalidInputError, match=r"text\.links"):
        affected(STUDY.using(["mail.spf"]), BEFORE, BEFORE)


def card(*features):
    return replace(CARD, features=features)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ((NUMBERS, WORDS), (NUMBERS, WORDS), []),
        (
            (NUMBERS,),
            (NumericFeature("text.links", (2.0, 5.0), (Bin(7, ""), Bin(1500, ""), Bin(9, "")), Bin(-1, "")),),
            [("below 2", 0, 7), ("from 5", 1500, 9), ("unknown", 0, -1)],
        ),
        (
            (NUMBERS,),
            (NumericFeature("text.links", (1.0,), (Bin(0, ""), Bin(1500, "")), Bin(0, "")),),
            [("1 to 2", 0, 1500)],
        ),
        (
            (NumericFeature("text.links", (), (Bin(3, ""),), Bin(0, "")),),
            (),
            [("any", 3, 0)],
        ),
        (
            (WORDS,),
            (replace(WORDS, values=("none", "fail"), bins=(Bin(5, ""), Bin(900, ""))),),
            [("none", -100, 5)],
        ),
        ((), (WORDS,), [("fail", 0, 900), ("any other", 0, -100)]),
    ],
)
def test_point_changes_are_told_value_by_value(before, after, changes):
    found = point_changes(card(*before), card(*after))
    assert [(each.values, each.before, each.after) for each in found] == changes


def test_yes_and_no_are_called_so():
    pot = CategoryFeature("form.honeypot", (True, False), (Bin(9, ""), Bin(0, "")), Bin(0, ""), Bin(0, ""))
    calm = replace(pot, bins=(Bin(8, ""), Bin(-1, "")))
    caps = {"form": 9}
    found = point_changes(Scorecard("a", 0, (pot,), caps, "Mia"), Scorecard("b", 0, (calm,), caps, "Mia"))
    assert found == (PointChange("form.honeypot", "yes", 9, 8), PointChange("form.honeypot", "no", 0, -1))


# ── a study that knows who gave its labels ───────────────────────────────────────────────────────


def signed(study: Study) -> Study:
    authors = ["eve" if place % 3 == 0 else "" if place % 3 == 1 else "ana ng" for place in range(len(study))]
    batches = ["b1" if place % 2 else "" for place in range(len(study))]
    return replace(study, authors=authors, batches=batches)


@pytest.mark.parametrize(
    ("withdrawal", "takes"),
    [
        (Withdrawal("EVE"), lambda place: place % 3 == 0),
        (Withdrawal(" Ana  Ng"), lambda place: place % 3 == 2),
        (Withdrawal("", batch="b1"), lambda place: place % 3 == 1 and place % 2 == 1),
        (Withdrawal(batch="B1"), lambda place: place % 2 == 1),
        (Withdrawal("eve", batch="b2"), lambda _: False),
    ],
)
def test_leads_that_say_who_labelled_them_go_with_their_labels(withdrawal, takes):
    study = signed(made_study(60))
    left = remaining_signed(study, 40, withdrawal)
    kept = [place for place in range(60) if not takes(place)]
    assert left.study == study.having(kept)
    assert left.split == sum(place < 40 for place in kept)
    assert left.withdrawn == tuple(study.ids[place] for place in range(60) if takes(place))
    assert (left.labels, left.turned) == (len(left.withdrawn), ())


def test_a_lead_that_is_there_twice_keeps_the_label_that_stands():
    study = signed(made_study(60))
    twice = replace(study, ids=["same"] * 60)
    assert len(remaining_signed(twice, 40, Withdrawal("eve")).study) == 40
