"""Histories of leads drawn by lot, honest ones and ones that know the future, for tests of what tells them apart."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.study import Study
from winnow.core.signals.base import Value

Column = Sequence[Value | None]
Draw = np.random.Generator


def study_of(target: str, truth: Sequence[bool], columns: Mapping[str, Column]) -> Study:
    """A study of columns named as they are in the file; a column named `….seconds_since` is a moment."""
    signals = []
    for name, column in columns.items():
        plain = name.lower().replace(" ", "_")
        family, _, what = plain.partition(".")
        reading = Reading.SECONDS_SINCE if what == "seconds_since" else _reading(column)
        signal = DeclaredSignal(f"{family}.{what or 'value'}", f"custom.{family}", reading, name)
        signals.append(signal.signal)
    size = len(truth)
    ids = [str(place) for place in range(size)]
    named = {signal.name: column for signal, column in zip(signals, columns.values(), strict=True)}
    return Study(target, tuple(signals), named, list(map(bool, truth)), [1.0] * size, (), ids, [None] * size)


def _reading(column: Column) -> Reading:
    value = next((value for value in column if value is not None), None)
    return Reading.TEXT if isinstance(value, str) else Reading.YES_NO if isinstance(value, bool) else Reading.NUMBER


def truth_of(draw: Draw, size: int, rate: float) -> NDArray[np.bool_]:
    """Outcomes that come about as often as `rate` says."""
    return draw.random(size) < rate


def bell(draw: Draw, truth: NDArray[np.bool_], apart: float) -> list[Value | None]:
    """A bell-shaped number whose mean lies `apart` standard deviations higher where it is true."""
    return [float(value) for value in draw.normal(0, 1, len(truth)) + apart * truth]


def words(draw: Draw, truth: NDArray[np.bool_], shares: Mapping[str, tuple[float, float]]) -> list[Value | None]:
    """Words with their shares where it is false and where it is true."""
    names, lots = list(shares), draw.random(len(truth))
    ends = [np.cumsum([share[side] for share in shares.values()]) for side in (0, 1)]
    places = np.where(truth, np.searchsorted(ends[1], lots), np.searchsorted(ends[0], lots))
    return [names[place] for place in np.minimum(places, len(names) - 1).tolist()]


def with_gaps(draw: Draw, column: Column, known: NDArray[np.float64]) -> list[Value | None]:
    """The column, each value of which is known with its own chance."""
    lots = draw.random(len(column))
    return [value if lot < chance else None for value, lot, chance in zip(column, lots, known, strict=True)]


def _seconds(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """The time a form took: most scripts need a second or two, people half a minute."""
    scripted = truth & (draw.random(len(truth)) < draw.uniform(0.4, 0.95))
    slow = np.exp(draw.normal(3.5, 0.8, len(truth)))
    return [float(value) for value in np.where(scripted, draw.integers(1, 3, len(truth)), np.round(slow, 1))]


def _source(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """Where leads come from: some sources are far better than others, as recommendations are."""
    even = draw.dirichlet(np.ones(6), 2)
    blend = draw.uniform(0.3, 0.9)
    false, true = even[0], blend * even[0] + (1 - blend) * even[1]
    shares = {f"source {place}": (false[place] * 0.95, true[place] * 0.85) for place in range(6)}
    return words(draw, truth, {**shares, "recommended": (0.01, 0.14), "bought list": (0.04, 0.01)})


def _towns(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    return [f"town {place}" for place in draw.zipf(1.6, len(truth)) % 300]


def _dying(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """A sign that tells much at first and nothing later."""
    fading = np.linspace(2.0, 0.0, len(truth))
    return [float(value) for value in draw.normal(0, 1, len(truth)) + fading * truth]


def _counts(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """Visits before the form: many zeros, a little more where it is true."""
    return [int(value) for value in draw.poisson(np.where(truth, 1.4, 0.9))]


def _blank(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """A company name or the like, which those who mean it give more often."""
    often, seldom = draw.uniform(0.6, 0.95), draw.uniform(0.0, 0.25)
    return with_gaps(draw, _towns(draw, truth), np.where(truth, often - seldom, often))


def _blank_junk(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """The same where true means junk: scripts leave it open."""
    return with_gaps(draw, _towns(draw, truth), np.where(truth, draw.uniform(0.05, 0.5), draw.uniform(0.6, 0.95)))


def _since(start: bool) -> Callable[[Draw, NDArray[np.bool_]], list[Value | None]]:
    """A question that was asked only from some day on, or up to some day."""

    def drawn(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
        day = draw.uniform(0.2, 0.95)
        place = np.arange(len(truth)) / len(truth)
        asked = (place > day) if start else (place < day)
        return with_gaps(draw, bell(draw, truth, 0.5), np.where(asked, 0.9, 0.0))

    return drawn


def _honeypot(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    filled = truth & (draw.random(len(truth)) < draw.uniform(0.1, 0.7))
    return [bool(value) for value in filled | (draw.random(len(truth)) < 0.002)]


def _sentinel(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """Days since an earlier order, 999 where there was none."""
    known = draw.random(len(truth)) < np.where(truth, 0.2, 0.08)
    return [
        float(days) if there else 999.0 for days, there in zip(draw.integers(0, 60, len(truth)), known, strict=True)
    ]


Drawn = Callable[[Draw, NDArray[np.bool_]], list[Value | None]]
_HONEST: dict[str, Drawn] = {
    "time_on_site": lambda draw, truth: bell(draw, truth, draw.uniform(0.0, 1.7)),
    "age": lambda draw, truth: bell(draw, truth, draw.uniform(0.0, 0.4)),
    "noise": lambda draw, truth: bell(draw, truth, 0.0),
    "came_from": _source,
    "town": _towns,
    "seasonal": _dying,
    "visits_before": _counts,
    "new_question": _since(start=True),
    "old_question": _since(start=False),
    "earlier_order": _sentinel,
    "marital_status": lambda draw, truth: words(draw, truth, {"single": (0.5, 0.4), "married": (0.5, 0.6)}),
    "priority": lambda draw, truth: words(draw, truth, {"low": (0.5, 0.5), "high": (0.5, 0.5)}),
    "optional": lambda draw, truth: with_gaps(draw, bell(draw, truth, 0.8), np.full(len(truth), 0.6)),
    "newsletter": lambda draw, truth: [bool(value) for value in draw.random(len(truth)) < np.where(truth, 0.6, 0.3)],
}
_OF_JUNK: dict[str, Drawn] = {"filled_in": _seconds, "trap": _honeypot, "firm_name": _blank_junk}
_OF_BUYERS: dict[str, Drawn] = {"firm_name": _blank}


def honest(seed: int, most: int = 1500) -> Study:
    """A history of up to `most` leads in which everything was known when the lead came in."""
    draw = np.random.default_rng(seed)
    target = ("junk", "conversion", "renewed")[seed % 3]
    truth = truth_of(draw, int(draw.integers(300, most)), draw.uniform(0.05, 0.6))
    parts = _HONEST | (_OF_JUNK if target == "junk" else _OF_BUYERS)
    return study_of(target, truth.tolist(), {name: part(draw, truth) for name, part in parts.items()})


def _of_status(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """Where work on a lead stands; of the newest tenth most is still to be done."""
    said = words(
        draw,
        truth,
        {
            "new": (0.1, 0.03),
            "contacted": (0.25, 0.1),
            "offer sent": (0.05, 0.17),
            "signed": (0.0, 0.7),
            "dead": (0.6, 0.0),
        },
    )
    fresh = (np.arange(len(truth)) > 0.9 * len(truth)) & (draw.random(len(truth)) < 0.6)
    return ["new" if new else word for word, new in zip(said, fresh, strict=True)]


def _of_calls(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """Minutes on the telephone: nothing where nobody was reached, much where something was sold."""
    reached = draw.random(len(truth)) < np.where(truth, 0.97, 0.35)
    minutes = np.where(truth, draw.gamma(6, 3, len(truth)), draw.gamma(2, 2, len(truth)))
    return [float(value) for value in np.round(np.where(reached, minutes, 0.0), 1)]


def _of_closing(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """Seconds from a deal's end to the lead: negative, since the end comes later; losing takes longer."""
    days = np.where(truth, draw.gamma(3, 7, len(truth)), draw.gamma(3, 14, len(truth)))
    return [float(value) for value in -86400 * days]


def _asked_after(draw: Draw, truth: NDArray[np.bool_], gap: float, fresh: float) -> list[Value | None]:
    """What a rep asks when it goes well; the newest leads were not asked yet."""
    place = np.arange(len(truth)) / len(truth)
    known = np.where(truth, 0.85, 0.85 - gap) * np.where(place > 0.9, fresh, 1.0)
    return with_gaps(draw, words(draw, truth, {"small": (0.5, 0.4), "big": (0.5, 0.6)}), known)


def _ticket(draw: Draw, truth: NDArray[np.bool_]) -> list[Value | None]:
    """A number that only those get who bought."""
    tickets = [f"t{place}" for place in range(len(truth))]
    return with_gaps(draw, tickets, np.where(truth, 0.5, 0.0))


#: Columns that know the future of a conversion, by what is wrong with them.
LEAKS: dict[str, Drawn] = {
    "status": _of_status,
    "minutes of calls": _of_calls,
    "moment of closing": _of_closing,
    "asked when it goes well": lambda draw, truth: _asked_after(draw, truth, 0.65, 1.0),
    "asked, the newest not yet": lambda draw, truth: _asked_after(draw, truth, 0.4, 0.3),
    "asked a little more": lambda draw, truth: _asked_after(draw, truth, 0.3, 1.0),
    "ticket": _ticket,
}


def leaking(seed: int, leak: str, name: str, *, target: str = "conversion", size: int = 1500) -> Study:
    """An honest history with one more column, called `name`, that knows the future."""
    draw = np.random.default_rng(seed)
    truth = truth_of(draw, size, 0.3)
    parts = _HONEST | (_OF_JUNK if target == "junk" else _OF_BUYERS)
    columns = {each: part(draw, truth) for each, part in parts.items()}
    return study_of(target, truth.tolist(), columns | {name: LEAKS[leak](draw, truth)})
