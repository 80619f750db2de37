"""Proof 9: the database is away, refusing connections or swallowing them, and no lead is lost or recorded twice."""

import time

import pytest

from tests.support.database_proxy import DatabaseProxy
from tests.support.databases import new_database
from tests.support.leaning import DECIDED, KEPT, Crowd, Record
from tests.support.serving import new_key, recovered, serving

pytestmark = pytest.mark.enable_socket


def leant_on(folder, *absences):
    """Lean on a service while its database is away in these ways, each for so many seconds; figures at the end."""
    database = new_database("postgresql", folder)
    proxy = DatabaseProxy(database)
    data, settings = folder / "data", folder / "winnow.toml"
    settings.write_text("[serve]\nrequests_per_second = 1000000\n", encoding="utf-8")
    crowd, record = Crowd(new_key(data, store=proxy.url), pause=0.05), Record(database)
    waited = []
    with serving(data, "--store", proxy.url, "--config", str(settings), log=folder / "log") as (port, _):
        crowd.lean_on(port)
        time.sleep(0.5)
        for how, seconds in absences:
            {"refused": proxy.refuse, "swallowed": proxy.swallow}[how]()
            time.sleep(seconds)
            proxy.recover()
            waited.append(recovered(port))
        crowd.let_go()
        crowd.finish(port)
        recovered(port)
        different = crowd.ask_again(port, crowd.answered)
        record.verify()
    expected = sum(each.leads for each in crowd.answered)
    found = record.leads()
    record.close()
    proxy.close()
    ways = ", ".join(f"{seconds} s {how}" for how, seconds in absences)
    returns = ", ".join(f"{each:.1f}" for each in waited)
    print(
        f"\n9: {ways}; {len(crowd.answered):,} requests answered {dict(crowd.statuses)},"
        f" the slowest after {crowd.slowest:.1f} s; {expected:,} leads acknowledged,"
        f" {expected - found} missing or doubled, {len(different)} answered otherwise later;"
        f" all taken over {returns} s after the return"
    )
    assert crowd.faults == []
    assert different == []
    assert expected == found
    assert set(crowd.statuses) == {DECIDED, KEPT}


def test_refused_for_a_moment(tmp_path):
    leant_on(tmp_path, ("refused", 1.5))


@pytest.mark.proof
@pytest.mark.parametrize("absences", [[("refused", 4), ("swallowed", 15), ("refused", 20)], [("swallowed", 60)]])
def test_away_for_long(tmp_path, absences):
    leant_on(tmp_path, *absences)
