"""The link of a first start lets one person find out how to go on, and nobody else anything."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.bootstrap.service import open_service
from winnow.config import load


class Clock:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def now(self):
        return self.at


@pytest.fixture
def service(tmp_path):
    found = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    yield found
    found.engine.dispose()


@pytest.fixture
def first_run(service):
    made = service.first_run
    object.__setattr__(made, "clock", Clock())
    return made


def test_the_newest_token_opens_until_it_expires(first_run):
    first, second = first_run.token(), first_run.token()
    assert [first_run.opens(token) for token in (second, first, "", second[:-1], "x" * 5000, "\ud800")] == [
        *(True, False, False, False, False, False)
    ]
    first_run.clock.at += timedelta(hours=23, minutes=59)
    assert first_run.opens(second)
    first_run.clock.at += timedelta(minutes=2)
    assert not first_run.opens(second)


def test_a_key_ends_it(service, first_run):
    token = first_run.token()
    service.key_desk.create("form", ["ingest"], created_by="test")
    assert not first_run.opens(token)
    assert first_run.token() is None


def test_before_any_token_nothing_opens(first_run):
    assert not first_run.opens("anything")


def test_the_token_itself_is_not_kept(service, first_run, tmp_path):
    token = first_run.token()
    service.engine.dispose()
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if token.encode() in path.read_bytes()]
