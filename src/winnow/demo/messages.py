"""What people write, put together from sentences in eleven languages, and what junk says."""

from typing import NamedTuple

from winnow.demo.dice import Dice
from winnow.demo.tables import table


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
    """Composes messages; {n}, {topic}, {tool}, {name}, {site} and {link} are filled in."""

    def __init__(self) -> None:
        self._phrases = {
            language: _Phrases(**{key: value if key == "join" else tuple(value) for key, value in entry.items()})
            for language, entry in table("messages").items()
        }
        self._pitches = {kind: tuple(lines) for kind, lines in table("pitches").items()}

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

    def pitch(self, dice: Dice, kind: str, *, name: str = "", link: str = "", site: str = "winnow.example") -> str:
        """A line of junk of the given kind (a key of pitches.toml)."""
        line = dice.pick(self._pitches[kind])
        if "{" not in line or kind == "probe":
            return line
        phrases = self._phrases["en"]
        topic, tool = dice.pick(phrases.topic), dice.pick(phrases.tool)
        return line.format(n=dice.whole(3, 60), name=name, link=link, site=site, topic=topic, tool=tool)

    def words(self, dice: Dice, count: int) -> str:
        """Words in a row that make no sense, as comment bots write them."""
        return " ".join([dice.pick(self._pitches["bot_words"]) for _ in range(count)])

    def _fill(self, dice: Dice, phrases: _Phrases, text: str, name: str) -> str:
        if "{" not in text:
            return text
        return text.format(n=dice.whole(3, 60), topic=dice.pick(phrases.topic), tool=dice.pick(phrases.tool), name=name)
