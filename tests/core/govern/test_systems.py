"""The register's pure part: when a system may act, what a sign-off covers, how an entry is read."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from winnow.core.govern.risk import Risk, Trait
from winnow.core.govern.systems import (
    AiSystem,
    Mode,
    Status,
    answers_for_systems,
    document_of,
    may_act,
    need_honest,
    overdue,
)
from winnow.core.govern.systems_own import own_system
from winnow.core.govern.systems_read import system_from
from winnow.core.govern.terms import OWN_SYSTEM, Action, Channel
from winnow.core.people.accounts import Person
from winnow.errors import InvalidInputError

NOW = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
LIVE = AiSystem(
    id="acme-writer",
    name="Acme mail writer",
    purpose="draft answers",
    version="4.2",
    purposes=frozenset({"marketing"}),
    owner="us_1",
    vendor="Acme Inc.",
    inputs=frozenset({"contact", "message"}),
    outputs=frozenset({"answer"}),
    actions=frozenset({Action.CONTACT}),
    channels=frozenset({Channel.EMAIL}),
    traits=frozenset({Trait.WRITES}),
    status=Status.LIVE,
    next_review=date(2026, 11, 22),
    revision=3,
)
PERSON = Person("us_1", "ana@x.example", "Ana", frozenset({"approver"}), NOW, "us_0", joined_at=NOW)


def test_a_system_acts_when_it_is_live_owned_signed_and_reviewed():
    standing = may_act(LIVE, NOW, True, True)
    assert (standing.mode, standing.because, standing.acts) == (Mode.LIVE, (), True)


@pytest.mark.parametrize(
    ("change", "owner_active", "signed", "said"),
    [
        ({"status": Status.SHADOW}, True, True, "it was put in shadow"),
        ({"owner": None}, True, True, "nobody owns it"),
        ({}, False, True, "its owner has left"),
        ({}, True, False, "is not signed off"),
        ({"next_review": None}, True, True, "never reviewed"),
        ({"next_review": date(2026, 11, 21)}, True, True, "was due on 2026-11-21"),
    ],
)
def test_whatever_is_lacking_it_is_in_shadow_and_the_reason_is_said(change, owner_active, signed, said):
    standing = may_act(replace(LIVE, **change), NOW, owner_active, signed)
    assert (standing.mode, standing.acts, len(standing.because)) == (Mode.SHADOW, False, 1)
    assert said in standing.because[0]


def test_nobody_said_that_it_is_signed_means_that_it_is_not():
    assert not may_act(LIVE, NOW, True).acts


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_what_is_not_in_use_may_do_nothing(status):
    standing = may_act(replace(LIVE, status=status), NOW, True, True)
    assert (standing.mode, len(standing.because)) == (Mode.OFF, 1)


def test_a_review_holds_to_the_end_of_its_day():
    assert not overdue(LIVE, NOW)
    assert overdue(LIVE, datetime(2026, 11, 23, tzinfo=UTC))
    assert not overdue(replace(LIVE, next_review=None), NOW)


@pytest.mark.parametrize(
    ("person", "can"),
    [
        (PERSON, True),
        (None, False),
        (replace(PERSON, disabled_at=NOW), False),
        (replace(PERSON, joined_at=None), False),
        (replace(PERSON, roles=frozenset({"reviewer"})), False),
        (replace(PERSON, roles=frozenset({"admin"})), False),
    ],
)
def test_an_owner_is_somebody_who_is_there_and_may_answer_for_systems(person, can):
    assert answers_for_systems(person) is can


def test_a_sign_off_covers_what_it_is_and_does_and_not_how_it_stands():
    same = replace(LIVE, status=Status.SHADOW, next_review=None, revision=9)
    assert same.content_hash == LIVE.content_hash
    changes: tuple[dict[str, Any], ...] = (
        {"name": "Other"},
        {"purpose": "other"},
        {"version": "4.3"},
        {"owner": "us_2"},
        {"vendor": None},
        {"purposes": frozenset()},
        {"inputs": frozenset({"contact"})},
        {"outputs": frozenset()},
        {"actions": frozenset()},
        {"channels": frozenset({Channel.SMS})},
        {"traits": frozenset({Trait.TALKS})},
    )
    for change in changes:
        assert replace(LIVE, **change).content_hash != LIVE.content_hash


def test_an_entry_is_read_as_it_was_written():
    assert system_from(document_of(LIVE)) == LIVE
    assert system_from({**document_of(LIVE), "next_review": date(2026, 11, 22)}) == LIVE
    bare = replace(LIVE, owner=None, vendor=None, next_review=None)
    assert system_from({name: value for name, value in document_of(bare).items() if value is not None}) == bare
    assert LIVE.risk is Risk.LIMITED


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "A b"}, "id"),
        ({"name": ""}, "name"),
        ({"vendor": " x"}, "vendor"),
        ({"purpose": "a\nb"}, "purpose"),
        ({"version": "x" * 301}, "version"),
        ({"inputs": ["Health Data"]}, "inputs"),
        ({"outputs": [f"o{number}" for number in range(61)]}, "outputs"),
        ({"actions": ["teleport"]}, "actions"),
        ({"channels": ["smell"]}, "channels"),
        ({"status": "asleep"}, "status"),
        ({"next_review": "soon"}, "next_review"),
        ({"answers": {}}, "answers"),
        ({"answers": {"decides": [], "practices": [], "people": ["hurts"], "contact": []}}, "answers.people"),
        ({"answers": {"decides": [], "practices": [], "people": [], "contact": [], "mood": []}}, "answers.mood"),
        ({"colour": "red"}, "colour"),
        ({"name": 7}, "name"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_its_place(change, where):
    with pytest.raises(InvalidInputError) as raised:
        system_from({**document_of(LIVE), **change})
    assert raised.value.where == where
    assert type(raised.value) is InvalidInputError


def test_winnows_own_screening_asks_for_an_owner():
    own = own_system()
    assert (own.id, own.status, own.risk) == (OWN_SYSTEM, Status.LIVE, Risk.LIMITED)
    assert "nobody owns it" in may_act(own, NOW, False, True).because[0]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({}, None),
        ({"actions": frozenset({Action.SCORE})}, "answers"),
        ({"actions": frozenset({Action.CONTACT, Action.REJECT})}, "answers"),
        ({"actions": frozenset({Action.CONTACT, Action.SEGMENT}), "traits": frozenset({Trait.SCORES})}, None),
        ({"actions": frozenset({Action.ENRICH}), "channels": frozenset()}, None),
        ({"actions": frozenset()}, "channels"),
    ],
)
def test_an_entry_does_not_contradict_itself(changes, where):
    entry = replace(LIVE, **changes)
    if where is None:
        need_honest(entry)
        return
    with pytest.raises(InvalidInputError) as refused:
        need_honest(entry)
    assert refused.value.where == where
