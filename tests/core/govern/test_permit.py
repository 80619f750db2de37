"""Permits: a tree of them under one signature, each of which proves itself and nothing else."""

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.keys import LogSigner, verify_signature
from winnow.core.canonical import canonical_bytes
from winnow.core.govern.permit import (
    Leaf,
    Permit,
    Terms,
    Token,
    parse_leaf,
    parse_token,
    permit_id,
    split_id,
    subject_hash,
    terms_from,
    verify_token,
    whole_seconds,
)
from winnow.core.govern.permit_tree import Results, commitments_of, nonce_of, nonces_of, signed, tree_of
from winnow.core.govern.terms import Action, Channel
from winnow.core.tlog import Frontier
from winnow.errors import BrokenLogError, InvalidInputError

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
TERMS = Terms("pm_1", "mailer", Action.CONTACT, Channel.EMAIL, "marketing", "ab" * 32, NOW, NOW + timedelta(minutes=10))
SIGNER = LogSigner("winnow/test/permits", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
OTHER = LogSigner("winnow/test/permits", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
PEOPLE = [f"email:person{number}@example.com" for number in range(5)]


def results(people: list[str], refused: dict[int, tuple[str, ...]] | None = None) -> Results:
    seed = b"s" * 32
    return Results(seed, commitments_of(seed, people), refused or {})


def token(
    place: int = 0, people: list[str] = PEOPLE, terms: Terms = TERMS, signer: LogSigner = SIGNER, **more: Any
) -> str:
    made = results(people, **more)
    tree = made.tree()
    return made.token(place, tree, signed(terms, tree.head, signer.name, signer.sign))


def verified(text: str) -> Permit:
    return verify_token(parse_token(text), SIGNER.key, verify_signature)


@given(st.integers(1, 70), st.data())
def test_each_permit_of_an_answer_proves_itself(count, data):
    place = data.draw(st.integers(0, count - 1))
    people = [f"email:{number}@example.com" for number in range(count)]
    permit = verified(token(place, people))
    assert (permit.terms, permit.id) == (TERMS, f"pm_1-{place}")
    assert [permit.is_for(each) for each in people] == [number == place for number in range(count)]


def test_the_tree_is_that_of_the_log():
    for count in range(1, 20):
        leaves = [b"%d" % number for number in range(count)]
        assert tree_of(leaves).head == Frontier().extended(leaves).head


def test_a_leaf_is_canonical():
    for leaf in (Leaf(0, b"n" * 16, b"h" * 32), Leaf(12, b"n" * 16, b"h" * 32, ("consent", "block-lists"))):
        said = {"n": leaf.number, "nonce": leaf.nonce.hex(), "subject": leaf.subject.hex()}
        said |= {"refused": list(leaf.refused)} if leaf.refused else {}
        assert leaf.content == canonical_bytes(said)
        assert parse_leaf(leaf.content.decode()) == leaf


def test_nonces_are_each_their_own_and_the_same_one_by_one():
    nonces = nonces_of(b"s", 150)
    each = [nonces[at : at + 16] for at in range(0, len(nonces), 16)]
    assert len(set(each)) == 150
    assert each == [nonce_of(b"s", place) for place in range(150)]
    assert not set(each) & {nonce_of(b"t", place) for place in range(150)}


def test_a_refusal_proves_no_permit():
    refused = token(1, refused={1: ("consent",)})
    with pytest.raises(BrokenLogError, match="refusal"):
        verified(refused)
    assert verified(token(0, refused={1: ("consent",)})).leaf.number == 0


def test_a_refusal_cannot_pass_for_a_permit():
    real = parse_token(token(1, refused={1: ("consent",)}))
    with pytest.raises(BrokenLogError):
        verify_token(replace(real, leaf=replace(real.leaf, refused=())), SIGNER.key, verify_signature)


@pytest.mark.parametrize("field", ["number", "nonce", "subject"])
def test_nothing_of_it_can_be_changed(field):
    real = parse_token(token(2))
    changed: dict[str, Any] = {"number": 3, "nonce": b"x" * 16, "subject": subject_hash(b"x" * 16, PEOPLE[0])}
    with pytest.raises(BrokenLogError):
        verify_token(replace(real, leaf=replace(real.leaf, **{field: changed[field]})), SIGNER.key, verify_signature)


@pytest.mark.parametrize("word", ["marketing", "email", "contact", "mailer", "pm_1", "08:40", "false"])
def test_no_term_can_be_changed(word):
    real = parse_token(token())
    with pytest.raises(BrokenLogError, match="signature"):
        verify_token(replace(real, note=real.note.replace(word, word[::-1])), SIGNER.key, verify_signature)


@pytest.mark.parametrize("length", range(3))
def test_a_proof_that_was_cut_or_made_longer_proves_nothing(length):
    real = parse_token(token(2))
    assert len(real.proof) == 3
    for proof in (real.proof[:length], real.proof + real.proof[: length + 1], real.proof[::-1]):
        with pytest.raises(BrokenLogError):
            verify_token(replace(real, proof=proof), SIGNER.key, verify_signature)


def test_another_key_is_another_gate():
    with pytest.raises(BrokenLogError):
        verified(token(signer=OTHER))


@pytest.mark.parametrize("lines", [(), ("{}",), ('{"v":1}',), ("a", "b"), ("[" * 5000,), (TERMS.line + " ",)])
def test_other_things_that_were_signed_are_no_permit(lines):
    made = results(PEOPLE)
    tree = made.tree()
    text = "\n".join([SIGNER.name, str(tree.head.size), b64encode(tree.head.root).decode(), *lines, ""])
    with pytest.raises(BrokenLogError):
        verified(made.token(0, tree, SIGNER.sign(text)))


def test_terms_are_read_as_they_were_written():
    for terms in (TERMS, replace(TERMS, channel=None, action=Action.SCORE, once=True)):
        assert terms_from(terms.line) == terms


@pytest.mark.parametrize(
    ("at", "wanted", "why"),
    [
        (timedelta(0), {}, None),
        (timedelta(seconds=-1), {}, "not valid yet"),
        (timedelta(seconds=599), {}, None),
        (timedelta(seconds=600), {}, "expired"),
        (timedelta(seconds=601), {}, "expired"),
        (timedelta(days=-1), {}, "not valid yet"),
        (timedelta(0), {"address": PEOPLE[0], "channel": Channel.EMAIL, "purpose": "marketing"}, None),
        (timedelta(0), {"address": PEOPLE[1]}, "another address"),
        (timedelta(0), {"channel": Channel.SMS}, "another channel"),
        (timedelta(0), {"purpose": "service"}, "another purpose"),
        (timedelta(0), {"action": Action.SHARE}, "another action"),
        (timedelta(0), {"system": "other"}, "another system"),
        (timedelta(0), {"policy": "cd" * 32}, "another policy"),
    ],
)
def test_a_permit_is_good_for_what_it_says_alone(at, wanted, why):
    found = verified(token()).objection(NOW + at, wanted)
    assert found is None if why is None else why in str(found)


def packed(document: object) -> str:
    return "wpt_" + urlsafe_b64encode(canonical_bytes(document)).decode().rstrip("=")


GOOD = parse_token(token())
PARTS: dict[str, Any] = {
    "leaf": GOOD.leaf.content.decode(),
    "note": GOOD.note,
    "proof": b64encode(b"".join(GOOD.proof)).decode(),
}


def twice(name: str) -> str:
    """A token that says one of its parts twice, so that two readers could read two of them."""
    text = canonical_bytes(PARTS).decode().replace("{", f'{{"{name}":{json.dumps(PARTS[name])},', 1)
    return "wpt_" + urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wpt_",
        "wpt_!",
        "wk_abc",
        "wpt_" + "A" * 30_000,
        "wpt_AAAA",
        packed([]),
        packed({}),
        packed({**PARTS, "leaf": 1}),
        packed({**PARTS, "note": None}),
        packed({**PARTS, "proof": "AAAA"}),
        packed({**PARTS, "proof": "***"}),
        packed({**PARTS, "proof": 7}),
        packed({**PARTS, "proof": b64encode(b"p" * 32 * 64).decode()}),
        packed({**PARTS, "leaf": PARTS["leaf"] + " "}),
        packed({**PARTS, "leaf": PARTS["leaf"].replace('"n":0', '"n":00')}),
        packed({**PARTS, "leaf": "{}"}),
        packed({**PARTS, "alg": "none"}),
        packed({**PARTS, "leaf": PARTS["leaf"].replace("{", '{"n":0,', 1)}),
        twice("leaf"),
        twice("note"),
        twice("proof"),
        "wpt_" + urlsafe_b64encode(json.dumps(PARTS, indent=1).encode()).decode().rstrip("="),
        token()[:-1] + chr(ord(token()[-1]) + 1),  # bits that say nothing
    ],
)
def test_what_is_no_token_says_so(text):
    with pytest.raises(InvalidInputError, match="no permit"):
        parse_token(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    with pytest.raises(InvalidInputError):
        parse_token("wpt_" + text)


def test_ids():
    assert split_id(permit_id("pm_1", 7)) == ("pm_1", 7)
    for wrong in ("", "pm_1", "pm_1-", "-7", "pm_1-x", "pm_1-٧", "pm_1-" + "9" * 10):
        with pytest.raises(InvalidInputError):
            split_id(wrong)


def test_times_are_whole_seconds():
    assert whole_seconds(NOW.replace(microsecond=999_999)) == NOW
    assert str(Token(GOOD.leaf, GOOD.proof, GOOD.note)) == token()
