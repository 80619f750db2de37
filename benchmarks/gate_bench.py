"""The gate: a batch of 100,000 people, one person, and a permit checked offline, over ten million consent events."""

import os
import random  # which people of the filler are asked about
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.consent_rows import parts_of
from winnow.adapters.db.consent_tables import consent_events, identity_links
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
#: Whom a batch is about, and how many events there are of each of them.
GROUPS = {"who agreed": 1, "who said two things": 2, "nobody knows": 0}
_SINGLES = 300
_DAY = 86_400_000_000
_CAP_DAYS = 14
_YES, _NO = ("grant", "form"), ("opt-out", "link")
#: Numbers of the filler's events, below those of all others.
_FIRST = 10**9
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
#: Of how many addresses one is linked with another, both ways.
_LINKED = 50
_LINKS_OF = "SELECT subject, other FROM identity_links WHERE subject IN ({})"
_EVENTS_OF = "SELECT * FROM consent_events WHERE subject IN ({})"
_CONTACTS_OF = "SELECT subject, at, channel, purpose FROM contacts WHERE period IN ({}) AND subject IN ({})"
_PERIOD = int(timedelta(days=32) / timedelta(microseconds=1))


def run() -> dict[str, float]:
    """Seconds, milliseconds and microseconds.

    The ratio is of processor time, to the database look-ups the answer cannot do without: all rows that say whether
    somebody may be contacted, which addresses are one person's, and how often that person was contacted, read and
    thrown away.
    """
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, closing(_service(Path(folder))) as service:
        groups = {name: _people(name.split()[-1]) for name in GROUPS}
        subject = sources_of(service).subject
        for name, events in GROUPS.items():
            _tell(service, [subject(each.address) for each in groups[name]], events)
        for events in (3 * ASKED, EVENTS):
            _fill(service, events - 3 * ASKED)
            figures |= {f"{name}, {events:,} events": value for name, value in _measured(service, groups).items()}
        figures["offline verification, µs"] = _offline(service, groups["who agreed"])
    return figures


def _people(domain: str) -> list[Recipient]:
    return [recipient(AddressKind.EMAIL, f"person{number}@{domain}.example", "DE") for number in range(ASKED)]


def _service(folder: Path) -> Service:
    return open_service(load(flags={"data.folder": str(folder)}))


def _keeper(service: Service) -> Gatekeeper:
    """With a system that is live, and a cap, so that contacts have to be counted."""
    sources = sources_of(service)

    def capped() -> PolicyInForce:
        found = sources.policy()
        return found._replace(limits=replace(found.limits, caps=(Cap("often", 1_000, _CAP_DAYS),)))

    live = Standing(Mode.LIVE)
    return make_gatekeeper(service, replace(sources, system=lambda _: (_MAILER, live), policy=capped))


def _measured(service: Service, groups: Mapping[str, Sequence[Recipient]]) -> dict[str, float]:
    keeper, subject, figures = _keeper(service), sources_of(service).subject, dict[str, float]()
    for name, people in groups.items():
        subjects = [subject(each.address) for each in people]
        _written_back(service)
        bare, bare_cpu = _best(lambda which=subjects: _bare(service, which))  # type: ignore[misc]  # bound at once
        batch, batch_cpu = _best(lambda who=people: keeper.ask(_ASK, who, Asking("bench")))  # type: ignore[misc]  # as above
        figures |= {
            f"bare look-ups of those {name}, s": bare,
            f"bare look-ups of those {name}, CPU s": bare_cpu,
            f"batch of those {name}, answered, signed and recorded, s": batch,
            f"batch of those {name}, CPU s": batch_cpu,
            f"ratio, those {name}": batch_cpu / bare_cpu,
        }
    people = groups["who agreed"]
    chosen = random.Random(1).sample(range(len(people)), _SINGLES)  # noqa: S311  # not for secrets
    singles = sorted(_spent(lambda at=at: keeper.ask(_ASK, [people[at]], Asking("bench")))[0] for at in chosen)  # type: ignore[misc]
    return figures | {
        "one person p50, ms": singles[_SINGLES // 2] * 1e3,
        "one person p99, ms": singles[int(_SINGLES * 0.99)] * 1e3,
    }


def _bare(service: Service, subjects: Sequence[int]) -> int:
    """The rows that say whether they agreed, who is one person and who was contacted how often; thrown away."""
    now, found = micros(service.clock.now()), 0
    periods = ",".join(map(str, range((now - _CAP_DAYS * _DAY) // _PERIOD, now // _PERIOD + 1)))
    with reading(service.engine, patient=True) as connection:
        for which in parts_of(subjects):
            found += len(rows_of(connection, _EVENTS_OF.format(which)))
            found += len(rows_of(connection, _LINKS_OF.format(which)))
            found += len(rows_of(connection, _CONTACTS_OF.format(periods, which)))
    return found


def _tell(service: Service, subjects: Sequence[int], events: int) -> None:
    """What they said, spread over two years: first that they agree; of those who said more, every second said no."""
    now, numbers = micros(service.clock.now()), count(-1, -1)
    rows = [_row(each, next(numbers), now - _DAY * (1 + place % 700)) for place, each in enumerate(subjects) if events]
    if events > 1:
        later = [(place, each, now - _DAY * (place % 3)) for place, each in enumerate(subjects)]
        rows += [_row(each, next(numbers), at, *_NO if place % 2 else _YES) for place, each, at in later]
    with writing(service.engine, patient=True) as connection:
        insert_rows(connection, consent_events, sorted(rows, key=_subject))
    _link(service, subjects)


def _link(service: Service, subjects: Sequence[int]) -> None:
    """Some of them with the one after them, as the same person's."""
    at = micros(service.clock.now()) - 10**9
    pairs = list(zip(subjects[::_LINKED], subjects[1::_LINKED], strict=False))
    rows = [(*pair, -1, at, "bench", None) for one, other in pairs for pair in ((one, other), (other, one))]
    with writing(service.engine, patient=True) as connection:
        insert_rows(connection, identity_links, sorted(rows, key=_subject))


def _fill(service: Service, number: int) -> None:
    """Other people who agreed, in the order of the table, as years of them would lie there."""
    at, chance = micros(service.clock.now()) - 10**9, random.Random(7)  # noqa: S311  # not for secrets
    subjects = sorted(chance.getrandbits(63) for _ in range(number))
    for start in range(0, number, _PART):
        part = subjects[start : start + _PART]
        rows = [_row(subject, -_FIRST - start - place, at) for place, subject in enumerate(part)]
        with writing(service.engine, patient=True) as connection:
            insert_rows(connection, consent_events, rows)
        _link(service, part)
        print(f"  {start + len(part):,} of {number:,} events", end="\r", file=sys.stderr)


def _subject(row: tuple[object, ...]) -> int:
    return int(str(row[0]))


def _written_back(service: Service) -> None:
    """Write SQLite's log back, as the keeper of the store does all the time."""
    with service.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _row(subject: int, number: int, at: int, act: str = "grant", how: str = "form") -> tuple[object, ...]:
    basis, wording = (EXPRESS, "newsletter@1") if act == "grant" else (None, None)
    said = (subject, number, subject, act, "email", "marketing", basis, wording, how, "bench")
    return (*said, at, at, None, None, None)


def _offline(service: Service, people: Sequence[Recipient]) -> float:
    keeper = _keeper(service)
    given = keeper.ask(_ASK, people, Asking("bench"))
    tokens = [given.token(place) for place in range(0, len(people), max(1, len(people) // 500))]
    taken, _ = _spent(lambda: [verify_token(parse_token(each), keeper.key, verify_signature) for each in tokens])
    return taken / len(tokens) * 1e6


def _best(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds and seconds of the processor, the least of three."""
    spent = [_spent(act) for _ in range(3)]
    return min(each[0] for each in spent), min(each[1] for each in spent)


def _spent(act: Callable[[], object]) -> tuple[float, float]:
    start, began = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - start, time.process_time() - began
