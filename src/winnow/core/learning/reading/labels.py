"""What the cells of a target column say about a lead: junk, genuine, converted or lost, and so what is learned.

Lost is not junk: a lead that bought nothing was still a person's enquiry.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from winnow.core.learning.reading.cells import NOTHING
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError


class Verdict(StrEnum):
    """What became of a lead, or a plain yes or no to whatever is to be learned."""

    JUNK = "junk"
    GENUINE = "genuine"
    CONVERTED = "converted"
    LOST = "lost"
    YES = "yes"
    NO = "no"


CONVERSION = "conversion"

#: The verdicts that are not even an answer to a question: a junk lead was never one that could convert.
_NO_ANSWER = {CONVERSION: frozenset({Verdict.JUNK})}
_POSITIVE = {JUNK: Verdict.JUNK, CONVERSION: Verdict.CONVERTED}

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)

_WORDS = {
    Verdict.YES: "yes y true t 1 1.0 on ja j wahr oui o vrai sí si s verdadero",
    Verdict.NO: "no n false f 0 0.0 off nein falsch non faux falso",
    Verdict.JUNK: "junk spam fraud fraudulent fake bot bogus scam",
    Verdict.GENUINE: "genuine ham legit legitimate real valid good honest",
    Verdict.CONVERTED: "converted won customer closed_won sold bought purchased",
    Verdict.LOST: "lost closed_lost unconverted not_converted churned",
}
_VERDICTS = {word.replace("_", " "): verdict for verdict, words in _WORDS.items() for word in words.split()}

#: Words in the name of a column of yes and no that tell what yes stands for.
_TOLD_BY_NAME = {
    CONVERSION: re.compile(
        r"[ck]onver|won\b|sale|sold|purchas|bought|customer|deal|closed|gewonnen|verkauf|abschlu|abgeschlossen|kunde"
        r"|gagn|vend[ui]|achet|client|ganad|cerrad|compr",
        re.IGNORECASE,
    ),
    JUNK: re.compile(r"junk|spam|fraud|fake|bot\b|scam", re.IGNORECASE),
}

_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Labels:
    """How the cells of one column are read.

    target: what is learned: `junk`, `conversion` or a name · meaning: cell in small letters → what it says
    assumed: nothing but the lack of another word says that yes means junk
    """

    column: str
    target: str
    meaning: Mapping[str, Verdict]
    assumed: bool = False

    def truth(self, cell: str) -> bool | None:
        """Whether the lead was what the target says; None when the cell does not tell."""
        verdict = self.meaning.get(_plain(cell))
        return None if verdict is None else _truth(self.target, verdict)

    def counts_as(self, cell: str) -> str:
        """What the cell is taken for, in words for people."""
        truth = self.truth(cell)
        if truth is None:
            return "not used"
        return self.target if truth else f"not {self.target}"


def labels_for(column: str, cells: Mapping[str, int], target: str | None, given: str | None = None) -> Labels:
    """Settle what the cells of the target column mean.

    cells: each cell that is not empty, and how often it is there
    target: what is to be learned; None leaves it to the name of the column, and to junk if that says nothing
    given: `VALUE=junk,VALUE=genuine…` by the user; the values not named are left out
    Raises InvalidInputError when that cannot be told.
    """
    chosen = target or _by_name(column)
    if _NAME.fullmatch(chosen) is None:
        raise InvalidInputError(
            f"`{chosen}` cannot name what is learned", where="--as", fix="use small letters, digits and _"
        )
    if not cells:
        raise InvalidInputError(f"no cell of the target column `{column}` is filled", fix="name another with --target")
    _need_two(column, cells)
    meaning = _given(given, cells, chosen) if given else _told(column, cells, chosen)
    assumed = target is None and not _name_tells(column) and Verdict.YES in meaning.values()
    labels = Labels(column, chosen, meaning, assumed)
    _need_both(labels, cells)
    return labels


def _need_two(column: str, cells: Mapping[str, int]) -> None:
    """Raise InvalidInputError when the column says the same of all leads, whatever that means."""
    words = {_plain(cell) for cell in cells}
    if len(words) == 1:
        cell, count = next(iter(cells)), sum(cells.values())
        raise InvalidInputError(
            f"the target column `{column}` says `{cell[:40]}` in all {count:,} cells that are filled: "
            "there is nothing to tell apart",
            where="--target",
            fix="bring leads of both kinds, or name another column; blank cells are left out, so write what they mean",
        )


def _name_tells(column: str) -> bool:
    return any(told.search(column) for told in _TOLD_BY_NAME.values())


def _by_name(column: str) -> str:
    return next((target for target, told in _TOLD_BY_NAME.items() if told.search(column)), JUNK)


def _plain(cell: str) -> str:
    return " ".join(cell.split()).lower()


def _truth(target: str, verdict: Verdict) -> bool | None:
    if verdict in _NO_ANSWER.get(target, ()):
        return None
    return verdict in {Verdict.YES, _POSITIVE.get(target)}


def _told(column: str, cells: Mapping[str, int], target: str) -> dict[str, Verdict]:
    """The meaning of cells that speak for themselves."""
    plain = {word: cell for cell in cells if (word := _plain(cell)) not in NOTHING}
    said = {word: _verdict(word, target) or _VERDICTS.get(word) for word in plain}
    unknown = [cell for word, cell in plain.items() if said[word] is None]
    if unknown:
        known = [f"{cell}={said[word]}" for word, cell in plain.items() if said[word] is not None]
        example = ",".join([*known, f"{unknown[0][:40]}=…"])
        shown = ", ".join(f"`{cell[:40]}`" for cell in unknown[:_MOST_SHOWN])
        more = f" and {len(unknown) - _MOST_SHOWN} more" if len(unknown) > _MOST_SHOWN else ""
        raise InvalidInputError(
            f"nobody knows what {shown}{more} in the target column `{column}` mean",
            fix=f'say it: --truth "{example}", where … is one of {_words()}; what is not named is left out',
        )
    return {word: verdict for word, verdict in said.items() if verdict is not None}


def _given(text: str, cells: Mapping[str, int], target: str) -> dict[str, Verdict]:
    there = {_plain(cell) for cell in cells}
    meaning = {}
    for part in _parts(text):
        value, equals, word = part.rpartition("=")
        verdict = _verdict(word, target) if equals else None
        if verdict is None:
            raise InvalidInputError(
                f"`{part.strip()}` does not say what a value means", where="--truth", fix=f"the words are {_words()}"
            )
        if _plain(value) not in there:
            shown = ", ".join(f"`{cell[:40]}`" for cell in list(cells)[:_MOST_SHOWN])
            raise InvalidInputError(
                f"`{value.strip()}` is not in the target column", where="--truth", fix=f"it holds {shown}"
            )
        meaning[_plain(value)] = verdict
    return meaning


def _parts(text: str) -> Iterator[str]:
    """The parts between commas; one without `=` belongs to the next, since values may hold commas."""
    pending = ""
    for part in text.split(","):
        pending += part
        if "=" in part:
            yield pending
            pending = ""
        else:
            pending += ","
    if pending:
        yield pending.removesuffix(",")


def _verdict(word: str, target: str) -> Verdict | None:
    """What a word of the user's says; the name of what is learned says yes to it."""
    plain = _plain(word)
    if plain in set(Verdict):
        return Verdict(plain)
    return Verdict.YES if plain == target else None


def _words() -> str:
    return ", ".join(Verdict)


def _need_both(labels: Labels, cells: Mapping[str, int]) -> None:
    found = {labels.truth(cell) for cell in cells}
    if {True, False} <= found:
        return
    missing = labels.target if True not in found else f"anything but {labels.target}"
    lost = any(verdict is Verdict.LOST for verdict in labels.meaning.values())
    because = "; a lost lead was a real one, so lost is not junk" if labels.target == JUNK and lost else ""
    shown = ", ".join(f"`{cell[:40]}` is {labels.counts_as(cell)}" for cell in list(cells)[:_MOST_SHOWN])
    raise InvalidInputError(
        f"by the target column `{labels.column}` no lead is {missing}: {shown}{because}",
        where="--target",
        fix="say what its values mean with --truth, and what is to be learned with --as",
    )
