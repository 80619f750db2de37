"""Invented people: common names of many cultures combined at random, and the addresses they choose."""

import unicodedata
from typing import NamedTuple

from winnow.demo.dice import Dice
from winnow.demo.tables import table, texts

_UNDECOMPOSED = str.maketrans(table("addresses")["ascii"])

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


_WORK_SHAPES, _FREE_SHAPES, _NICKS = texts("addresses", "work"), texts("addresses", "free"), texts("addresses", "nick")

#: Gmail allows letters, digits and dots only: an address with one of these cannot exist there.
GMAIL_SEPARATORS = ("_", "-")
_SEPARATORS = (".", ".", "_", "-", ".")


def work_address(dice: Dice, person: Person, domain: str) -> str:
    """An address at the person's company."""
    first, last = person.first.slug, person.last.slug
    return f"{dice.pick(_WORK_SHAPES).format(f=first, l=last, i=first[:1], k=last[:1])}@{domain}"


def free_address(dice: Dice, person: Person, provider: str) -> str:
    """An address at a free-mail provider, one in twelve a nickname that says nothing of the name."""
    separator = dice.pick(GMAIL_SEPARATORS if provider == "gmail.com" else _SEPARATORS)
    number = dice.whole(1, 99) if dice.chance(0.6) else dice.whole(1955, 2008)
    shape = dice.pick(_NICKS) if dice.chance(0.08) else dice.pick(_FREE_SHAPES)
    first, last = person.first.slug, person.last.slug
    return f"{shape.format(f=first, l=last, i=first[:1], k=last[:1], s=separator, n=number)}@{provider}"
