"""Segments in which there is suddenly more junk than there used to be, and the rule somebody may make of it.

A spike suggests, and never blocks: what is drafted decides nothing before a person has put it into a ruleset.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from winnow.core.learning.feedback.vouched import ENOUGH
from winnow.core.learning.figures.exact import Split, holm, tails

#: The chance that a year of looking every day names anything while nothing changes.
ALARM_A_YEAR = 0.01
_LOOKS_A_YEAR = 365

#: Days that are looked at, and days before them that say what is usual.
RECENT, BEFORE = timedelta(days=7), timedelta(days=90)

#: Fewer junk leads than this are no spike worth anybody's time.
_FEWEST_JUNK = 8

#: How long a drafted rule should stand, unless somebody says otherwise.
_STANDS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A lead somebody judged: the text signals it had by name, whether it was junk, and when it was judged (aware)."""

    segments: Mapping[str, str]
    junk: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Spike:
    """Leads whose `signal` is `value`: judged and junk of late, and before that.

    alone: the usual rate is that of the segment itself; otherwise of all leads, since it is new
    chance: of so much junk without any change, corrected for all segments and a year of looking
    """

    signal: str
    value: str
    recent: int
    recent_junk: int
    before: int
    before_junk: int
    alone: bool
    chance: float


def spikes(verdicts: Iterable[Verdict], now: datetime) -> tuple[Spike, ...]:
    """Find segments with more junk in the last week than in the three months before, the most striking first.

    Each is tested exactly (Fisher), corrected by Holm for all segments and by Bonferroni for a look every day. Counted
    is every segment with enough leads of late, whatever they turned out to be: to count only those with much junk would
    be to choose by the very thing that is tested.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    whole = [0, 0]
    for verdict in verdicts:
        late = now - verdict.at <= RECENT
        if verdict.at > now or now - verdict.at > RECENT + BEFORE:
            continue
        if not late:
            whole[0] += 1
            whole[1] += verdict.junk
        for segment in verdict.segments.items():
            found = counts[segment]
            found[0 if late else 2] += 1
            found[1 if late else 3] += verdict.junk
    looked_at = [
        ((segment, split), tails([split])[1] if junk >= _FEWEST_JUNK else 1.0)
        for segment, (recent, junk, before, before_junk) in counts.items()
        if recent >= _FEWEST_JUNK and (split := _split(recent, junk, before, before_junk, whole)) is not None
    ]
    named = holm(looked_at, ALARM_A_YEAR / _LOOKS_A_YEAR)
    return tuple(_spike(segment, split, counts[segment][2], chance) for (segment, split), chance in named)


def _split(recent: int, junk: int, before: int, before_junk: int, whole: list[int]) -> Split | None:
    """What is compared: with the segment's own past, or that of all leads where it has hardly any."""
    if before >= ENOUGH:
        return Split(recent, junk, before, before_junk)
    return Split(recent, junk, whole[0], whole[1]) if whole[0] >= ENOUGH else None


def _spike(segment: tuple[str, str], split: Split, own_before: int, chance: float) -> Spike:
    return Spike(
        *segment,
        split.own,
        split.own_junk,
        split.others,
        split.others_junk,
        own_before >= ENOUGH,
        min(1.0, chance * _LOOKS_A_YEAR),
    )


def drafted(spike: Spike, now: datetime, tried: str) -> dict[str, object]:
    """A rule as plain tables that would send such leads to a person; `tried` says what it would have done.

    It lacks an owner: whoever makes it a rule answers for it.
    """
    usual = "this segment" if spike.alone else "all leads"
    reason = (
        f"Junk spike: {spike.recent_junk} of {spike.recent} judged leads in the last {RECENT.days} days, "
        f"before that {spike.before_junk} of {spike.before} in {usual}. {tried}"
    )
    digest = sha256(f"{spike.signal}\n{spike.value}".encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "id": f"spike-{digest[:12]}",
        "when": f"{spike.signal} == {_quoted(spike.value)}",
        "text": f"Many enquiries like this one were junk of late ({spike.signal})",
        "owner": "",
        "reason": reason.strip(),
        "outcome": "review",
        "expires_at": (now + _STANDS).isoformat(),
        "examples": [{"values": {spike.signal: spike.value}, "fires": True}, {"values": {}, "fires": False}],
    }


def _quoted(text: str) -> str:
    """The text as a literal of the rule language."""
    plain = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in plain) + "'"
