"""Pages as somebody who signed in gets them, without a browser."""

import re
from typing import Any
from urllib.parse import urlencode

from tests.support.served import Served

#: What everybody's password is here.
PASSWORD = "unrelated words of a test"
#: The one address that is asked: only this machine may sign in without https.
_HOST = "localhost"


class Seen:
    """Asks for pages as people with some roles.

    served: the application behind it
    """

    def __init__(self, served: Served) -> None:
        self.served = served
        self._sessions: dict[tuple[str, ...], str] = {}

    def get(self, path: str, *roles: str, **headers: str) -> Any:
        """A page; without roles nobody has signed in."""
        return self._ask("GET", path, roles, headers)

    def post(self, path: str, *roles: str, fields: Any = (), **headers: str) -> Any:
        """The answer to a form."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        body = urlencode(fields, doseq=True)
        own = {"sec-fetch-site": "same-origin", "origin": f"http://{_HOST}"}
        return self._ask("POST", path, roles, {**own, **kind, **headers}, content=body)

    def person(self, *roles: str) -> str:
        """The id of the person who asks with these roles."""
        self._session(roles)
        return self.served.state.desks.people.desk.called(_address(roles)).id

    def _ask(self, method: str, path: str, roles: tuple[str, ...], headers: Any, **more: Any) -> Any:
        said = {"host": _HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if roles:
            said["cookie"] = f"winnow={self._session(roles)}"
        return self.served(method, path, key=None, headers=said, **more)

    def _session(self, roles: tuple[str, ...]) -> str:
        if roles not in self._sessions:
            desks = self.served.state.desks.people
            link = desks.desk.invite(_address(roles), " and ".join(roles), roles, "tests")
            desks.desk.join(link.token, PASSWORD)
            self._sessions[roles] = desks.sign_ins.sign_in(_address(roles), PASSWORD, None, "127.0.0.1").token
        return self._sessions[roles]


def text_of(page: Any) -> str:
    """What stands on a page, without its tags, blanks collapsed."""
    without = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    without = re.sub(r"</?code>", "", without)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without)).strip()


def _address(roles: tuple[str, ...]) -> str:
    return f"{'.'.join(roles)}@people.example"
