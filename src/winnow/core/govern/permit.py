"""Permits as proofs that travel: what was allowed, to whom, for how long; checked offline with a published key.

One answer of the gate may be about one person or a hundred thousand. All its results, permits and refusals, are the
leaves of one Merkle tree (RFC 6962), and one signature over its root and the terms common to all proves each of them.
A token holds one leaf, the way from it to the root, and the signed root: a c2sp.org/tlog-checkpoint whose extension
line is the terms. A person stands in a leaf as SHA-256 over a random nonce and the canonical address: whoever has the
address can check that it is meant, and who has neither the address nor a guess at it cannot tell.
"""

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from winnow.core.canonical import canonical_bytes
from winnow.core.govern.terms import Action, Channel
from winnow.core.tlog import (
    VerifierKey,
    Verify,
    leaf_hash,
    open_checkpoint,
    verify_inclusion,
)
from winnow.errors import BrokenLogError, InvalidInputError

NONCE_BYTES = 16
HASH_BYTES = 32
#: What every token begins with, so that one that lies about is recognised.
PREFIX = "wpt_"
VERSION = 1

_DOMAIN = b"winnow/permit-subject/v1\n"
_LONGEST_TOKEN = 20_000
_LONGEST_PROOF = 63
_COMMA = '","'
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{1,{_LONGEST_TOKEN}}}={{0,2}}", re.ASCII)
_LEAF = re.compile(
    r'\{"n":(0|[1-9][0-9]{0,8}),"nonce":"([0-9a-f]{32})",'
    r'(?:"refused":\[("[a-z-]{1,40}"(?:,"[a-z-]{1,40}"){0,19})\],)?"subject":"([0-9a-f]{64})"\}'
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What all permits of one answer have in common, and so what its one signature binds each of them to.

    answer: id of the answer · policy: content hash of the policy it was given under
    issued_at, expires_at: aware, whole seconds; a permit is good from the one until before the other
    once: it is good for one use, which is noted where it was issued
    """

    answer: str
    system: str
    action: Action
    channel: Channel | None
    purpose: str
    policy: str
    issued_at: datetime
    expires_at: datetime
    once: bool = False

    @property
    def line(self) -> str:
        """The terms as one line of JSON, which the signature covers."""
        return canonical_bytes(
            {
                "v": VERSION,
                "answer": self.answer,
                "system": self.system,
                "action": self.action.value,
                "channel": self.channel and self.channel.value,
                "purpose": self.purpose,
                "policy": self.policy,
                "issued_at": _written(self.issued_at),
                "expires_at": _written(self.expires_at),
                "once": self.once,
            }
        ).decode()


@dataclass(frozen=True, slots=True)
class Leaf:
    """What was answered about one person.

    number: place among the persons asked about, from 0 · subject: `subject_hash` of nonce and address
    refused: names of the checks that were not answered with yes; empty for a permit
    """

    number: int
    nonce: bytes
    subject: bytes
    refused: tuple[str, ...] = ()

    @property
    def content(self) -> bytes:
        """Its bytes in the tree: JSON without blanks, its keys in the order of the alphabet."""
        return leaf_content(self.number, self.nonce.hex(), self.subject.hex(), refused_part(self.refused))


def leaf_content(number: int, nonce: str, subject: str, refused: str = "") -> bytes:
    """The bytes of a leaf; the hashes are written in hex, `refused` is what `refused_part` makes of the names."""
    return f'{{"n":{number},"nonce":"{nonce}",{refused}"subject":"{subject}"}}'.encode("ascii")


def refused_part(refused: tuple[str, ...]) -> str:
    """What a leaf says of the checks that failed; nothing for a permit."""
    return f'"refused":["{_COMMA.join(refused)}"],' if refused else ""


@dataclass(frozen=True, slots=True)
class Token:
    """A leaf, the hashes that lead from it to the root, and the note that signs the root and the terms."""

    leaf: Leaf
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        document = {
            "leaf": self.leaf.content.decode(),
            "note": self.note,
            "proof": b64encode(b"".join(self.proof)).decode(),
        }
        return PREFIX + urlsafe_b64encode(canonical_bytes(document)).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Permit:
    """What a token proves: these terms, for the one person whom the leaf names."""

    terms: Terms
    leaf: Leaf

    @property
    def id(self) -> str:
        """How the permit is called: its answer, and its place in it."""
        return permit_id(self.terms.answer, self.leaf.number)

    def is_for(self, address: str) -> bool:
        """Whether it is about the person behind a canonical address."""
        return subject_hash(self.leaf.nonce, address) == self.leaf.subject

    def objection(self, now: datetime, wanted: Mapping[str, object]) -> str | None:
        """Why it does not hold at `now` (aware) for what is wanted; None when it does.

        wanted: some of `address` (canonical), `system`, `action`, `channel`, `purpose`, `policy`; each must be the same
        """
        if now < self.terms.issued_at:
            return "it is not valid yet"
        if now >= self.terms.expires_at:
            return "it has expired"
        for name, value in wanted.items():
            if not (self.is_for(str(value)) if name == "address" else getattr(self.terms, name) == value):
                return f"it is for another {name}"
        return None


def permit_id(answer: str, number: int) -> str:
    """The id of the permit, or refusal, with this place in an answer."""
    return f"{answer}-{number}"


def split_id(permit: str) -> tuple[str, int]:
    """The answer of a permit and its place in it; raises InvalidInputError for what is no id of a permit."""
    answer, _, number = permit.rpartition("-")
    if not answer or not number.isascii() or not number.isdecimal() or len(number) > len("100000000"):
        raise InvalidInputError(f"`{permit[:80]}` is no id of a permit", fix="take it from the answer of the gate")
    return answer, int(number)


def subject_hash(nonce: bytes, address: str) -> bytes:
    """SHA-256 over a domain tag, the nonce of 16 random bytes and the canonical address (`email:…`, `phone:…`)."""
    return sha256(_DOMAIN + nonce + address.encode("utf-8", "surrogatepass")).digest()


# ── reading a token ──────────────────────────────────────────────────────────────────────────────


def parse_token(text: str) -> Token:
    """The token in a text; raises InvalidInputError for what is none. Nothing in it is true until it was verified."""
    if not _TOKEN.fullmatch(text):
        raise _no_token("it does not look like one")
    body = text.removeprefix(PREFIX).rstrip("=")
    try:
        document: Any = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        leaf, note, proof = document["leaf"], document["note"], b64decode(document["proof"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _no_token("it was damaged on the way") from None
    if not isinstance(leaf, str) or not isinstance(note, str) or len(proof) % HASH_BYTES:
        raise _no_token("a part of it is missing")
    if len(proof) > _LONGEST_PROOF * HASH_BYTES:
        raise _no_token("its proof is too long")
    hashes = tuple(proof[at : at + HASH_BYTES] for at in range(0, len(proof), HASH_BYTES))
    token = Token(parse_leaf(leaf), hashes, note)
    if str(token) != PREFIX + body:
        raise _no_token("it is not written as the gate writes one")
    return token


def parse_leaf(text: str) -> Leaf:
    """The leaf in a text; raises InvalidInputError unless it is exactly what `Leaf.content` writes."""
    found = _LEAF.fullmatch(text)
    if not found:
        raise _no_token("what it says about the person cannot be read")
    refused = tuple(found[3].replace('"', "").split(",")) if found[3] else ()
    return Leaf(int(found[1]), bytes.fromhex(found[2]), bytes.fromhex(found[4]), refused)


def verify_token(token: Token, key: VerifierKey, verify: Verify) -> Permit:
    """What a token proves; raises BrokenLogError when it proves nothing, or proves a refusal.

    Whether it still holds, and for what, says `Permit.objection`.
    """
    checkpoint = open_checkpoint(token.note, key, verify)
    if len(checkpoint.extensions) != 1:
        raise BrokenLogError("this was signed and is no answer of the gate", fix="ask for a permit")
    terms = terms_from(checkpoint.extensions[0])
    verify_inclusion(leaf_hash(token.leaf.content), token.leaf.number, checkpoint.head, token.proof)
    if token.leaf.refused:
        raise BrokenLogError("this proves a refusal, not a permit", fix="do not do it")
    return Permit(terms, token.leaf)


def terms_from(line: str) -> Terms:
    """The terms in the line that was signed; raises BrokenLogError unless they are what `Terms.line` writes."""
    try:
        said: Any = json.loads(line)
        found = Terms(
            str(said["answer"]),
            str(said["system"]),
            Action(said["action"]),
            None if said["channel"] is None else Channel(said["channel"]),
            str(said["purpose"]),
            str(said["policy"]),
            _read(said["issued_at"]),
            _read(said["expires_at"]),
            once=said["once"] is True,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _no_terms() from None
    if found.line != line:
        raise _no_terms()
    return found


_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_WRITTEN)


def _read(text: str) -> datetime:
    return datetime.strptime(text, _WRITTEN).replace(tzinfo=UTC)


def whole_seconds(moment: datetime) -> datetime:
    """The moment without its fraction of a second, as terms hold it."""
    return moment - timedelta(microseconds=moment.microsecond)


def _no_token(why: str) -> InvalidInputError:
    return InvalidInputError(f"this is no permit: {why}", fix="give the whole token as it was answered")


def _no_terms() -> BrokenLogError:
    return BrokenLogError("this was signed and its terms cannot be read", fix="get a newer verifier")
