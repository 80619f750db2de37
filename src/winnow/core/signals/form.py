"""How the form was filled in: what separates a script from a person."""

from math import inf

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.signals.base import Signal


def _fill_seconds(lead: Lead, _facts: Facts) -> float | None:
    seconds = lead.form_fill_seconds
    return seconds if seconds is not None and 0 <= seconds < inf else None


def _honeypot(lead: Lead, _facts: Facts) -> bool | None:
    return lead.form_honeypot


def _pasted_fields(lead: Lead, _facts: Facts) -> int | None:
    return lead.form_pasted_fields


def _focus_changes(lead: Lead, _facts: Facts) -> int | None:
    return lead.form_focus_changes


SIGNALS = (
    Signal(
        "form.fill_seconds", 1, float, "seconds", ("form_fill_seconds",),
        "the time it took to fill in the form",
        "From showing the form to sending it. Scripts need a second or two; people rarely less than five.",
        _fill_seconds, mutable=True,
    ),
    Signal(
        "form.honeypot", 1, bool, "yes/no", ("form_honeypot",),
        "a hidden form field that people do not see",
        "The field no person sees was filled in. Scripts fill every field; some password managers do too.",
        _honeypot, mutable=True,
    ),
    Signal(
        "form.pasted_fields", 1, int, "fields", ("form_pasted_fields",),
        "how many fields were pasted",
        "Fields whose text was pasted. Weak alone: password managers and assistive technology paste as well.",
        _pasted_fields, mutable=True,
    ),
    Signal(
        "form.focus_changes", 1, int, "changes", ("form_focus_changes",),
        "how often the cursor moved between fields",
        "Moves between fields before sending. A form sent with none was probably not filled in by hand.",
        _focus_changes, mutable=True,
    ),
)  # fmt: skip
