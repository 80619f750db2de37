"""Rules as people write and read them: what a form says, and what a kept rule looks like in a form."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from math import isfinite
from typing import Any, Final

import msgspec

from winnow.core.signals.base import Signal
from winnow.errors import InvalidInputError, InvalidRulesetError
from winnow.shells.http.rule_types import RuleIn
from winnow.shells.web.entries import scopes_of
from winnow.shells.web.navigation import N_
from winnow.shells.web.posted import Form

#: What a rule may do, as the form names it.
EFFECTS: Final[Mapping[str, str]] = {
    "points": N_("count points"),
    "tag": N_("tag the lead"),
    "review": N_("hold it for review"),
    "reject": N_("reject it"),
}
KINDS: Final[Mapping[type, str]] = {
    bool: N_("yes or no"),
    int: N_("whole number"),
    float: N_("number"),
    str: N_("text"),
}

_SIGNAL = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
#: The field a message of msgspec is about.
_PATH = re.compile(r" - at `\$\.(\w+)")
_BOUNDS: Final[Mapping[str, str]] = {
    "id": "give a name of up to 64 letters",
    "points": "give -100,000 to 100,000",
    "outcome": "choose what it does",
    "daily_cap": "give at least 1, or leave it empty",
    "examples": "give up to 50 cases",
}
_SAME = ("id", "when", "text", "owner", "reason")


def document_of(form: Form, zone: tzinfo) -> dict[str, Any]:
    """The rule a form describes, as plain tables; raises InvalidInputError for what cannot be read."""
    said: dict[str, Any] = {name: form.text(name, most=2_000) for name in _SAME}
    if form.text("effect") in {"", "points"}:
        said["points"] = form.number("points") or 0
    else:
        said["outcome"] = form.text("effect")
    said |= {"scopes": scopes_of(form), "deterministic": form.flag("deterministic")}
    expires = form.day("expires_at", zone)
    optional = {
        "daily_cap": form.number("daily_cap"),
        "expires_at": None if expires is None else expires.isoformat(),
    }
    said |= {name: value for name, value in optional.items() if value is not None}
    said["examples"] = [*_cases(form, "fires", fires=True), *_cases(form, "quiet", fires=False)]
    return said


def needs_bounds(document: Mapping[str, Any]) -> None:
    """Refuse what the API, which shows drafts too, could not show; raises InvalidInputError with the field."""
    try:
        msgspec.convert(document, RuleIn)
    except msgspec.ValidationError as error:
        found = _PATH.search(str(error))
        where = found[1] if found else "id"
        fix = _BOUNDS.get(where, "shorten it")
        raise InvalidInputError("this is too much or too little", where=where, fix=fix) from None


def _cases(form: Form, name: str, *, fires: bool) -> Iterator[dict[str, Any]]:
    """Cases, one a line, written as `signal = value, signal = value`."""
    for number, line in enumerate(form.text(name).splitlines(), 1):
        if line.strip():
            yield {"values": _values(line, name, number), "fires": fires}


def _values(line: str, name: str, number: int) -> dict[str, Any]:
    fix = "write a case like `email.free = true, velocity.ip_hour = 4`, texts in quotes"
    try:
        table = tomllib.loads(f"values = {{ {line} }}")["values"]
        values = dict(_flat(table, ""))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        raise InvalidInputError(f"line {number} is no case", where=name, fix=fix) from None
    return values


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        path = f"{before}.{name}" if before else name
        if isinstance(value, dict):
            yield from _flat(value, path)
        elif isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
            yield path, value
        else:
            raise ValueError(path)


def typed_of(document: Mapping[str, Any], zone: tzinfo) -> Form:
    """A form filled in with a rule; a sign-off of another one does not come along."""
    fields: dict[str, Sequence[str]] = {name: [str(document.get(name, ""))] for name in _SAME}
    fields["effect"] = [str(document.get("outcome", "points"))]
    fields["points"] = [str(document.get("points") or "")]
    fields["scopes"] = [str(each) for each in document.get("scopes", ("marketing", "sales"))]
    fields["daily_cap"] = [str(document.get("daily_cap") or "")]
    if document.get("deterministic"):
        fields["deterministic"] = ["on"]
    if document.get("expires_at"):
        fields["expires_at"] = [moment_of(document["expires_at"]).astimezone(zone).strftime("%Y-%m-%d")]
    for name, fires in (("fires", True), ("quiet", False)):
        fields[name] = ["\n".join(_line(each["values"]) for each in _examples(document) if _fires(each) is fires)]
    return Form(fields)


def moment_of(said: object) -> datetime:
    """A moment as rules have it, a text or a moment."""
    return said if isinstance(said, datetime) else datetime.fromisoformat(str(said))


def _examples(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return document.get("examples", ())  # type: ignore[no-any-return]  # tables, as a rule has them


def _fires(example: Mapping[str, Any]) -> bool:
    return bool(example.get("fires", True))


def _line(values: Mapping[str, Any]) -> str:
    """A case as it is written in a line; texts as in TOML, which takes JSON's."""
    return ", ".join(f"{name} = {msgspec.json.encode(value).decode()}" for name, value in values.items())


def named(condition: str, known: Mapping[str, Signal]) -> list[Signal]:
    """The signals a condition names, also one that is not finished; each once, in order."""
    return [known[name] for name in dict.fromkeys(_SIGNAL.findall(condition)) if name in known]


def about_condition(error: InvalidRulesetError) -> bool:
    """Whether it is the condition that is wrong."""
    return str(error.where or "").removeprefix("rule.").startswith("when")
