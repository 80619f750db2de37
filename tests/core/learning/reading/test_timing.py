import pytest

from winnow.core.learning.reading.cells import Cells
from winnow.core.learning.reading.timing import timing_for
from winnow.core.mapping import LeadMapping, Take
from winnow.errors import InvalidInputError

ISO = ["2026-01-31T10:00:00Z", "NA"]
DAYS = ["31/01/2026", "02/01/2026"]
UNSURE = ["01/02/2026", "02/03/2026"]
COUNTED = ["17", "18.5", "select"]
LATE = Take(columns=("late",))


def cells(**columns: list[str]) -> dict[str, Cells]:
    found = {name: Cells() for name in columns}
    for name, values in columns.items():
        found[name].add(values)
    return found


def test_a_named_time_is_read_as_it_is_written():
    timing = timing_for(LeadMapping({}), cells(a=ISO, b=DAYS), "b", guessed=False)
    assert timing.mapping.takes["received_at"] == Take(columns=("b",), format="%d/%m/%Y")
    assert (timing.real, timing.number, timing.columns) == (True, None, ("b",))
    take = timing_for(LeadMapping({}), cells(a=ISO), "a", guessed=True).mapping.takes["received_at"]
    assert take.missing == ("NA",)


def test_what_the_map_says_of_the_named_column_holds():
    mapping = LeadMapping({"received_at": Take(columns=("a",), format="%m/%d/%Y")})
    assert timing_for(mapping, cells(a=UNSURE), "a", guessed=False).mapping == mapping
    other = timing_for(mapping, cells(a=UNSURE, b=DAYS), "b", guessed=False)
    assert other.mapping.takes["received_at"].columns == ("b",)


def test_a_number_puts_leads_in_order_without_giving_them_a_time():
    mapping = LeadMapping({"received_at": Take(columns=("a",)), "source": Take(columns=("s",))})
    timing = timing_for(mapping, cells(n=COUNTED), "n", guessed=False)
    assert (timing.real, timing.number, timing.columns) == (False, "n", ("n",))
    assert set(timing.mapping.takes) == {"source"}


@pytest.mark.parametrize("values", [UNSURE, ["soon", "later"], [], ["1_0", "2_0"]])
def test_a_column_that_orders_nothing_is_refused(values):
    with pytest.raises(InvalidInputError, match="`a` cannot put leads in order"):
        timing_for(LeadMapping({}), cells(a=values), "a", guessed=False)


def test_a_written_map_is_believed_and_a_guess_is_looked_at_again():
    written = LeadMapping({"received_at": Take(columns=("created",))})
    assert timing_for(written, cells(created=DAYS), None, guessed=False).mapping == written
    looked_at = timing_for(written, cells(created=DAYS), None, guessed=True)
    assert looked_at.mapping.takes["received_at"].format == "%d/%m/%Y"


def test_a_column_called_like_the_arrival_is_found_even_if_its_first_rows_were_no_help():
    timing = timing_for(LeadMapping({}), cells(created_at=DAYS, x=COUNTED), None, guessed=True)
    assert timing.columns == ("created_at",)


def test_without_a_time_the_columns_to_choose_from_are_named():
    found = cells(opened=ISO, n=["17"], nothing=[], words=["a"])
    timing = timing_for(LeadMapping({}), found, None, guessed=True)
    assert (timing.real, timing.number, timing.columns) == (False, None, ())
    assert [each.column for each in timing.others] == ["opened"]
    two = timing_for(LeadMapping({}), cells(created_at=ISO, date=ISO), None, guessed=False)
    assert (two.real, [each.column for each in two.others]) == (False, ["created_at", "date"])


@pytest.mark.parametrize(
    ("column", "values", "why", "say"),
    [
        ("when", ISO, "ISO 8601, taken as UTC where no offset is given: 2026-01-31 to 2026-01-31", "--time when"),
        ("Eingangs Datum", DAYS, "%d/%m/%Y, taken as UTC: 2026-01-02 to 2026-01-31", "--time 'Eingangs Datum'"),
        ("ts", ["1767225600", "1767312000.5"], "unix seconds since 1970: 2026-01-01 to 2026-01-02", "--time ts"),
        ("timestamp_ms", ["1767225600000"], "unix milliseconds since 1970: 2026-01-01", "--time timestamp_ms"),
        ("us", ["1767225600000000"], "unix microseconds since 1970: 2026-01-01", "--time us"),
        (
            "fecha",
            UNSURE,
            "could be %m/%d/%Y or %d/%m/%Y",
            'received_at = { column = "fecha", format = "%m/%d/%Y" } in a map, if that is the format',
        ),
    ],
)
def test_what_is_a_time_by_its_cells_is_proposed_and_never_taken(column, values, why, say):
    timing = timing_for(LeadMapping({}), cells(**{column: values, "n": COUNTED}), None, guessed=True)
    (proposal,) = timing.others if not timing.real else [None]
    assert proposal is not None
    assert (proposal.column, proposal.say) == (column, say)
    assert why in proposal.why


@pytest.mark.parametrize(
    ("values", "reading"),
    [
        (["1767225600"], "unix-seconds"),
        (["1767225600000"], "unix-milliseconds"),
        (["1767225600000000"], "unix-microseconds"),
    ],
)
def test_a_named_column_that_counts_from_1970_is_read_by_its_magnitude(values, reading):
    timing = timing_for(LeadMapping({}), cells(n=values), "n", guessed=True)
    assert timing.mapping.takes["received_at"].reading == reading
    assert timing.why.endswith("since 1970: 2026-01-01 to 2026-01-01")
