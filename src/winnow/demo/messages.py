"""What people write, put together from sentences in eleven languages, and what junk says."""

from copy import deepcopy
from typing import NamedTuple

from winnow.demo.dice import Dice
from winnow.demo.tables import table

#: What those who write to sell call the demo company's site.
_SITES = ("our website", "winnow.example", "www.winnow.example", "your site")


class _Phrases(NamedTuple):
    join: str
    greet: tuple[str, ...]
    need: tuple[str, ...]
    ask: tuple[str, ...]
    bye: tuple[str, ...]
    topic: tuple[str, ...]
    tool: tuple[str, ...]
    short: tuple[str, ...]
    support: tuple[str, ...]


class Messages:
    """Composes messages: fills in the blanks of sentences drawn at random."""

    def __init__(self) -> None:
        self._phrases = {
            language: _Phrases(entry.pop("join"), **{key: tuple(lines) for key, lines in entry.items()})
            for language, entry in deepcopy(table("messages")).items()
        }
        self._pitches: dict[str, tuple[str, ...]] = {kind: tuple(lines) for kind, lines in table("pitches").items()}

    def enquiry(self, dice: Dice, language: str, name: str) -> str:
        """A whole enquiry: greeting, need, question, closing; one in five leaves out the question."""
        phrases = self._phrases[language]
        parts = [dice.pick(phrases.greet), dice.pick(phrases.need)]
        if dice.chance(0.8):
            parts.append(dice.pick(phrases.ask))
        parts.append(dice.pick(phrases.bye))
        text = phrases.join.join([part for part in parts if part])
        return self._fill(dice, phrases, text[0].upper() + text[1:], name)

    def short(self, dice: Dice, language: str) -> str:
        """A few words of somebody in a hurry."""
        phrases = self._phrases[language]
        return self._fill(dice, phrases, dice.pick(phrases.short), "")

    def question(self, dice: Dice, language: str) -> str:
        """One plain question."""
        phrases = self._phrases[language]
        return self._fill(dice, phrases, dice.pick(phrases.ask), "")

    def support(self, dice: Dice, language: str, name: str) -> str:
        """What an existing customer asks for."""
        phrases = self._phrases[language]
        return self._fill(dice, phrases, dice.pick(phrases.support), name)

    def pitch(self, dice: Dice, kind: str, *, name: str = "", link: str = "", language: str = "en") -> str:
        """A line of junk of the given kind (a key of pitches.toml), in the language where there is one."""
        line = dice.pick(self._pitches.get(f"{kind}_{language}") or self._pitches[kind])
        if "{" not in line or kind == "probe":
            return line
        phrases = self._phrases["en"]
        topic, site = dice.pick(phrases.topic), dice.pick(_SITES)
        return line.format(n=dice.whole(3, 60), name=name, link=link, site=site, topic=topic)

    def words(self, dice: Dice, count: int) -> str:
        """Words in a row that make no sense, as comment bots write them."""
        return " ".join([dice.pick(self._pitches["bot_words"]) for _ in range(count)])

    def _fill(self, dice: Dice, phrases: _Phrases, text: str, name: str) -> str:
        if "{" not in text:
            return text
        return text.format(n=dice.whole(3, 60), topic=dice.pick(phrases.topic), tool=dice.pick(phrases.tool), name=name)
