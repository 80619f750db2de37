import pytest

from winnow.core.declared import Reading
from winnow.core.learning.reading.cells import Cells
from winnow.core.learning.reading.columns import Choice, Settled, forbidden_columns, settled, slug_of
from winnow.core.mapping import LeadMapping, Take

WORDS = ["a", "b", "c"] * 50
NUMBERS = [str(number % 40) for number in range(150)]
IDS = [f"u{number}" for number in range(150)]
TIMES = ["2026-01-31T10:00:00Z", "2026-02-01T10:00:00Z"] * 75
LOCAL_TIMES = ["31/01/2026 10:00", "01/02/2026 11:00"] * 75


def cells(values: list[str]) -> Cells:
    found = Cells()
    found.add(values)
    return found


def settle(content: dict[str, list[str]], takes: dict[str, Take] | None = None, **choice) -> Settled:
    chosen = Choice(**{"roles": {"target": "target"}, **choice})
    content = {**content, "target": ["yes", "no"] * 75}
    return settled(
        list(content), {name: cells(each) for name, each in content.items()}, LeadMapping(takes or {}), chosen
    )


def signals(found: Settled) -> dict[str, tuple[str, Reading]]:
    return {each.name: (each.field, each.reading) for each in found.declared}


def kinds(found: Settled) -> dict[str, tuple[str, bool]]:
    return {column.name: (column.kind, column.used) for column in found.columns}


def test_own_columns_become_declared_signals():
    found = settle({"Lead Origin": [*WORDS, "Select"], "Total-Visits": NUMBERS, "Ref": IDS})
    assert signals(found) == {
        "lead_origin.value": ("custom.lead_origin", Reading.TEXT),
        "total_visits.value": ("custom.total_visits", Reading.NUMBER),
    }
    assert found.declared[0].label == "lead origin"
    assert found.mapping.takes == {
        "custom.lead_origin": Take(columns=("Lead Origin",), missing=("Select",)),
        "custom.total_visits": Take(columns=("Total-Visits",)),
    }
    assert kinds(found) == {
        "Lead Origin": ("category", True),
        "Total-Visits": ("number", True),
        "Ref": ("id", False),
        "target": ("target", False),
    }


def test_fields_that_are_words_are_signals_too_and_the_others_leave_it_to_everybodys():
    content = {"Src": [*WORDS, "unknown"], "Mail": IDS, "Who": IDS, "Lang": IDS, "Camp": WORDS, "V": NUMBERS, "W": IDS}
    takes = {
        "source": Take(columns=("Src",), missing=("x",)),
        "emails": Take(columns=("Mail",)),
        "external_id": Take(columns=("Who",)),
        "language": Take(columns=("Lang",)),
        "utm.campaign": Take(columns=("Camp",)),
        "custom.visits": Take(columns=("V",)),
        "custom.note": Take(columns=("W",)),
    }
    found = settle(content, takes)
    assert signals(found) == {
        "source.value": ("source", Reading.TEXT),
        "utm_campaign.value": ("utm.campaign", Reading.TEXT),
        "visits.value": ("custom.visits", Reading.NUMBER),
    }
    assert found.mapping.takes["source"].missing == ("x", "unknown")
    assert kinds(found) == {
        "Src": ("category", True),
        "Mail": ("field", True),
        "Who": ("field", False),
        "Lang": ("id", False),
        "Camp": ("category", True),
        "V": ("number", True),
        "W": ("id", False),
        "target": ("target", False),
    }


def test_numbers_in_a_field_of_words_are_no_words():
    assert kinds(settle({"Src": NUMBERS}, {"source": Take(columns=("Src",))}))["Src"] == ("number", False)


def test_what_somebody_chose_or_the_policy_forbids_is_not_looked_at():
    takes = {
        "source": Take(columns=("a",)),
        "emails": Take(columns=("b", "mail")),
        "id": Take(columns=("c",)),
        "channel": Take(value="web"),
    }
    content = dict.fromkeys(["a", "b", "c", "mail", "d"], WORDS)
    found = settle(content, takes, left_out=["a", "b", "c"], forbidden=["d"])
    assert {name: kind for name, (kind, _) in kinds(found).items()} == {
        "a": "left out",
        "b": "left out",
        "c": "left out",
        "mail": "field",
        "d": "off limits",
        "target": "target",
    }
    kept = {target: take.columns for target, take in found.mapping.takes.items()}
    assert kept == {"emails": ("mail",), "id": ("c",), "channel": ()}
    assert set(signals(settle(content, only=["b"]))) == {"b.value"}


def test_several_columns_of_one_field_are_a_field():
    takes = {"job_title": Take(columns=("a", "b"))}
    assert kinds(settle({"a": WORDS, "b": WORDS}, takes))["a"][0] == "field"


def test_names_are_distinct_and_never_those_of_everybodys_families():
    content = dict.fromkeys(["Form", "form", "customer", "Größe", "名前", "2nd choice", "hour"], WORDS)
    takes = {"custom.hour": Take(columns=("hour",))}
    assert list(signals(settle(content, takes))) == [
        "own_form.value",
        "form_2.value",
        "own_customer.value",
        "grosse.value",
        "column.value",
        "column_2nd_choice.value",
        "hour.value",
    ]


def test_the_arrival_gives_hour_and_weekday():
    takes = {"received_at": Take(columns=("at",))}
    roles = {"target": "target", "at": "time"}
    assert set(signals(settle({"at": TIMES}, takes, roles=roles))) == {"received_at.hour", "received_at.weekday"}
    days = ["2026-01-31", "2026-02-01"] * 75
    assert set(signals(settle({"at": days}, takes, roles=roles))) == {"received_at.weekday"}
    assert signals(settle({"at": TIMES}, takes, roles=roles, real_times=False)) == {}
    assert signals(settle({"at": TIMES}, takes, roles=roles, left_out=["at"])) == {}
    assert signals(settle({"at": TIMES, "x": IDS}, takes, roles=roles, only=["x"])) == {}
    assert kinds(settle({"at": TIMES}, takes, roles=roles))["at"] == ("time", True)
    constant = {"received_at": Take(value="2026-01-01")}
    assert signals(settle({"x": IDS}, constant)) == {}


def test_another_time_is_measured_against_the_arrival():
    found = settle({"first seen": TIMES, "opened": LOCAL_TIMES, "shown": LOCAL_TIMES})
    assert signals(found)["first_seen.seconds_since"] == ("custom.first_seen", Reading.SECONDS_SINCE)
    assert signals(found)["occurred_at.seconds_since"] == ("occurred_at", Reading.SECONDS_SINCE)
    assert len(signals(found)) == 6
    assert found.mapping.takes["occurred_at"].format == "%d/%m/%Y %H:%M"
    assert [kinds(found)[name] for name in ("first seen", "opened", "shown")] == [
        ("time", True),
        ("time", True),
        ("time", False),
    ]


def test_without_the_time_of_the_lead_no_other_time_is_trusted():
    found = settle({"first seen": TIMES}, real_times=False)
    assert (signals(found), kinds(found)["first seen"]) == ({}, ("time", False))


@pytest.mark.parametrize(
    ("column", "slug"),
    [("Total Time Spent", "total_time_spent"), ("emp.var.rate", "emp_var_rate"), ("x" * 80, "x" * 50), ("!", "column")],
)
def test_slugs_are_names_a_map_takes(column, slug):
    assert slug_of(column) == slug


def test_a_column_called_like_something_off_limits_is_off_limits_however_it_is_written():
    columns = ["Sexual Orientation", "sexualOrientation", "Religion", "message", "Region", "Trade Union"]
    off_limits = {"custom.sexual_orientation", "custom.religion", "message", "utm.tradeunion"}
    assert list(forbidden_columns(columns, off_limits)) == [*columns[:4], "Trade Union"]
