"""Signals declared over an organisation's own fields: how cells are read, and that rulesets carry and use them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import NOW, facts, lead, ruleset, small_card
from winnow.core.decide import decide
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.policy import Policy
from winnow.core.ruleset_read import ruleset_from_toml, signal_from
from winnow.core.ruleset_write import signal_document
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, Scorecard
from winnow.core.tables import Table
from winnow.errors import InvalidRulesetError

ORIGIN = DeclaredSignal("campaign.origin", "custom.lead_origin", Reading.TEXT, "where the enquiry came from")
VISITS = DeclaredSignal("web.visits", "custom.visits", Reading.NUMBER, "visits to the website")


def read(reading: Reading, cell: str) -> object:
    signal = DeclaredSignal("own.field", "custom.field", reading, "a field").signal
    return signal.of(lead(custom={"field": cell}), facts())


@pytest.mark.parametrize(
    ("reading", "cell", "value"),
    [
        (Reading.TEXT, "  Landing\u00a0 Page ", "landing page"),
        (Reading.TEXT, " \t", None),
        (Reading.NUMBER, " 12.5 ", 12.5),
        (Reading.NUMBER, "1e3", 1000.0),
        (Reading.NUMBER, "nan", None),
        (Reading.NUMBER, "-inf", None),
        (Reading.NUMBER, "twelve", None),
        (Reading.YES_NO, " Yes", True),
        (Reading.YES_NO, "0", False),
        (Reading.YES_NO, "maybe", None),
        (Reading.HOUR, "2026-03-01T09:30:00+01:00", 8.0),
        (Reading.HOUR, "2026-03-01 23:30", 23.0),
        (Reading.HOUR, "soon", None),
        (Reading.HOUR, "0001-01-01T00:00:00+14:00", None),
        (Reading.WEEKDAY, "2026-03-01", 7.0),
        (Reading.WEEKDAY, "", None),
        (Reading.SECONDS_SINCE, (NOW - timedelta(minutes=2)).isoformat(), 120.0),
        (Reading.SECONDS_SINCE, "yesterday", None),
    ],
)
def test_a_cell_is_read_as_declared_or_unknown(reading: Reading, cell: str, value: object):
    assert read(reading, cell) == value


@pytest.mark.parametrize(
    ("decimal", "cell", "value"),
    [
        (",", "1.234,5", 1234.5),
        (",", "1.234", 1234.0),
        (",", "1234.5", 1234.5),  # as a map hands it on
        (".", "1,234.5", 1234.5),
        (".", "1.234", 1.234),
        ("", "1,5", None),
        (",", "k.A.", None),
    ],
)
def test_a_number_is_read_by_the_sign_that_was_declared(decimal: str, cell: str, value: float | None):
    signal = DeclaredSignal("pay.value", "custom.pay", Reading.NUMBER, "pay", decimal=decimal)
    assert signal.signal.of(lead(custom={"pay": cell}), facts()) == value
    assert signal_from(Table(signal_document(signal))) == signal


@given(st.text(), st.sampled_from(Reading))
def test_no_cell_breaks_a_reading(cell: str, reading: Reading):
    value = read(reading, cell)
    assert value is None or isinstance(value, bool | float | str)


@pytest.mark.parametrize(
    ("field", "sent", "reading", "value"),
    [
        ("utm.source", {"utm": {"source": "News"}}, Reading.TEXT, "news"),
        ("source", {"source": "Web Form"}, Reading.TEXT, "web form"),
        ("emails", {"emails": ("A@b.example", "c@d.example")}, Reading.TEXT, "a@b.example"),
        ("phones", {"phones": ("+49 30 1",)}, Reading.TEXT, "+49 30 1"),
        ("form_fill_seconds", {"form_fill_seconds": 3.5}, Reading.NUMBER, 3.5),
        ("form_honeypot", {"form_honeypot": True}, Reading.YES_NO, True),
        ("occurred_at", {"occurred_at": NOW - timedelta(hours=1)}, Reading.SECONDS_SINCE, 3600.0),
        (
            "occurred_at",
            {"occurred_at": datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2)))},
            Reading.HOUR,
            23.0,
        ),
        ("emails", {}, Reading.TEXT, None),
        ("custom.gone", {}, Reading.TEXT, None),
        ("country", {"country": None}, Reading.TEXT, None),
    ],
)
def test_any_field_may_be_read(field: str, sent: dict[str, Any], reading: Reading, value: object):
    assert DeclaredSignal("own.field", field, reading, "it").signal.of(lead(**sent), facts()) == value


def test_a_declared_signal_is_one_like_all_others():
    signal = DeclaredSignal("own.wait", "occurred_at", Reading.SECONDS_SINCE, "the wait", mutable=True).signal
    assert (signal.family, signal.kind, signal.version, signal.mutable) == ("own", float, 1, True)
    assert signal.reads == ("occurred_at", "received_at")
    assert "occurred_at" in signal.doc
    assert ORIGIN.signal.kind is str


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "Origin"}, "cannot name a signal"),
        ({"name": "campaign.Lead Origin"}, "cannot name a signal"),
        ({"name": "form.fill_seconds"}, "already"),
        ({"field": "nowhere"}, "which no lead has"),
        ({"field": "custom"}, "which no lead has"),
        ({"field": "id"}, "which no lead has"),
        ({"label": ""}, "no label"),
        ({"decimal": ","}, "`,` is no decimal sign of signal `a.b`"),
        ({"decimal": ";", "reading": Reading.NUMBER}, "`;` is no decimal sign"),
    ],
)
def test_what_cannot_be_declared(fields: dict[str, Any], said: str):
    good: dict[str, Any] = {"name": "a.b", "field": "custom.x", "reading": Reading.TEXT, "label": "x"}
    with pytest.raises(InvalidRulesetError, match=said):
        DeclaredSignal(**{**good, **fields})


def card() -> Scorecard:
    return Scorecard(
        id="own",
        base=-1000,
        features=(
            CategoryFeature("campaign.origin", ("import",), (Bin(900, "Imported"),), Bin(0, ""), Bin(0, "")),
            NumericFeature("web.visits", (2.0,), (Bin(300, "Hardly a visit"), Bin(-200, "Came often")), Bin(0, "")),
        ),
        caps={"campaign": 900, "web": 300},
        owner="Mia",
        kind="learned",
    )


@pytest.mark.parametrize(
    ("custom", "score", "unknown"),
    [
        ({"lead_origin": "IMPORT", "visits": "1"}, 200, ()),
        ({"lead_origin": "Form", "visits": "2"}, -1200, ()),
        ({"lead_origin": "import"}, -100, ("web.visits",)),
        ({}, -1000, ("campaign.origin", "web.visits")),
    ],
)
def test_a_scorecard_reads_declared_signals(custom: dict[str, str], score: int, unknown: tuple[str, ...]):
    rules = ruleset(scorecard=card(), signals=(ORIGIN, VISITS))
    decision = decide(lead(custom=custom), facts(), rules)
    assert (decision.score, decision.unknown) == (score, unknown)


def test_an_off_limits_field_is_not_read_by_a_declared_signal():
    policy = Policy("Mia", frozenset({"custom.lead_origin"}))
    rules = ruleset(scorecard=card(), signals=(ORIGIN, VISITS), policy=policy)
    decision = decide(lead(custom={"lead_origin": "import"}), facts(), rules)
    assert "campaign.origin" in decision.unknown


def test_declared_signals_survive_being_a_toml_file_and_are_part_of_the_hash():
    rules = ruleset(scorecard=card(), signals=(ORIGIN, VISITS))
    again = ruleset_from_toml(tomlkit.dumps(dict(rules.document)), "f.toml")
    assert again == rules
    assert again.hash == rules.hash
    other = ruleset(scorecard=card(), signals=(ORIGIN, DeclaredSignal("web.visits", "custom.v", Reading.NUMBER, "v")))
    assert other.hash != rules.hash


def test_an_undeclared_or_doubly_declared_signal_is_refused():
    with pytest.raises(InvalidRulesetError, match="is not a signal"):
        _ = ruleset(scorecard=card(), signals=(ORIGIN,)).plan
    with pytest.raises(InvalidRulesetError, match="there twice"):
        _ = ruleset(scorecard=card(), signals=(ORIGIN, VISITS, VISITS)).plan


def test_a_scorecard_for_something_else_does_not_screen():
    with pytest.raises(InvalidRulesetError, match="counts conversion, not junk"):
        ruleset(scorecard=replace(small_card(), target="conversion"))


def test_only_of_junk_not_knowing_must_not_add_points():
    guilty = NumericFeature("form.fill_seconds", (), (Bin(0, ""),), Bin(5, "not known"))
    with pytest.raises(InvalidRulesetError, match="when unknown"):
        Scorecard("c", 0, (guilty,), {"form": 5}, "Mia")
    assert Scorecard("c", 0, (guilty,), {"form": 5}, "Mia", target="conversion").feature("form.fill_seconds") is guilty


NAIVE = datetime(2026, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)


def test_a_time_without_an_offset_is_taken_as_utc():
    assert read(Reading.HOUR, NAIVE.isoformat()) == 12.0
