"""Proof 26: after a stop is acknowledged nothing automatic is recorded by any process under load; leads are accepted.

And proof 6: a database that was put back to an earlier state stops everything by itself, and the gap is told.
"""

import sqlite3
import time
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from tests.support.databases import KINDS, new_database
from tests.support.leaning import DECIDED, Crowd
from tests.support.serving import Client, new_key, serving, wait_until_ready
from winnow.adapters.db.connections import make_engine, reading, writing
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.demo.dice import Dice
from winnow.ports.stop import Agreement

pytestmark = [pytest.mark.enable_socket, pytest.mark.proof]

WORKERS, STOPS = 3, 20
SETTINGS = "[serve]\nrequests_per_second = 1000000\nworkers = {}\n"

#: Decisions that are not for a person though they were recorded between a stop and its lifting, in the log's order.
AUTOMATIC = """
    SELECT count(*) FROM decisions d JOIN events e ON e.kind = 'stop.engaged' AND d.id > e.id
     WHERE (d.decided_by <> 'system' OR d.outcome <> 2)
       AND NOT EXISTS (SELECT 1 FROM events l WHERE l.kind = 'stop.lifted' AND l.about = e.about AND l.id < d.id)
"""
FOR_A_PERSON = "SELECT count(*) FROM decisions WHERE decided_by = 'system'"
BY_ITSELF = "SELECT count(*) FROM decisions WHERE decided_by <> 'system'"
ALL = "SELECT count(*) FROM decisions"


@dataclass
class Place:
    """An installation with several processes under load."""

    data: object
    url: str
    port: int
    key: str

    def asked(self, question):
        engine = make_engine(self.url)
        with reading(engine) as connection:
            (found,) = connection.execute(text(question)).one()
        engine.dispose()
        return int(found)

    def told(self, statement):
        engine = make_engine(self.url)
        with writing(engine) as connection:
            connection.execute(text(statement))
        engine.dispose()

    def send(self, method, path, body=None):
        client = Client(self.port, self.key)
        answer = client.send(method, path, body)
        client.close()
        assert answer.status < 300, answer.body
        return answer.json


def lifted(service, stop_id):
    for name in ("us_ana", "us_bo"):
        service.stops.lift(stop_id, Agreement(name, service.clock.now(), "mended"))


@pytest.fixture(params=KINDS)
def place(request, tmp_path):
    data, settings = tmp_path / "data", tmp_path / "winnow.toml"
    settings.write_text(SETTINGS.format(WORKERS), encoding="utf-8")
    store = new_database(request.param, tmp_path) if request.param != "sqlite" else ""
    key = new_key(data, store=store, roles=("ingest", "admin"))
    more = ("--store", store) if store else ()
    with serving(data, *more, "--config", str(settings), log=tmp_path / "log") as (port, _):
        yield Place(data, store or f"sqlite:///{data}/winnow.sqlite", port, key)


def test_nothing_automatic_after_an_acknowledged_stop(place):
    lots = Dice.named("stop", 1)
    crowd = Crowd(place.key, size=6)
    store = "" if "sqlite" in place.url else place.url
    service = open_service(load(None, flags={"data.folder": str(place.data), "store.url": store}))
    crowd.lean_on(place.port)
    time.sleep(1.0)
    acknowledged = []
    for _ in range(STOPS):
        began = time.monotonic()
        engaged = place.send("POST", "/v1/stop", {"reason": "proof"})
        acknowledged.append(time.monotonic() - began)
        time.sleep(lots.uniform(0.1, 0.8))
        lifted(service, engaged["stop"]["id"])
        time.sleep(lots.uniform(0.1, 0.8))
    drill = place.send("POST", "/v1/stop/drills", {"dry": False})["report"]
    crowd.let_go()
    crowd.finish(place.port)
    service.close()
    automatic, waiting, everything = (place.asked(question) for question in (AUTOMATIC, FOR_A_PERSON, ALL))
    noticed = sorted(each["seconds"] for each in drill["noticed"])
    print(
        f"\n26 ({place.url.partition(':')[0]}): {WORKERS} processes, {STOPS} stops; {everything:,} decisions,"
        f" {waiting:,} for a person; {automatic} automatic between a stop and its lifting; acknowledged after"
        f" {1000 * sorted(acknowledged)[STOPS // 2]:.0f} ms (median), {1000 * max(acknowledged):.0f} ms at most;"
        f" processes knew of a drill after {noticed} s; answers {dict(crowd.statuses)}"
    )
    assert automatic == 0
    assert waiting > STOPS
    assert everything - waiting > STOPS
    assert len(noticed) == WORKERS
    assert crowd.faults == []
    assert set(crowd.statuses) == {DECIDED}


def test_everything_goes_to_a_person_while_nobody_can_tell_what_is_stopped(place):
    crowd = Crowd(place.key, size=4)
    crowd.lean_on(place.port)
    time.sleep(1.0)
    place.told("ALTER TABLE stops RENAME TO lost")
    time.sleep(3.0)
    before, first = place.asked(BY_ITSELF), place.asked(ALL)
    time.sleep(2.0)
    after, last = place.asked(BY_ITSELF), place.asked(ALL)
    place.told("ALTER TABLE lost RENAME TO stops")
    time.sleep(3.0)
    crowd.let_go()
    crowd.finish(place.port)
    assert after == before
    assert last > first
    assert place.asked(BY_ITSELF) > after
    assert crowd.faults == []
    assert set(crowd.statuses) == {DECIDED}


def test_a_stale_backup_stops_everything_by_itself(tmp_path):
    data, settings, pushed = tmp_path / "data", tmp_path / "winnow.toml", tmp_path / "pushed.jsonl"
    settings.write_text(f'[log]\npush = ["{pushed}"]\n', encoding="utf-8")
    key = new_key(data, roles=("ingest", "admin"))
    kept = tmp_path / "backup.sqlite"

    def sent(port, names):
        client = Client(port, key)
        answers = [client.send("POST", "/v1/leads", {"id": name, "email": f"{name}@x.example"}) for name in names]
        client.close()
        assert {answer.status for answer in answers} == {DECIDED}
        return {answer.json["decided_by"] for answer in answers}

    with serving(data, "--config", str(settings)) as (port, _):
        assert "system" not in sent(port, [f"a{number}" for number in range(20)])
        with sqlite3.connect(data / "winnow.sqlite") as source, sqlite3.connect(kept) as target:
            source.backup(target)
        sent(port, [f"b{number}" for number in range(20)])
    for each in data.glob("winnow.sqlite*"):
        each.unlink()
    kept.rename(data / "winnow.sqlite")
    log = tmp_path / "log"
    with serving(data, "--config", str(settings), log=log) as (port, _):
        wait_until_ready(port)
        assert sent(port, [f"c{number}" for number in range(20)]) == {"system"}
        client = Client(port, key)
        (stop,) = client.send("GET", "/v1/stop").json["standing"]
        incidents = client.send("GET", "/v1/incidents").json["incidents"]
        client.close()
    print(f"\n6: stale backup restored: {stop['reason']}; incident: {incidents[0]['figures']}")
    assert stop["by"] == "system"
    assert stop["reason"].startswith("the log is behind its checkpoint of")
    assert any(word in log.read_text() for word in ("is behind", "put back to an earlier state"))
    service = open_service(load(None, flags={"data.folder": str(data)}))
    lifted(service, stop["id"])
    service.close()
    with serving(data, "--config", str(settings)) as (port, _):
        assert "system" not in sent(port, [f"d{number}" for number in range(20)])
