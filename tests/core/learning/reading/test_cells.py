import pytest

from winnow.core.declared import Reading
from winnow.core.learning.reading import cells as module
from winnow.core.learning.reading.cells import Cells, read_as

MANY = 400


def cells(*values: str, times: int = 100) -> Cells:
    found = Cells()
    for value in values:
        found.add([value] * times)
    return found


def each(values) -> Cells:
    found = Cells()
    found.add(values)
    return found


@pytest.mark.parametrize(
    ("column", "found", "kind", "reading"),
    [
        ("x", cells("", "  "), "empty", None),
        ("x", cells("NA", "select"), "empty", None),
        ("x", each(["a"] + [""] * 1000), "empty", None),
        ("x", cells("a"), "constant", None),
        ("x", each(["a"] * 1000 + ["b"]), "constant", None),
        ("x", each(["a"] * 100_000 + ["b"] * 60), "category", Reading.TEXT),  # rare is not useless
        ("x", cells("on", ""), "yes/no", Reading.YES_NO),  # a box that is ticked or not there
        ("x", cells("Yes", "no", "?"), "yes/no", Reading.YES_NO),
        ("x", cells("0", "1"), "yes/no", Reading.YES_NO),
        ("x", cells("1", "2", "3"), "category", Reading.TEXT),
        ("x", cells("1", "2", "3", "4.5"), "number", Reading.NUMBER),
        ("x", each([f"{number}.5" for number in range(MANY)]), "number", Reading.NUMBER),
        ("x", each([str(number % 97) for number in range(MANY)] + ["ten"] * 5), "number", Reading.NUMBER),
        ("x", each([str(number) for number in range(MANY)]), "id", None),
        ("x", each([str(number) for number in range(40)]), "number", Reading.NUMBER),  # too few to say
        ("Customer No", each([str(number % 380) for number in range(MANY)]), "id", None),
        ("pages", each([str(number % 380) for number in range(MANY)]), "number", Reading.NUMBER),
        ("x", each([f"u{number}" for number in range(MANY)]), "id", None),
        ("x", each([f"hello number {number}" for number in range(MANY)]), "free text", None),
        ("price", each([f"{number},5" for number in range(MANY)]), "number", Reading.NUMBER),
        ("price", each([f"{number},5" for number in range(MANY)] + ["2.5"]), "written number", None),
        ("price", each([f"{number},5" for number in range(MANY)] + ["k.A."] * 30), "id", None),
        ("price", each([f"1 {number},50" for number in range(100, 999)]), "number", Reading.NUMBER),
        ("price", each([f"1'{number}" for number in range(100, 300)] * 2), "number", Reading.NUMBER),
        ("salary", each([f"{number},000" for number in range(10, 90)] * 5), "written number", None),
        ("Order id", each([str(number % 250) for number in range(MANY)]), "id", None),  # some are there twice
        ("ts", each([f"{1_700_000_000 + number}.5" for number in range(MANY)]), "time", None),
        ("cost", each([f"{1_700_000_000 + number}.5" for number in range(MANY)]), "number", Reading.NUMBER),
        (
            "staff",
            each([f"{n // 1000}.{n % 1000:03}" if n > 999 else str(n) for n in range(0, 9000, 7)]),
            "written number",
            None,
        ),
        ("share", each([f"{n / 1000:.3f}" for n in range(1000, 5000)]), "written number", None),
        ("share", each([f"{n / 1000:.3f}" for n in range(5000)]), "number", Reading.NUMBER),
        ("ratio", each([str(n / 8) for n in range(1000)]), "number", Reading.NUMBER),
        ("x", cells("red", "Red ", "blue"), "category", Reading.TEXT),
        ("x", each(["2026-01-31", "2026-02-01T10:00:00Z"] * MANY), "time", None),
        ("x", each(["31/01/2026 10:00", "01/02/2026 09:00"] * MANY), "time", None),
        ("made_at", each([str(1_700_000_000 + number) for number in range(MANY)]), "time", None),
        ("amount", each([str(1_700_000_000 + number * 7 % 300) for number in range(MANY)]), "number", Reading.NUMBER),
    ],
)
def test_a_column_is_what_its_cells_are(column, found, kind, reading):
    read = read_as(column, found)
    assert (read.kind, read.reading) == (kind, reading), read.why
    assert (read.time is not None) is (kind == "time")


def test_cells_that_say_nothing_are_named_for_the_map():
    assert read_as("x", cells("Select", "a", "b", "N/A")).missing == ("N/A", "Select")


def test_beyond_a_number_of_values_only_their_being_many_is_remembered(monkeypatch):
    monkeypatch.setattr(module, "_MOST_DISTINCT", 60)
    found = each([str(number) for number in range(MANY)])
    assert (len(found.counts), found.crowded) == (60, True)
    assert read_as("x", found).kind == "id"


EITHER_WAY = each([f"{number}.000" for number in range(10, 90)] * 5)


@pytest.mark.parametrize(
    ("found", "by_map", "otherwise", "decimal"),
    [
        (each([f"1.{number},5" for number in range(100, 500)]), None, None, ","),
        (each([f"1,{number}.5" for number in range(100, 500)]), None, None, "."),
        (each([f"1 {number}" for number in range(100, 300)] * 2), None, None, "."),
        (each([f"{number}.5" for number in range(MANY)]), None, ",", None),  # plain, whatever anybody says
        (EITHER_WAY, None, ",", ","),
        (EITHER_WAY, None, ".", None),
        (EITHER_WAY, ",", None, ","),
        (EITHER_WAY, ".", None, "."),
    ],
)
def test_the_decimal_sign_is_told_by_the_cells_or_by_somebody(found, by_map, otherwise, decimal):
    read = read_as("price", found, by_map, otherwise)
    assert (read.kind, read.decimal) == ("number", decimal)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (EITHER_WAY, '`89.000` may be over a thousand or a fraction: say --decimal "," or "."'),
        (each(["1,5", "2.5", "7", "8"] * 9), "some of its fractions have a comma and some a point: `1,5` and `2.5`"),
    ],
)
def test_where_the_sign_cannot_be_told_it_says_what_to_do(found, why):
    assert read_as("price", found).why == why


def test_what_counts_as_unknown_is_told():
    assert (
        "5 that are none count as unknown" in read_as("x", each([str(n % 97) for n in range(MANY)] + ["ten"] * 5)).why
    )
