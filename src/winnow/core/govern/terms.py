"""The words that policy, consent and the gate share."""

from enum import IntEnum, StrEnum

#: Winnow's own scorecard and rules as an AI system, which stands in the register by itself.
OWN_SYSTEM = "winnow-screening"


class Channel(StrEnum):
    """How a person is reached. ADS: an address is handed to an advertising network to be shown something."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    CHAT = "chat"
    POST = "post"
    ADS = "ads"


class Action(StrEnum):
    """What a system wants to do to a person; CONTACT alone goes through a channel."""

    CONTACT = "contact"
    SCORE = "score"
    SEGMENT = "segment"
    ENRICH = "enrich"
    REJECT = "reject"
    SHARE = "share"
    TRAIN = "train"


class Needed(IntEnum):
    """What an action needs of the person, from least to most: the strictest of several holds.

    OPT_OUT: nothing, as long as the person has not objected or opted out
    IMPLIED: a relationship that a law takes for consent, such as a purchase, and only for as long as it says
    EXPRESS: the person said yes
    PROHIBITED: not even a yes is enough
    """

    OPT_OUT = 0
    IMPLIED = 1
    EXPRESS = 2
    PROHIBITED = 3

    @property
    def word(self) -> str:
        """The name in lower case, with a hyphen, as texts and files have it."""
        return self.name.lower().replace("_", "-")


class Answer(StrEnum):
    """What one question of the gate was answered; UNKNOWN never lets anything through."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
