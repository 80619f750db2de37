from dataclasses import replace

import pytest

from tests.support.histories import study_of
from tests.support.learned import made_study
from winnow.core.learning.fitting import examined as module
from winnow.core.learning.fitting.examined import Override, all_left_out, examined, sources
from winnow.core.learning.leaks import Suspicion, Verdict
from winnow.core.learning.reading.cells import FREE_TEXT
from winnow.core.learning.reading.columns import Column
from winnow.core.signals.registry import BY_NAME
from winnow.errors import InvalidInputError

COLUMNS = (
    Column("Lead Source", "category", "", True, "custom.lead_source", ("lead_source.value",)),
    Column("Closed", "time", "", True, "custom.closed_by", ("closed_by.value", "visits.value")),
)
OVERRIDE = Override("Closed", "told by the form", "Bo")


@pytest.fixture
def suspected(monkeypatch):
    """Whatever it is told to find."""
    found: dict[str, Verdict] = {}

    def stand_in(study, fit):
        assert fit == 640
        return tuple(
            Suspicion(name, verdict, (f"{name}!",)) for name, verdict in found.items() if name in study.columns
        )

    monkeypatch.setattr(module, "suspicions", stand_in)
    return found


def used(*overrides: Override, columns=COLUMNS) -> dict[str, tuple[bool, str]]:
    return {each.signal: (each.used, each.why) for each in examined(made_study(), 640, columns, overrides)}


@pytest.mark.usefixtures("suspected")
def test_what_nobody_suspects_is_used():
    assert set(used().values()) == {(True, "known, and it varies")}


def test_doubts_do_not_forbid(suspected):
    suspected["visits.value"] = Verdict.DOUBTFUL
    assert used()["visits.value"] == (True, "used, with doubts")


def test_a_refused_column_takes_all_its_signals_along(suspected):
    suspected |= {"closed_by.value": Verdict.REFUSED, "visits.value": Verdict.DOUBTFUL}
    assert used() == {
        "lead_source.value": (True, "known, and it varies"),
        "visits.value": (False, "it knows the future"),
        "closed_by.value": (False, "it knows the future"),
    }
    found = {each.signal: each for each in examined(made_study(), 640, COLUMNS)}
    assert found["visits.value"].suspicion == Suspicion("visits.value", Verdict.REFUSED, ("closed_by.value!",))


def test_a_refused_signal_of_no_column_stands_alone(suspected):
    suspected["closed_by.value"] = Verdict.REFUSED
    assert used(columns=())["visits.value"] == (True, "known, and it varies")


def test_a_named_person_allows_a_column_or_a_signal(suspected):
    suspected |= {"closed_by.value": Verdict.REFUSED, "visits.value": Verdict.REFUSED}
    assert {name for name, (use, _) in used(OVERRIDE).items() if use} == {
        *("lead_source.value", "closed_by.value", "visits.value")
    }
    assert used(OVERRIDE)["closed_by.value"][1] == "allowed by Bo: told by the form"
    one = Override("visits.value", "known at the start", "Bo")
    assert {name: use for name, (use, _) in used(one).items()} == {
        "lead_source.value": True,
        "visits.value": True,
        "closed_by.value": False,
    }


FILLED = (
    Column("Seconds", "field", "", used=True, field="form_fill_seconds"),
    Column("Mail", "field", "", used=True, field="emails"),
)


def test_a_named_person_allows_what_is_measured_in_a_column(suspected):
    suspected["form.fill_seconds"] = Verdict.REFUSED
    own = study_of("junk", [True, False] * 400, {"x": [1.0, 2.0] * 400})
    study = replace(
        own,
        signals=(BY_NAME["form.fill_seconds"], *own.signals),
        columns={**own.columns, "form.fill_seconds": [1.0, 9.0] * 400},
    )
    override = Override("Seconds", "counted by the form", "Bo")
    refused, allowed = (examined(study, 640, FILLED, each) for each in ((), (override,)))
    told = {each.signal: each for each in allowed}
    assert (told["form.fill_seconds"].used, told["form.fill_seconds"].override) == (True, override)
    assert sources("form.fill_seconds", FILLED) == ("Seconds",)
    assert sources("x.value", FILLED) == ()
    assert [[all_left_out(column, found) for column in FILLED] for found in (refused, allowed)] == [
        [True, False],
        [False, False],
    ]
    with pytest.raises(InvalidInputError, match="`Mail` is not refused"):
        examined(study, 640, FILLED, (Override("Mail", "known", "Bo"),))


def test_what_tells_nothing_is_not_even_suspected(suspected):
    usual = made_study()
    study = replace(usual, columns={**usual.columns, "visits.value": [None] * 800})
    suspected["visits.value"] = Verdict.REFUSED
    found = {each.signal: each for each in examined(study, 640, COLUMNS)}
    assert (found["visits.value"].why, found["visits.value"].suspicion) == ("never known", None)


@pytest.mark.parametrize(
    ("verdicts", "overrides", "complaint"),
    [
        ({}, (OVERRIDE,), "`Closed` is not refused"),
        ({"closed_by.value": Verdict.DOUBTFUL}, (OVERRIDE,), "`Closed` is not refused"),
        (dict.fromkeys(made_study().columns, Verdict.REFUSED), (), "no column is left to learn from"),
    ],
)
def test_nothing_to_allow_and_nothing_to_learn_from_are_refused(suspected, verdicts, overrides, complaint):
    suspected |= verdicts
    with pytest.raises(InvalidInputError, match=complaint):
        used(*overrides)


def test_where_there_is_nothing_but_text_the_line_of_a_map_that_reads_it_is_given(suspected):
    suspected |= dict.fromkeys(made_study().columns, Verdict.REFUSED)
    text = Column('What "they" say', FREE_TEXT, "")
    with pytest.raises(InvalidInputError) as caught:
        used(columns=(*COLUMNS, text))
    assert caught.value.fix.endswith(r'give a map with the line message = "What \"they\" say"')


@pytest.mark.parametrize(
    "before", [{}, {"paid.seconds_since": Verdict.DOUBTFUL}, {"paid.seconds_since": Verdict.REFUSED}]
)
def test_a_time_after_the_lead_is_refused_whatever_else_is_thought_of_it(suspected, before):
    suspected |= before
    truth = [True, False] * 400
    study = study_of("junk", truth, {"paid.seconds_since": [-1.0, 5.0] * 400, "x": [1.0, 2.0] * 400})
    found = {each.signal: each for each in examined(study, 640, ())}
    assert (found["paid.seconds_since"].used, found["x.value"].used) == (False, True)
    told = found["paid.seconds_since"].suspicion.evidence
    assert told[-1] == "paid.seconds_since!" if before else len(told) == 1
