"""The gate wired over either database: what it permits, whom it serves, what it remembers."""

from functools import partial

import pytest

from tests.support.databases import KINDS, lent_database
from tests.support.gatekeeping import ASK, agree, consent_of, gatekeeper, opt_out, recipient
from winnow.bootstrap.gatekeeping import sources_of
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.govern.ask import Grant
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Scope
from winnow.services.gatekeep import Asking
from winnow.services.serving import ServeDesk

PEOPLE = [recipient(f"{name}@example.com") for name in ("ana", "bo", "cy")]


@pytest.fixture(params=KINDS)
def service(request, tmp_path):
    with lent_database(request.param, tmp_path) as store:
        opened = open_service(load(flags={"data.folder": str(tmp_path / "data"), "store.url": store}))
        yield opened
        opened.close()


def test_permits_and_serve_checks_are_the_same_over_either_database(service):
    agree(service, PEOPLE[:2])
    opt_out(service, PEOPLE[1:2])
    keeper, sources, now = gatekeeper(service), sources_of(service), service.clock.now()
    given = keeper.ask(ASK, PEOPLE, Asking("wk_test", once=True))
    assert [isinstance(each, Grant) for each in given.results] == [True, False, False]
    assert keeper.verify(given.token(0), {}, "wk_test", redeem=True).leaf.number == 0
    assert given.kept.refused == keeper.answer(given.kept.terms.answer).refused
    blocked = ListEntry("le_one", ListAction.BLOCK, ListKind.EMAIL, "ana@example.com", "us_o", "asked us")
    desk = ServeDesk(keeper.checks, sources.hits, service.clock)

    def served(scope):
        return [desk.may_serve(scope, ASK, partial(PEOPLE.__getitem__, at)).serve for at in range(3)]

    assert served(Scope.MARKETING) == [True, False, False]
    service.lists.add([blocked], "test", now)
    keeper.ask(ASK, PEOPLE[:1], Asking("wk_test"))  # which takes in what changed
    assert served(Scope.MARKETING) == [False] * 3
    assert served(Scope.SUPPORT) == [True] * 3
    consent_of(service).erase([sources.subject(PEOPLE[1].address)], "test", now)
    assert served(Scope.MARKETING) == [False] * 3
