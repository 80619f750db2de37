"""Guessing what the columns of a file are, shown to the user and never silent.

A column is taken only when its whole name is a known one, its values are what the name promises, and
no other column claims the same field. Everything else stays unused, with the reason.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from winnow.core.mapping.evidence import Finding, examine
from winnow.core.mapping.model import Kind, LeadMapping, Take, kind_of
from winnow.core.mapping.synonyms import field_by_name, is_outcome_like, normalised

_CUSTOM = re.compile(r"custom\.[a-z][a-z0-9_]{0,62}", re.ASCII)
_UTM = re.compile(r"utm[._][a-z][a-z0-9_]{0,62}", re.ASCII)
_ITEM = re.compile(r"(.*)\.\d+", re.DOTALL)

_FIELDS = field_by_name()


@dataclass(frozen=True, slots=True)
class GuessedPair:
    """A field, the column it is taken from, and why."""

    target: str
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class UnusedColumn:
    """A column nothing is made from, and why."""

    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A map somebody should look at: what was taken for what, and what was left alone."""

    mapping: LeadMapping
    pairs: tuple[GuessedPair, ...]
    unused: tuple[UnusedColumn, ...]


def guess(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> Guess:
    """Guess from the names of the columns and some rows, whose cells stand in the order of the columns.

    The map may be empty. Nothing is looked up, so equal input gives an equal guess.
    """
    claims, unused = _claims(columns, sample)
    takes: dict[str, Take] = {}
    pairs: list[GuessedPair] = []
    for target, claimants in claims.items():
        chosen = _chosen(target, claimants)
        if chosen:
            takes[target] = _merged(chosen)
            pairs.extend(GuessedPair(target, each.column, each.finding.why) for each in chosen)
        unused.update(
            {each.column: _beaten(target, each, claimants, chosen) for each in claimants if each not in chosen}
        )
    left = tuple(UnusedColumn(column, unused[column]) for column in columns if column in unused)
    return Guess(LeadMapping(takes=takes, name="guessed map"), tuple(pairs), left)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A column whose name and values both fit a field."""

    column: str
    finding: Finding
    take: Take
    by_own_name: bool


def _claims(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[dict[str, list[_Claim]], dict[str, str]]:
    """Field → the columns that may be it, and column → why it is left alone."""
    claims: dict[str, list[_Claim]] = {}
    unused: dict[str, str] = {}
    for position, column in enumerate(columns):
        target = target_of(column)
        if is_outcome_like(column):
            unused[column] = "tells what became of the lead, so it must not be screened by"
        elif target is None:
            unused[column] = "its name is not one of those known here"
        else:
            finding = examine(target, column, list(_filled(sample, position)))
            if finding.take is None:
                unused[column] = f"its name says {target}, but {finding.why}"
            else:
                own = normalised(column) in {normalised(target), _SINGULAR.get(target)}
                claims.setdefault(target, []).append(_Claim(column, finding, finding.take, own))
    return claims, unused


_SINGULAR = {"emails": "email", "phones": "phone"}


def target_of(column: str) -> str | None:
    """The field a column is called after; None when its name is not one of those known here."""
    if _CUSTOM.fullmatch(column):
        return column
    if _UTM.fullmatch(column):
        return f"utm.{column[4:]}"
    item = _ITEM.fullmatch(column)
    if item and kind_of(_FIELDS.get(normalised(item[1]), "")) is Kind.TEXTS:
        return _FIELDS[normalised(item[1])]
    return _FIELDS.get(normalised(column))


def _filled(sample: Sequence[Sequence[str]], position: int) -> Iterator[str]:
    return (text for row in sample if (text := row[position].strip()))


def _chosen(target: str, claims: Sequence[_Claim]) -> Sequence[_Claim]:
    """The claims that win: all of a list, else the only one, else the one that bears the field's own name."""
    if kind_of(target) is Kind.TEXTS or len(claims) == 1:
        return claims
    own = [claim for claim in claims if claim.by_own_name]
    return own if len(own) == 1 else ()


def _merged(claims: Sequence[_Claim]) -> Take:
    return claims[0].take if len(claims) == 1 else Take(columns=tuple(claim.column for claim in claims))


def _beaten(target: str, claim: _Claim, claims: Sequence[_Claim], chosen: Sequence[_Claim]) -> str:
    if chosen:
        return f"could be {target}, which is claimed by `{chosen[0].column}` already"
    others = " and ".join(f"`{each.column}`" for each in claims if each is not claim)
    return f"could be {target}, but so could {others}; say which in a map"
