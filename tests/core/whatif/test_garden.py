"""What is proposed for pruning, and what is left alone."""

from datetime import date, timedelta

import pytest

from tests.support.cases import NOW, entry
from winnow.core.outcome import Outcome, Scope
from winnow.core.rules import Rule
from winnow.core.whatif.garden import Reproach, weeds
from winnow.core.whatif.past import Truth
from winnow.core.whatif.use import Planted, Use, Uses, planted_entry, planted_rule

JUNK, GENUINE, CONVERTED, LOST = list(Truth)[1:]


def planted(name="rule:a", says="a", *, against=True, alone=True, expires_at=None, **more):
    return Planted(name, says, against, alone, "Mia", expires_at, **more)


def use(name="rule:a", hits=20, decided=20, by_truth=None, same="x", above=None):
    return Use(name, hits, decided, above or {}, 3, ("7",), by_truth or {}, date(2026, 11, 1), same)


BY_DAY = {date(2026, 10, 30): 700, date(2026, 10, 31): 201, date(2026, 11, 1): 99}


def uses(*each, leads=1000, junk=200, judged=400):
    return Uses(each, leads, 30, junk, judged, 0, 0, BY_DAY)


def found(plants, *each, **more):
    return [(weed.name, weed.reproach.value) for weed in weeds(plants, uses(*each, **more), NOW)]


@pytest.mark.parametrize(
    ("plant", "did", "more", "reproaches"),
    [
        (planted(), use(), {}, []),
        (planted(expires_at=NOW), use(), {}, ["expired"]),
        (planted(expires_at=NOW + timedelta(1)), use(), {}, []),
        (planted(expires_at=NOW), use(hits=0), {}, ["expired"]),
        (planted(), use(hits=0), {}, ["never_hit"]),
        (planted(), None, {}, ["never_hit"]),
        (planted(), use(hits=0), {"leads": 99}, []),
        # a list entry can only have applied to leads that came after it
        (planted(made=date(2026, 10, 30)), None, {}, ["never_hit"]),
        (planted(made=date(2026, 10, 31)), None, {}, []),
        # one that asks for an outcome: wrong more often than right, beyond doubt
        (planted(), use(by_truth={CONVERTED: 10, LOST: 2, GENUINE: 4}), {}, ["contradicted"]),
        (planted(), use(by_truth={GENUINE: 10, JUNK: 9}), {}, []),
        (planted(), use(by_truth={GENUINE: 9}), {}, []),
        (planted(against=False), use(by_truth={JUNK: 16}), {}, ["contradicted"]),
        (planted(against=False), use(by_truth={GENUINE: 16}), {}, []),
        # one that gives points: leads are the other way round than usual
        (planted(alone=False), use(by_truth={GENUINE: 90, JUNK: 10}), {}, ["contradicted"]),
        (planted(alone=False), use(by_truth={GENUINE: 50, JUNK: 50}), {}, []),
        (planted(alone=False), use(by_truth={GENUINE: 90, JUNK: 10}), {"junk": 20}, []),
        (planted(against=False, alone=False), use(by_truth={GENUINE: 10, JUNK: 90}), {}, ["contradicted"]),
        (planted(), use(decided=0, above={"policy:p": 20}), {}, ["shadowed"]),
        (planted(alone=False), use(decided=0, above={"score": 20}), {}, []),
        # what decides nothing for sales cannot be seen to decide, and the truth of sales does not speak against it
        (planted(seen=False), use(decided=0, above={"score": 20}, by_truth={CONVERTED: 20}), {}, []),
    ],
)
def test_reproaches(plant, did, more, reproaches):
    did = [did] if did else []
    assert found([plant], *did, **more) == [("rule:a", each) for each in reproaches]


def test_the_later_of_two_that_are_alike_goes():
    a, b, c, d = (planted(f"rule:{name}", f"says {name}") for name in "abcd")
    also_a = planted("rule:e", "says a")
    opposite = planted("rule:f", "says f", against=False)
    names = [use(f"rule:{name}", same=same) for name, same in zip("abcdef", "xxyxzx", strict=True)]
    assert found([a, b, c, d, also_a, opposite], *names) == [
        ("rule:b", "duplicate"),
        ("rule:d", "duplicate"),
        ("rule:e", "duplicate"),
    ]
    few = [use(f"rule:{name}", hits=4) for name in "ab"]
    assert found([a, b], *few) == []


def test_of_two_that_are_alike_the_one_stays_that_stands_longest_and_none_that_is_expired():
    tomorrow, later = NOW + timedelta(1), NOW + timedelta(2)
    brief, long = planted("rule:a", expires_at=tomorrow), planted("rule:b", expires_at=later)
    names = [use("rule:a"), use("rule:b")]
    assert found([brief, long], *names) == [("rule:a", "duplicate")]
    assert found([long, planted("rule:a")], *names) == [("rule:b", "duplicate")]
    assert found([planted("rule:a", expires_at=NOW), long], *names) == [("rule:a", "expired")]


def test_two_that_say_the_same_to_the_contrary_are_no_duplicates():
    assert found([planted("rule:a"), planted("rule:b", against=False)], use("rule:a"), use("rule:b")) == []


def test_evidence_is_a_sentence_and_names_the_leads():
    said = {
        weed.reproach: weed
        for weed in weeds(
            [planted("rule:a", expires_at=NOW), planted("rule:b", "b"), planted("rule:c", "c"), planted("rule:d", "c")],
            uses(
                use("rule:b", hits=0),
                use("rule:c", decided=0, above={"list:x": 3, "policy:y": 9}, by_truth={CONVERTED: 20}),
                use("rule:d"),
            ),
            NOW,
        )
    }
    assert said[Reproach.EXPIRED].evidence == "it expired on 2026-11-01"
    assert (said[Reproach.EXPIRED].gone, said[Reproach.EXPIRED].refs) == (0, ())
    assert said[Reproach.NEVER_HIT].evidence == "it applied to none of 1,000 leads in 30 days (at most 0.30% of leads)"
    assert said[Reproach.SHADOWED].evidence.endswith("decided none of them: policy:y (9), list:x (3) did")
    assert said[Reproach.CONTRADICTED].evidence.startswith("of 20 judged leads it applied to, 20 were real (84% to")
    assert (said[Reproach.CONTRADICTED].gone, said[Reproach.CONTRADICTED].refs) == (3, ("7",))
    assert said[Reproach.DUPLICATE].evidence == "it says the same as rule:c"


def test_points_are_contradicted_against_what_is_usual():
    (weed,) = weeds([planted(alone=False)], uses(use(by_truth={GENUINE: 95, JUNK: 5})), NOW)
    assert weed.evidence.endswith(", and of all leads 50%")


def test_rules_and_entries_as_the_gardener_sees_them():
    rule = Rule("r", "form.honeypot  &&\n true", "t", "Mia", "why", points=-3)
    assert planted_rule(rule) == Planted("rule:r", "form.honeypot && true", False, False, "Mia")
    asking = Rule("r", "true", "t", "Mia", "why", outcome=Outcome.REVIEW, expires_at=NOW)
    assert planted_rule(asking) == Planted("rule:r", "true", True, True, "Mia", NOW)
    block = planted_entry(entry(id="b"))
    assert (block.name, block.against, block.alone, block.shown) == ("list:b", True, True, "block email")
    assert planted_entry(entry("allow")).against is False
    assert (block.made, block.seen) == (None, True)
    billing = planted_entry(entry("allow", scopes=frozenset({Scope.BILLING}), created_at=NOW))
    assert (billing.made, billing.seen) == (NOW.date(), False)
    assert planted_entry(entry(id="b", value="o@acme.example")).says != block.says


def test_a_use_knows_what_was_judged():
    assert use(by_truth={Truth.UNKNOWN: 5, JUNK: 2, LOST: 1}).judged == 3
    assert use(by_truth={JUNK: 2}).junk == 2
