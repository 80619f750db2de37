"""The pages that list every signal and every reason, written from their declarations so that none is forgotten."""

from collections.abc import Iterable, Sequence

from winnow.core.reasons import FAMILIES, ReasonKind
from winnow.core.signals.base import Signal

_COLUMNS = ("Signal", "Value", "Reads", "What it measures, and why", "Told to the person as")
_KINDS = {bool: "yes/no", int: "whole number", float: "number", str: "text"}

_SIGNALS_HEAD = """\
# Signals

A signal is one measured property of a lead. There are {count}. `make docs` writes this page from
`src/winnow/core/signals`.

- **Unknown is its own answer.** A signal that cannot be measured is unknown: never a no, and never worth points towards
  junk.
- **Reads** names the fields of the lead it depends on, directly or through something looked up. When the policy puts
  one of them off-limits, the signal is never computed.
- **Told to the person as** completes the sentence “We looked at …”. An asterisk marks what a person can change by
  writing again; only that is offered as “would have been accepted if …”.
- A signal decides nothing. Points come from the scorecard of your ruleset, and rules may read any signal.

## Your own signals

A ruleset may declare signals over fields of your own, or over any field of the lead. The scorecard and rules then read
them like all others; `winnow learn fit` declares those it needs by itself.

```toml
[[signals]]
name = "campaign.origin"      # family.property: evidence of one kind shares a family, whose points are capped together
field = "custom.lead_origin"  # custom.NAME, utm.NAME or a field of the lead
reading = "text"              # text, number, yes_no, hour, weekday or seconds_since
label = "where the enquiry came from"
```

Texts are compared in small letters with single spaces. `hour` and `weekday` (1 is Monday) are those of a time in UTC;
`seconds_since` counts from that time until the lead came. A number is `1234.5` unless `decimal = ","` (`1.234,5`) or
`decimal = "."` (`1,234.5`) says how it is written. What cannot be read as declared is unknown.
"""

_REASONS_HEAD = """\
# Reasons

Every decision has all its reasons, and every reason has a code, points, a text and a source. Points are thousandths of
a logit: positive ones count towards junk, negative ones towards genuine; base and points add up to the score exactly.
`make docs` writes this page from `src/winnow/core`.

## Reasons that come from no single signal

A word in capitals stands for a name.
"""

_REASONS_OF_SIGNALS = """\
## Reasons that come from a signal

Their code is the name of the signal, their text is that of the bin the value fell into. [Signals](signals.md) says what
each measures and why that may matter.
"""


def signals_page(signals: Sequence[Signal]) -> str:
    """The catalogue of signals in Markdown, one table a family."""
    parts = [_SIGNALS_HEAD.format(count=len(signals))]
    for family, about in FAMILIES.items():
        rows = [_signal_row(signal) for signal in signals if signal.family == family]
        if rows:
            parts += [f"## `{family}`: {about}\n", _table(_COLUMNS, rows)]
    return "\n".join(parts)


def reasons_page(signals: Sequence[Signal], kinds: Sequence[ReasonKind]) -> str:
    """The catalogue of reason codes in Markdown."""
    parts = [
        _REASONS_HEAD,
        _table(
            ["Code", "What it means", "For the person concerned"],
            [[f"`{kind.code}`", kind.meaning, kind.plain] for kind in kinds],
        ),
        "`FAMILY` is one of these:\n",
        _table(["Family", "What it is about"], [[f"`{family}`", about] for family, about in FAMILIES.items()]),
        _REASONS_OF_SIGNALS,
        _table(
            ["Code", "What it means", "For the person concerned"],
            [[f"`{signal.name}`", signal.doc, f"We looked at {signal.label}."] for signal in signals],
        ),
    ]
    return "\n".join(parts)


def _signal_row(signal: Signal) -> list[str]:
    kind, unit = _KINDS[signal.kind], signal.unit
    return [
        f"`{signal.name}` v{signal.version}",
        unit if unit == kind else f"{kind}: {unit}",
        ", ".join(f"`{field}`" for field in signal.reads),
        signal.doc,
        signal.label + (r" \*" if signal.mutable else ""),
    ]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
