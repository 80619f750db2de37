"""An AI system as a form: what is typed becomes an entry of the register, and the other way round."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from winnow.bootstrap.desks import Desks
from winnow.core.govern.limits import CATEGORIES
from winnow.core.govern.risk import QUESTIONS, answers_of
from winnow.core.govern.systems import AiSystem, answers_for_systems, document_of
from winnow.core.people.accounts import Person
from winnow.errors import InvalidInputError
from winnow.shells.web.posted import Form

#: Ticked when none of a question's answers is true; a question with nothing ticked was not answered.
NONE = "none"

_MOST_LETTERS = 4_000
_TEXTS, _TICKS = ("name", "purpose", "version", "status"), ("purposes", "actions", "channels")
_GAPS = re.compile(r"[,;\s]+")


def entry_of(form: Form) -> dict[str, Any]:
    """The entry a form describes, without its id; raises InvalidInputError for a question without an answer."""
    return {
        **{name: form.text(name, most=_MOST_LETTERS) for name in _TEXTS},
        **{name: form.texts(name) for name in _TICKS},
        "owner": form.text("owner", most=100) or None,
        "vendor": form.text("vendor", most=_MOST_LETTERS) or None,
        "inputs": sorted({*form.texts("inputs"), *_words(form, "own_inputs")}),
        "outputs": _words(form, "outputs"),
        "answers": {question.id: _answer(form, question.id) for question in QUESTIONS},
    }


def form_of(system: AiSystem) -> Form:
    """The form as it would have been filled in."""
    entry = document_of(system)
    fields: dict[str, Sequence[str]] = {name: [str(entry[name] or "")] for name in (*_TEXTS, "owner", "vendor", "id")}
    fields |= {name: sorted(map(str, getattr(system, name))) for name in _TICKS}
    fields["inputs"] = sorted(system.inputs & CATEGORIES.keys())
    fields["own_inputs"] = [", ".join(sorted(system.inputs - CATEGORIES.keys()))]
    fields["outputs"] = [", ".join(sorted(system.outputs))]
    fields |= {_field(name): words or [NONE] for name, words in answers_of(system.traits).items()}
    return Form({**fields, "seen": [mark_of(answers_of(system.traits))], "revision": [str(system.revision)]})


def mark_of(answers: Mapping[str, Iterable[str]]) -> str:
    """What an assessment was about, so that nobody enters a system without having seen what its answers come to."""
    return " ".join(sorted(word for words in answers.values() for word in words)) or NONE


def owners_in(desks: Desks) -> list[Person]:
    """Who may answer for a system, by name."""
    return sorted(filter(answers_for_systems, desks.people.desk.all()), key=lambda each: each.name.casefold())


def _words(form: Form, name: str) -> list[str]:
    return sorted({word for word in _GAPS.split(form.text(name, most=_MOST_LETTERS)) if word})


def _answer(form: Form, question: str) -> list[str]:
    field = _field(question)
    words = form.texts(field)
    if not words:
        raise InvalidInputError("this question is not answered", where=field, fix="tick what is true, or that none is")
    if NONE in words and len(words) > 1:
        raise InvalidInputError("none of these, and some of these", where=field, fix="take back one or the other")
    return [word for word in words if word != NONE]


def _field(question: str) -> str:
    return f"answer-{question}"
