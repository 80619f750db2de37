"""Finding and masking what people write about off-limits categories: by words, in linear time, always the same way.

Each word of a text is looked up once; nothing is guessed. What is told in other words is not found: how much, is
measured on a corpus of our own (docs/off-limits.md).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from winnow.core.govern.off_limits_words import TOLD

#: What stands where something was taken out; it does not tell which category.
MASK = "[…]"

#: The categories that can be found in a text.
FINDABLE = frozenset(TOLD)

#: How many words are taken after those that announce a value.
_TAIL = 3

#: No word that is looked for is longer, so of a longer one no more is looked at.
_LONGEST = 40

#: Accents may stand behind their letters as signs of their own (as macOS writes them), and belong to the word.
_WORD = re.compile("\\w[\\w\u0300-\u036f]*")
_SENTENCE_END = re.compile("[.!?;\n\u3002\uff01\uff1f\uff1b]")
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Scan(NamedTuple):
    """A text with what it told masked, and how often it told each category."""

    text: str
    found: dict[str, int]


class _Phrase(NamedTuple):
    """Words that follow each other; one that ends in `*` is a beginning. `tail`: a value follows."""

    category: str
    rest: tuple[str, ...]
    tail: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of some categories: whole first words, beginnings by their lengths, and Chinese."""

    whole: dict[str, list[_Phrase]]
    begun: dict[int, dict[str, list[_Phrase]]]
    chinese: re.Pattern[str] | None
    categories: dict[str, str]

    def phrases(self, word: str) -> Iterator[_Phrase]:
        """Those that may begin with a word."""
        yield from self.whole.get(word, ())
        for length, stems in self.begun.items():
            yield from stems.get(word[:length], ())


def scan(text: str, categories: frozenset[str]) -> Scan:
    """The text without what it tells about these categories; those not in FINDABLE are passed over."""
    spans = list(_spans(text, _lexicon(categories))) if text and categories else []
    if not spans:
        return Scan(text, {})
    found: dict[str, int] = {}
    for _, _, category in spans:
        found[category] = found.get(category, 0) + 1
    return Scan(_masked(text, spans), found)


def _spans(text: str, lexicon: _Lexicon) -> Iterator[tuple[int, int, str]]:
    """Where something is told, from and to, and the category."""
    words = [(match.start(), match.end(), _folded(match[0])) for match in _WORD.finditer(text)]
    for place, (start, _, word) in enumerate(words):
        for phrase in lexicon.phrases(word):
            last = place + len(phrase.rest)
            if _follow(words[place + 1 : last + 1], phrase.rest):
                yield start, _end(text, words, last, tail=phrase.tail), phrase.category
    if lexicon.chinese is not None:
        for match in lexicon.chinese.finditer(text):
            yield match.start(), match.end(), lexicon.categories[match[0]]


def _follow(words: list[tuple[int, int, str]], wanted: tuple[str, ...]) -> bool:
    if len(words) < len(wanted):
        return False
    pairs = zip(words, wanted, strict=True)
    return all(word.startswith(each[:-1]) if each.endswith("*") else word == each for (_, _, word), each in pairs)


def _end(text: str, words: list[tuple[int, int, str]], last: int, *, tail: bool) -> int:
    """Where what is told ends; a value ends with its sentence."""
    end = words[last][1]
    for _, after, _ in words[last + 1 : last + 1 + _TAIL] if tail else ():
        if _SENTENCE_END.search(text, end, after):
            break
        end = after
    return end


def _masked(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    pieces, done = [], 0
    for start, end, _ in sorted(spans):
        if start >= done:
            pieces += [text[done:start], MASK]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))


def _folded(word: str) -> str:
    lower = word[:_LONGEST].casefold()
    return lower if lower.isascii() else _plain(lower)


@lru_cache(maxsize=16)
def _lexicon(categories: frozenset[str]) -> _Lexicon:
    whole: dict[str, list[_Phrase]] = {}
    begun: dict[int, dict[str, list[_Phrase]]] = {}
    chinese: dict[str, str] = {}
    for category in sorted(categories & FINDABLE):
        for entry in TOLD[category]:
            if _CHINESE.search(entry):
                chinese[entry] = category
                continue
            first, *rest = entry.removesuffix("+").split()
            phrase = _Phrase(category, tuple(rest), entry.endswith("+"))
            if first.endswith("*"):
                begun.setdefault(len(first) - 1, {}).setdefault(first[:-1], []).append(phrase)
            else:
                whole.setdefault(first, []).append(phrase)
    pattern = re.compile("|".join(map(re.escape, sorted(chinese, key=len, reverse=True)))) if chinese else None
    return _Lexicon(whole, begun, pattern, chinese)
