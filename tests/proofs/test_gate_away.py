"""Proof 11, second half: with its database away, going away or coming back, the gate never permits anything."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.support.gatekeeping import ASK, agree, consent_of, gatekeeper, opt_out, recipient
from winnow.adapters.db import away, connections, steady
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.govern.ask import Grant
from winnow.errors import StoreAwayError, UnavailableError
from winnow.services.gatekeep import Asking

pytestmark = pytest.mark.proof

#: Interleavings of an ask with an opt-out of the very same person.
RUNS = 2_000


@pytest.fixture
def service(tmp_path):
    opened = open_service(load(flags={"data.folder": str(tmp_path)}))
    yield opened
    opened.close()


def test_no_permit_is_given_after_an_acknowledged_opt_out(service):
    """Each run races an ask against an opt-out; what is on record tells which of them came first."""
    keeper, ledger, permitted, after = gatekeeper(service), consent_of(service), 0, 0
    with ThreadPoolExecutor(2) as pool:
        for number in range(RUNS):
            person = recipient(f"race{number}@example.com")
            agree(service, [person])
            asked = pool.submit(keeper.ask, ASK, [person], Asking("proof"))
            opt_out(service, [person])
            acknowledged = service.log.frontier().size
            given = asked.result()
            granted = isinstance(given.results[0], Grant)
            permitted += granted
            assert given.number is not None
            said = max(event.number for event in ledger.history(ledger.subject(person.address)))
            after += granted and given.number > said
            assert not isinstance(keeper.ask(ASK, [person], Asking("proof")).results[0], Grant)
            assert acknowledged > said
    assert after == 0


def test_a_database_that_fails_at_any_call_permits_nothing(service, monkeypatch):
    """Whatever call to the store fails, first, second or later, there is no answer, and nothing is on record."""
    person = recipient("away@example.com")
    agree(service, [person])
    real, failed = away.reached, 0
    for fails_at in count():
        keeper, calls, before = gatekeeper(service), count(), service.log.frontier().size

        def reached(calls=calls, fails_at=fails_at):
            if next(calls) == fails_at:
                raise StoreAwayError("gone")
            return real()

        with monkeypatch.context() as patch:
            for module in (connections, steady):
                patch.setattr(module, "reached", reached)
            try:
                given = keeper.ask(ASK, [person], Asking("proof"))
            except UnavailableError:
                failed += 1
                assert service.log.frontier().size == before
                continue
        none_failed = next(calls) <= fails_at
        assert isinstance(given.results[0], Grant) is none_failed  # stops that cannot be read are a refusal on record
        if none_failed:
            break
    assert failed >= 3
