"""What a mail may say about the review queue: how much waits and why, and nothing about anybody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from winnow.core.signals.registry import BY_NAME

#: Sources and reasons that are named; the rest is told as a number.
MOST_NAMED = 5

_KINDS = {
    "policy": "a hard stop of the policy: `{}`",
    "rule": "the rule `{}`",
    "cap": "several observations of one kind: {}",
}
_WORDS = {
    "override": "what a person decided earlier",
    "list.allow": "an entry of the allow list",
    "list.block": "an entry of the block list",
    "system.not_assessed": "a look-up that failed",
    "system.failed": "a check that failed",
    "system.paused": "rejecting without a person is paused",
    "system.not_certified": "rejecting without a person is not certified",
}


@dataclass(frozen=True, slots=True)
class QueueOfDay:
    """The review queue at a moment.

    oldest: when the eldest case came, aware · by_source, by_reason: name or code with its cases, the most first
    """

    waiting: int
    overdue: int = 0
    oldest: datetime | None = None
    by_source: tuple[tuple[str, int], ...] = ()
    by_reason: tuple[tuple[str, int], ...] = ()


def counted_codes(patterns: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Cases by reason code, from cases by all their codes (between blanks); the most first, then by code."""
    cases: Counter[str] = Counter()
    for codes, count in patterns:
        for code in codes.split():
            cases[code] += count
    return ranked(cases.items())


def ranked(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Names with their counts, the most first, then by name."""
    return tuple(sorted(counts, key=lambda each: (-each[1], each[0])))


def words_of(code: str) -> str:
    """A reason code in a few plain words."""
    if code in _WORDS:
        return _WORDS[code]
    if "*" in code:
        return " together with ".join(map(words_of, code.split("*")))
    if code in BY_NAME:
        return BY_NAME[code].label
    family, _, name = code.partition(".")
    return _KINDS[family].format(name) if family in _KINDS and name else f"`{code}`"
