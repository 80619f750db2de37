"""Holds rows of other programs against permits, the mail that left, and what people had said by then."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from winnow.core.govern.consent import ConsentEvent
from winnow.core.govern.limits import Limits
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address
from winnow.core.govern.workaround import Contact, Permitted, covering, lacking, no_since, no_to
from winnow.errors import InvalidInputError
from winnow.ports.consent import Standings
from winnow.ports.workaround import PermittedStore
from winnow.services.reconcile.report import NOBODY_SEEN, Report, Sight

#: Columns by what they say, in small letters; the first that a row has counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "who": ("who", "email", "recipient", "to", "address", "phone", "number", "contact"),
    "when": ("when", "at", "sent_at", "date", "time", "timestamp", "occurred_at", "created_at"),
    "channel": ("channel", "type", "activity"),
    "purpose": ("purpose",),
    "by": (
        *("by", "user", "owner", "created_by", "sent_by", "assigned_to", "activity_assigned_to", "rep", "agent"),
        *("system", "tool", "owner_id", "hubspot_owner_id", "created_by_id", "sender", "from"),
    ),
}

#: Lines that are looked up together.
AT_ONCE = 5_000

#: So long before the first contact permits are looked for: long enough to say what was lacking.
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=1)
_LONGEST, _LONGEST_ADDRESS = 60, 320

#: What CRMs call channels.
_CALLED = {"e-mail": "email", "mail": "email", "call": "phone", "text": "sms", "message": "chat", "letter": "post"}


class ReconcileDesk:
    """Holds reports against permits. Every method may raise UnavailableError."""

    def __init__(
        self,
        store: PermittedStore,
        consent: Standings,
        address: Callable[[str], Address | None],
        subject: Callable[[Address], int],
        limits: Callable[[], Limits],
    ) -> None:
        """`address`: an e-mail address or a number in its one spelling; None for what is neither.

        limits: of the policy in force
        """
        self._store = store
        self._consent = consent
        self._address = address
        self._subject = subject
        self._limits = limits

    def reconcile(
        self,
        rows: Iterable[tuple[int, Mapping[str, object]]],
        usual: Channel | None = None,
        by: str = "",
        sight: Sight = NOBODY_SEEN,
    ) -> Report:
        """The report about some rows with the numbers of their lines; see COLUMNS for their keys, in small letters.

        usual: the channel of rows that name none · by: the column that says who did it, where it is another
        """
        report, left = Report(sight), iter(rows)
        while part := list(islice(left, AT_ONCE)):
            contacts = list(self._contacts(part, usual, key_of(by), report))
            if contacts:
                self._hold_against(contacts, report)
        return report

    def _hold_against(self, contacts: Sequence[Contact], report: Report) -> None:
        since, until = min(each.at for each in contacts), max(each.at for each in contacts)
        subjects = list(dict.fromkeys(each.subject for each in contacts))
        permitted = self._store.permitted(subjects, since - _BEFORE, until + _AFTER)
        said = self._consent.events_of(subjects)
        for contact in contacts:
            self._tell(contact, permitted.get(contact.subject, ()), said.get(contact.subject, ()), report)

    def _tell(
        self, contact: Contact, permitted: Sequence[Permitted], events: Sequence[ConsentEvent], report: Report
    ) -> None:
        limits = self._limits()
        found = lacking(contact, permitted) or no_since(contact, covering(contact, permitted), events, limits)
        denial = no_to(contact, events, limits) if found is not None else None
        report.tell(contact, found, denial.why if denial is not None else "")

    def _contacts(
        self, rows: Iterable[tuple[int, Mapping[str, object]]], usual: Channel | None, by: str, report: Report
    ) -> Iterator[Contact]:
        names = (by,) if by else COLUMNS["by"]
        for place, row in rows:
            try:
                contact = self._contact(place, row, usual, names)
            except InvalidInputError as wrong:
                report.tell_unread(place, f"{wrong.what}; {wrong.fix}" if wrong.fix else wrong.what)
                continue
            report.by_column[next((name for name in names if _text(row, name)), "")] += 1
            yield contact

    def _contact(self, place: int, row: Mapping[str, object], usual: Channel | None, by: Sequence[str]) -> Contact:
        channel, who = _channel(_said(row, COLUMNS["channel"]), usual), _said(row, COLUMNS["who"])
        address = self._address(who)
        if address is None:
            raise InvalidInputError("it does not say who was contacted", fix="give an e-mail address or a number")
        purpose, user = _said(row, COLUMNS["purpose"]) or None, _said(row, by)[:_LONGEST]
        at = _moment(_said(row, COLUMNS["when"]))
        return Contact(place, self._subject(address), at, channel, purpose, user, who[:_LONGEST_ADDRESS])


def key_of(name: str) -> str:
    """The name of a column as rows have it: in small letters, with underscores for blanks."""
    return name.strip().lower().replace(" ", "_")


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _said(row: Mapping[str, object], names: Iterable[str]) -> str:
    return next((text for name in names if (text := _text(row, name))), "")


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
