"""The gate: a batch of 100,000 people, one person, and a permit checked offline, over ten million consent events."""

import os
import random  # which people of the filler are asked about
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.consent_rows import AT_ONCE, written_out
from winnow.adapters.db.consent_tables import consent_events
from winnow.adapters.db.moments import micros
from winnow.adapters.db.rows import insert_rows, rows_of
from winnow.adapters.keys import verify_signature
from winnow.bootstrap.gatekeeping import make_gatekeeper, recipient, sources_of
from winnow.bootstrap.service import Service, open_service
from winnow.config import load
from winnow.core.govern.ask import Ask
from winnow.core.govern.consent import EXPRESS
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Cap
from winnow.core.govern.permit import parse_token, verify_token
from winnow.core.govern.systems import AiSystem, Mode, Standing, Status
from winnow.core.govern.terms import Action, Channel
from winnow.ports.gate import PolicyInForce, Recipient
from winnow.services.gatekeep import Asking, Gatekeeper

#: Smaller numbers for a quick look: WINNOW_BENCH_EVENTS, WINNOW_BENCH_ASKED.
EVENTS = int(os.environ.get("WINNOW_BENCH_EVENTS", "10000000"))  # a benchmark, no part of the product
ASKED = int(os.environ.get("WINNOW_BENCH_ASKED", "100000"))  # as above
_SINGLES = 300
_PART = 200_000
_ASK = Ask("mailer", Action.CONTACT, "marketing", Channel.EMAIL, ("contact",), (), "the newsletter they asked for")
_MAILER = AiSystem(
    id="mailer",
    name="Mailer",
    purpose="writes newsletters",
    version="1",
    purposes=frozenset({"marketing"}),
    owner="bench",
    inputs=frozenset({"contact"}),
    actions=frozenset(Action),
    channels=frozenset(Channel),
    status=Status.LIVE,
    next_review=date(2100, 1, 1),
)
_EVENTS_OF = "SELECT * FROM consent_events WHERE subject IN ({})"
_CONTACTS_OF = "SELECT subject, at, channel, purpose FROM contacts WHERE period = {} AND subject IN ({})"
_PERIOD = int(timedelta(days=32) / timedelta(microseconds=1))


def run() -> dict[str, float]:
    """Seconds, milliseconds and microseconds; the ratio is to the database look-ups the answer cannot do without."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, closing(_service(Path(folder))) as service:
        people = [recipient(AddressKind.EMAIL, f"person{number}@example.com", "DE") for number in range(ASKED)]
        few = _measured(service, people, 0)
        figures |= {f"{name}, {ASKED:,} events": value for name, value in few.items()}
        _fill(service, EVENTS - ASKED)
        figures |= {f"{name}, {EVENTS:,} events": value for name, value in _measured(service, people, 1).items()}
        figures["offline verification, µs"] = _offline(service, people)
    return figures


def _service(folder: Path) -> Service:
    return open_service(load(flags={"data.folder": str(folder)}))


def _keeper(service: Service) -> Gatekeeper:
    """With a system that is live, and a cap, so that contacts have to be counted."""
    sources = sources_of(service)

    def capped() -> PolicyInForce:
        found = sources.policy()
        return found._replace(limits=replace(found.limits, caps=(Cap("often", 1_000, 14),)))

    live = Standing(Mode.LIVE)
    return make_gatekeeper(service, replace(sources, system=lambda _: (_MAILER, live), policy=capped))


def _measured(service: Service, people: Sequence[Recipient], turn: int) -> dict[str, float]:
    keeper, subject = _keeper(service), sources_of(service).subject
    if not turn:
        _agree(service, [subject(each.address) for each in people])
    _written_back(service)
    subjects = [subject(each.address) for each in people]
    bare = min(_seconds(lambda: _bare(service, subjects)) for _ in range(3))
    batch = min(_seconds(lambda: keeper.ask(_ASK, people, Asking("bench"))) for _ in range(3))
    chosen = random.Random(1).sample(range(len(people)), _SINGLES)  # noqa: S311  # not for secrets
    singles = sorted(_seconds(lambda at=at: keeper.ask(_ASK, [people[at]], Asking("bench"))) for at in chosen)  # type: ignore[misc]
    return {
        "bare look-ups of a batch, s": bare,
        "batch answered, signed and recorded, s": batch,
        "ratio": batch / bare,
        "one person p50, ms": singles[_SINGLES // 2] * 1e3,
        "one person p99, ms": singles[int(_SINGLES * 0.99)] * 1e3,
    }


def _bare(service: Service, subjects: Sequence[int]) -> int:
    """The rows that say whether they agreed and how often they were contacted, read and thrown away."""
    some, period = sorted(set(subjects)), micros(service.clock.now()) // _PERIOD
    found = 0
    with reading(service.engine, patient=True) as connection:
        for start in range(0, len(some), AT_ONCE):
            which = written_out(some[start : start + AT_ONCE])
            found += len(rows_of(connection, _EVENTS_OF.format(which)))
            found += len(rows_of(connection, _CONTACTS_OF.format(period, which)))
    return found


def _agree(service: Service, subjects: Sequence[int]) -> None:
    at = micros(service.clock.now()) - 10**9
    rows = [_row(subject, number, at - number * 10**7) for number, subject in enumerate(subjects)]
    with writing(service.engine, patient=True) as connection:
        insert_rows(connection, consent_events, sorted(rows, key=_subject))


def _fill(service: Service, count: int) -> None:
    """Other people who agreed, in the order of the table, as years of them would lie there."""
    at, chance = micros(service.clock.now()) - 10**9, random.Random(7)  # noqa: S311  # not for secrets
    subjects = sorted(chance.getrandbits(63) for _ in range(count))
    for start in range(0, count, _PART):
        part = subjects[start : start + _PART]
        rows = [_row(subject, -1 - start - place, at) for place, subject in enumerate(part)]
        with writing(service.engine, patient=True) as connection:
            insert_rows(connection, consent_events, rows)
        print(f"  {start + len(part):,} of {count:,} events", end="\r", file=sys.stderr)


def _subject(row: tuple[object, ...]) -> int:
    return int(str(row[0]))


def _written_back(service: Service) -> None:
    """Write SQLite's log back, as the keeper of the store does all the time."""
    with service.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _row(subject: int, number: int, at: int) -> tuple[object, ...]:
    said = (subject, number, subject, "grant", "email", "marketing", EXPRESS, "newsletter@1", "form", "bench")
    return (*said, at, at, None, None, None)


def _offline(service: Service, people: Sequence[Recipient]) -> float:
    keeper = _keeper(service)
    given = keeper.ask(_ASK, people, Asking("bench"))
    tokens = [given.token(place) for place in range(0, len(people), max(1, len(people) // 500))]
    taken = _seconds(lambda: [verify_token(parse_token(each), keeper.key, verify_signature) for each in tokens])
    return taken / len(tokens) * 1e6


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
