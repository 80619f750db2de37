"""Which signals of a study can be learned from: those that differ between leads, and no times yet to come."""

from collections import Counter
from collections.abc import Mapping, Sequence

from winnow.core.learning.study import Study
from winnow.core.signals.base import Value

#: A signal known of fewer leads, or the same for all but fewer, would be learned by chance: at least 20, at most 50,
#: and between them a share of the leads. Rare is not useless: what one lead in a thousand does may settle the matter.
_FEWEST, _ENOUGH, _SELDOM = 20, 50, 0.002

#: Share of leads whose other time may lie after their arrival: clocks differ a little.
_MOST_LATER = 0.005

#: The part of a signal's name by which it counts the seconds from another time to the lead's.
SINCE = "seconds_since"


def useless(study: Study, fit: int) -> Mapping[str, str]:
    """Why a signal tells nothing among the first `fit` leads, by its name; those not named are of use."""
    reasons = {signal.name: _useless(study.columns[signal.name][:fit]) for signal in study.signals}
    return {name: why for name, why in reasons.items() if why}


def _useless(column: Sequence[Value | None]) -> str | None:
    least = min(max(_FEWEST, round(_SELDOM * len(column))), _ENOUGH)
    counts = Counter(column)
    known = len(column) - counts[None]
    if known < least:
        return f"known of {known:,} of {len(column):,} leads only" if known else "never known"
    most = max(counts.values())
    return "nearly always the same" if len(column) - most < least else None


def later(study: Study) -> Mapping[str, str]:
    """What speaks against signals that count the seconds since a time which lies after the lead came, by name."""
    found = {}
    for signal in study.signals:
        if signal.name.endswith(f".{SINCE}"):
            known = [value for value in study.columns[signal.name] if isinstance(value, int | float)]
            after = sum(value < 0 for value in known)
            if after > _MOST_LATER * len(known):
                found[signal.name] = f"its time lies after the lead came for {after:,} of {len(known):,} leads"
    return found
