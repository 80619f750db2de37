import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.records import Entry, check_record, check_sealed, commitment, entry, parse_entry, sealed_hash
from winnow.errors import BrokenLogError, InvalidInputError

NONCE = bytes(range(32))
HASHES = st.binary(min_size=32, max_size=32)
KINDS = st.from_regex(r"[a-z][a-z0-9_.-]{0,39}", fullmatch=True)


def test_an_entry_is_one_line_of_json_in_one_form():
    content = entry("decision", 1_700_000_000_000_000, bytes(32), b"\xff" * 32)
    assert content == (
        b'{"v":1,"kind":"decision","at":1700000000000000,"commitment":"'
        + b"0" * 64
        + b'","sealed":"'
        + b"f" * 64
        + b'"}'
    )
    assert json.loads(content)["kind"] == "decision"


@given(KINDS, st.integers(0, 10**19 - 1), HASHES, HASHES)
def test_an_entry_says_what_was_put_into_it(kind, at_us, committed, sealed):
    assert parse_entry(entry(kind, at_us, committed, sealed)) == Entry(kind, at_us, committed, sealed)


@pytest.mark.parametrize(
    ("kind", "at_us", "committed", "sealed"),
    [
        ("", 0, bytes(32), bytes(32)),
        ("Decision", 0, bytes(32), bytes(32)),
        ('a","b":"', 0, bytes(32), bytes(32)),
        ("a" * 41, 0, bytes(32), bytes(32)),
        ("a\n", 0, bytes(32), bytes(32)),
        ("a", -1, bytes(32), bytes(32)),
        ("a", 0, bytes(31), bytes(32)),
        ("a", 0, bytes(32), bytes(33)),
    ],
)
def test_what_does_not_fit_into_an_entry(kind, at_us, committed, sealed):
    with pytest.raises(InvalidInputError):
        entry(kind, at_us, committed, sealed)


GOOD = entry("decision", 5, bytes(32), bytes(32))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        GOOD + b"\n",
        b" " + GOOD,
        GOOD.replace(b'"v":1', b'"v":2'),
        GOOD.replace(b'"at":5', b'"at":05'),
        GOOD.replace(b'"at":5', b'"at":-5'),
        GOOD.replace(b'"at":5', b'"at":5.0'),
        GOOD.replace(b":", b": ", 1),
        GOOD.replace(b"decision", b"Decision"),
        GOOD.replace(b'"sealed":"0', b'"sealed":"A'),
        GOOD[:-1] + b',"more":1}',
        GOOD[:-3] + b'"}',
    ],
)
def test_what_is_no_entry(content):
    with pytest.raises(BrokenLogError, match="no entry of a decision log"):
        parse_entry(content)


def test_a_commitment_is_the_hash_of_a_tag_a_nonce_and_the_record():
    assert commitment(NONCE, b"record") == sha256(b"winnow/record/v1\n" + NONCE + b"record").digest()
    with pytest.raises(InvalidInputError, match="a nonce of 31 bytes"):
        commitment(NONCE[1:], b"record")


def test_a_record_is_held_against_its_entry():
    content = entry("decision", 5, commitment(NONCE, b"record"), sealed_hash(b"sealed"))
    assert check_record(content, NONCE, b"record") == check_sealed(content, b"sealed") == parse_entry(content)
    for nonce, record in [(NONCE, b"Record"), (bytes(32), b"record"), (NONCE, b"")]:
        with pytest.raises(BrokenLogError, match="not the one that was logged"):
            check_record(content, nonce, record)
    with pytest.raises(BrokenLogError, match="the stored record is not the one"):
        check_sealed(content, b"Sealed")
