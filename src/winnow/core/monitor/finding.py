"""What a guard says after it has looked: all is well, too little to tell, or what it found, in words for people."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Guard(StrEnum):
    """What is watched; docs/guards.md says of each what it needs, what it finds and what it costs."""

    CONVERSION = "conversion"
    GENUINE = "genuine"
    SCORE_DRIFT = "score-drift"
    SIGNAL_DRIFT = "signal-drift"
    REJECT_RATE = "reject-rate"
    OVERRIDES = "overrides"
    CALIBRATION = "calibration"
    QUEUE = "queue"
    SOURCE_JUNK = "source-junk"
    CERTIFICATE = "certificate"
    CERTIFICATE_END = "certificate-end"
    SIGN_OFF = "sign-off"
    BREAK_GLASS = "break-glass"
    LOG = "log"
    #: No guard at all: somebody saw it and said so.
    PERSON = "person"


class Severity(StrEnum):
    """How bad it is.

    NOTICE: somebody should look · ALARM: what is automatic should not go on like this
    SEVERE: people were harmed, or a law may be broken
    """

    NOTICE = "notice"
    ALARM = "alarm"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong.

    source: where; None is all sources together · about: the signal, for a guard that watches many
    size: leads (or cases, labels) the finding rests on · since: the first day it is seen on, UTC
    figures: the numbers, each a sentence for somebody who is not a statistician
    pauses: whether rejecting without a person stops, for the source or for all, until a person closes the incident
    """

    guard: Guard
    source: str | None
    size: int
    since: date
    figures: tuple[str, ...]
    severity: Severity
    pauses: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class TooFew:
    """Nothing can be said: `size` of the `needed` leads (or labels, days) are there."""

    guard: Guard
    source: str | None
    size: int
    needed: int
    about: str = ""


#: None: looked, and nothing is wrong.
Verdict: TypeAlias = Finding | TooFew | None


def where(source: str | None) -> str:
    """The source as a sentence names it."""
    return "all sources" if source is None else f"source `{source}`" if source else "leads without a source"


def percent(share: float) -> str:
    """A share as people write it."""
    return f"{share:.1%}".replace("%", " %")
