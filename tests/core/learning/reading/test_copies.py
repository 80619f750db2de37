from datetime import UTC, datetime

import pytest

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.learning.reading.cells import Cells
from winnow.core.learning.reading.copies import Copies, RepeatedId, copies_in, kinds_of, repeated_ids
from winnow.core.learning.reading.survey import Survey, Told
from winnow.core.learning.study import Study
from winnow.core.mapping import LeadMapping, Take
from winnow.core.signals.registry import BY_NAME

FACTS = Facts(datetime(2026, 1, 1, tzinfo=UTC))
PAY = DeclaredSignal("pay.value", "custom.pay", Reading.NUMBER, "pay").signal
AGENT = DeclaredSignal("agent.value", "custom.agent", Reading.TEXT, "agent").signal
FILL = BY_NAME["form.fill_seconds"]


def study(*leads: Lead, signals=(PAY, AGENT, FILL)) -> Study:
    survey = Survey("junk", signals, dated=False)
    survey.add(leads, [FACTS] * len(leads), [Told(True, 1.0, float(place)) for place in range(len(leads))])
    return survey.study()


FIRST = Lead(
    "1", external_id="x", emails=("a@b.de",), custom={"pay": "5", "agent": "Ann", "note": "n"}, utm={"source": "s"}
)


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({}, True),
        ({"id": "2", "external_id": "y"}, True),
        ({"custom": {"pay": "5.0", "agent": "ann ", "note": "n"}}, True),  # read as the same
        ({"custom": {"note": "n", "agent": "Ann", "pay": "5"}}, True),
        ({"custom": {"pay": "6", "agent": "Ann", "note": "n"}}, False),
        ({"custom": {"pay": "5", "agent": "Ann", "note": "m"}}, False),  # no signal reads it, and the map fills it
        ({"utm": {}}, False),
        ({"emails": ("c@b.de",)}, False),
        ({"form_fill_seconds": 3.0}, False),
    ],
)
def test_leads_are_copies_when_all_that_is_used_of_them_is_alike(other, alike):
    kinds = kinds_of(study(FIRST, changed(**other)))
    assert (kinds[0] == kinds[1]) is alike


def changed(**other: object) -> Lead:
    fields = {"id": "1", "external_id": "x", "emails": ("a@b.de",), "custom": FIRST.custom, "utm": FIRST.utm}
    return Lead(**{**fields, **other})  # type: ignore[arg-type]


def test_a_column_that_is_not_learned_from_tells_no_copies_apart():
    two = study(FIRST, changed(custom={"pay": "5", "agent": "Bo", "note": "n"}))
    assert copies_in(two).repeats == 0
    assert copies_in(two.using(["pay.value", "form.fill_seconds"])).repeats == 1


def test_copies_are_counted_and_the_most_frequent_is_named():
    others = [changed(id=str(number), emails=(f"{number}@b.de",)) for number in range(3)]
    again = [changed(id=f"again {number}") for number in range(2)]
    found = study(*others, FIRST, *again)
    assert copies_in(found) == Copies(6, 2, 3, "1")
    assert copies_in(found, 4) == Copies(6, 2, 3, "1", seen=2)
    assert copies_in(found, 4).share == 1 / 3
    assert copies_in(study(*others)) == Copies(3, 0)
    assert Copies(0, 0).share == 0.0


def test_where_nobody_compared_leads_each_is_its_own():
    found = Study("junk", (), {}, [True, True], [1.0, 1.0], (), ["1", "2"], [None, None])
    assert list(kinds_of(found)) == [0, 1]
    assert copies_in(found).repeats == 0


def test_parts_of_a_study_keep_what_tells_copies_apart():
    found = study(FIRST, changed(id="2"), changed(id="3", emails=("x@y.de",)))
    assert copies_in(found.part(0, 2)).repeats == copies_in(found.having([1, 0])).repeats == 1
    assert copies_in(found.part(1, 3)).repeats == 0


def cells(*values: str) -> Cells:
    found = Cells()
    found.add(values)
    return found


@pytest.mark.parametrize(
    ("mapping", "columns", "told"),
    [
        ({"id": Take(("Nr",))}, {"Nr": cells("7", "7", "8", "9", "9", "9")}, [RepeatedId("Nr", 2, 5, "9", 3)]),
        ({}, {"Lead ID": cells("7", "7", "NA", "NA"), "Nr": cells("1", "1")}, [RepeatedId("Lead ID", 1, 2, "7", 2)]),
        ({"id": Take(("id",))}, {"id": cells("7", "8")}, []),
        ({"id": Take(("id",))}, {}, []),  # off limits
    ],
)
def test_ids_that_stand_in_several_rows_are_found(mapping, columns, told):
    assert list(repeated_ids(LeadMapping(mapping), columns)) == told
