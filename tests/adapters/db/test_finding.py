"""Decisions are found by what people can name, on both databases, filed or not, and nothing is found of the erased."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.support.reviewing import Room
from tests.support.screening import NOW
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.filing import Filing
from winnow.adapters.db.finding import StoredSearch
from winnow.adapters.db.finding_tables import found_by, unfiled
from winnow.adapters.db.rows import insert_rows
from winnow.adapters.db.tables import leads, subject_keys
from winnow.core.outcome import Outcome
from winnow.core.review.findable import Kind, key_of
from winnow.errors import InvalidInputError
from winnow.ports.search import Sought

DAY = timedelta(days=1)


class Records:
    """Some leads and a search over them."""

    def __init__(self, engine, vault):
        self.engine = engine
        self.room = Room(engine, vault)
        self.search = StoredSearch(engine, vault)

    def file(self):
        filing = Filing(self.engine, waiting=1)
        while filing.step():
            pass

    def found(self, *keys, limit=50, before=None, **sought):
        wanted = Sought(tuple(key_of(Kind(kind), text) for kind, text in keys), **sought)
        return [hit.id for hit in self.search.page(wanted, before, limit).items]


@pytest.fixture
def records(store, vault):
    return Records(store, vault)


def several(records):
    """Numbers of decisions about three people."""
    came = records.room.came
    ana = came(1, emails=("Ana@Bluebird.example", "ana.k@home.example"), company="Bluebird, Inc.", source="web")
    bo = came(2, emails=("bo@acme.example",), phones=("+49 30 1234567",), source="fair", country="DE")
    again = came(3, emails=("ana@bluebird.example",), source="fair")
    return ana[0].id, bo[0].id, again[0].id


@pytest.mark.parametrize("filed", [False, True])
def test_by_what_a_lead_says(records, filed):
    ana, bo, again = several(records)
    if filed:
        records.file()
        with reading(records.engine) as connection:
            assert connection.execute(select(unfiled)).all() == []
    for key, expected in {
        ("email", " ANA@bluebird.example"): [again, ana],
        ("email", "ana.k@home.example"): [ana],
        ("phone", "+49 (30) 123-4567"): [bo],
        ("domain", "@Bluebird.example"): [again, ana],
        ("domain", "acme.example"): [bo],
        ("company", "bluebird"): [ana],
        ("email", "ana@bluebird"): [],
        ("email", "nobody@bluebird.example"): [],
    }.items():
        assert records.found(key) == expected, key
    assert records.found(("domain", "bluebird.example"), ("company", "Bluebird")) == [ana]
    assert records.found(("email", "ana@bluebird.example"), source="fair") == [again]
    assert records.found(lead_id="lead-2") == [bo]
    assert records.found(lead_id="lead-2", source="web") == []
    assert records.found(source="fair") == [again, bo]
    assert records.found() == [again, bo, ana]


def test_what_is_half_filed_is_found_once(records):
    ana, _, again = several(records)
    filing = Filing(records.engine, waiting=1)
    assert filing._begun()
    with writing(records.engine) as connection:
        insert_rows(connection, found_by, filing._rows[:9])
    assert records.found(("email", "ana@bluebird.example")) == [again, ana]
    records.file()
    assert records.found(("email", "ana@bluebird.example")) == [again, ana]


def test_filing_waits_until_it_is_worth_it(records):
    several(records)
    assert Filing(records.engine, waiting=4).step() is False
    assert Filing(records.engine, waiting=3).step() is True


@pytest.mark.parametrize("filed", [False, True])
def test_by_outcome_reason_and_day(records, filed):
    clock = records.room.clock
    plain = records.room.came(1)[0].id
    clock.forward(days=1)
    held = records.room.doubtful(2)
    clock.forward(days=1)
    last = records.room.doubtful(3, source="fair")
    if filed:
        records.file()
    assert records.found(outcome=Outcome.REVIEW) == [last, held]
    assert records.found(outcome=Outcome.ACCEPT) == [plain]
    assert records.found(outcome=Outcome.REJECT) == []
    assert records.found(("reason", "form.honeypot")) == [last, held]
    assert records.found(("reason", "form.honeypot"), outcome=Outcome.REVIEW, source="fair") == [last]
    assert records.found(("reason", "form")) == []
    for since, until, expected in (
        (NOW, NOW + DAY, [plain]),
        (NOW + DAY, None, [last, held]),
        (None, NOW + DAY, [plain]),
        (NOW + DAY, NOW + 2 * DAY, [held]),
        (NOW + 3 * DAY, None, []),
        (None, NOW, []),
        (NOW - DAY, NOW + 3 * DAY, [last, held, plain]),
    ):
        assert records.found(since=since, until=until) == expected, (since, until)


def test_by_what_people_made_of_it(store, vault):
    records = Records(store, vault)
    otherwise, followed, taken_back = (records.room.doubtful(number) for number in (1, 2, 3))
    records.room.close(otherwise, outcome=Outcome.TAG)
    records.room.close(followed, outcome=Outcome.REJECT, reason="spam")
    records.room.close(taken_back)
    records.room.review.undo(taken_back, "ana", "wk_1")
    assert records.found(changed=True) == [otherwise]
    assert records.found(released=True) == [otherwise]
    assert records.found(changed=True, released=True, outcome=Outcome.REVIEW) == [otherwise]
    assert records.found(("email", "person2@bluebird.example"), released=True) == []
    assert records.found(("email", "person1@bluebird.example"), released=True) == [otherwise]


def test_a_first_verdict_is_not_found_while_a_second_is_wanted(store, vault):
    records = Records(store, vault)
    one, other = (records.room.doubtful(number) for number in (1, 2))
    records.room.close(one, by="bo")
    records.room.close(other, by="ana", second_share=1.0)
    assert records.found(released=True) == [one]
    records.room.close(other, by="bo")
    assert records.found(released=True) == [other, one]


def test_of_the_erased_nothing_is_found_by_name_and_a_trace_otherwise(records):
    ana, bo, again = several(records)
    with writing(records.engine) as connection:
        subject = connection.execute(select(leads.c.subject).where(leads.c.id == ana)).scalar_one()
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == subject))
    for sought in ((("email", "ana@bluebird.example"),), (("company", "bluebird"),), (("domain", "bluebird.example"),)):
        assert records.found(*sought) == []
    assert records.found(lead_id="lead-1") == []
    hits = records.search.page(Sought(source="fair"), None, 50).items
    assert [(hit.id, hit.erased) for hit in hits] == [(again, True), (bo, False)]


@pytest.mark.parametrize("sought", [{}, {"source": "web"}, {"outcome": Outcome.ACCEPT}, {"key": True}])
def test_pages_follow_each_other_without_gaps(records, sought):
    numbers = [records.room.came(number)[0].id for number in range(7)]
    keys = (key_of(Kind.DOMAIN, "bluebird.example"),) if sought.pop("key", False) else ()
    records.file()
    numbers += [records.room.came(number)[0].id for number in range(7, 10)]
    found, before = [], None
    while True:
        page = records.search.page(Sought(keys, **sought), before, 3)
        found += [hit.id for hit in page.items]
        if page.next is None:
            break
        before = int(page.next)
    assert found == numbers[::-1]


def test_only_so_many_are_looked_at_for_a_page(records, monkeypatch):
    """Of several indexes the one is followed that reaches back farthest."""
    monkeypatch.setattr("winnow.adapters.db.finding.LOOKED_AT", 2)
    numbers = [
        records.room.came(number, source="fair" if number < 4 else "web", company="" if number < 5 else "Acme")[0].id
        for number in range(9)
    ]
    wanted = Sought((key_of(Kind.COMPANY, "Acme"),), source="fair")
    page = records.search.page(wanted, None, 5)
    assert (page.items, page.next) == ((), str(numbers[2]))
    page = records.search.page(wanted, numbers[2], 5)
    assert (page.items, page.next) == ((), None)
    assert records.found(source="fair", limit=1) == [numbers[3]]


def test_one_looks_back_over_buckets(records, monkeypatch):
    """As after some hundred thousand decisions: what is looked for lies buckets apart."""
    for module in ("filing", "finding"):
        monkeypatch.setattr(f"winnow.adapters.db.{module}.BUCKET", 2)
    ana, _, again = several(records)
    records.file()
    with reading(records.engine) as connection:
        assert len(set(connection.execute(select(found_by.c.bucket)).scalars())) > 1
    assert records.found(("email", "ana@bluebird.example")) == [again, ana]
    assert records.found(("domain", "bluebird.example"), ("company", "bluebird")) == [ana]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(Kind), st.text(max_size=40))
def test_any_text_is_looked_for_or_refused(kind, text):
    with suppress(InvalidInputError):
        found = key_of(kind, text)
        assert found[1]
        assert key_of(kind, found[1]) == found


@pytest.mark.parametrize(("kind", "text"), [(Kind.EMAIL, "*@acme.example"), (Kind.PHONE, "none"), (Kind.COMPANY, "-")])
def test_what_nothing_can_be_found_by_is_refused(kind, text):
    with pytest.raises(InvalidInputError) as caught:
        key_of(kind, text)
    assert caught.value.where == kind.value
