"""The OpenID provider that people may sign in with."""

from collections.abc import Mapping
from typing import Any, Protocol

from winnow.core.people.oidc import Asked


class Provider(Protocol):
    """One provider, as it is configured."""

    @property
    def issuer(self) -> str:
        """Its address, which names it."""
        ...

    @property
    def client(self) -> str:
        """What it calls this installation."""
        ...

    def address(self, asked: Asked, back: str) -> str:
        """Where to send a browser, which is sent to `back` afterwards; raises UnavailableError."""
        ...

    def claims(self, code: str, asked: Asked, back: str) -> Mapping[str, Any]:
        """What the ID token says that a code is changed for; its signature holds, and nothing else was checked.

        Raises NotAuthenticatedError, and UnavailableError when the provider cannot be reached or understood.
        """
        ...
