#!/usr/bin/env python3
"""Check a permit of Winnow offline, with nothing but the published key.

    python verify_permit.py TOKEN --key NAME+ID+KEY [--email ADDRESS | --phone NUMBER]
        [--system ID] [--action WORD] [--channel WORD] [--purpose WORD] [--at 2026-11-22T08:30:00Z]

TOKEN may be `-`: it is read from standard input. It needs Python 3.11 and the package `cryptography`, and nothing of
Winnow. Get the key from somewhere you trust: `winnow gate key`, or GET /v1/permits/key over HTTPS.
What it cannot see: whether a permit for a single use was used, and whether anything was stopped or taken back since
it was given, which is why permits are short-lived. POST /v1/permits/verify sees that.
Exit code: 0 the permit holds, 2 wrong usage, 4 it does not.
"""

import argparse
import base64
import hashlib
import json
import sys
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX = "wpt_"
DOMAIN = b"winnow/permit-subject/v1\n"
TIME = "%Y-%m-%dT%H:%M:%SZ"
HASH = 32

#: Mailboxes whose provider says that it ignores something: domain → (its one name, signs without meaning).
PROVIDERS = {
    "gmail.com": ("gmail.com", "."),
    "googlemail.com": ("gmail.com", "."),
    **{name: (name, "") for name in ("outlook.com", "hotmail.com", "fastmail.com")},
    **{name: (name, "") for name in ("proton.me", "protonmail.com", "pm.me")},
}


class Refused(Exception):  # noqa: N818 - what it says is the verdict
    """The permit does not hold."""


def sha256(*parts: bytes) -> bytes:
    """The hash of some bytes one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def email(address: str) -> str:
    """An ordinary e-mail address in its one spelling; an unusual one has to be given in that spelling already."""
    local, _, domain = address.strip().lower().rpartition("@")
    name, ignored = PROVIDERS.get(domain, (domain, None))
    if ignored is not None:
        bare = local.partition("+")[0]
        for sign in ignored:
            bare = bare.replace(sign, "")
        local = bare or local
    return f"email:{local}@{name}"


def phone(number: str) -> str:
    """A telephone number with its country, as E.164."""
    return "phone:+" + "".join(sign for sign in number if sign in "0123456789")


def signed_terms(note: str, key: str) -> tuple[dict[str, Any], int, bytes]:
    """The terms, the number of people asked about, and the root over them, once the signature is checked."""
    name, key_id, public = key.split("+", 2)
    typed = base64.b64decode(public, validate=True)
    if typed[:1] != b"\x01" or sha256(name.encode(), b"\n", typed)[:4].hex() != key_id:
        raise Refused("the key is no Ed25519 verifier key, or was copied wrong")
    text, _, signatures = note.rpartition("\n\n")
    wanted = f"— {name} "
    blobs = [base64.b64decode(line.removeprefix(wanted)) for line in signatures.splitlines() if line.startswith(wanted)]
    ours = [blob[4:] for blob in blobs if blob[:4].hex() == key_id]
    try:
        for signature in ours:
            Ed25519PublicKey.from_public_bytes(typed[1:]).verify(signature, f"{text}\n".encode())
    except (InvalidSignature, ValueError):
        raise Refused("the signature is false") from None
    lines = text.split("\n")
    if not ours or len(lines) != 4 or lines[0] != name:  # noqa: PLR2004 - origin, size, root, terms
        raise Refused("it is not signed by this key, or is no permit")
    terms = json.loads(lines[3])
    if terms["v"] != 1:
        raise Refused("its terms are newer than this program: get a newer one")
    return terms, int(lines[1]), base64.b64decode(lines[2])


def root_by_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Where a proof leads from a leaf (RFC 6962 section 2.1)."""
    if size == 1:
        if proof:
            raise Refused("the proof is too long")
        return leaf
    if not proof:
        raise Refused("the proof is too short")
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        return sha256(b"\x01", root_by_proof(leaf, index, left, proof[:-1]), proof[-1])
    return sha256(b"\x01", proof[-1], root_by_proof(leaf, index - left, size - left, proof[:-1]))


def check(token: str, key: str, now: datetime, address: str | None, wanted: dict[str, str]) -> dict[str, Any]:
    """The terms of a permit that holds; raises Refused otherwise. `address`: `email:…` or `phone:…`."""
    if not token.startswith(PREFIX):
        raise Refused("this is no permit")
    body = token.removeprefix(PREFIX).strip()
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    terms, size, root = signed_terms(said["note"], key)
    leaf, flat = json.loads(said["leaf"]), base64.b64decode(said["proof"], validate=True)
    proof = [flat[at : at + HASH] for at in range(0, len(flat), HASH)]
    index = int(leaf["n"])
    if not 0 <= index < size or root_by_proof(sha256(b"\x00", said["leaf"].encode()), index, size, proof) != root:
        raise Refused("it is not among the permits that were signed")
    if set(leaf) != {"n", "nonce", "subject"}:
        raise Refused("it is a refusal")
    if not moment(terms["issued_at"]) <= now < moment(terms["expires_at"]):
        raise Refused("it is not valid yet, or has expired")
    if address is not None and sha256(DOMAIN, bytes.fromhex(leaf["nonce"]), address.encode()).hex() != leaf["subject"]:
        raise Refused("it is for another address")
    for name, value in wanted.items():
        if terms[name] != value:
            raise Refused(f"it is for another {name}: {terms[name]}")
    return terms


def moment(text: str) -> datetime:
    """A time as permits write it."""
    return datetime.strptime(text, TIME).replace(tzinfo=UTC)


def main(argv: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("token")
    parser.add_argument("--key", required=True, help="the published key: NAME+ID+KEY")
    parser.add_argument("--email", help="to whom")
    parser.add_argument("--phone", help="to whom")
    for name in ("system", "action", "channel", "purpose"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--at", type=moment, default=None, help="the moment it should hold at, else now")
    given = parser.parse_args(argv)
    if given.email and given.phone:
        parser.error("give --email or --phone")
    address = email(given.email) if given.email else phone(given.phone) if given.phone else None
    wanted = {name: getattr(given, name) for name in ("system", "action", "channel", "purpose")}
    token = sys.stdin.read().strip() if given.token == "-" else given.token  # noqa: S105 - a dash
    try:
        now = given.at or datetime.now(UTC)  # noqa: TID251 - this file stands alone
        terms = check(token, given.key, now, address, {name: each for name, each in wanted.items() if each})
    except Refused as error:
        print(f"REFUSED: {error}", file=sys.stderr)
        return 4
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        print("REFUSED: this is no permit, or it was damaged on the way", file=sys.stderr)
        return 4
    once = "; for one use, which only the gate can tell" if terms["once"] else ""
    print(f"ok: {terms['system']} may {terms['action']} for {terms['purpose']} until {terms['expires_at']}{once}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
