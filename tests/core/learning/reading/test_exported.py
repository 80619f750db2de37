"""What is exported of a lead is read back as the same lead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from winnow.adapters.files.zones import zone_named
from winnow.core.lead import Lead
from winnow.core.learning.reading.authorship import author_like
from winnow.core.learning.reading.exported import in_order, lead_cells, map_of, nameable
from winnow.core.mapping import compile_mapping, parse_mapping, render_mapping

FULL = Lead(
    "l1",
    source="web",
    received_at=datetime(2026, 11, 1, 12, 30, 15, 250_000, tzinfo=UTC),
    full_name="Ann Roe",
    emails=("ann@example.com", "roe@example.com"),
    phones=("+49 151 2345",),
    country="DE",
    message="line one\nline, two",
    form_fill_seconds=7.25,
    form_pasted_fields=2,
    form_honeypot=False,
    spf="pass",
    consent_given=True,
    utm={"campaign": "autumn"},
    custom={"seats": "12"},
)


def test_a_lead_comes_back_as_it_was():
    cells = lead_cells(FULL)
    columns = in_order(cells)
    mapping = parse_mapping(render_mapping(map_of(columns)), "map.toml")
    read = compile_mapping(mapping, columns, zone_named)
    assert read([cells[column] for column in columns], 1) == FULL


def test_moments_are_written_in_utc_and_what_was_not_said_is_not_there():
    later = replace(FULL, received_at=datetime(2026, 11, 1, 14, tzinfo=timezone(timedelta(hours=2))), company=None)
    cells = lead_cells(later)
    assert cells["received_at"] == "2026-11-01T12:00:00Z"
    assert "company" not in cells


def test_canonical_fields_come_first_and_own_ones_by_name():
    assert in_order({"utm.a", "custom.b", "emails", "custom.a", "id"}) == [
        "id",
        "emails",
        "custom.a",
        "custom.b",
        "utm.a",
    ]


@pytest.mark.parametrize(
    ("field", "can"),
    [("emails", True), ("custom.seats_2", True), ("utm.x", True), ("custom.Odd Name", False), ("custom.2nd", False)],
)
def test_own_fields_must_be_names_a_map_can_give(field, can):
    assert nameable(field) is can


def test_columns_called_like_authors_of_labels_are_heard():
    columns = ["labelled_by", "Reviewer", "labelAuthor", "Author", "Judged By", "book author", "agent", "created_by"]
    assert list(author_like(columns)) == ["labelled_by", "Reviewer", "labelAuthor", "Author", "Judged By"]
