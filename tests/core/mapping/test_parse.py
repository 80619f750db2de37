"""A map file is read whole or refused with the line to mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.lead import FIELD_NAMES
from winnow.core.mapping import CsvOptions, LeadMapping, Take, parse_mapping, render_mapping
from winnow.core.mapping.model import FIELD_KINDS, GROUPS, READINGS
from winnow.errors import InvalidInputError

FULL = """
id = "Prospect ID"
received_at = { column = "signup_time", format = "%m/%d/%Y %H:%M", timezone = "Europe/Berlin" }
occurred_at = { column = "ts", as = "unix-seconds" }
ip = { column = "ip_address", as = "ipv4-number" }
full_name = { columns = ["First", "Last"], join = ", " }
first_name = ["A", "B"]
source = { value = "x-education" }
emails = ["Email", "Email 2"]
phone = { column = "Tel", separator = ";" }
form_fill_seconds = { column = "ms", scale = 0.001, decimal = "," }
country = { column = "Country", values = { India = "IN", "-" = "" }, missing = ["?"] }
form_honeypot = { column = "hp", as = "filled" }
utm_source = "utm_source"
missing = ["Select", "NA"]
optional = ["Tel"]

[utm]
medium = "m"

[custom]
total_visits = "TotalVisits"

[csv]
delimiter = ";"
encoding = "latin-1"
quote = ""
"""


def test_everything_a_map_can_say():
    assert parse_mapping(FULL, "m.toml") == LeadMapping(
        takes={
            "id": Take(("Prospect ID",)),
            "received_at": Take(("signup_time",), format="%m/%d/%Y %H:%M", timezone="Europe/Berlin"),
            "occurred_at": Take(("ts",), reading="unix-seconds"),
            "ip": Take(("ip_address",), reading="ipv4-number"),
            "full_name": Take(("First", "Last"), join=", "),
            "first_name": Take(("A", "B")),
            "source": Take(value="x-education"),
            "emails": Take(("Email", "Email 2")),
            "phones": Take(("Tel",), separator=";"),
            "form_fill_seconds": Take(("ms",), scale=0.001, decimal=","),
            "country": Take(("Country",), values={"India": "IN", "-": ""}, missing=("?",)),
            "form_honeypot": Take(("hp",), reading="filled"),
            "utm.source": Take(("utm_source",)),
            "utm.medium": Take(("m",)),
            "custom.total_visits": Take(("TotalVisits",)),
        },
        missing=("Select", "NA"),
        optional=("Tel",),
        csv=CsvOptions(";", "latin-1", ""),
        name="m.toml",
    )


def test_what_is_written_is_read_back():
    mapping = parse_mapping(FULL, "m.toml")
    assert parse_mapping(render_mapping(mapping), "m.toml") == mapping


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)
TAKES = st.one_of(
    st.builds(Take, st.tuples(TEXT), values=st.dictionaries(TEXT, TEXT, max_size=2), missing=st.tuples(TEXT)),
    st.builds(Take, st.tuples(TEXT, TEXT), join=TEXT),
    st.builds(Take, value=TEXT),
)
NUMBERS = st.builds(Take, st.tuples(TEXT), decimal=st.sampled_from([None, ",", "."]))


@given(st.dictionaries(st.sampled_from(["company", "message", "utm.source", "custom.x"]), TAKES, min_size=1))
def test_any_map_survives_being_written(takes):
    mapping = LeadMapping(takes)
    assert parse_mapping(render_mapping(mapping)) == mapping


WRONG = [
    ("id = ", 1, "not valid TOML", "email ="),
    ('id = "a"\nid = "b"', 2, "not valid TOML", ""),
    ("", None, "names no field", "begin with"),
    ('missing = ["x"]', None, "names no field", ""),
    (
        '\nemial = "E"',
        2,
        "`emial` is not a field",
        "did you mean `email` or `emails`?; other columns go under [custom]",
    ),
    ('id = "a"\nzzzzzzz = "E"', 2, "`zzzzzzz` is not a field", "a field is one of `id`"),
    ("id = 5", 1, "`5` in `id` is not a column in quotes", "give"),
    ('id = ""', 1, "`id` is empty", "fill it in"),
    ("id = []", 1, "`id` names no column", "write"),
    ("id = [1]", 1, "`1` in `id` is not a text", ""),
    ('id = "a"\nip = { colum = "b" }', 2, "`colum` is not known in `ip`", "did you mean `column`"),
    ('ip = { as = "ipv4-number" }', 1, "exactly one of column, columns, value", ""),
    ('ip = { column = "a", value = "b" }', 1, "exactly one of", ""),
    ("ip = { columns = [] }", 1, "names no column", ""),
    ('ip = { column = "a", as = "ipv5" }', 1, "`ipv5` is not known in `ip`", "use `ipv4-number`"),
    ('ip = { column = "a", as = 5 }', 1, "`5` is not known", ""),
    ('company = { column = "a", as = "filled" }', 1, "`as` means nothing for `company`", "take it out"),
    ('company = { column = "a", scale = 2 }', 1, "`scale` means nothing for `company`", "form_fill_seconds"),
    ('form_fill_seconds = { column = "a", scale = 0 }', 1, "not a number above 0", ""),
    ('form_fill_seconds = { column = "a", scale = true }', 1, "not a number above 0", ""),
    ('form_fill_seconds = { column = "a", scale = nan }', 1, "not a number above 0", ""),
    ('form_fill_seconds = { column = "a", scale = inf }', 1, "not a number above 0", ""),
    ('[utm]\nsource = { column = "a", decimal = "," }', 2, "`decimal` means nothing for `utm.source`", "take it out"),
    ('form_fill_seconds = { column = "a", decimal = ";" }', 1, "`;` is not known", "use `.` or `,`"),
    ('country = { column = "a", values = { x = 1 } }', 1, "not a text", ""),
    ('country = { column = "a", missing = "x" }', 1, "not a list", ""),
    ('email = "a"\nemails = ["b"]', 2, "`emails` is given twice", "list"),
    ('utm_source = "a"\n[utm]\nsource = "b"', 3, "`utm.source` is given twice", ""),
    ('[custom]\n"Total Visits" = "a"', 2, "`custom.Total Visits` is not a name", "small letters"),
    ('utm_SOURCE = "a"', 1, "`utm.SOURCE` is not a name", ""),
    ('id = "a"\ncustom = "b"', 2, "is not a column in quotes, or a table", ""),
    ('id = "a"\n[csv]\ndelimiter = ";;"', 3, "`;;` is not one plain character", ""),
    ('id = "a"\n[csv]\ndelimiter = ""', 3, "not one plain character", ""),
    ('id = "a"\n[csv]\nquote = "é"', 3, "not one plain character", ""),
    ('id = "a"\n[csv]\nseparator = ";"', 3, "`separator` is not known in `csv`", ""),
    ('id = "a"\n[csv]\ndelimiter = "|"\nquote = "|"', 3, "delimiter and quote are the same", "different"),
    ('id = "a"\n[csv]\ndelimiter = 1', 3, "is not a text in quotes", ""),
    ('id = "a"\nmissing = "x"', 2, "is not a list of texts", ""),
    ('id = "a"\n[[custom]]\nx = "a"', 2, "is not a column in quotes, or a table", ""),
]


@pytest.mark.parametrize(("text", "line", "what", "fix"), WRONG)
def test_mistakes_are_named_with_their_line(text, line, what, fix):
    with pytest.raises(InvalidInputError) as raised:
        parse_mapping(text, "m.toml")
    assert str(raised.value.where).split(":")[:2] == (["m.toml", str(line)] if line else ["m.toml"])
    assert what in raised.value.what
    assert fix in (raised.value.fix or "")


def test_a_line_that_cannot_be_told_is_left_out():
    with pytest.raises(InvalidInputError, match=r"m\.toml: `1`"):
        parse_mapping('"\\u0069d" = 1', "m.toml")


def test_every_field_of_a_lead_can_be_mapped():
    assert set(FIELD_KINDS) | set(GROUPS) == set(FIELD_NAMES)
    assert {target for targets in READINGS.values() for target in targets} <= set(FIELD_KINDS)
