"""What a visitor filled in as fields of a lead, by what forms usually call them.

A visitor may say what people say about themselves, and nothing that Winnow has to find out on its own: not when
the lead came or from which address, not its source, and not how some mail server judged it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from winnow.core.mapping.clean import LONGEST_MESSAGE, LONGEST_TEXT
from winnow.core.mapping.guess import target_of
from winnow.core.mapping.model import FIELD_KINDS, GROUPS, Kind, Take
from winnow.core.mapping.values import Reading, no_zones, reading_of

#: The field no person sees; whoever fills it in is a script.
HONEYPOT = "_winnow_website"
#: What static/winnow-form.js adds: seconds from showing the form to sending it, fields pasted into, fields entered.
SECONDS, PASTED, ENTERED = "_winnow_seconds", "_winnow_pasted", "_winnow_entered"

#: The fields of a lead a visitor may fill, besides `utm` and `custom`.
FILLABLE = frozenset(
    """
    company consent_given consent_wording country device_id emails first_name full_name job_title language last_name
    message phones timezone website
    """.split()
)

#: `form_fields[email]`, `contact[0][email]`, `colour[]`: the name is in the last brackets that hold one.
_BRACKETED = re.compile(r".*\[([^\[\]]+)\](?:\[\])*", re.DOTALL)
#: A form that stood open for longer says nothing about how it was filled in.
_LONGEST_SECONDS = 30 * 86_400.0
_MOST_COUNTED = 100_000

_READINGS: Mapping[str, Reading | None] = {
    name: reading_of(FIELD_KINDS[name], Take(), no_zones) for name in sorted(FILLABLE)
}


@dataclass(frozen=True, slots=True)
class FormLead:
    """What a form became.

    fields: of winnow.core.lead.Lead, by name, only those that say something
    unused: names of fields nothing was made from
    """

    fields: Mapping[str, object]
    unused: tuple[str, ...]


def lead_fields(texts: Mapping[str, str]) -> FormLead:
    """The fields of a lead that the texts of a form make; a field that occurs again is taken only the first time.

    Names mean what they mean in a file whose map is guessed; `custom.NAME` and `utm_NAME` keep theirs. A text that
    cannot be what its field needs is not used. Texts are cut where a lead's end.
    """
    found: dict[str, Any] = _telemetry(texts)
    groups: dict[str, dict[str, str]] = {group: {} for group in GROUPS}
    unused: list[str] = []
    for name, given in texts.items():
        text = given.strip()
        if name in _OWN or not text:
            continue
        group, _, member = (target := target_of(_bare(name)) or "").partition(".")
        if group in groups:
            groups[group].setdefault(member, text[:LONGEST_TEXT])
        elif target not in FILLABLE or not _fill(found, target, text):
            unused.append(name)
    return FormLead(found | {group: values for group, values in groups.items() if values}, tuple(unused))


def _bare(name: str) -> str:
    """The name of a field without what a form builder put around it."""
    bracketed = _BRACKETED.fullmatch(name)
    return bracketed[1] if bracketed else name.removesuffix("[]")


def _fill(found: dict[str, Any], target: str, text: str) -> bool:
    """Set a field of the lead, or add to it; False when it says something else already or the text does not fit."""
    if FIELD_KINDS[target] is Kind.TEXTS:
        found[target] = tuple(dict.fromkeys((*found.get(target, ()), text[:LONGEST_TEXT])))
        return True
    if target in found:
        return False
    reading = _READINGS[target]
    try:
        value = text[: LONGEST_MESSAGE if target == "message" else LONGEST_TEXT]
        read = reading.convert(value) if reading else value
    except (ValueError, OverflowError):
        return False
    if read is None:
        return False
    found[target] = read
    return True


def _telemetry(texts: Mapping[str, str]) -> dict[str, Any]:
    """How the form was filled in; what is missing or absurd is unknown."""
    found: dict[str, Any] = {}
    seconds = _number(texts.get(SECONDS))
    if seconds is not None and seconds <= _LONGEST_SECONDS:
        found["form_fill_seconds"] = seconds
    for name, target in ((PASTED, "form_pasted_fields"), (ENTERED, "form_focus_changes")):
        count = _number(texts.get(name))
        if count is not None and count.is_integer() and count <= _MOST_COUNTED:
            found[target] = int(count)
    if HONEYPOT in texts:
        found["form_honeypot"] = bool(texts[HONEYPOT])
    return found


def _number(text: str | None) -> float | None:
    """A number that is not negative, as our script writes it."""
    if not text or not text.isascii() or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


_OWN = frozenset({HONEYPOT, SECONDS, PASTED, ENTERED})
