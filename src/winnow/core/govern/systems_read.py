"""Reading an entry of the register of AI systems from a document: TOML of a person, JSON of the store or a program."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from winnow.core.govern.risk import QUESTIONS, traits_of
from winnow.core.govern.systems import AiSystem, Status
from winnow.core.govern.terms import Action, Channel
from winnow.core.tables import Table
from winnow.errors import InvalidInputError, InvalidRulesetError

W = TypeVar("W", bound=StrEnum)


def system_from(document: Mapping[str, object]) -> AiSystem:
    """The system a document describes; raises InvalidInputError that names the place of the first mistake."""
    try:
        return _system(Table(document))
    except InvalidRulesetError as error:  # what reads tables is made for rulesets
        raise InvalidInputError(error.what, where=error.where, fix=error.fix) from None


def _system(table: Table) -> AiSystem:
    answers = table.table("answers")
    given = {question.id: answers.texts(question.id) for question in QUESTIONS if answers.has(question.id)}
    system = AiSystem(
        id=table.text("id"),
        name=table.text("name"),
        purpose=table.text("purpose"),
        version=table.text("version"),
        purposes=frozenset(table.texts("purposes")),
        owner=_optional(table, "owner"),
        vendor=_optional(table, "vendor"),
        inputs=frozenset(table.texts("inputs")),
        outputs=frozenset(table.texts("outputs")),
        actions=_words(table, "actions", Action),
        channels=_words(table, "channels", Channel),
        traits=traits_of(given),
        status=table.word("status", Status, tuple(Status), Status.DRAFT),
        next_review=_day(table, "next_review"),
        revision=table.integer("revision", 1),
    )
    answers.finish()
    table.finish()
    return system


def _optional(table: Table, key: str) -> str | None:
    return table.text(key) if table.value(key) is not None else None


def _words(table: Table, key: str, kind: type[W]) -> frozenset[W]:
    found = set()
    for word in table.texts(key):
        if word not in set(kind):
            raise InvalidInputError(
                f"`{word[:40]}` is none of the {key}", where=table.at(key), fix=f"use some of {', '.join(kind)}"
            )
        found.add(kind(word))
    return frozenset(found)


def _day(table: Table, key: str) -> date | None:
    found = table.value(key)
    if found is None or type(found) is date:
        return found
    try:
        return date.fromisoformat(str(found))
    except ValueError:
        what = f"`{str(found)[:40]}` is not a date"
        raise InvalidInputError(what, where=table.at(key), fix="write it like 2027-01-31") from None
