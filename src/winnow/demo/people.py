"""Invented people: common names of many cultures combined at random, and the addresses they choose."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from winnow.demo.dice import Dice
from winnow.demo.tables import table

_UNDECOMPOSED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Name(NamedTuple):
    """One given or family name.

    native: as its bearer writes it; latin: in Latin letters; slug: ASCII letters for addresses
    """

    native: str
    latin: str
    slug: str


class Person(NamedTuple):
    """A given and a family name."""

    first: Name
    last: Name


def ascii_letters(text: str) -> str:
    """The text in lower-case ASCII letters and digits, accents dropped."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_UNDECOMPOSED))
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())


def parse_name(word: str, *, german: bool = False) -> Name:
    """Read `native=latin` or a plain name, in which `_` stands for a space; Germans write ü as ue in addresses."""
    native, _, latin = word.replace("_", " ").partition("=")
    shown = latin or native
    return Name(native, shown, ascii_letters(shown.lower().translate(_GERMAN) if german else shown))


def parse_names(words: str, *, german: bool = False) -> tuple[Name, ...]:
    """Read a list of names separated by white space."""
    return tuple(parse_name(word, german=german) for word in words.split())


class Cultures:
    """Every pool of names, by culture."""

    def __init__(self) -> None:
        self._groups = {
            culture: [self._group(group, german=culture == "german") for group in groups]
            for culture, groups in table("names")["culture"].items()
        }

    def person(self, dice: Dice, culture: str) -> Person:
        """Somebody whose given and family name fit each other."""
        firsts, lasts = dice.pick(self._groups[culture])
        return Person(dice.pick(firsts), dice.pick(lasts))

    @staticmethod
    def _group(words: dict[str, str], *, german: bool) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
        return parse_names(words["first"], german=german), parse_names(words["last"], german=german)


_WORK_SHAPES = ("{f}.{l}", "{f}.{l}", "{f}.{l}", "{f}", "{f}", "{i}.{l}", "{i}{l}", "{f}{k}", "{l}", "{f}_{l}")
_FREE_SHAPES = ("{f}{s}{l}", "{f}{s}{l}{n}", "{f}{s}{l}{n}", "{i}{s}{l}{n}", "{l}{s}{f}", "{f}{s}{k}{n}", "{i}{s}{l}", "{l}{s}{n}")
_NICKS = ("the{s}workshop", "blue{s}bike{n}", "mail{s}{k}{n}", "garden{s}shed{n}", "hello{s}{f}", "team{s}{l}", "sunny{s}days{n}", "office{s}{l}")

#: Gmail allows letters, digits and dots only: an address with one of these cannot exist there.
GMAIL_SEPARATORS = ("_", "-")
_SEPARATORS = (".", ".", "_", "-", ".")


def work_address(dice: Dice, person: Person, domain: str) -> str:
    """An address at the person's company."""
    first, last = person.first.slug, person.last.slug
    return f"{dice.pick(_WORK_SHAPES).format(f=first, l=last, i=first[:1], k=last[:1])}@{domain}"


def free_address(dice: Dice, person: Person, provider: str, shapes: Sequence[str] = _FREE_SHAPES) -> str:
    """An address at a free-mail provider, one in twelve a nickname that says nothing of the name."""
    separator = dice.pick(GMAIL_SEPARATORS if provider == "gmail.com" else _SEPARATORS)
    number = dice.whole(1, 99) if dice.chance(0.6) else dice.whole(1955, 2008)
    shape = dice.pick(_NICKS) if dice.chance(0.08) else dice.pick(shapes)
    first, last = person.first.slug, person.last.slug
    return f"{shape.format(f=first, l=last, i=first[:1], k=last[:1], s=separator, n=number)}@{provider}"
