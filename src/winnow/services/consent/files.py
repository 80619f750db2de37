"""Consent in and out of CSV files: a file can add denials and tell of grants, and never takes a denial back."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO

from winnow.core.govern.consent import DENIALS, EXPRESS, Act, Capture, ConsentEvent, State, fold
from winnow.core.govern.consent_events import BY_VOICE
from winnow.core.govern.limits import Limits
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told
from winnow.errors import InvalidInputError, WinnowError
from winnow.ports import Clock
from winnow.ports.consent import ConsentStore
from winnow.services.consent.desk import By, ConsentDesk, Recorder, Said

#: What a file may say. Only an address is needed: a bare list of addresses is one of people to leave alone.
COLUMNS = (
    *("email", "phone", "country", "act", "channel", "purpose", "basis", "wording", "occurred_at", "expires_at"),
    "evidence",
)
#: What an export says besides.
EXPORTED = (*COLUMNS, "subject", "number", "how", "captured_by", "received_at")

#: Rows of a file at most, and of one transaction.
MOST_ROWS, AT_ONCE = 1_000_000, 5_000
_MOST_NOTED = 10_000
_RUN = frozenset("=+-@'")
_CHANNELS = frozenset(map(str, Channel))
_BY_PHONE = frozenset(map(str, BY_VOICE))


@dataclass(frozen=True, slots=True)
class Noted:
    """Something about a line of a file: why it was refused, or what was made of it. `line` counts from 1."""

    line: int
    why: str


@dataclass(slots=True)
class Imported:
    """What an import did.

    refused: lines of which nothing was kept, or nothing for one of two addresses
    without_effect: grants that were kept and lift nothing
    widened: denials that count for more than the file says, since what it says is not known here
    """

    denials: int
    grants: int
    refused: list[Noted]
    without_effect: list[Noted]
    widened: list[Noted]
    numbers: tuple[int, int] | None = None


class ConsentFiles:
    """Reads and writes such files. Every method may raise UnavailableError."""

    def __init__(self, desk: ConsentDesk, ledger: ConsentStore, limits: Callable[[], Limits], clock: Clock) -> None:
        self._desk = desk
        self._ledger = ledger
        self._limits = limits
        self._clock = clock

    def take(self, text: str, actor: str) -> Imported:
        """Record what the text of a CSV file says, as far as it can be; raises InvalidInputError for what is none.

        Each part of AT_ONCE lines is recorded whole or not at all.
        """
        done = Imported(0, 0, [], [], [])
        part: list[tuple[int, Told]] = []
        for line, row in rows_in(text):
            part += [(line, told) for told in self._told(line, row, actor, done)]
            if len(part) >= AT_ONCE:
                self._keep(part, actor, done)
                part = []
        self._keep(part, actor, done)
        return done

    def tried(self, text: str, actor: str) -> Imported:
        """What `take` would record and refuse, without recording anything; raises the same."""
        done = Imported(0, 0, [], [], [])
        for line, row in rows_in(text):
            for told in self._told(line, row, actor, done):
                done.grants += told.act is Act.GRANT
                done.denials += told.act in DENIALS
        return done

    def _told(self, line: int, row: Mapping[str, str], actor: str, done: Imported) -> Iterator[Told]:
        """What a line says, of each of its addresses where it is a no."""
        for reading in _readings(row):
            try:
                yield self._read(line, {**row, **reading}, actor, done)
            except WinnowError as error:
                _note(done.refused, line, f"{error.what}; {error.fix}" if error.fix else error.what)

    def _read(self, line: int, row: Mapping[str, str], actor: str, done: Imported) -> Told:
        act = _act(row.get("act", ""))
        channel, purpose = row.get("channel") or None, row.get("purpose") or None
        if act in DENIALS:
            channel, purpose = self._widened(line, channel, purpose, done)
        said = Said(
            act,
            row.get("email") or None,
            row.get("phone") or None,
            row.get("country") or None,
            channel=None if channel is None else _channel(channel),
            purpose=purpose,
            how=Capture.IMPORT,
            basis=(row.get("basis") or EXPRESS) if act is Act.GRANT else None,
            wording=(row.get("wording") or None) if act is Act.GRANT else None,  # nothing odd may cost a denial
            evidence=row.get("evidence") or ("an imported file" if act is Act.BAR else None),
            occurred_at=_time(row.get("occurred_at", ""), lenient=act in DENIALS),
            expires_at=None if act in DENIALS - {Act.BAR} else _time(row.get("expires_at", ""), lenient=False),
        )
        return self._desk.told(said, Recorder(actor, By.PERSON), self._clock.now())

    def _widened(
        self, line: int, channel: str | None, purpose: str | None, done: Imported
    ) -> tuple[str | None, str | None]:
        """A denial whose channel or purpose is not known here counts for all: it must not get lost."""
        if channel is not None and channel.lower() not in _CHANNELS:
            _note(done.widened, line, f"`{channel[:40]}` is no channel, so it counts for every one")
            channel = None
        if purpose is not None and self._limits().purpose(purpose) is None:
            _note(done.widened, line, f"`{purpose[:40]}` is no purpose of the policy, so it counts for every one")
            purpose = None
        return channel, purpose

    def _keep(self, part: Sequence[tuple[int, Told]], actor: str, done: Imported) -> None:
        if not part:
            return
        now, told = self._clock.now(), [each for _, each in part]
        numbers = self._ledger.record(told, actor, now)
        first = numbers[0] if done.numbers is None else done.numbers[0]
        done.numbers = first, numbers[-1]
        done.grants += sum(each.act is Act.GRANT for each in told)
        done.denials += sum(each.act in DENIALS for each in told)
        grants = [(line, each) for line, each in part if each.act is Act.GRANT]
        subjects = {line: self._subject(each) for line, each in grants}
        known = self._ledger.events_of(list(subjects.values())) if subjects else {}
        for line, each in grants:
            self._tell_effect(line, each, known.get(subjects[line], ()), now, done)

    def _tell_effect(
        self, line: int, told: Told, events: Sequence[ConsentEvent], now: datetime, done: Imported
    ) -> None:
        if told.channel is None or told.purpose is None:
            return
        standing = fold(events, told.channel, told.purpose, now, self._limits().others(told.purpose))
        if standing.state is not State.GRANTED:
            _note(done.without_effect, line, f"kept, and lifts nothing: {standing.why}")

    def _subject(self, told: Told) -> int:
        return told.about if isinstance(told.about, int) else self._ledger.subject(told.about)

    def rows(self) -> Iterator[Mapping[str, str]]:
        """Everything that is recorded as rows of EXPORTED, in order; addresses that were erased are left blank."""
        after = -1
        while page := self._ledger.recorded(after, AT_ONCE):
            for event, address in page:
                yield _row(event, address)
            after = page[-1][0].number


def rows_in(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a CSV text with the numbers of their lines; raises InvalidInputError for what is none."""
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        if not {"email", "phone"} & set(names):
            fix = f"give the first line names such as {', '.join(COLUMNS)}"
            raise InvalidInputError("there is no column `email` or `phone`", where="line 1", fix=fix)
        for count, row in enumerate(reader):
            if count == MOST_ROWS:
                raise InvalidInputError(f"more than {MOST_ROWS:,} lines", fix="cut the file into smaller ones")
            yield reader.line_num, {name: _plain((row.get(name) or "").strip()) for name in names if name}
    except csv.Error as error:
        raise InvalidInputError(
            f"not a CSV text: {error}", where=f"line {reader.line_num}", fix="save it as such"
        ) from None


def _row(event: ConsentEvent, address: Address | None) -> Mapping[str, str]:
    said: dict[str, object] = {
        "act": event.act.value,
        "channel": event.channel and event.channel.value,
        "purpose": event.purpose,
        "basis": event.basis,
        "wording": event.wording,
        "occurred_at": event.occurred_at and event.occurred_at.isoformat(),
        "expires_at": event.expires_at and event.expires_at.isoformat(),
        "evidence": event.evidence,
        "subject": event.subject,
        "number": event.number,
        "how": event.how.value,
        "captured_by": event.captured_by,
        "received_at": event.received_at.isoformat(),
    }
    if address is not None:
        said[address.kind.value] = address.text
    return {name: "" if said.get(name) is None else str(said[name]) for name in EXPORTED}


def _note(notes: list[Noted], line: int, why: str) -> None:
    noted = Noted(line, why)
    if len(notes) < _MOST_NOTED and notes[-1:] != [noted]:
        notes.append(noted)


def _readings(row: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
    """What each event of a line leaves out: a no counts for both its addresses, a yes for the one it goes to."""
    if not (row.get("email") and row.get("phone")):
        return ({},)
    email, phone = {"phone": ""}, {"email": ""}
    if _word(row.get("act", "")) != Act.GRANT.value:
        return email, phone
    return (phone if row.get("channel", "").lower() in _BY_PHONE else email,)


def _word(act: str) -> str:
    return act.lower().replace("_", "-").replace(" ", "-") or Act.OPT_OUT.value


def _act(text: str) -> Act:
    """What is not said is an opt-out: a file of addresses alone is one of people to leave alone."""
    word = _word(text)
    if word not in _IMPORTED:
        raise InvalidInputError(f"`{text[:40]}` cannot come from a file", fix=f"use {', '.join(sorted(_IMPORTED))}")
    return Act(word)


_IMPORTED = frozenset({Act.OBJECTION.value, Act.OPT_OUT.value, Act.BAR.value, Act.GRANT.value})


def _channel(text: str) -> Channel:
    if text.lower() not in _CHANNELS:
        raise InvalidInputError(f"`{text[:40]}` is no channel", fix=f"use {', '.join(Channel)}")
    return Channel(text.lower())


def _time(text: str, *, lenient: bool) -> datetime | None:
    """A moment, in UTC if it names no zone; of a denial, one that cannot be read is an unknown one."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        if lenient:
            return None
        raise InvalidInputError(f"`{text[:40]}` is no time", fix="write it like 2026-11-22T09:30:00Z") from None


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _RUN else cell
