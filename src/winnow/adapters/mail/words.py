"""Puts letters into words: templates as text and as HTML, in which whatever comes from outside is escaped."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from winnow.core.people.accounts import Person
from winnow.core.review.digest import MOST_NAMED, QueueOfDay, words_of
from winnow.ports.mail import Letter

#: Nothing that a mail program makes a link of.
_USUAL_NAME = re.compile(r"(?=.{1,40}$)[\w-]+(?: [\w-]+){0,3}")


class WrittenLetters:
    """See the port LetterWriter."""

    def __init__(self, pages: str, zone: ZoneInfo) -> None:
        """`pages`: the address of the installation, without a slash at its end · `zone`: in which times are told."""
        self._pages = pages
        self._zone = zone

    def invitation(self, person: Person, token: str, until: datetime, now: datetime) -> Letter:
        """To somebody who may make an account with a link."""
        subject = "You are invited to Winnow"
        return self._letter("invitation", person, subject, now, link=self._link(token), until=self._told(until))

    def reset(self, person: Person, token: str, until: datetime, now: datetime) -> Letter:
        """To somebody who may choose another password with a link."""
        subject = "Choose another password for Winnow"
        return self._letter("reset", person, subject, now, link=self._link(token), until=self._told(until))

    def digest(self, person: Person, queue: QueueOfDay, unsubscribe: str, now: datetime) -> Letter:
        """To somebody who reviews: what waits."""
        subject = f"{_leads(queue.waiting)} for review"
        oldest = None if queue.oldest is None else self._told(queue.oldest)
        named = {
            "sources": [(_source(name), count) for name, count in queue.by_source[:MOST_NAMED]],
            "more_sources": max(0, len(queue.by_source) - MOST_NAMED),
            "reasons": [(words_of(code), count) for code, count in queue.by_reason[:MOST_NAMED]],
        }
        said = {"queue": queue, "oldest": oldest, "leads": _leads(queue.waiting), "link": f"{self._pages}/queue"}
        return self._letter("digest", person, subject, now, unsubscribe, **said, **named)

    def consent(self, to: str, wording: str, link: str, until: datetime, now: datetime) -> Letter:
        """To an address whose owner is asked to confirm a wording."""
        subject = "Please confirm that we may write to you"
        said = {"wording": wording, "link": link, "until": self._told(until), "pages": self._pages, "subject": subject}
        text = _templates().get_template("consent.txt").render(said)
        html = _templates().get_template("consent.html").render(said)
        return Letter(to, subject, text, html, now)

    def _letter(
        self, name: str, person: Person, subject: str, now: datetime, unsubscribe: str | None = None, **said: object
    ) -> Letter:
        said = {**said, "name": person.name, "pages": self._pages, "subject": subject}
        text = _templates().get_template(f"{name}.txt").render(said)
        html = _templates().get_template(f"{name}.html").render(said)
        return Letter(person.email, subject, text, html, now, unsubscribe)

    def _link(self, token: str) -> str:
        return f"{self._pages}/join/{token}"

    def _told(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M %Z}"


def _source(name: str) -> str:
    """The name of a source, unless it is none that we would choose: of a public form a stranger can make one up."""
    if not name:
        return "without a source"
    return name if _USUAL_NAME.fullmatch(name) else "a source with an unusual name"


def _leads(count: int) -> str:
    return f"{count:,} lead waits" if count == 1 else f"{count:,} leads wait"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("winnow.adapters.mail"),
        autoescape=select_autoescape(["html"], default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
