"""What people said about being contacted, as events that are never changed; see `consent` for what follows."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from winnow.core.govern.terms import Channel

#: How long what somebody said aloud holds, without anything in writing.
VERBAL_DAYS = 30

#: The basis of a person's own yes; others, such as `purchase`, are relationships that some law takes for consent.
EXPRESS = "express"

#: The basis of a yes to words that ask for a confirmation: it counts for nothing until the person confirmed it.
ONCE_CONFIRMED = "express-once-confirmed"

#: By so much the clocks of two machines may differ.
SKEW = timedelta(minutes=5)


class Act(StrEnum):
    """What happened.

    OBJECTION: the person wants it no more, on any channel; for one purpose if it names one, else for all
    OPT_OUT: the same for a channel, or for all if it names none
    BAR: a law or a register forbids it, until it expires or is lifted
    BAR_LIFTED: what forbade it does so no more
    GRANT: the person agreed, or there is a relationship that some law takes for consent (see `basis`)
    ERASED: what was known of the person was erased; grants went with it, denials did not
    """

    OBJECTION = "objection"
    OPT_OUT = "opt-out"
    BAR = "bar"
    BAR_LIFTED = "bar-lifted"
    GRANT = "grant"
    ERASED = "erased"


class Capture(StrEnum):
    """How Winnow came to know.

    FORM: the person sent a form with a wording · DOUBLE_OPT_IN: they confirmed with a link that was mailed to them
    VERBAL: they said so · LINK: they unsubscribed with one click · SIGNAL: their browser said so (GPC)
    REPLY: they wrote it, and somebody recorded that · REP: somebody of the company entered it
    """

    FORM = "form"
    DOUBLE_OPT_IN = "double-opt-in"
    VERBAL = "verbal"
    LINK = "link"
    SIGNAL = "signal"
    REPLY = "reply"
    REP = "rep"
    IMPORT = "import"
    SYNC = "sync"
    MERGE = "merge"
    ENRICHMENT = "enrichment"


#: Acts that speak against contact.
DENIALS = frozenset({Act.OBJECTION, Act.OPT_OUT, Act.BAR})

#: Acts of the person in writing, and all acts of the person: nothing else ever outweighs a denial.
WRITTEN = frozenset({Capture.FORM, Capture.DOUBLE_OPT_IN})
_PERSONAL = WRITTEN | {Capture.VERBAL}

#: Channels on which somebody can be heard; what is said aloud shows whose number it is, and nothing about a mailbox.
BY_VOICE = frozenset({Channel.PHONE, Channel.SMS})


class ConsentEvent(NamedTuple):
    """One thing that happened.

    number: of its leaf in the decision log · subject: the keyed hash of the address it is about
    channel, purpose: None is every one; a grant names both
    basis: what a grant rests on · wording: the id of what the person read or was told
    evidence: how it can be shown; None also where it was erased · captured_by: the id of who recorded it
    occurred_at: when the person acted, None if nobody knows · received_at: when Winnow was told; both aware
    expires_at: from when on a grant or a bar holds no more
    """

    number: int
    subject: int
    act: Act
    channel: Channel | None
    purpose: str | None
    basis: str | None
    wording: str | None
    evidence: str | None
    captured_by: str
    how: Capture
    occurred_at: datetime | None
    received_at: datetime
    expires_at: datetime | None = None

    @property
    def latest(self) -> datetime:
        """When the person acted at the latest: nobody hears of an act before it."""
        return self.received_at if self.occurred_at is None else min(self.occurred_at, self.received_at)

    @property
    def express(self) -> bool:
        """Whether it is a yes of the person themselves, at a known time, to words that are known."""
        said = self.act is Act.GRANT and self.basis in {EXPRESS, ONCE_CONFIRMED} and self.how in _PERSONAL
        return said and self.occurred_at is not None and self.wording is not None

    @property
    def proves(self) -> bool:
        """Whether it shows whose address it is: the link of a mail was followed, or they were heard at their number."""
        heard = self.how is Capture.VERBAL and self.channel in BY_VOICE
        return self.express and (self.how is Capture.DOUBLE_OPT_IN or heard)

    @property
    def told_late(self) -> bool:
        """Whether it says of itself that it happened before Winnow was told."""
        return self.occurred_at is not None and self.occurred_at < self.received_at

    def after(self, other: "ConsentEvent") -> bool:
        """Whether it came after another, beyond doubt.

        What was recorded before the other came after it only if the other says that it is older, and by more than
        clocks may differ: a clock that is ahead would undo what was acknowledged.
        """
        if self.number > other.number:
            return self.latest > other.latest
        return other.told_late and self.latest > other.latest + SKEW

    @property
    def provisional(self) -> bool:
        """Whether it holds for some weeks only, since there is nothing in writing."""
        return self.act is Act.GRANT and self.how is Capture.VERBAL

    @property
    def ends_at(self) -> datetime | None:
        """From when on it holds no more; what was said aloud has an end whatever was recorded."""
        if not self.provisional:
            return self.expires_at
        lapses = self.latest + timedelta(days=VERBAL_DAYS)
        return lapses if self.expires_at is None else min(lapses, self.expires_at)
