"""A certificate that would not have been kept is not given."""

from dataclasses import replace

import pytest

from winnow.core.learning.proof.certify import Abstained, Certified, Terms, certify
from winnow.core.learning.proof.rehearsal import Rehearsal, realised, rehearsed, with_rehearsal
from winnow.core.learning.proof.steady import Slice
from winnow.core.learning.study import Study
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, Scorecard
from winnow.core.signals.registry import BY_NAME
from winnow.errors import InvalidInputError

NOTHING = Bin(0, "not known")
CARD = Scorecard(
    "card",
    -2000,
    (
        NumericFeature("form.fill_seconds", (3,), (Bin(3000, "fast"), Bin(-500, "slow")), NOTHING),
        CategoryFeature("net.ip_class", ("hosting",), (Bin(3000, "h"),), NOTHING, NOTHING),
    ),
    {"form": 3000, "net": 3000},
    "Mia",
)
SIGNALS = (BY_NAME["form.fill_seconds"], BY_NAME["net.ip_class"])


def history(leads: int, wrong_from: int | None = None) -> Study:
    """Every other lead is flagged; from a place on half of those are wrong."""
    flagged = [place % 2 == 0 for place in range(leads)]
    late = [wrong_from is not None and place >= wrong_from for place in range(leads)]
    return Study(
        target="junk",
        signals=SIGNALS,
        columns={
            "form.fill_seconds": [1.0 if each else 60.0 for each in flagged],
            "net.ip_class": ["hosting" if each else "mobile" for each in flagged],
        },
        truth=[flag and not (late[place] and place % 4 == 0) for place, flag in enumerate(flagged)],
        weights=[1.0] * leads,
        times=[float(place) for place in range(leads)],
        ids=[str(place) for place in range(leads)],
        sources=[None] * leads,
    )


SEEN: list[tuple[int, int]] = []


def fit(study: Study, place: int) -> Scorecard:
    SEEN.append((len(study), place))
    return CARD


def hopeless(_study: Study, _place: int) -> Scorecard:
    raise InvalidInputError("only 3 leads to learn from are junk")


def test_what_was_promised_is_held_against_what_came_later() -> None:
    SEEN.clear()
    found = rehearsed(fit, history(8000), 6400, Terms())
    assert SEEN == [(6400, 5120)]  # what came later had no part in it
    assert isinstance(found.answer, Certified)
    assert (found.answer.leads, found.realised) == (1280, Slice(1600, 800, 0))
    assert found.note == (
        "an earlier certificate would have rejected 800 of the 1,600 leads that came after it, 100.00% of them rightly"
    )
    assert not found.broken


def test_the_share_set_aside_may_be_given() -> None:
    SEEN.clear()
    assert rehearsed(fit, history(8000), 6400, Terms(), share=0.5).answer.leads == 3200
    assert SEEN == [(6400, 3200)]


def test_a_promise_that_would_have_been_broken_takes_the_certificate_away() -> None:
    study = history(8000, wrong_from=6400)
    found = rehearsed(fit, study, 6400, Terms())
    assert found.realised == Slice(1600, 800, 400)
    assert found.broken
    given = certify(CARD, history(8000), Terms())
    answer = with_rehearsal(given, found)
    assert isinstance(answer, Abstained)
    assert (answer.kind, answer.slices) == ("drift", given.slices)
    assert answer.reason == f"not certified: {found.note}, and the promise is at least 99%"


def test_a_promise_that_would_have_been_kept_changes_nothing_and_gives_nothing() -> None:
    kept = rehearsed(fit, history(8000), 6400, Terms())
    given, refused = certify(CARD, history(8000), Terms()), certify(CARD, history(200), Terms())
    assert with_rehearsal(given, kept) is given
    assert with_rehearsal(refused, kept) is refused
    assert isinstance(refused, Abstained)


def test_what_would_not_have_been_certified_then_breaks_no_promise() -> None:
    found = rehearsed(fit, history(2000), 1600, Terms())
    assert isinstance(found.answer, Abstained)
    assert (found.realised, found.broken) == (None, False)
    assert found.note.startswith("an earlier certificate would have been refused: not certified: ")


def test_too_little_to_fit_is_said_and_breaks_no_promise() -> None:
    found = rehearsed(hopeless, history(2000), 1600, Terms())
    assert found == Rehearsal(None, None, "not rehearsed: only 3 leads to learn from are junk")
    assert not found.broken


def test_other_looks_do_not_weigh_on_the_rehearsal() -> None:
    study = history(8000)
    assert rehearsed(fit, study, 6400, Terms(looks=9)).answer == rehearsed(fit, study, 6400, Terms()).answer


def test_none_rejected_later_is_said() -> None:
    study = history(8000)
    column = study.columns["form.fill_seconds"]
    slow = {**study.columns, "form.fill_seconds": [*column[:6400], *[60.0] * 1600]}
    found = rehearsed(fit, replace(study, columns=slow), 6400, Terms())
    assert found.realised == Slice(1600, 0, 0)
    assert found.realised.precision is None
    assert found.note == "an earlier certificate would have rejected none of the leads that came after it"


@pytest.mark.parametrize(
    ("flagged", "wrong", "broken"),
    [(0, 0, False), (50, 1, False), (200, 2, False), (199, 2, True), (1000, 10, False), (1000, 11, True)],
)
def test_a_promise_is_broken_below_the_floor_by_more_than_one_lead(flagged: int, wrong: int, broken: bool) -> None:
    assert Slice(2000, flagged, wrong).broken is broken


def test_later_leads_are_judged_by_the_capped_card() -> None:
    given = certify(CARD, history(8000), Terms())
    assert isinstance(given, Certified)
    assert realised(given, history(100, wrong_from=0)) == Slice(100, 50, 25)
