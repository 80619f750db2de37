from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from tracemalloc import get_traced_memory, reset_peak, start, stop

import pytest

from winnow.demo import customers, stream
from winnow.demo.stories import STORIES
from winnow.errors import InvalidInputError

LEADS = 20_000


@pytest.fixture(scope="module")
def leads():
    return list(stream(leads=LEADS))


@pytest.mark.parametrize(("count", "days"), [(0, 92), (1, 92), (37, 1), (500, 3), (1234, 10)])
def test_as_many_leads_as_asked_for(count, days):
    assert len(list(stream(leads=count, days=days))) == count


def test_leads_come_in_order_and_within_the_time_asked_for(leads):
    assert all(earlier.received_at <= later.received_at for earlier, later in pairwise(leads))
    first, last = leads[0].received_at, leads[-1].received_at
    assert datetime(2026, 8, 1, tzinfo=UTC) <= first
    assert last < datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=92)


def test_start_may_be_in_any_time_zone():
    somewhere = datetime.fromisoformat("2026-09-01T05:30:00+05:30")
    moved = list(stream(leads=50, start=somewhere, days=2))
    assert moved == list(stream(leads=50, start=datetime(2026, 9, 1, tzinfo=UTC), days=2))


def test_ids_are_unique_and_every_lead_says_that_it_is_synthetic(leads):
    assert len({lead.id for lead in leads}) == LEADS
    assert all(lead.id.startswith("demo-") and lead.synthetic == "yes" for lead in leads)


def test_every_story_is_told_as_often_as_it_says(leads):
    told = Counter(lead.story for lead in leads)
    whole = sum(story.weight for story in STORIES)
    assert told == {story.name: pytest.approx(LEADS * story.weight / whole, abs=1) for story in STORIES}


def test_labels_fit_the_stories(leads):
    junk = {story.name for story in STORIES if story.junk}
    assert {lead.label for lead in leads} == {"junk", "genuine", "converted", "lost"}
    assert all((lead.label == "junk") == (lead.story in junk) for lead in leads)
    assert all(lead.label == "lost" for lead in leads if lead.story == "student")


def test_junk_is_a_large_minority_and_differs_by_source(leads):
    seen = Counter(lead.source for lead in leads)
    junk = Counter(lead.source for lead in leads if lead.label == "junk")
    assert 0.35 < junk.total() / LEADS < 0.40
    assert len(seen) >= 5
    rates = sorted(junk[source] / seen[source] for source in seen)
    assert rates[0] < 0.15
    assert rates[-1] > 0.6


def test_floods_come_on_two_days_from_rented_servers_with_one_text(leads):
    flood = [lead for lead in leads if lead.story == "hosting_flood"]
    days = Counter(lead.received_at.date() for lead in flood)
    assert len(days) == 2
    assert len({lead.message for lead in flood}) == 2
    assert len({lead.ip.rpartition(".")[0] for lead in flood}) <= 6
    assert max(Counter(lead.received_at.date() for lead in leads).values()) > 2 * LEADS / 92


def test_people_keep_office_hours_and_machines_do_not(leads):
    def at_weekend(story):
        days = [lead.received_at.weekday() for lead in leads if lead.story == story]
        return sum(day >= 5 for day in days) / len(days)

    assert at_weekend("buyer") < 0.15
    assert at_weekend("form_bot") > 0.22


def test_volume_grows(leads):
    half = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=46)
    buyers = [lead.received_at < half for lead in leads if lead.story == "buyer"]
    assert 0.44 < sum(buyers) / len(buyers) < 0.49


def test_outcomes_of_late_leads_are_not_known_yet(leads):
    end = leads[-1].received_at
    late = Counter(lead.label for lead in leads if lead.story == "buyer" and lead.received_at > end - timedelta(days=4))
    assert set(late) == {"genuine"}


def test_more_leads_keep_shares_and_bursts():
    def share(count):
        told = [lead.received_at.date() for lead in stream(leads=count) if lead.story == "hosting_flood"]
        return len(told) / count, len(set(told))

    assert share(2_000) == pytest.approx(share(8_000), abs=0.001)


def test_people_who_write_again_keep_their_address(leads):
    first = {lead.email.lower() for lead in leads if lead.story in {"buyer", "small_business"}}
    again = [lead for lead in leads if lead.story == "repeat_sender"]
    assert sum(lead.email.lower() in first for lead in again) / len(again) > 0.95


def test_customers_are_those_of_the_stream(leads):
    known = set(customers(leads=LEADS))
    assert len(known) >= 400
    for lead in leads:
        if lead.story in {"returning_customer", "spoofed_customer", "forwarded_mail"}:
            assert {lead.email, lead.email.lower(), lead.email.partition("@")[2].lower()} & known, lead.email
        if lead.story == "lookalike_sender":
            assert lead.email.partition("@")[2] not in known


def test_a_long_stream_is_told_in_constant_memory():
    told = stream(leads=6_000, days=20)
    next(told)
    start()
    try:
        list(islice(told, 500))
        reset_peak()
        before, _ = get_traced_memory()
        for _ in told:
            pass
        _, peak = get_traced_memory()
    finally:
        stop()
    assert peak - before < 400_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"leads": -1}, "`-1` leads in `92` days make no stream; ask for at least 0 leads and 1 day"),
        ({"days": 0}, "`20000` leads in `0` days make no stream; ask for at least 0 leads and 1 day"),
        ({"start": datetime(2026, 8, 1)}, "`2026-08-01T00:00:00` has no time zone; give the start with its offset"),  # noqa: DTZ001  # what is refused
    ],
)
def test_what_makes_no_stream_is_refused_at_once(arguments, message):
    with pytest.raises(InvalidInputError) as refusal:
        stream(**arguments)
    assert str(refusal.value).startswith(message)
