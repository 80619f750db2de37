"""Proof 11, third part: killed again and again under load, no process permits anything after a no, or one use twice."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.databases import KINDS, new_database
from tests.support.enrolled import enrol
from tests.support.gatekeeping import MAILER, agree, recipient
from tests.support.leaning import Record
from tests.support.permit_crowd import PermitCrowd, Person
from tests.support.serving import ForkServer, free_port, new_key, wait_until_ready
from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent_tables import consent_events
from winnow.adapters.db.permit_tables import permit_answers, redeemed
from winnow.adapters.db.permits import StoredPermits
from winnow.adapters.db.tables import events, leaves
from winnow.bootstrap.consenting import make_ledger
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.govern.consent import DENIALS
from winnow.core.govern.links import Leaving, leaving_token
from winnow.core.govern.permit import permit_id, split_id
from winnow.core.govern.terms import Channel
from winnow.demo.dice import Dice

pytestmark = [pytest.mark.enable_socket, pytest.mark.proof]

LIVES, AT_ONCE, WORKERS = 30, 30, 2
SETTINGS = f"[serve]\nrequests_per_second = 1000000\nforms_per_minute = 1000000\nworkers = {WORKERS}\n"


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    return new_database(request.param, tmp_path)


@pytest.fixture
def service(store, tmp_path):
    opened = open_service(load(None, flags={"data.folder": str(tmp_path / "data"), "store.url": store}))
    yield opened
    opened.close()


def everybody(service: Any) -> list[Person]:
    """People who agreed, with the link in their mails."""
    people = [recipient(f"p{number}@bluebird.example") for number in range(LIVES * AT_ONCE)]
    agree(service, people)
    pepper, ledger = service.keys.hashing("consent links"), make_ledger(service)
    return [
        Person(one.address.text, leaving_token(Leaving(ledger.subject(one.address), Channel.EMAIL, None), pepper))
        for one in people
    ]


def test_killed_again_and_again(service, store, tmp_path):
    (tmp_path / "winnow.toml").write_text(SETTINGS, encoding="utf-8")
    key = new_key(tmp_path / "data", store=store, roles=("ai-tool", "rep"))
    enrol(service, replace(MAILER, next_review=date(2100, 1, 1)))
    people, crowd, record = everybody(service), PermitCrowd(key), Record(store)
    lots, kills, entries = Dice.named("gate kills", 1), Counter[str](), 0
    with ForkServer() as services:
        for life in range(LIVES):
            port = free_port()
            parent = services.start(
                tmp_path / "data", port, "--store", store, "--config", str(tmp_path / "winnow.toml")
            )
            wait_until_ready(port)
            crowd.lean_on(port, people[life * AT_ONCE : (life + 1) * AT_ONCE], life)
            time.sleep(lots.uniform(0.5, 1.5))
            if life % 3 == 0:  # one worker dies, and the others go on until it is back
                end([lots.pick(workers_of(parent))])
                kills["of a worker"] += 1
                time.sleep(lots.uniform(0.3, 1.5))
            end([parent, *workers_of(parent)])
            kills["of all processes"] += 1
            crowd.let_go()
            entries = record.verify()
    record.close()
    told = crowd.told
    found = looked_at(service, told)
    print(
        f"\n11 ({service.engine.dialect.name}): {LIVES} lives of {WORKERS} workers, kills {dict(kills)};"
        f" told {dict(told.done)}; {len(told.outs):,} people out, {found}; the log of {entries:,} entries verified"
        f" after each kill; {len(told.faults)} faults"
    )
    assert told.faults == []
    assert found["permits after a no"] == found["lost answers"] == found["lost opt-outs"] == found["used twice"] == 0
    assert min(found["permits"], found["refusals"], found["uses"], len(told.outs)) > LIVES


def workers_of(parent: int) -> list[int]:
    with suppress(FileNotFoundError):
        return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


def end(processes: list[int]) -> None:
    """As the power switch of all of them at once."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    while any(map(runs, processes)):
        time.sleep(0.001)


def runs(process: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def looked_at(service: Any, told: Any) -> Counter[str]:
    """What is on record, in the order of the log, beside what was told."""
    found, ledger = Counter[str](), make_ledger(service)
    stored = StoredPermits(service.engine, service.vault, service.journal)
    with reading(service.engine, patient=True) as connection:
        c = consent_events.c
        noes = select(c.subject, c.id).where(c.act.in_([each.value for each in DENIALS]))
        said: dict[int, int] = {}
        for subject, number in connection.execute(noes):
            said[subject] = min(number, said.get(subject, number))
        answers = {row.answer: row.id for row in connection.execute(select(permit_answers))}
        uses = [permit_id(row.answer, row.place) for row in connection.execute(_USES)]
        noted = list(connection.execute(select(events.c.about).where(events.c.kind == "permit.redeemed")).scalars())
        of_answers = select(leaves.c.id).where(leaves.c.kind == "permit.answered")
        logged = set(connection.execute(of_answers).scalars())
    assert logged == set(answers.values())
    for answer, number in answers.items():
        kept = stored.answered(answer)
        for place, subject in enumerate(kept.subjects):
            permitted = place not in kept.refused
            found["permits" if permitted else "refusals"] += 1
            found["permits after a no"] += permitted and said.get(subject, number) < number
        told_so = told.answers.get(answer)
        found["lost answers"] += told_so is not None and told_so != [
            place not in kept.refused for place in range(len(kept.subjects))
        ]
    found["lost answers"] += len(told.answers.keys() - answers.keys()) + len(told.used.keys() - set(uses))
    found["lost opt-outs"] = sum(ledger.subject(recipient(each).address) not in said for each in told.outs)
    found["uses"] = len(uses)
    found["used twice"] = sum(times > 1 for counts in (Counter(noted), told.used) for times in counts.values())
    assert sorted(noted) == sorted(uses)
    assert all(stored.answered(split_id(each)[0]).terms.once for each in uses)
    return found


_USES = select(permit_answers.c.answer, redeemed.c.place).join(redeemed, redeemed.c.answer == permit_answers.c.id)
