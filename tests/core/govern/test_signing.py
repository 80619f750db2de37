"""Sign-off as pure data: what a proposal covers, what it lacks, who may not sign, and how far it has come."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.govern.signing import (
    Circumstances,
    End,
    Filed,
    Kind,
    Proposal,
    SignOff,
    Stage,
    barred,
    lacking,
    ladder_content,
    policy_part_hash,
    stage_of,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PROPOSAL = Proposal("prop_1", Kind.RULESET, "r", "r", "us_w", "us_a", NOW, "because", 30 * DAY)
SIGNED = SignOff(7, "prop_1", PROPOSAL.hash, "us_s", privacy=False, at=NOW, expires_at=NOW + 30 * DAY)
FILED = Filed(PROPOSAL, (SIGNED,))
BY_PRIVACY = replace(FILED, sign_offs=(SIGNED, replace(SIGNED, signer="us_p", privacy=True)))
ENDED = replace(FILED, end=End(Stage.WITHDRAWN, "us_a", NOW, "another one"))


def seen(**how):
    return Circumstances(**({"now": NOW + DAY} | how))


@pytest.mark.parametrize(
    ("filed", "how", "words"),
    [
        (FILED, {}, []),
        (ENDED, {}, ["was withdrawn"]),
        (Filed(PROPOSAL), {}, ["nobody has signed it"]),
        (FILED, {"now": NOW + 30 * DAY}, ["ended on 2026-12-22"]),
        (FILED, {"now": NOW + 30 * DAY - timedelta(microseconds=1)}, []),
        (FILED, {"gone": {"us_s"}}, ["signed it may not do so any more: us_s"]),
        (FILED, {"gone": {"us_a"}}, ["proposed it may not do so any more: us_a"]),
        (FILED, {"gone": {"us_w"}}, []),
        (FILED, {"legal": True}, ["no privacy officer"]),
        (BY_PRIVACY, {"legal": True}, []),
        (BY_PRIVACY, {"legal": True, "gone": {"us_p"}}, ["no privacy officer"]),
        (BY_PRIVACY, {"legal": True, "demoted": {"us_p"}}, ["no privacy officer"]),
        (BY_PRIVACY, {"demoted": {"us_p"}}, []),
        (FILED, {"drift": {"inc_1": NOW + timedelta(hours=1)}}, ["incident inc_1 is open"]),
        (FILED, {"drift": {"inc_1": NOW}}, []),  # whoever signed knew of it
    ],
)
def test_what_is_lacking(filed, how, words):
    found = lacking(filed, seen(**how))
    assert len(found) == len(words)
    assert all(word in each for word, each in zip(words, found, strict=True))


def test_the_ground_is_the_signature_that_holds_longest():
    longer = replace(SIGNED, number=9, signer="us_t", expires_at=NOW + 40 * DAY)
    assert replace(FILED, sign_offs=(SIGNED, longer)).ground == longer
    assert Filed(PROPOSAL).ground is None
    assert ENDED.ground is None


@pytest.mark.parametrize(
    ("filed", "live", "was", "legal", "stage"),
    [
        (Filed(PROPOSAL), False, False, False, Stage.PROPOSED),
        (FILED, False, False, False, Stage.SIGNED),
        (FILED, False, False, True, Stage.PROPOSED),
        (BY_PRIVACY, False, False, True, Stage.SIGNED),
        (FILED, True, True, False, Stage.LIVE),
        (FILED, True, False, True, Stage.PROPOSED),  # live by break-glass, not by this
        (BY_PRIVACY, True, True, True, Stage.LIVE),
        (FILED, False, True, False, Stage.RETIRED),
        (FILED, False, True, True, Stage.RETIRED),  # the policy is another one since
        (ENDED, True, True, True, Stage.WITHDRAWN),
    ],
)
def test_how_far_it_has_come(filed, live, was, legal, stage):
    assert stage_of(filed, live=live, was_live=was, legal=legal) is stage


PEOPLE = st.sampled_from(["us_a", "us_w", "us_k", "us_s", "us_t", "wk_1"])


@given(PEOPLE, PEOPLE, PEOPLE, st.sets(PEOPLE))
def test_nobody_signs_what_they_wrote_or_proposed(author, writer, signer, behind):
    wrong = barred(replace(PROPOSAL, author=author, writer=writer), signer, behind)
    assert (wrong is None) == (signer not in {author, writer, *behind})


def test_a_signature_covers_everything_but_who_and_when_it_was_filed():
    other: dict[str, Any] = {
        "kind": Kind.LADDER,
        "subject": "x",
        "content": "x",
        "writer": "x",
        "author": "x",
        "because": "x",
        "lasts": DAY,
        "attachments": {"card": "x"},
        "terms": {"rung": "tag"},
    }
    assert {each.name for each in fields(Proposal)} - other.keys() == {"id", "at"}
    hashes = {replace(PROPOSAL, **{name: value}).hash for name, value in other.items()} | {PROPOSAL.hash}
    assert len(hashes) == len(other) + 1
    assert replace(PROPOSAL, id="prop_2", at=NOW + DAY).hash == PROPOSAL.hash


def test_hashes_of_parts():
    assert policy_part_hash({"policy": {"owner": "a"}, "id": "x"}) == policy_part_hash(
        {"policy": {"owner": "a"}, "id": "y"}
    )
    assert (
        policy_part_hash({"policy": {"owner": "a"}})
        != policy_part_hash({"policy": {"owner": "b"}})
        != policy_part_hash({})
    )
    assert len({ladder_content(*each) for each in (("a", "tag", "r"), ("b", "tag", "r"), ("a", "review", "r"))}) == 3
