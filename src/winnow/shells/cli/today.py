"""`winnow today`: what the last days came to, and how things stand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.learning.figures.plain import per_hundred
from winnow.core.today.certificate import Standing
from winnow.core.today.measures import Measure, share
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, opened
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.core.today.certificate import CertificateState
    from winnow.core.today.figures import Figures, Wrongly
    from winnow.services.today import Today

_SHOWN = (
    (Measure.LEADS, "leads in"),
    (Measure.ACCEPTED, "accepted"),
    (Measure.TAGGED, "tagged"),
    (Measure.REVIEWED, "sent to people"),
    (Measure.REJECTED, "rejected"),
    (Measure.IN_SHADOW, "decided in shadow"),
    (Measure.STOPPED, "junk stopped"),
    (Measure.RELEASED, "rejected, then let through"),
    (Measure.GOOD, "rejected, reported genuine"),
    (Measure.DECIDED, "decided by people"),
    (Measure.OTHERWISE, "otherwise than recommended"),
    (Measure.TOLD, "reports of what leads were"),
    (Measure.MISSED, "junk let through"),
    (Measure.WITHDRAWN, "reports taken back"),
)
_COLUMNS = (Measure.LEADS, Measure.ACCEPTED, Measure.TAGGED, Measure.REVIEWED, Measure.REJECTED, Measure.STOPPED)
_BARS = "▁▂▃▄▅▆▇█"
_HOUR, _MINUTE = 3_600, 60
_WIDTH = 16


def today(
    days: Annotated[int, typer.Option("--days", help="How many days to look at: 7, 30 or 90.")] = 7,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what the last days came to: leads, junk stopped, good leads wrongly stopped, queue, guards, sources.

    Beside each number stands that of as many days before. The JSON is that of GET /v1/today (docs/today.md).
    """
    from winnow.bootstrap.today import make_today  # noqa: PLC0415  # a second that other commands need not wait

    desk = make_today(opened(config, data, store))
    while desk.catch_up():
        pass
    found = desk.today(days)
    if as_json:
        output.data(_document(found))
        return
    for line in _lines(found):
        output.out.print(Text(printable(line)))


def _document(found: "Today") -> object:
    import msgspec  # noqa: PLC0415  # as above

    from winnow.shells.http.today_answer import today_out  # noqa: PLC0415

    return msgspec.to_builtins(today_out(found))


def _lines(found: "Today") -> Iterator[str]:
    figures, window = found.overall, found.window
    yield f"{window.first} to {window.last}, UTC{'now':>15}{'before':>10}"
    for measure, words in _SHOWN:
        part = share(measure, figures.now)
        of = "" if part is None else f"  {part:.0%}"
        yield f"{words:30}{figures.now.get(measure, 0):>10,}{figures.before.get(measure, 0):>10,}{of}"
    yield f"{'good leads wrongly stopped':30}{_wrongly(figures.wrongly)}"
    yield from _queue(found)
    yield from _guards(found)
    yield f"{'certificate':30}{_certificate(found.certificate)}"
    yield from _sources(found)


def _wrongly(wrongly: "Wrongly") -> str:
    if wrongly.leads is None or wrongly.found is None:
        few = f"too few to say: {wrongly.missing:,} more verdicts on the blind sample are needed"
        return few if wrongly.stopped else "none: neither score nor rules rejected any"
    leads, low, high = wrongly.leads
    of = f"{per_hundred(wrongly.found.low)} to {per_hundred(wrongly.found.high)} of 100 rejected"
    return f"about {leads:,.0f}, {low:,.0f} to {high:,.0f} ({of})"


def _queue(found: "Today") -> Iterator[str]:
    waiting = found.waiting
    oldest = "" if waiting.oldest is None else f", the oldest since {waiting.oldest:%Y-%m-%d %H:%M} UTC"
    yield (f"{'queue':30}{waiting.waiting:,} waiting, {waiting.overdue:,} overdue, {waiting.snoozed:,} put off{oldest}")
    a_day = found.overall.now.get(Measure.DECIDED, 0) / len(found.window.days)
    took = "" if found.waits.now is None else f", half of them within {_duration(found.waits.now)}"
    yield f"{'decided a day':30}{a_day:,.1f}{took}"


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.0f} h"


def _guards(found: "Today") -> Iterator[str]:
    guards = found.guards
    looked = "never" if guards.looked_at is None else f"{guards.looked_at:%Y-%m-%d %H:%M} UTC"
    yield (
        f"{'guards':30}{len(guards.unclosed):,} incidents open, {len(guards.pauses):,} pauses, last looked: {looked}"
    )
    for each in guards.unclosed:
        yield f"{'':30}{each.id}  {each.severity}  {each.guard}  since {each.since}"


def _certificate(state: "CertificateState") -> str:
    if state.standing is Standing.NEVER or state.until is None:
        return "never: the score rejects nobody"
    if state.standing is Standing.LAPSED:
        return f"lapsed: {state.why}"
    return f"certified until {state.until:%Y-%m-%d}" + ("" if state.rejects else ", but the score rejects nobody now")


def _sources(found: "Today") -> Iterator[str]:
    if found.sources:
        words = ("leads", "accept", "tag", "review", "reject", "junk", "leads by day")
        yield f"{'source':{_WIDTH}}{''.join(f'{word:>9}' for word in words[:-1])}  {words[-1]}"
    for source, figures in found.sources.items():
        yield f"{(source or '(none)')[:_WIDTH]:{_WIDTH}}{_cells(figures)}  {_spark(figures)}"


def _cells(figures: "Figures") -> str:
    shares = (share(measure, figures.now) for measure in _COLUMNS[1:])
    cells = ("-" if part is None else f"{part:.0%}" for part in shares)
    return f"{figures.now.get(Measure.LEADS, 0):>9,}" + "".join(f"{cell:>9}" for cell in cells)


def _spark(figures: "Figures") -> str:
    """A bar for each day; numbers for whoever asked for plain text."""
    numbers = [each.leads for each in figures.days]
    if output.plain:
        return " ".join(map(str, numbers))
    most = max(*numbers, 1)
    return "".join(_BARS[number * (len(_BARS) - 1) // most] for number in numbers)
