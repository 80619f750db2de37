"""Requests are recorded in groups; nobody's lead is lost when the database is away or a neighbour's breaks."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from tests.support.cases import lead
from winnow.errors import ConflictError, SpoolFullError, StoreAwayError, UnavailableError
from winnow.ports import Arrival
from winnow.shells.http import groups
from winnow.shells.http.groups import KEPT, Groups


def arrival(name: str, leads: int = 1) -> Arrival:
    return Arrival([lead(id=f"{name}-{number}") for number in range(leads)], [True] * leads)


class Database:
    """Takes what it is given; can be away, slow, or break on a lead."""

    def __init__(self):
        self.groups: list[list[str]] = []
        self.spool: list[str] = []
        self.away = False
        self.full = False
        self.breaks_on: set[str] = set()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def take(self, arrivals: Sequence[Arrival]):
        self.may_go_on.wait(20)
        names = [each.id for one in arrivals for each in one.leads]
        if self.away:
            raise StoreAwayError("away")
        if self.breaks_on & set(names):
            raise ZeroDivisionError
        self.groups.append(names)
        return [[each.id for each in one.leads] for one in arrivals]

    def keep(self, arrivals: Sequence[Arrival]) -> None:
        if self.full:
            raise SpoolFullError("no room")
        self.spool += [each.id for one in arrivals for each in one.leads]

    def drain(self) -> int:
        if self.away:
            if self.spool:
                raise StoreAwayError("away")
            return 0
        taken, self.spool = self.spool[:2], self.spool[2:]
        if taken:
            self.groups.append(taken)
        return len(taken)


@pytest.fixture
def database(monkeypatch):
    monkeypatch.setattr(groups, "RETRY_SECONDS", 0.02)
    return Database()


def run(database: Database, scenario):
    """Run a scenario beside the recorder, and let the recorder come to its end."""

    async def main():
        recorder = Groups(database.take, database.keep, database.drain)
        task = asyncio.create_task(recorder.run())
        try:
            return await scenario(recorder)
        finally:
            database.may_go_on.set()
            recorder.close()
            await asyncio.wait_for(task, 20)

    return asyncio.run(main())


def test_what_arrives_while_a_group_is_written_becomes_the_next(database):
    async def scenario(recorder):
        database.may_go_on.clear()
        first = recorder.submit(arrival("a"))
        await asyncio.sleep(0.05)
        rest = [recorder.submit(arrival(name)) for name in "bcd"]
        database.may_go_on.set()
        return await asyncio.gather(first, *rest)

    assert run(database, scenario) == [["a-0"], ["b-0"], ["c-0"], ["d-0"]]
    assert database.groups == [["a-0"], ["b-0", "c-0", "d-0"]]


def test_a_group_does_not_grow_beyond_its_limit_and_keeps_the_order(database, monkeypatch):
    monkeypatch.setattr(groups, "MOST_LEADS", 3)

    async def scenario(recorder):
        return await asyncio.gather(
            *[recorder.submit(arrival(str(n), 2)) for n in range(3)], recorder.submit(arrival("big", 9))
        )

    run(database, scenario)
    assert [len(group) for group in database.groups] == [2, 2, 2, 9]
    assert [name for group in database.groups for name in group][:6] == ["0-0", "0-1", "1-0", "1-1", "2-0", "2-1"]


def test_one_that_breaks_does_not_break_the_others(database):
    database.breaks_on = {"bad-0"}

    async def scenario(recorder):
        return await asyncio.gather(*[recorder.submit(arrival(n)) for n in ("a", "bad", "c")], return_exceptions=True)

    good, bad, last = run(database, scenario)
    assert (good, last) == (["a-0"], ["c-0"])
    assert isinstance(bad, ZeroDivisionError)


def test_a_conflict_is_the_answer_of_its_request_only(database):
    def take(arrivals):
        return [ConflictError("no") if each.leads[0].id == "b-0" else ["ok"] for each in arrivals]

    database.take = take

    async def scenario(recorder):
        return await asyncio.gather(*[recorder.submit(arrival(n)) for n in "abc"], return_exceptions=True)

    a, b, c = run(database, scenario)
    assert (a, c) == (["ok"], ["ok"])
    assert isinstance(b, ConflictError)


def test_while_the_database_is_away_leads_are_kept_and_later_taken_over_in_order(database):
    async def scenario(recorder):
        database.away = True
        kept = [await recorder.submit(arrival(n)) for n in "abc"]
        assert recorder.away
        await asyncio.sleep(0.05)
        database.away = False
        async with asyncio.timeout(20):
            while database.spool or recorder.away:  # noqa: ASYNC110  # another thread changes it
                await asyncio.sleep(0.01)
        return kept, await recorder.submit(arrival("d"))

    kept, direct = run(database, scenario)
    assert kept == [KEPT] * 3
    assert direct == ["d-0"]
    assert [name for group in database.groups for name in group] == ["a-0", "b-0", "c-0", "d-0"]


def test_what_is_on_disk_at_the_start_is_taken_over_without_a_request(database):
    database.spool = list("uvwxyz")

    async def scenario(_):
        async with asyncio.timeout(20):
            while database.spool:  # noqa: ASYNC110  # another thread changes it
                await asyncio.sleep(0.01)

    run(database, scenario)
    assert [name for group in database.groups for name in group] == list("uvwxyz")


def test_with_the_spool_full_too_nothing_is_acknowledged(database):
    database.away = database.full = True

    async def scenario(recorder):
        with pytest.raises(SpoolFullError):
            await recorder.submit(arrival("a"))
        database.away = False
        await asyncio.sleep(0.05)
        return await recorder.submit(arrival("b"))

    assert run(database, scenario) == ["b-0"]


def test_too_many_waiting_are_turned_away(database, monkeypatch):
    monkeypatch.setattr(groups, "MOST_WAITING", 2)

    async def scenario(recorder):
        first = [recorder.submit(arrival(n)) for n in "ab"]
        with pytest.raises(UnavailableError, match="wait already"):
            recorder.submit(arrival("c"))
        return await asyncio.gather(*first)

    assert run(database, scenario) == [["a-0"], ["b-0"]]


def test_a_sender_that_goes_away_does_not_take_its_lead_along(database):
    async def scenario(recorder):
        database.may_go_on.clear()
        gone = recorder.submit(arrival("a"))
        await asyncio.sleep(0.05)
        gone.cancel()
        other = recorder.submit(arrival("b"))
        database.may_go_on.set()
        return await other

    assert run(database, scenario) == ["b-0"]
    assert ["a-0"] in database.groups


def test_at_the_end_everything_accepted_is_recorded_and_nothing_new_is_accepted(database):
    async def main():
        recorder = Groups(database.take, database.keep, database.drain)
        futures = [recorder.submit(arrival(n)) for n in "abc"]
        recorder.close()
        with pytest.raises(UnavailableError):
            recorder.submit(arrival("d"))
        await recorder.run()
        return [future.result() for future in futures]

    assert asyncio.run(main()) == [["a-0"], ["b-0"], ["c-0"]]
