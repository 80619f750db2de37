"""A model card as plain text, for terminals, mails and differences between two cards."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from winnow.core.learning.figures.plain import grouped, in_hundred, per_hundred, signed, small
from winnow.shells.cards.columns import heading, table, wrapped
from winnow.shells.cards.pairs import grid
from winnow.shells.cards.shown import capital, day, short_day, shown_all

Document = Mapping[str, Any]

_BAR = 12
_FEW = "few leads"
#: As many cells of a pair are told, those with the most points.
_MOST_CELLS = 12


def card_text(document: Mapping[str, Any]) -> str:
    """The card in lines of at most 100 columns, the same for the same document."""
    card = shown_all(document)
    parts = (_top, _short, _looks, _good, _may, _not_for, _data, _again)
    return "\n".join(line for part in parts for line in part(card)) + "\n"


def _top(card: Document) -> Iterator[str]:
    yield from wrapped(card["id"], "MODEL CARD  ")
    yield from wrapped(f"Answers for it: {card['owner']}. Made by {card['author']} on {day(card['made_at'])}.")


def _short(card: Document) -> Iterator[str]:
    yield from heading("In short")
    for paragraph in card["summary"]:
        yield from ("", f"{paragraph['heading']}")
        for sentence in paragraph["sentences"]:
            yield from wrapped(sentence, "  ")


def _looks(card: Document) -> Iterator[str]:
    words = card["words"]
    yield from heading("What it looks at")
    yield from wrapped(
        f"What moves scores most comes first. Points above 0 speak for {words['towards']}, below for {words['away']}."
    )
    most = max((abs(each["points"]) for feature in card["features"] for each in feature["bins"]), default=0) or 1
    for feature in card["features"]:
        yield from _feature(feature, most)
    for pair in card["pairs"]:
        yield from _pair(pair)
    yield ""
    caps = [(f"most that {family} may add", signed(points)) for family, points in card["caps"].items()]
    yield from table(("Limit", "Points"), [("a lead nothing is known about", signed(card["base"])), *caps], (1,))


def _feature(feature: Document, most: int) -> Iterator[str]:
    yield ""
    direction = {"rising": ", may only rise with the value", "falling": ", may only fall with the value"}
    share = f"{in_hundred(feature['share'])} of what moves a score{direction.get(feature['direction'], '')}"
    yield from wrapped(f"{capital(feature['label'])} ({share})")
    rows = [
        (
            each["words"],
            signed(each["points"]),
            _bar(each["points"], most),
            grouped(each["leads"]),
            per_hundred(each["share"]),
            _FEW if each["few"] else "",
        )
        for each in feature["bins"]
    ]
    yield from table(("Value", "Points", "", "Leads", "of 100", ""), rows, (1, 3, 4))


def _bar(points: int, most: int) -> str:
    """Points as a bar to the left (away) or the right (towards) of a middle line."""
    length = round(_BAR * abs(points) / most)
    left = "█" * length if points < 0 else ""
    right = "█" * length if points > 0 else ""
    return f"{left:>{_BAR}}│{right:<{_BAR}}"


def _pair(pair: Document) -> Iterator[str]:
    found = grid(pair)
    cells = [(row, column, signed(points)) for row, column, points in found.cells()]
    yield ""
    yield from wrapped(f"Further points for {found.first} together with {found.second}")
    yield from table((found.first, found.second, "Points"), cells[:_MOST_CELLS], (2,))
    if len(cells) > _MOST_CELLS:
        yield from wrapped(f"… and {grouped(len(cells) - _MOST_CELLS)} that give fewer points; card.html has them all.")


def _good(card: Document) -> Iterator[str]:
    yield from heading("How good it is")
    yield from wrapped(
        "Found: of 100, while 5 of 100 others are troubled. Off by: the chances it names, of 100. In brackets: where "
        "the true figure lies with 95 % confidence. Fewer than 30 leads of either kind: too few to say."
    )
    yield ""
    rows = [
        ("put to the test", *_quality(card["quality"], card["holdout"]["leads"])),
        ("learned from", *_quality(card["quality_fit"], card["fit"]["leads"])),
        *(
            (f"{each['by']} {each['value'] or 'not known'}", *_quality(each["quality"], each["leads"]))
            for each in card["groups"]
        ),
    ]
    yield from table(("Leads", *_MEASURES), rows, _NUMBERS)
    yield ""
    slices = [(_stretch(each), *_quality(each["quality"], each["leads"])) for each in card["slices"]]
    yield from table(("Over time", *_MEASURES), slices, _NUMBERS)
    yield ""
    kept = [
        (per_hundred(each["said"]), _of_hundred(each["seen"]), grouped(each["leads"])) for each in card["reliability"]
    ]
    yield from table(("It said, of 100", "Came true, of 100", "Leads"), kept, (0, 1, 2))
    if card["rounding"] is not None:
        lost, added = card["rounding"]["auc_lost"], card["rounding"]["log_loss_added"]
        yield ""
        yield from wrapped(
            f"Rounding to whole points changed the AUC by {small(-lost)} and the log-loss by {small(added)}."
        )


_MEASURES = ("How many", "Found", "AUC", "Log-loss", "Off by")
_NUMBERS = (1, 2, 3, 4, 5)


def _stretch(found: Document) -> str:
    part = "learned" if found["part"] == "fit" else "test"
    return f"{part}, {short_day(found['first'])} to {short_day(found['last'])}" if found["first"] else part


def _quality(found: Document | None, leads: int) -> Sequence[str]:
    if found is None:
        return grouped(leads), "too few to say", "", "", ""
    auc = found["auc"]
    area = f"{auc['value']:.2f}" + ("" if auc["low"] is None else f" ({auc['low']:.2f} to {auc['high']:.2f})")
    loss, off = found["log_loss"]["value"], found["calibration_error"]["value"]
    return grouped(leads), _of_hundred(found["recall"]), area, f"{loss:.3f}", per_hundred(off)


def _of_hundred(found: Document) -> str:
    low, high = found["low"], found["high"]
    interval = "" if low is None or high is None else f" ({per_hundred(low)} to {per_hundred(high)})"
    return per_hundred(found["value"]) + interval


def _may(card: Document) -> Iterator[str]:
    yield from heading("What it may do")
    many = card["words"]["many"]
    yield from wrapped("The bands proposed, and whom they would have met among the leads it was tested on.")
    yield ""
    rows = [
        (
            band["outcome"],
            "any" if band["outcome"] == "accept" else signed(band["from_points"]),
            grouped(band["leads"]),
            in_hundred(band["positives"] / band["leads"]) if band["leads"] else "–",
        )
        for band in card["bands"]
    ]
    yield from table(("Outcome", "From points", "Leads", f"{capital(many)} among them"), rows, (1, 2, 3))
    proof = card["certificate"]
    if proof is not None:
        yield ""
        yield from wrapped(
            f"Certificate for rejecting: from {signed(proof['threshold'])} points, right for at least "
            f"{in_hundred(proof['precision_bound'])} (lower 95 % bound) on {grouped(proof['labels'])} leads, reaches "
            f"{in_hundred(proof['coverage'])} of the {many}, lapses on {day(proof['expires_at'])}."
        )


def _not_for(card: Document) -> Iterator[str]:
    yield from heading("What it is not for")
    for each in card["not_for"]:
        yield from wrapped(each, "- ")
    if card["assumptions"]:
        yield from ("", "Its figures take for granted:")
    for each in card["assumptions"]:
        yield from wrapped(each, "- ")


def _data(card: Document) -> Iterator[str]:
    data = card["data"]
    yield from heading("What it learned from")
    rows = [
        ("file", data["file"]),
        ("SHA-256", data["sha256"]),
        ("rows", f"{grouped(data['rows'])}, {grouped(data['labelled'])} with a known outcome"),
        ("in order of", data["time_column"] or "nothing: taken as the rows stand"),
        ("time", f"{day(data['first'])} to {day(data['last'])}"),
        ("learned from", _part(card["fit"], card["words"]["many"])),
        ("put to the test", _part(card["holdout"], card["words"]["many"])),
    ]
    for name, said in rows:
        yield from wrapped(said, f"{name:<17}")
    yield ""
    outcomes = [(each["word"] or "(empty)", grouped(each["leads"]), each["counts_as"]) for each in data["outcomes"]]
    yield from table(("Outcome column", "Leads", "Counts as"), outcomes, (1,))
    yield ""
    for column in card["columns"]:
        yield from _column(column)
    yield ""
    checks = [(each["name"], each["result"], each["note"]) for each in card["checks"]]
    yield from table(("Check", "Result", "Note"), checks)


def _part(part: Document, many: str) -> str:
    counts = f"{grouped(part['leads'])} leads, {grouped(part['positives'])} of them {many}"
    return f"{counts}; {day(part['first'])} to {day(part['last'])}"


def _column(column: Document) -> Iterator[str]:
    sign = "+" if column["used"] else "-"
    told = f"{column['column']}: {'used' if column['used'] else 'not used'}, {column['why']}"
    extra = [
        f"policy: {column['off_limits']}",
        column["signal"] and f"signal {column['signal']} ({column['reading']})",
        column["direction"] and f"{column['direction']} only",
        column["suspicion"] and f"knows the future? {column['suspicion']}: {'; '.join(column['evidence'])}",
    ]
    yield from wrapped(f"{told} [{'; '.join(each for each in extra if each)}]", f"{sign} ")
    if column["override"] is not None:
        yield from wrapped(f"ALLOWED ALL THE SAME by {column['override']['by']}: {column['override']['why']}", "  ")


def _again(card: Document) -> Iterator[str]:
    yield from heading("To check it again")
    rows = [("scorecard SHA-256", card["scorecard_hash"]), ("made at", card["made_at"])]
    for name, said in (*rows, *card["settings"].items(), *card["versions"].items()):
        yield from wrapped(said, f"{name}: ")
