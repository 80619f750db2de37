"""Sentences of the core in the language of whoever reads.

The core says why in plain English: in answers, in files, and in the records of what was decided long ago. A page says
the same in another language by finding the sentence here again, with holes for what differs from case to case. What is
not found stays English; the tests hold this list against what the core says.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from winnow.core.govern.consent_said import HOW as CORE_HOW
from winnow.shells.web.consent_words import HOW
from winnow.shells.web.core_sentences import ALIKE, OTHERWISE
from winnow.shells.web.governing import BASES, CHANNELS
from winnow.shells.web.navigation import N_
from winnow.shells.web.wording import SOURCE, Words

NameOf = Callable[[str], str]

#: What can stand in a hole; anything else, as it is written, with or without backticks.
_DAY: Final = r"\d{4}-\d\d-\d\d"
_NUMBER: Final = r"[\d,]+(?:\.\d+)?"
_IN_HOLES: Final[Mapping[str, str]] = {
    "day": _DAY,
    "until": _DAY,
    "at": rf"on {_DAY}|on or before {_DAY}, when it was received,",
    "when": rf"{_DAY} \d\d:\d\d UTC",
    "number": _NUMBER,
    "least": _NUMBER,
    "days": _NUMBER,
    "share": rf"{_NUMBER}%",
    "needed": rf"{_NUMBER}%",
    "how": "|".join(map(re.escape, CORE_HOW.values())),
    "why": ".+?",
}
_A_DAY = re.compile(_DAY)
_HOLE = re.compile(r"%\((\w+)\)s")
_ENDS = (".", "!", "?", "…", "。")
_HOW: Final[Mapping[str, str]] = {said: HOW[how] for how, said in CORE_HOW.items()}


def _pattern(core: str) -> re.Pattern[str]:
    """What finds a sentence again; its first letter may be small or not, and its full stop there or not."""
    parts = _HOLE.split(core.removesuffix("."))
    holes = [f"(?P<{name}>{_IN_HOLES.get(name, '.+?')})" for name in parts[1::2]]
    texts = [re.escape(part) for part in parts[::2]]
    if parts[0]:
        texts[0] = f"(?i:{re.escape(parts[0][0])}){re.escape(parts[0][1:])}"
    return re.compile("".join(text + hole for text, hole in zip(texts, [*holes, ""], strict=True)) + r"\.?")


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    """How each sentence is found, and what it is for catalogues; what begins with a hole fits most, and comes last."""
    every = [*OTHERWISE.items(), *zip(ALIKE, ALIKE, strict=True)]
    every.sort(key=lambda pair: (pair[0].startswith("%(why)s"), pair[0].startswith("%("), len(_HOLE.findall(pair[0]))))
    return tuple((_pattern(core), said) for core, said in every)


def found(text: str) -> tuple[str, dict[str, str]] | None:
    """The sentence of the catalogues that a text of the core is, and what is in its holes; None: it is not known."""
    for pattern, said in _known():
        match = pattern.fullmatch(text)
        if match:
            return said, match.groupdict()
    return None


def sentence(words: Words, text: str, name_of: NameOf = str) -> str:
    """A text of the core as a whole sentence in the reader's language; `name_of`: what turns ids into names."""
    if not text:
        return ""
    known = found(text)
    if known is None:
        return _ended(words, text)
    said, holes = known
    filled = dict(_filled(words, holes, name_of))
    return words.gettext(said) % filled if filled else words.gettext(said)


def _ended(words: Words, text: str) -> str:
    """A text that is no known sentence, with the capital and the full stop of its language."""
    said = words.gettext(text)
    begun = said[:1].upper() + said[1:]
    if begun.endswith(_ENDS):
        return begun
    told = words.language == SOURCE or said != text
    return words.gettext(N_("%(sentence)s.")) % {"sentence": begun} if told else f"{begun}."


def _filled(words: Words, holes: Mapping[str, str], name_of: NameOf) -> Iterator[tuple[str, str]]:
    for name, value in holes.items():
        if name == "who":
            yield name, words.comma.join(map(name_of, value.split(", ")))
        else:
            yield name, _TOLD[name](words, value) if name in _TOLD else value


def _number(words: Words, value: str) -> str:
    return words.count(float(value.replace(",", "")))


def _share(words: Words, value: str) -> str:
    return words.percent(float(value[:-1].replace(",", "")) / 100, 1)


def _day(words: Words, value: str) -> str:
    return words.day(date.fromisoformat(value))


def _moment(words: Words, value: str) -> str:
    return words.moment(datetime.strptime(value, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC))


def _at(words: Words, value: str) -> str:
    """When something happened, as far as that is known."""
    told = N_("on or before %(day)s") if "before" in value else N_("on %(day)s")
    return words.gettext(told) % {"day": _day(words, _A_DAY.findall(value)[0])}


def _sentences(words: Words, value: str) -> str:
    """Several in a row; a language that writes no blanks between words has none between sentences."""
    blank = " " if words.comma.endswith(" ") else ""
    return blank.join(sentence(words, each) for each in value.split("; "))


def _reach(words: Words, value: str) -> str:
    """The channel and the purpose of a no."""
    channel, _, purpose = value.partition(", ")
    said = CHANNELS.get(channel) or _EVERY.get(channel, channel)
    return f"{words.gettext(said)} · {words.gettext(_EVERY[purpose]) if purpose in _EVERY else purpose}"


_EVERY: Final[Mapping[str, str]] = {"every channel": N_("every channel"), "every purpose": N_("every purpose")}
#: How what stands in a hole is said in the language; the others are said as they are.
_TOLD: Final[Mapping[str, Callable[[Words, str], str]]] = {
    "at": _at,
    "basis": lambda words, value: words.gettext(BASES.get(value, value)),
    "channel": lambda words, value: words.gettext(CHANNELS.get(value, value)),
    "day": _day,
    "days": _number,
    "how": lambda words, value: words.gettext(_HOW[value]),
    "least": _number,
    "needed": _share,
    "number": _number,
    "reach": _reach,
    "share": _share,
    "until": _day,
    "when": _moment,
    "why": sentence,
    "whys": _sentences,
}


def owner_in(words: Words, name: str) -> str:
    """Whoever answers for something; that nobody does yet is said in the language."""
    return words.gettext(_NOBODY) if name == _NOBODY else name


#: What stands for an owner where none was named, in the starter ruleset and in what is learned.
_NOBODY: Final = N_("nobody yet")
