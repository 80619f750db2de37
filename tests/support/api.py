"""The application of `served`, asked as the keys of different roles, for tests of what people change."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.support.served import Served, serving
from winnow.bootstrap.service import Service
from winnow.core.apikeys import ROLES


@dataclass
class Api:
    """Asks the application, with a key that has every scope unless a role is named."""

    served: Served
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def service(self) -> Service:
        return self.served.service

    def ask(self, method: str, path: str, body: Any = None, *, role: str = "all", **headers: str) -> httpx2.Response:
        """The answer to a request; `headers` with `_` for `-`, e.g. `If_Match`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if content is not None:
            named.setdefault("Content-Type", "application/json")
        return self.served(method, path, key=self.token(role), content=content, headers=named)  # type: ignore[no-any-return]  # an answer of httpx2

    def get(self, path: str, **more: Any) -> Any:
        """The document at an address, which must be there."""
        return self._good(self.ask("GET", path, **more))

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """What a POST was answered, which must succeed."""
        return self._good(self.ask("POST", path, body, **more))

    def delete(self, path: str, **more: Any) -> None:
        """DELETE, which must succeed."""
        answer = self.ask("DELETE", path, **more)
        assert answer.status_code == 204, answer.text

    @staticmethod
    def _good(answer: httpx2.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()

    def token(self, role: str) -> str:
        """The token of a key that has a role; `all` has every scope, and other names are scopes."""
        if role not in self.tokens:
            self.tokens[role] = self.served.new_key(*(ROLES if role == "all" else role.split()))
        return self.tokens[role]

    def key_id(self, role: str = "all") -> str:
        """The id of that key."""
        return self.token(role).rpartition("_")[0]

    def log(self) -> list[str]:
        """The kinds of all leaves of the decision log, in order."""
        size = self.service.log.frontier().size
        return [json.loads(entry)["kind"] for entry in self.service.log.entries(0, size)]


@contextmanager
def running_api(folder: Path) -> Iterator[Api]:
    """The API over a fresh installation."""
    with serving(folder) as served:
        yield Api(served)
