"""Measures the signals of a lead; one that breaks, or gives what it never should, is unknown and stops nothing."""

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.plan import Plan
from winnow.core.signals.base import Value

Values = tuple[Value | None, ...]


def measured(plan: Plan, lead: Lead, facts: Facts) -> tuple[Values, tuple[str, ...]]:
    """The values of all signals, and the names of those whose measurement failed, which are unknown."""
    try:
        return plan.measure(lead, facts), ()
    except Exception:  # noqa: BLE001  # a lead must never stop the line: find out which signal it was
        return _measured_singly(plan, lead, facts)


def _measured_singly(plan: Plan, lead: Lead, facts: Facts) -> tuple[Values, tuple[str, ...]]:
    values: list[Value | None] = []
    broken = []
    for signal, allowed in zip(plan.signals, plan.allowed, strict=True):
        value = None
        try:
            value = signal.of(lead, facts) if allowed else None
        except Exception:  # noqa: BLE001  # unknown, and said so in the reasons
            broken.append(signal.name)
        values.append(value)
    return tuple(values), tuple(broken)


def fitting(plan: Plan, values: Values) -> tuple[Values, tuple[str, ...]]:
    """The values without those of a type their signal never has, and the names of these signals."""
    fits = [
        value is None or isinstance(value, (int, float) if signal.kind is float else signal.kind)
        for signal, value in zip(plan.signals, values, strict=True)
    ]
    kept = tuple([value if fit else None for value, fit in zip(values, fits, strict=True)])
    return kept, tuple([name for name, fit in zip(plan.names, fits, strict=True) if not fit])
