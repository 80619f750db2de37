"""Invented companies; their domains end in `.example`, which RFC 2606 keeps for such uses and nobody can register."""

from typing import Any, NamedTuple

from winnow.demo.dice import Dice
from winnow.demo.people import Name, parse_names
from winnow.demo.tables import table


class Company(NamedTuple):
    """A company and its web domain."""

    name: str
    domain: str


class _Parts(NamedTuple):
    stems: tuple[Name, ...]
    trades: tuple[Name, ...]
    patterns: tuple[str, ...]


class Companies:
    """Company names and job titles by language; English stands in for languages without their own."""

    def __init__(self) -> None:
        words = dict(table("companies"))
        titles = words.pop("titles")
        self._parts = {language: self._read(part, german=language == "de") for language, part in words.items()}
        self._titles: dict[str, tuple[str, ...]] = {
            language: tuple(text.splitlines()) for language, text in titles.items()
        }

    def company(self, dice: Dice, language: str) -> Company:
        """A company whose name sounds like the language."""
        parts = self._parts.get(language) or self._parts["en"]
        stem, other, trade = dice.pick(parts.stems), dice.pick(parts.stems), dice.pick(parts.trades)
        pattern = dice.pick(parts.patterns)
        name = pattern.format(a=stem.native, b=other.native, t=trade.native)
        joint = dice.pick(("-", "-", ""))
        middle = f"{other.slug}{joint}" if "{b}" in pattern else ""
        return Company(name, f"{stem.slug}{joint}{middle}{trade.slug}.example")

    def title(self, dice: Dice, language: str) -> str:
        """A job title in the language."""
        return dice.pick(self._titles.get(language) or self._titles["en"])

    @staticmethod
    def _read(part: dict[str, Any], *, german: bool) -> _Parts:
        stems, trades = parse_names(part["stems"], german=german), parse_names(part["trades"], german=german)
        return _Parts(stems, trades, tuple(part["patterns"]))
