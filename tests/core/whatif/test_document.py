"""The figures as plain data, which JSON can hold."""

import json
from datetime import date

from winnow.core.outcome import Outcome
from winnow.core.whatif.cost import Prices, cost
from winnow.core.whatif.document import (
    bucket_document,
    cost_document,
    group_document,
    load_document,
    tally_document,
    uses_document,
    weed_document,
)
from winnow.core.whatif.garden import Reproach, Weed
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import Load, Move, Mover, Tally, buckets, group_lines
from winnow.core.whatif.use import Use, Uses

STOPPED = Move(Outcome.ACCEPT, Outcome.REVIEW, Truth.CONVERTED)
TALLY = Tally(
    {STOPPED: 3, Move(Outcome.TAG, Outcome.TAG, Truth.UNKNOWN): 2},
    {STOPPED: ("1", "2")},
    [0],
    [3],
    {"score": 1, "rule:a": 3, "list:b": 1},
    {"source": {"web": {STOPPED: 3}}},
    (Mover("1", Outcome.ACCEPT, Outcome.REVIEW, "rule:a", 700, None),),
)


def kept(document):
    assert json.loads(json.dumps(document)) == document
    return document


def test_outcomes_before_and_after():
    document = kept(tally_document(TALLY))
    assert (document["leads"], document["judged"], document["changed"]) == (5, 3, 3)
    assert document["before_after"]["accept"] == {"accept": 0, "tag": 0, "review": 3, "reject": 0}
    assert list(document["decided_by"]) == ["rule:a", "list:b", "score"]
    assert document["movers"][0]["before"] == "accept"


def test_a_bucket_says_how_many_leads_it_does_not_name():
    document = kept(bucket_document(buckets(TALLY)[0]))
    assert (document["count"], document["refs"], document["more"]) == (3, ["1", "2"], 1)


def test_costs_with_and_without_a_value():
    assert kept(cost_document(cost(TALLY, Prices())))["value_lost"] is None
    document = kept(cost_document(cost(TALLY, Prices(conversion_value=10))))
    assert document["value_lost"]["value"] == 30.0
    assert document["value_won"] == {"value": 0.0, "interval": [0.0, 0.0]}


def test_loads_groups_uses_and_weeds():
    assert kept(load_document(Load(1.0, 2, 3))) == {"mean": 1.0, "p95": 2, "most": 3}
    assert kept(group_document(group_lines(TALLY.groups["source"])))[0]["stopped_after"] == 3
    each = (
        Use("rule:a", 2, 1, {"score": 1}, 1, ("4",), {Truth.JUNK: 2}, date(2026, 11, 1)),
        Use("rule:b", 0, 0, {}, 0, (), {}, None),
    )
    document = kept(uses_document(Uses(each, 9, 3, 1, 2, 4, 0)))
    assert document["all_rules_gone"] == 4
    assert [use["last"] for use in document["each"]] == ["2026-11-01", None]
    weed = kept(weed_document(Weed("rule:a", Reproach.NEVER_HIT, "because", "Mia", "true", 0, ())))
    assert weed["reproach"] == "never_hit"
