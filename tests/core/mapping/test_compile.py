"""A row becomes exactly the lead its map says, or a complaint that names column, value and remedy."""

import pickle
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.naughty import NAUGHTY
from winnow.core.lead import Lead
from winnow.core.mapping import LeadMapping, Take, check_columns, compile_mapping, parse_mapping, unused_columns
from winnow.core.mapping.clean import LONGEST_MESSAGE, LONGEST_TEXT, storable
from winnow.core.mapping.model import FIELD_KINDS, Kind
from winnow.errors import InvalidInputError, UnreadableRowError


def read(text: str, row: dict[str, str], line: int = 7) -> Lead:
    return compile_mapping(parse_mapping(text), list(row), ZoneInfo)(list(row.values()), line)


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

FIELDS = [
    ('company = "c"', " Acme\t", "company", "Acme"),
    ('company = "c"', "  ", "company", None),
    ('company = "c"\nmissing = ["Select"]', "Select", "company", None),
    ('company = { column = "c", missing = ["-"] }', "-", "company", None),
    ('company = { column = "c", values = { a = "Acme" } }', "a", "company", "Acme"),
    ('company = { column = "c", values = { a = "Acme" } }', "b", "company", "b"),
    ('company = { column = "c", values = { a = "" } }', "a", "company", None),
    ('company = { value = "Acme" }', "x", "company", "Acme"),
    ('email = "c"', "a@b.example", "emails", ("a@b.example",)),
    ('email = "c"', "", "emails", ()),
    ('email = { column = "c", separator = ";" }', "a@b.c; d@e.f;;a@b.c", "emails", ("a@b.c", "d@e.f")),
    ('email = { column = "c", values = { none = "" } }', "none", "emails", ()),
    ('email = { value = "a@b.example" }', "", "emails", ("a@b.example",)),
    ('received_at = "c"', "2026-01-01", "received_at", NEW_YEAR),
    ('received_at = "c"', "", "received_at", None),
    ('received_at = { column = "c", timezone = "Europe/Berlin" }', "2026-01-01 01:00", "received_at", NEW_YEAR),
    ('received_at = { column = "c", timezone = "-01:00" }', "2025-12-31 23:00", "received_at", NEW_YEAR),
    ('received_at = { column = "c", format = "%d.%m.%Y" }', "1.1.2026", "received_at", NEW_YEAR),
    ('received_at = { column = "c", as = "unix-seconds" }', "1767225600", "received_at", NEW_YEAR),
    ('received_at = { column = "c", as = "unix-milliseconds" }', "1767225600000", "received_at", NEW_YEAR),
    ('form_fill_seconds = "c"', "3.5", "form_fill_seconds", 3.5),
    ('form_fill_seconds = { column = "c", scale = 0.001 }', "3500", "form_fill_seconds", 3.5),
    ('form_fill_seconds = { column = "c", decimal = "," }', "1.234,5", "form_fill_seconds", 1234.5),
    ('form_fill_seconds = { column = "c", decimal = "," }', "12.5", "form_fill_seconds", 12.5),
    ('form_fill_seconds = { column = "c", decimal = "." }', "1,234.5", "form_fill_seconds", 1234.5),
    ('[custom]\npay = { column = "c", decimal = "," }', "1.234,5", "custom", {"pay": "1234.5"}),
    ('[custom]\npay = { column = "c", decimal = "," }', "1.234", "custom", {"pay": "1234"}),
    ('[custom]\npay = { column = "c", decimal = "." }', "1.234", "custom", {"pay": "1.2340"}),
    ('[custom]\npay = { column = "c", decimal = "," }', "k.A.", "custom", {"pay": "k.A."}),
    ('[custom]\npay = "c"', "1.234,5", "custom", {"pay": "1.234,5"}),
    ('received_at = { column = "c", as = "unix-microseconds" }', "1767225600000000", "received_at", NEW_YEAR),
    ('form_pasted_fields = "c"', "3", "form_pasted_fields", 3),
    ('form_pasted_fields = "c"', "3.0", "form_pasted_fields", 3),
    ('form_honeypot = "c"', "Yes", "form_honeypot", True),
    ('form_honeypot = "c"', "off", "form_honeypot", False),
    ('form_honeypot = "c"', "", "form_honeypot", None),
    ('form_honeypot = { column = "c", as = "filled" }', "http://spam.example", "form_honeypot", True),
    ('form_honeypot = { column = "c", as = "filled" }', " ", "form_honeypot", False),
    ('consent_given = { column = "c", values = { Ja = "yes" } }', "Ja", "consent_given", True),
    ('country = "c"', "India", "country", "IN"),
    ('country = "c"', "Atlantis", "country", None),
    ('country = { value = "Germany" }', "", "country", "DE"),
    ('spf = "c"', "PASS", "spf", "pass"),
    ('ip = { column = "c", as = "ipv4-number" }', "732758368.8", "ip", "43.173.1.96"),
    ('ip = { column = "c", as = "ipv4-number" }', "16777216", "ip", "1.0.0.0"),
    ('utm_source = "c"', "ads", "utm", {"source": "ads"}),
    ('utm_source = "c"', "", "utm", {}),
    ('[custom]\nx = "c"', "1", "custom", {"x": "1"}),
    ('id = "c"', "L-1", "id", "L-1"),
    ('id = "c"', "", "id", "row-7"),
    ('company = "c"', "x", "id", "row-7"),
]


@pytest.mark.parametrize(("text", "cell", "field", "value"), FIELDS)
def test_fields(text, cell, field, value):
    found = getattr(read(text, {"c": cell}), field)
    assert found == value
    assert type(found) is type(value)


def test_several_columns():
    row = {
        "First": " Ana ",
        "Middle": "NA",
        "Last": "K",
        "E1": "",
        "E2": "a@b.example",
        "Day": "2026-01-01",
        "Time": "00:00",
    }
    lead = read(
        """
        full_name = ["First", "Middle", "Last"]
        emails = ["E1", "E2"]
        received_at = ["Day", "Time"]
        missing = ["NA"]
        """,
        row,
    )
    assert (lead.full_name, lead.emails, lead.received_at) == ("Ana K", ("a@b.example",), NEW_YEAR)


def test_a_lead_made_here_is_like_any_other():
    lead = read('company = "c"', {"c": "Acme"})
    assert type(lead) is Lead
    assert lead == Lead("row-7", company="Acme")
    assert hash(lead.id) == hash(Lead("row-7").id)
    assert pickle.loads(pickle.dumps(lead)) == lead
    assert lead.masked(frozenset({"company"})).company is None
    with pytest.raises(AttributeError):
        lead.company = "other"  # type: ignore[misc]  # what must not work


UNREADABLE = [
    ('received_at = "c"', "13/45/2020", "`13/45/2020` in column `c` is not a time", "format"),
    ('received_at = { column = "c", as = "unix-seconds" }', "1e300", "is not a time", ""),
    ('form_fill_seconds = "c"', "fast", "`fast` in column `c` is not a number", "missing"),
    ('form_fill_seconds = "c"', "nan", "is not a number", ""),
    ('form_fill_seconds = "c"', "1e999", "is not a number", ""),
    ('form_fill_seconds = "c"', "1_0", "is not a number", ""),
    ('form_pasted_fields = "c"', "3.5", "is not a whole number", ""),
    ('form_pasted_fields = "c"', "1_0", "is not a whole number", ""),
    ('form_pasted_fields = "c"', "9" * 30, "is not a whole number", ""),
    ('form_pasted_fields = "c"', "inf", "is not a whole number", ""),
    ('form_honeypot = "c"', "maybe", "`maybe` in column `c` is not a yes or no", "values"),
    ('ip = { column = "c", as = "ipv4-number" }', "1.2.3.4", "is not an IPv4 address as a number", ""),
    ('ip = { column = "c", as = "ipv4-number" }', "4294967296", "is not an IPv4 address as a number", ""),
    ('ip = { column = "c", as = "ipv4-number" }', "nan", "is not an IPv4 address as a number", ""),
    ('received_at = ["c", "d"]', "2026-01-01", "in column `received_at` is not a time", ""),
    ('company = "c"', "x" * (LONGEST_TEXT + 1), "in column `c` has 10,001 characters", "shorten it to 10,000"),
    ('message = "c"', "x\n" * LONGEST_MESSAGE, "in column `c` has 200,000 characters", "shorten it to 100,000"),
]


@pytest.mark.parametrize(("text", "cell", "what", "fix"), UNREADABLE)
def test_cells_that_cannot_be_read(text, cell, what, fix):
    with pytest.raises(UnreadableRowError) as raised:
        read(text, {"c": cell, "d": "noon"})
    assert what in raised.value.what
    assert fix in (raised.value.fix or "")
    assert len(str(raised.value)) < 250


def test_the_complaint_is_about_the_cell_at_fault():
    text = 'form_fill_seconds = "fill"\nform_pasted_fields = "pasted"\nreceived_at = "at"\ncountry = "land"'
    for column in ("fill", "pasted", "at"):
        row = {"at": "2026-01-01", "fill": "1", "pasted": "1", "land": "x"} | {column: "bad"}
        with pytest.raises(UnreadableRowError, match=f"`bad` in column `{column}`"):
            read(text, row)


def test_a_message_may_be_long_and_unused_cells_longer():
    row = {"m": "x" * LONGEST_MESSAGE, "unused": "y" * 500_000}
    assert read('message = "m"', row).message == row["m"]


@pytest.mark.parametrize("width", [0, 1, 3])
def test_a_row_of_another_length(width):
    with pytest.raises(UnreadableRowError, match=f"{width} cells where the header has 2"):
        compile_mapping(parse_mapping('id = "a"'), ["a", "b"])(["x"] * width, 1)


def test_columns_the_file_lacks():
    mapping = parse_mapping('id = "Lead Id"', "m.toml")
    with pytest.raises(
        InvalidInputError, match=r"m.toml: the file has no column `Lead Id`.*did you mean `Lead ID`"
    ) as raised:
        check_columns(mapping, ["Lead ID", "x"])
    assert raised.value.exit_code == 2
    with pytest.raises(InvalidInputError, match=r"it has `c0`.*and 8 more"):
        compile_mapping(mapping, [f"c{each}" for each in range(20)])


def test_optional_columns_may_be_lacking():
    text = 'id = "a"\ncompany = "b"\nemails = ["c", "d"]\nphone = "e"\n[custom]\nx = "f"\n'
    mapping = parse_mapping(f'optional = ["b", "c", "e", "f"]\n{text}')
    lead = compile_mapping(mapping, ["a", "d"])(["1", "x@y.example"], 1)
    assert lead == Lead("1", emails=("x@y.example",))


def test_unused_columns():
    mapping = parse_mapping('id = "a"\nemails = ["b", "a"]')
    assert unused_columns(mapping, ["c", "a", "b", "d"]) == ("c", "d")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('received_at = { value = "soon" }', "`soon` is not a time, and it is given for `received_at`"),
        ('received_at = { column = "c", format = "%Q" }', "`%Q` is not a time format"),
        ('received_at = { column = "c", timezone = "Mars" }', "`Mars` is not a time zone known here"),
    ],
)
def test_maps_that_cannot_be_compiled(text, what):
    with pytest.raises(InvalidInputError, match=what.replace("%", "%")):
        compile_mapping(parse_mapping(text), ["c"])


@pytest.mark.parametrize("target", [name for name, kind in FIELD_KINDS.items() if kind in {Kind.TEXT, Kind.TEXTS}])
def test_naughty_texts_become_fields_that_can_be_written(target):
    reader = compile_mapping(LeadMapping({target: Take(("c",))}), ["c"])
    for text in NAUGHTY:
        value = getattr(reader([text], 1), target)
        expected = storable(text).strip()
        if target == "id":
            assert value == (expected or "row-1")
        else:
            assert value == (((expected,) if expected else ()) if target in {"emails", "phones"} else expected or None)
        str(value).encode()


@pytest.mark.parametrize("target", [name for name, kind in FIELD_KINDS.items() if kind not in {Kind.TEXT, Kind.TEXTS}])
def test_naughty_texts_are_read_or_refused(target):
    reader = compile_mapping(LeadMapping({target: Take(("c",))}), ["c"])
    for text in NAUGHTY:
        try:
            lead = reader([text], 1)
        except UnreadableRowError as problem:
            str(problem).encode()
        else:
            repr(lead).encode()


ROWS = st.lists(st.sampled_from(["", " ", "NA", "a", "b ", "\0", "é"]), min_size=4, max_size=4)


@given(ROWS, st.sampled_from([" ", "-", ""]))
def test_the_compiled_reader_equals_a_plain_reading(cells, join):
    mapping = LeadMapping(
        {
            "company": Take(("c0",)),
            "full_name": Take(("c1", "c2"), join=join),
            "emails": Take(("c2", "c3"), missing=("a",)),
            "utm.source": Take(("c3",), values={"a": "A"}),
        },
        missing=("NA",),
    )
    lead = compile_mapping(mapping, ["c0", "c1", "c2", "c3"])(cells, 1)
    texts = [cell.replace("\0", "\ufffd").strip() for cell in cells]
    said = [text if text not in {"", "NA"} else None for text in texts]
    assert lead.company == said[0]
    assert lead.full_name == (join.join(filter(None, said[1:3])) or None)
    assert lead.emails == tuple(dict.fromkeys(text for text in said[2:] if text and text != "a"))
    assert lead.utm == ({"source": {"a": "A"}.get(said[3], said[3])} if said[3] else {})
