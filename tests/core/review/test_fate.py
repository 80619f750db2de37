"""What became of a report is what can be shown to have become of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.cases import NOW, facts, lead, ruleset
from winnow.core.facts import NetworkFacts
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.review.fate import Became, Reported, fates

WEEK = timedelta(days=7)
HOSTED = facts(network=NetworkFacts("192.0.2.1", "192.0.2.0/24", "hosting"))


@dataclass
class Draft:
    document: dict[str, Any]
    created_at: datetime = NOW


def spike(value="hosting", name="spike-1", **more):
    return Draft({"id": name, "examples": [{"values": {"net.ip_class": value}, "fires": True}]}, **more)


def entry(source="feedback", created_at=NOW):
    return ListEntry("e1", ListAction.BLOCK, ListKind.IP, "192.0.2.1", "Mia", "w", source=source, created_at=created_at)


REPORT = Reported(7, "junk", "rita", "lead page", NOW)
GONE = replace(REPORT, withdrawn_at=NOW, withdrawn_by="mia", withdrawn_as="labels of author rita")


@pytest.mark.parametrize(
    ("reported", "drafts", "entries", "expected"),
    [
        ((), (spike(),), (), []),
        ((REPORT,), (), (), [Became.KEPT]),
        ((REPORT, replace(REPORT, id=8)), (), (), [Became.REPLACED, Became.KEPT]),
        ((REPORT, replace(GONE, id=8)), (), (), [Became.KEPT, Became.WITHDRAWN]),
        ((GONE,), (), (entry(),), [Became.WITHDRAWN]),
        ((REPORT,), (), (entry(),), [Became.LISTED]),
        ((REPORT,), (), (entry(source="person"), entry(created_at=None)), [Became.KEPT]),
        ((REPORT,), (), (entry(created_at=NOW - WEEK),), [Became.KEPT]),
        ((REPORT,), (spike(),), (), [Became.DRAFTED]),
        ((REPORT,), (spike(created_at=NOW + WEEK),), (), [Became.DRAFTED]),
        ((REPORT,), (spike(created_at=NOW + 2 * WEEK),), (), [Became.KEPT]),
        ((REPORT,), (spike(created_at=NOW - WEEK),), (), [Became.KEPT]),
        ((REPORT,), (spike("residential"), spike(name="mine"), Draft({})), (), [Became.KEPT]),
        ((replace(REPORT, verdict="lost"),), (spike(),), (), [Became.KEPT]),
    ],
)
def test_of_each_report(reported, drafts, entries, expected):
    found = fates(reported, drafts, entries, (lead(), HOSTED), ruleset(), WEEK)
    assert [each.became for each in found] == expected


def test_it_says_who_took_it_back():
    undone = replace(GONE, withdrawn_as="undone")
    said = [each.text for each in fates((GONE, undone), (), (), (lead(), HOSTED), ruleset(), WEEK)]
    assert said == [
        "Withdrawn on 2026-11-01 by `mia` (labels of author rita): it counts nowhere any more",
        "The decision it came with was taken back, and it with that: it counts nowhere",
    ]
