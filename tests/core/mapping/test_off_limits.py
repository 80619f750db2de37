"""What the policy forbids is neither read nor shown."""

import pytest

from winnow.core.mapping import BadRow, LeadMapping, Take
from winnow.core.mapping.off_limits import WITHHELD, Excerpts, off_limits_columns, permitted

COLUMNS = ("ID", "E-mail", "Religion", "Size", "custom.health", "Sexual  Orientation")
MAPPING = LeadMapping(
    {
        "id": Take(("ID",)),
        "emails": Take(("E-mail",)),
        "custom.faith": Take(("Religion",)),
        "custom.size": Take(("Size",)),
        "utm.source": Take(("Size",)),
    }
)


@pytest.mark.parametrize(
    ("off_limits", "left", "columns"),
    [
        (set(), ["id", "emails", "custom.faith", "custom.size", "utm.source"], ()),
        ({"custom.faith"}, ["id", "emails", "custom.size", "utm.source"], ("Religion",)),
        ({"custom"}, ["id", "emails", "utm.source"], ("Religion", "Size")),
        ({"utm"}, ["id", "emails", "custom.faith", "custom.size"], ("Size",)),
        ({"emails"}, ["id", "custom.faith", "custom.size", "utm.source"], ("E-mail",)),
        ({"custom.religion"}, ["id", "emails", "custom.size", "utm.source"], ("Religion",)),
        ({"category.religion"}, ["id", "emails", "custom.size", "utm.source"], ("Religion",)),
        ({"category.health"}, list(MAPPING.takes), ("custom.health",)),
        ({"custom.health", "custom.sexual_orientation"}, list(MAPPING.takes), ("custom.health", "Sexual  Orientation")),
        ({"message", "custom.siz"}, list(MAPPING.takes), ()),
    ],
)
def test_the_map_without_it_and_the_columns_that_hold_it(off_limits, left, columns):
    assert list(permitted(MAPPING, off_limits).takes) == left
    assert off_limits_columns(MAPPING, COLUMNS, off_limits) == columns


CELLS = ["1", "a@b.example", "needle", "7", "needle", "needle"]
FORBIDDEN = ("Religion", "custom.health", "Sexual  Orientation")


def test_an_excerpt_of_cells_leaves_out_the_forbidden_ones():
    assert Excerpts(COLUMNS).of_cells(CELLS) == ",".join(CELLS)
    assert Excerpts(COLUMNS, FORBIDDEN).of_cells(CELLS) == "1,a@b.example,7"


def test_nothing_is_shown_where_nobody_can_tell_the_cells_apart():
    row = BadRow(3, "too few cells", "1,needle")
    assert Excerpts(COLUMNS, FORBIDDEN).of_cells(["1", "needle"]) == WITHHELD
    assert Excerpts(COLUMNS, FORBIDDEN).of(row) == BadRow(3, "too few cells", WITHHELD)
    assert Excerpts(COLUMNS).of(row) == row
