"""From the tables of a scorecard that somebody wrote, or a fit, to one that can count; see `ruleset_read`."""

from winnow.core.scorecard import JUNK, Bin, CategoryFeature, Feature, NumericFeature, PairTable, Scorecard
from winnow.core.tables import Table
from winnow.errors import InvalidRulesetError


def scorecard_from(table: Table) -> Scorecard:
    """Read a scorecard, as a ruleset holds it or a fit writes it alone; it may count another thing than junk."""
    caps = table.table("caps")
    with table.placing():
        card = Scorecard(
            id=table.text("id"),
            kind=table.text("kind", "starter"),
            target=table.text("target", JUNK),
            owner=table.text("owner"),
            note=table.text("note", ""),
            base=table.integer("base"),
            caps={family: caps.integer(family) for family in caps.content},
            features=tuple(_feature(each) for each in table.tables("features")),
            pairs=tuple(_pair(each) for each in table.tables("pairs")),
        )
    table.finish()
    return card


def _bin(table: Table) -> Bin:
    each = Bin(points=table.integer("points"), text=table.text("text", ""), why=table.text("why", ""))
    if each.points and not each.text:
        raise InvalidRulesetError("points without a reason", where=table.path, fix="add text = what a rep should read")
    table.finish()
    return each


def _feature(table: Table) -> Feature:
    signal = table.text("signal")
    bins = list(table.tables("bins"))
    unknown = _bin(table.table("unknown")) if table.has("unknown") else Bin(0, "")
    with table.placing():
        if bins and bins[0].has("is"):
            values = tuple(each.scalar("is") for each in bins)
            other = _bin(table.table("other")) if table.has("other") else Bin(0, "")
            feature: Feature = CategoryFeature(signal, values, tuple(map(_bin, bins)), other, unknown)
        else:
            cuts = tuple(each.number("below") for each in bins[:-1])
            feature = NumericFeature(signal, cuts, tuple(map(_bin, bins)), unknown)
    table.finish()
    return feature


def _pair(table: Table) -> PairTable:
    points = table.value("points")
    if not isinstance(points, list | tuple) or not all(_whole_numbers(row) for row in points):
        fix = "write [[0, 1], [2, 3]]"
        raise InvalidRulesetError("expected rows of whole numbers", where=table.at("points"), fix=fix)
    pair = PairTable(
        first=table.text("first"),
        second=table.text("second"),
        points=tuple(tuple(row) for row in points),
        text=table.text("text"),
    )
    table.finish()
    return pair


def _whole_numbers(row: object) -> bool:
    return isinstance(row, list | tuple) and all(type(points) is int for points in row)
