"""Goes through the signals of a study before a fit: what tells nothing, what knows the future, what was allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from winnow.core.learning.fitting.usable import later, useless
from winnow.core.learning.leaks import Suspicion, Verdict, suspicions
from winnow.core.learning.reading.cells import FREE_TEXT
from winnow.core.learning.reading.columns import Column, message_line
from winnow.core.learning.study import Study
from winnow.core.signals.registry import BY_NAME
from winnow.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Override:
    """A named person allows what the leak detector refused; `column` is a column or a signal."""

    column: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A signal and whether it may be learned from."""

    signal: str
    used: bool
    why: str
    suspicion: Suspicion | None = None
    override: Override | None = None


def examined(
    study: Study, split: int, columns: Sequence[Column], overrides: Sequence[Override] = ()
) -> tuple[Examined, ...]:
    """Go through the signals of a study: what tells nothing and what knows the future is not learned from.

    A column that is refused takes all that is made of it along. Raises InvalidInputError for an override of something
    that is not refused, since a reason on the card that allows nothing would mislead.
    """
    of = {name: column.name for column in columns for name in column.signals}
    idle = useless(study, split)
    suspected = _suspected(study, split, idle)
    refused = {name for name, each in suspected.items() if each.verdict is Verdict.REFUSED}
    spread = {of[name]: suspected[name] for name in sorted(refused) if name in of}
    allowed = {each.column: each for each in overrides}
    found = []
    for signal in study.signals:
        column = of.get(signal.name, "")
        suspicion = suspected.get(signal.name)
        if column in spread and (suspicion is None or suspicion.verdict is not Verdict.REFUSED):
            suspicion = replace(spread[column], signal=signal.name)
        override = (
            allowed.get(signal.name) or allowed.get(column) or _of_source(signal.name, columns, suspicion, allowed)
        )
        found.append(_examined(signal.name, idle.get(signal.name), suspicion, override))
    _need_used(found, overrides, columns)
    return tuple(found)


def sources(signal: str, columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns a signal is made from: the one it was declared for, or those that fill the fields it measures."""
    own = tuple(column.name for column in columns if signal in column.signals)
    reads = BY_NAME[signal].reads if signal in BY_NAME else ()
    return own or tuple(column.name for column in columns if column.field and column.field in reads)


def all_left_out(column: Column, found: Sequence[Examined]) -> bool:
    """Whether signals are measured in a column and none of them was learned from."""
    used = [each.used for each in found if sources(each.signal, (column,))]
    return bool(used) and not any(used)


def _of_source(
    signal: str, columns: Sequence[Column], suspicion: Suspicion | None, allowed: Mapping[str, Override]
) -> Override | None:
    """The override of a column that a refused signal is measured from."""
    if suspicion is None or suspicion.verdict is not Verdict.REFUSED:
        return None
    return next((allowed[name] for name in sources(signal, columns) if name in allowed), None)


def _suspected(study: Study, split: int, idle: Mapping[str, str]) -> dict[str, Suspicion]:
    lively = study.using([signal.name for signal in study.signals if signal.name not in idle])
    found = {each.signal: each for each in suspicions(lively, split)}
    for name, evidence in later(lively).items():
        if name not in found or found[name].verdict is not Verdict.REFUSED:
            others = found[name].evidence if name in found else ()
            found[name] = Suspicion(name, Verdict.REFUSED, (evidence, *others))
    return found


def _examined(signal: str, idle: str | None, suspicion: Suspicion | None, override: Override | None) -> Examined:
    if idle is not None:
        return Examined(signal, used=False, why=idle)
    if suspicion is None:
        return Examined(signal, used=True, why="known, and it varies")
    if suspicion.verdict is not Verdict.REFUSED:
        return Examined(signal, used=True, why="used, with doubts", suspicion=suspicion)
    if override is None:
        return Examined(signal, used=False, why="it knows the future", suspicion=suspicion)
    why = f"allowed by {override.by}: {override.reason}"
    return Examined(signal, used=True, why=why, suspicion=suspicion, override=override)


def _need_used(found: Sequence[Examined], overrides: Sequence[Override], columns: Sequence[Column]) -> None:
    for each in overrides:
        if not any(one.override is each for one in found):
            raise InvalidInputError(
                f"`{each.column}` is not refused, so there is nothing to allow",
                where="--allow-leak",
                fix="leave it out",
            )
    if not any(each.used for each in found):
        text = next((column.name for column in columns if column.kind == FREE_TEXT), None)
        fix = "bring columns that are known when a lead comes in; say in a map which holds messages or addresses"
        if text is not None:
            fix = f"text is learned from as the message of a lead: give a map with the line {message_line(text)}"
        raise InvalidInputError("no column is left to learn from", fix=fix)
