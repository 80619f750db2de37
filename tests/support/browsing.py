"""The real pages in a real browser: a service on this machine, people who signed in, and what must never happen."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.support.served import UNLIMITED
from tests.support.serving import Client
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.shells.http.app import App
from winnow.shells.http.server import listening
from winnow.shells.web.site import site

#: What everybody's password is here.
PASSWORD = "unrelated words of a test"

#: Chromium's own words for an answer that is no 2xx; a page that fails on purpose causes them.
_REFUSED = "Failed to load resource: the server responded with a status of 4"
#: Playwright's own doing whenever it takes a picture.
_OF_PICTURES = "Applying inline style violates"


class Installation:
    """A service with pages.

    url: where it is · service, desks: what runs behind it · key: of a program that may do everything
    """

    def __init__(self, app: App, url: str) -> None:
        self.url = url
        self.app = app
        self.service = app.state.service
        self.desks = app.state.desks
        self._people: dict[str, str] = {}

    @cached_property
    def key(self) -> str:
        made = self.service.key_desk.create("test", ["ingest", "rep", "auditor"], created_by="tests").token
        self.service.key_ring.refresh()
        return made

    def screened(self, **lead: Any) -> dict[str, Any]:
        """The decision about a new lead."""
        client = Client(int(self.url.rpartition(":")[2]), self.key)
        answer = client.send("POST", "/v1/leads", lead)
        client.close()
        assert answer.status == 200, answer.body
        return answer.json  # type: ignore[no-any-return]

    def waiting(self, **lead: Any) -> dict[str, Any]:
        """The decision about a lead that waits for a person now."""
        return self.screened(**{"full_name": "Ana Kovač", **lead, "email": lead.get("email", "review@winnow.example")})

    def person(self, *roles: str, name: str = "") -> str:
        """The mail address of somebody with some roles; made at the first call."""
        who = name or "-".join(roles)
        if who not in self._people:
            self._people[who] = f"{who.lower().replace(' ', '.')}@people.example"
            desk = self.desks.people.desk
            link = desk.invite(self._people[who], (name or who.capitalize()), roles, "tests")
            desk.join(link.token, PASSWORD)
        return self._people[who]

    def person_id(self, *roles: str, name: str = "") -> str:
        return self.desks.people.desk.called(self.person(*roles, name=name)).id

    def session(self, *roles: str, name: str = "") -> str:
        """The id of a new session of theirs."""
        return self.desks.people.sign_ins.sign_in(self.person(*roles, name=name), PASSWORD, None, "127.0.0.1").token

    def end_sessions(self) -> None:
        """As if nobody had done anything for longer than a session lasts."""
        from winnow.adapters.db.connections import writing  # noqa: PLC0415
        from winnow.adapters.db.people_tables import sessions  # noqa: PLC0415

        with writing(self.service.engine) as connection:
            connection.execute(sessions.delete())


@contextmanager
def installed(folder: Path, **settings: str) -> Iterator[Installation]:
    """A new installation that listens; settings are written with `__` in place of the point."""
    named = {name.replace("__", "."): value for name, value in settings.items()}
    flags = {**UNLIMITED, "serve.sandbox": "yes", "data.folder": str(folder), **named}
    service = open_service(load(flags=flags))
    with listening("127.0.0.1", 0) as listener:
        app = App(service, site=site)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, lifespan="on", ws="none", timeout_graceful_shutdown=5)
        )
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Installation(app, f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()
            service.engine.dispose()


def chromium() -> str | None:
    """The browser of this machine."""
    return shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """What a page did that no page may do: faults on the console, scripts against the policy, dialogs."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        #: Answers of 4xx that a test causes on purpose.
        self.may_be_refused = False

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        page.on("dialog", self._dialog)

    def _console(self, message: ConsoleMessage) -> None:
        text = message.text
        if _OF_PICTURES in text or (self.may_be_refused and _REFUSED in text):
            return
        if message.type in {"error", "warning"} or "Content Security Policy" in text:
            self.faults.append(f"{message.type}: {text}")

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def signed_in(browser: Browser, winnow: Installation, *roles: str, name: str = "", **looks: Any) -> BrowserContext:
    """A browser of somebody who signed in; `looks` as Playwright takes them: viewport, color_scheme, locale."""
    context = browser.new_context(base_url=winnow.url, **{"viewport": {"width": 1280, "height": 800}, **looks})
    context.set_default_timeout(20_000)
    if roles:
        token = winnow.session(*roles, name=name)
        context.add_cookies(
            [{"name": "winnow", "value": token, "url": winnow.url, "httpOnly": True, "sameSite": "Lax"}]
        )
    return context


#: The rules of axe-core that look at colours.
COLOURS = ("color-contrast", "link-in-text-block")


def offences(page: Page, *only: str) -> list[str]:
    """What axe-core finds on a page against WCAG 2.2 A and AA and its best practices, or against some rules only."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    asked = {"resultTypes": ["violations"], **({"runOnly": {"type": "rule", "values": only}} if only else {})}
    found = page.evaluate("async asked => (await axe.run(document, asked)).violations", asked)
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for each in found
        for node in each["nodes"]
    ]


def offences_by_day_and_night(page: Page) -> list[str]:
    """The same in the light theme, and what the dark one, in which nothing but colours differs, adds to it."""
    found = offences(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # colours on their way are neither
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    found += [f"in the dark: {each}" for each in offences(page, *COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
