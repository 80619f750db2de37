"""People who ask the application of `served` from a page of it, with the cookie that browsers would send."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.support.served import Served

PASSWORD = "seven quiet lighthouses"
HOME = "https://testserver"
_numbers = count(1)


@dataclass
class Browser:
    """One browser: keeps its cookie."""

    served: Served
    cookie: str = ""
    home: str = HOME
    ip: str = "192.0.2.1"

    def __call__(self, method: str, path: str, body: Any = None, *, origin: str | None = "", **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        sent = self.home if origin == "" else origin
        headers |= {} if sent is None else {"Origin": sent}
        headers |= {"Cookie": self.cookie} if self.cookie else {}
        content = {} if body is None else {"json": body}
        answer = self.served(method, self.home + path, key=None, ip=self.ip, headers=headers, **content, **more)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def sign_in(self, email: str, password: str = PASSWORD, **more: Any) -> Any:
        return self("POST", "/v1/session", {"email": email, "password": password, **more})


def new_person(served: Served, *roles: str) -> Any:
    """Somebody with an account."""
    email = f"p{next(_numbers)}@x.example"
    return served.state.desks.people.desk.create(email, "P", roles, PASSWORD, "tests")


def browser_of(served: Served, *roles: str) -> Browser:
    """A browser in which somebody new with these roles has signed in."""
    browser = Browser(served, ip=served.new_ip())
    answer = browser.sign_in(new_person(served, *roles).email)
    assert answer.status_code == 200, answer.text
    return browser
