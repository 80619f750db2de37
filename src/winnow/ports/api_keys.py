"""Where the keys of programs are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from winnow.core.apikeys import ApiKey


class ApiKeyStore(Protocol):
    """Where the keys of programs are kept, without their secrets; every method may raise UnavailableError."""

    def add(self, key: ApiKey) -> None:
        """Keep a new key."""
        ...

    def all(self) -> Sequence[ApiKey]:
        """Every key there ever was, the eldest first."""
        ...

    def active(self) -> Sequence[ApiKey]:
        """The keys that are not revoked; some may have expired."""
        ...

    def revoke(self, key_id: str, actor: str, at: datetime) -> bool:
        """End a key for good; False when there is none of this id that is not revoked already."""
        ...

    def version(self) -> int:
        """A number that grows with every change."""
        ...
