"""What the message looks like, whatever its language; scripts a measure does not fit are unknown to it."""

from functools import lru_cache

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.scripts import mixes_look_alikes, script_of
from winnow.core.signals.base import Signal

_MESSAGE = ("message",)

#: Phrases of unsolicited offers: several words each, since single words hit honest messages. They stand under a
#: part they share, so that most messages are compared with a few parts instead of with every phrase.
_PITCH = (
    ("website", ("rank your website", "redesign your website", "place your website", "free website audit")),
    ("google", ("ranking on google", "first page of google", "page one of google")),
    ("seo ", ("seo services", "seo expert", "seo agency", "seo consultant")),
    ("traffic", ("increase your traffic", "boost your traffic", "more traffic to your")),
    ("services", ("web design services", "development services", "lead generation services", "marketing services")),
    ("your ", ("grow your business", "increase your sales", "boost your sales")),
    (" per month", ("new customers per month", "leads per month", "clients per month")),
    ("backlinks", ("backlinks",)),
    ("guest post", ("guest post",)),
    ("qualified leads", ("qualified leads for you",)),
    ("leading company", ("we are a leading company",)),
    ("offshore", ("offshore development",)),
    ("email list", ("email list of",)),
    ("business loan", ("business loan",)),
    ("money online", ("make money online",)),
    ("crypto", ("crypto investment",)),
    ("100%", ("100% guaranteed",)),
    ("limited time", ("limited time offer",)),
    ("unsubscribe", ("unsubscribe from this list",)),
    ("reply stop", ("reply stop",)),
    ("targeted visitors", ("targeted visitors",)),
    ("do not pay", ("or you do not pay",)),
    ("suchmaschinen", ("suchmaschinenoptimierung für ihre",)),
    ("référencement", ("référencement de votre site",)),
    ("posicionamiento", ("posicionamiento web para su",)),
)

#: Every consonant becomes `c`, everything else a blank; only for ASCII.
_CONSONANTS = bytes(ord("c") if chr(code).lower() in "bcdfghjklmnpqrstvwxz" else ord(" ") for code in range(256))
_RUN = b"cccccc"

#: Of Latin, full-width, Arabic, Greek and Armenian script.
_QUESTION_MARKS = frozenset("?\uff1f\u061f\u037e\u055e")


@lru_cache(maxsize=64)
def _words(message: str) -> tuple[str, ...]:
    return tuple(message.split())


@lru_cache(maxsize=64)
def _lower(message: str) -> str:
    return message.lower()


def _length(lead: Lead, _facts: Facts) -> int | None:
    return len(lead.message.strip()) or None if lead.message else None


def _links(lead: Lead, _facts: Facts) -> int | None:
    if not lead.message:
        return None
    text = _lower(lead.message)
    return text.count("://") + text.count("www.") - text.count("://www.")


def _shouting(lead: Lead, _facts: Facts) -> float | None:
    """Share of words of four or more letters written in capitals; None without such a word."""
    if not lead.message:
        return None
    long_words = [word for word in _words(lead.message) if len(word) >= 4]
    return round(sum([word.isupper() for word in long_words]) / len(long_words), 3) if long_words else None


def _scripts(lead: Lead, _facts: Facts) -> int | None:
    if not lead.message:
        return None
    if lead.message.isascii():
        return 1
    return len({script_of(letter) for letter in set(lead.message)} - {None})


def _confusables(lead: Lead, _facts: Facts) -> int | None:
    """Words that mix letters of scripts that look alike, such as a Cyrillic letter in a Latin word."""
    if not lead.message:
        return None
    if lead.message.isascii():
        return 0
    return sum(mixes_look_alikes(word) for word in _words(lead.message) if not word.isascii())


def _gibberish(lead: Lead, _facts: Facts) -> float | None:
    """Runs of six consonants, a word; None unless the message is plain Latin text."""
    if not lead.message or not lead.message.isascii():
        return None
    words = _words(lead.message)
    runs = lead.message.encode("ascii").translate(_CONSONANTS).count(_RUN)
    return round(min(1.0, runs / len(words)), 3) if words else None


def _repetition(lead: Lead, _facts: Facts) -> float | None:
    """Share of words that repeat an earlier one; None under ten words."""
    if not lead.message:
        return None
    words = _words(_lower(lead.message))
    return round(1 - len(set(words)) / len(words), 3) if len(words) >= 10 else None


def _pitch(lead: Lead, _facts: Facts) -> int | None:
    if not lead.message:
        return None
    text = _lower(lead.message)
    return sum([phrase in text for part, phrases in _PITCH if part in text for phrase in phrases])


def _addresses(lead: Lead, _facts: Facts) -> int | None:
    return lead.message.count("@") if lead.message else None


def _questions(lead: Lead, _facts: Facts) -> bool | None:
    if not lead.message:
        return None
    return "?" in lead.message or not _QUESTION_MARKS.isdisjoint(lead.message)


SIGNALS = (
    Signal(
        "text.length", 1, int, "characters", _MESSAGE,
        "the length of the message",
        "Characters of the message. Very short and very long ones are both less often genuine.",
        _length, mutable=True,
    ),
    Signal(
        "text.links", 1, int, "links", _MESSAGE,
        "web addresses in the message",
        "Web addresses in the message. One is common in genuine enquiries, several are not.",
        _links, mutable=True,
    ),
    Signal(
        "text.shouting", 1, float, "share 0–1", _MESSAGE,
        "capital letters in the message",
        "Share of longer words written all in capitals. Zero in scripts without capitals.",
        _shouting, mutable=True,
    ),
    Signal(
        "text.scripts", 1, int, "scripts", _MESSAGE,
        "the writing systems in the message",
        "Different writing systems in the message. Two are normal outside English.",
        _scripts, mutable=True,
    ),
    Signal(
        "text.confusables", 1, int, "words", _MESSAGE,
        "letters that look like others",
        "Words that mix look-alike letters of several scripts, a way round word filters.",
        _confusables, mutable=True,
    ),
    Signal(
        "text.gibberish", 1, float, "share 0–1", _MESSAGE,
        "whether the message consists of real words",
        "Share of words with an unpronounceable run of consonants. Unknown outside plain Latin text.",
        _gibberish, mutable=True,
    ),
    Signal(
        "text.repetition", 1, float, "share 0–1", _MESSAGE,
        "repeated words in the message",
        "Share of words that occurred before in the message. Unknown under ten words.",
        _repetition, mutable=True,
    ),
    Signal(
        "text.pitch", 1, int, "phrases", _MESSAGE,
        "phrases of sales pitches in the message",
        "Stock phrases of people who want to sell something to you, several words each.",
        _pitch, mutable=True,
    ),
    Signal(
        "text.addresses", 1, int, "addresses", _MESSAGE,
        "e-mail addresses in the message",
        "At signs in the message, which stand for e-mail addresses to reply to elsewhere.",
        _addresses, mutable=True,
    ),
    Signal(
        "text.question", 1, bool, "yes/no", _MESSAGE,
        "whether the message asks something",
        "The message contains a question mark of some script. People who want to buy ask.",
        _questions, mutable=True,
    ),
)  # fmt: skip
