"""Secrets that open something for a while: the id of a session, the end of a one-time link. Only hashes are kept."""

import hashlib
import re
from datetime import timedelta
from enum import StrEnum

#: How long an invitation, and a link to choose another password, are good for.
INVITATION_FOR = timedelta(days=7)
RESET_FOR = timedelta(hours=24)

_TOKEN = re.compile(r"[0-9A-Za-z]{40,128}", re.ASCII)


class Purpose(StrEnum):
    """What a secret is for; it opens nothing else."""

    SESSION = "session"
    INVITATION = "invitation"
    RESET = "reset"


def digest(token: str, purpose: Purpose, pepper: bytes) -> bytes | None:
    """The keyed hash under which a secret is kept, 32 bytes; None for what cannot be one.

    pepper: 16 to 64 secret bytes that are kept outside the database
    """
    if not _TOKEN.fullmatch(token):
        return None
    person = f"winnow {purpose.value}".encode()[:16]
    return hashlib.blake2b(token.encode("ascii"), key=pepper, digest_size=32, person=person).digest()
