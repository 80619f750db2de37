"""Reports of what a CRM or a mail server did, held against what was permitted: who went past the gate, how often."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address
from winnow.core.govern.workaround import Contact, Lack, lack
from winnow.errors import InvalidInputError
from winnow.ports.workaround import PermittedStore

#: Columns by what they say, in small letters; the first that a row has counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "who": ("who", "email", "recipient", "to", "address", "phone", "number", "contact"),
    "when": ("when", "at", "sent_at", "date", "time", "timestamp", "occurred_at", "created_at"),
    "channel": ("channel", "type", "activity"),
    "purpose": ("purpose",),
    "by": ("by", "user", "owner", "system", "tool", "sender", "from"),
}

#: Lines that are looked up together, workarounds that are listed, and different users that are counted.
AT_ONCE, MOST_LISTED, MOST_USERS = 5_000, 10_000, 1_000

#: So long before the first contact permits are looked for: long enough to say what was lacking.
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=1)
_LONGEST = 60
_OTHERS = "others"

#: What CRMs call channels.
_CALLED = {"e-mail": "email", "mail": "email", "call": "phone", "text": "sms", "message": "chat", "letter": "post"}


class Workaround(NamedTuple):
    """A contact without a permit. `place` is its line in the report."""

    place: int
    at: datetime
    channel: Channel
    purpose: str | None
    by: str
    lack: Lack


@dataclass(slots=True)
class Report:
    """What came out. Nobody's address is in it: whoever has the report finds them by the numbers of its lines.

    found: the workarounds, in their order, MOST_LISTED at most · unreadable: lines with what is wrong, the same
    """

    contacts: int = 0
    workarounds: int = 0
    unread: int = 0
    first: datetime | None = None
    last: datetime | None = None
    by_lack: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_user: Counter[str] = field(default_factory=Counter)
    by_day: Counter[str] = field(default_factory=Counter)
    found: list[Workaround] = field(default_factory=list)
    unreadable: list[tuple[int, str]] = field(default_factory=list)

    def tell_unread(self, place: int, what: str) -> None:
        """Note a line that could not be read."""
        self.unread += 1
        if len(self.unreadable) < MOST_LISTED:
            self.unreadable.append((place, what))

    def tell(self, contact: Contact, lacks: Lack | None) -> None:
        """Note a contact."""
        self.contacts += 1
        self.first = min(self.first or contact.at, contact.at)
        self.last = max(self.last or contact.at, contact.at)
        if lacks is None:
            return
        self.workarounds += 1
        self.by_lack[lacks.name.lower()] += 1
        self.by_channel[contact.channel.value] += 1
        self.by_user[contact.by if contact.by in self.by_user or len(self.by_user) < MOST_USERS else _OTHERS] += 1
        self.by_day[contact.at.date().isoformat()] += 1
        if len(self.found) < MOST_LISTED:
            self.found.append(
                Workaround(contact.place, contact.at, contact.channel, contact.purpose, contact.by, lacks)
            )

    @property
    def document(self) -> dict[str, object]:
        """The report as plain data."""
        return {
            "contacts": self.contacts,
            "permitted": self.contacts - self.workarounds,
            "without_permit": self.workarounds,
            "unreadable": self.unread,
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
            "by_lack": dict(self.by_lack.most_common()),
            "by_channel": dict(self.by_channel.most_common()),
            "by_user": dict(self.by_user.most_common()),
            "by_day": dict(sorted(self.by_day.items())),
            "workarounds": [
                {
                    "line": each.place,
                    "at": each.at.isoformat(),
                    "channel": each.channel.value,
                    "purpose": each.purpose,
                    "by": each.by,
                    "lack": each.lack.name.lower(),
                    "because": each.lack.value,
                }
                for each in self.found
            ],
            "unreadable_lines": [{"line": place, "what": what} for place, what in self.unreadable],
        }


class ReconcileDesk:
    """Holds reports against permits. Every method may raise UnavailableError."""

    def __init__(
        self,
        store: PermittedStore,
        address: Callable[[str], Address | None],
        subject: Callable[[Address], int],
    ) -> None:
        """`address`: an e-mail address or a number in its one spelling; None for what is neither."""
        self._store = store
        self._address = address
        self._subject = subject

    def reconcile(self, rows: Iterable[tuple[int, Mapping[str, object]]], usual: Channel | None = None) -> Report:
        """The report about some rows with the numbers of their lines; see COLUMNS for their keys, in small letters.

        usual: the channel of rows that name none
        """
        report, left = Report(), iter(rows)
        while part := list(islice(left, AT_ONCE)):
            contacts = list(self._contacts(part, usual, report))
            if contacts:
                since, until = min(each.at for each in contacts), max(each.at for each in contacts)
                subjects = [each.subject for each in contacts]
                permitted = self._store.permitted(subjects, since - _BEFORE, until + _AFTER)
                for contact in contacts:
                    report.tell(contact, lack(contact, permitted.get(contact.subject, ())))
        return report

    def _contacts(
        self, rows: Iterable[tuple[int, Mapping[str, object]]], usual: Channel | None, report: Report
    ) -> Iterator[Contact]:
        for place, row in rows:
            try:
                yield self._contact(place, row, usual)
            except InvalidInputError as wrong:
                report.tell_unread(place, f"{wrong.what}; {wrong.fix}" if wrong.fix else wrong.what)

    def _contact(self, place: int, row: Mapping[str, object], usual: Channel | None) -> Contact:
        channel = _channel(_said(row, "channel"), usual)
        address = self._address(_said(row, "who"))
        if address is None:
            raise InvalidInputError("it does not say who was contacted", fix="give an e-mail address or a number")
        purpose, by = _said(row, "purpose") or None, _said(row, "by")[:_LONGEST]
        return Contact(place, self._subject(address), _moment(_said(row, "when")), channel, purpose, by)


def _said(row: Mapping[str, object], what: str) -> str:
    values = (row.get(name) for name in COLUMNS[what])
    return next((str(value).strip() for value in values if value is not None and str(value).strip()), "")


def _channel(text: str, usual: Channel | None) -> Channel:
    word = text.lower()
    if not word and usual is not None:
        return usual
    try:
        return Channel(_CALLED.get(word, word))
    except ValueError:
        known = ", ".join(Channel)
        what = f"`{text[:_LONGEST]}` is no channel" if text else "it does not say through which channel"
        raise InvalidInputError(what, fix=f"use one of {known}") from None


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        what = "it does not say when, with a time zone"
        raise InvalidInputError(what, fix="write it like 2026-11-22T09:30:00+01:00")
    return found
