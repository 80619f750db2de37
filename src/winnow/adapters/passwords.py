"""Hashes of passwords with Argon2id (RFC 9106), which costs whoever guesses as much memory and time as us.

Parameters: the first that OWASP's password storage sheet names (19 MiB, two passes, one lane). RFC 9106 would have
64 MiB for machines with little memory; with what guards the door here, guessing needs the database *and* the keys,
since hashes are sealed, and small machines are to stay able to let people in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from winnow.errors import UnavailableError

_KIB = 19 * 1024
_PASSES, _LANES = 2, 1
#: Hashes made at the same time, and seconds that others wait for their turn.
AT_ONCE, _PATIENCE = 2, 20.0


class Argon2:
    """See the port Hasher. To be used in threads of their own: each call takes tens of milliseconds."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = _PATIENCE) -> None:
        """`at_once`: how many hashes may be made together · `patience`: seconds after which one gives up waiting."""
        self._hasher = PasswordHasher(_PASSES, _KIB, _LANES)
        self._turn = BoundedSemaphore(at_once)
        self._patience = patience

    def hash(self, password: str) -> str:
        """The hash, with a salt and its parameters (PHC string format)."""
        with self._in_turn():
            return self._hasher.hash(password)

    def proves(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password of the hash; where there is none, another hash is compared for nothing."""
        with self._in_turn():
            compared = self._nobodys  # made the first time, whether it is needed or not
            try:
                self._hasher.verify(hashed or compared, password)
            except (VerificationError, InvalidHashError):
                return False
        return hashed is not None

    def outdated(self, hashed: str) -> bool:
        """Whether it was made with other parameters than those above."""
        try:
            return self._hasher.check_needs_rehash(hashed)
        except InvalidHashError:
            return False

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience):
            raise UnavailableError("too many people are signing in at this moment", fix="try again")
        try:
            yield
        finally:
            self._turn.release()
