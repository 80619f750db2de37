"""The words of ASGI, as far as they are spoken here without the framework."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

AsgiScope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def client_of(scope: AsgiScope) -> str:
    """The address the request came from; a proxy that is trusted has said whose it is."""
    client = scope.get("client")
    return client[0] if client else ""
