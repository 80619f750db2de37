"""What is about a person is sealed with that person's own key, so that destroying one key erases one person.

AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces; each subject's key seals that subject's few records, the
master key wraps the subjects' keys. What a value is looked up by is a keyed hash, so that the database alone does
not tell which address or network it was.
"""

import os
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from winnow.errors import WinnowError

KEY_BYTES = 32
_NONCE_BYTES = 12
#: Hashes are kept in signed 64-bit columns; 63 bits keep them positive.
_POSITIVE = (1 << 63) - 1


class Vault:
    """Seals and opens with the keys of an installation.

    wrapping: wraps subjects' keys · own: seals what is about no single person · pepper: of the keyed hashes
    """

    def __init__(self, wrapping: bytes, own: bytes, pepper: bytes) -> None:
        self._wrapping = AESGCM(wrapping)
        self._own = AESGCM(own)
        self._hashing = blake2b(digest_size=8, key=pepper)

    def hashed(self, kind: str, value: str) -> int:
        """A positive 63-bit number that stands for a value; the same for the same value, and never the way back."""
        hashing = self._hashing.copy()  # twice as fast as taking in the key each time
        hashing.update(f"{kind}\0{value}".encode("utf-8", "surrogatepass"))
        return int.from_bytes(hashing.digest(), "big") & _POSITIVE

    def new_key(self, subject: int) -> tuple[bytes, bytes]:
        """A key for a subject, and the same wrapped for the database."""
        key = os.urandom(KEY_BYTES)
        return key, _sealed(self._wrapping, key, _number(subject))

    def unwrapped(self, subject: int, wrapped: bytes) -> bytes:
        """The key of a subject."""
        return _opened(self._wrapping, wrapped, _number(subject))

    def seal_own(self, content: bytes, about: str) -> bytes:
        """Seal something that belongs to the installation; it opens only under the same `about`."""
        return _sealed(self._own, content, about.encode())

    def open_own(self, content: bytes, about: str) -> bytes:
        """What was sealed by `seal_own`; raises WinnowError when it was altered or sealed with other keys."""
        return _opened(self._own, content, about.encode())


def sealed(key: bytes, content: bytes, number: int) -> bytes:
    """Seal a record with a subject's key; it opens only as the record with this number."""
    return _sealed(AESGCM(key), content, _number(number))


def opened(key: bytes, content: bytes, number: int) -> bytes:
    """What was sealed by `sealed`; raises WinnowError when it was altered, moved or sealed with another key."""
    return _opened(AESGCM(key), content, _number(number))


def _number(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _sealed(cipher: AESGCM, content: bytes, about: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, about)


def _opened(cipher: AESGCM, content: bytes, about: bytes) -> bytes:
    try:
        return cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        raise WinnowError(
            "a sealed record does not open: it was altered, or the keys are not those of this database",
            fix="check the keys folder, or restore both from the same backup",
        ) from None
