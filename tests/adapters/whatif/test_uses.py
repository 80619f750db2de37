"""What rules and list entries did, and what changes without one: as if decided lead by lead without it."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import NOW, entry, ruleset, scored
from tests.support.whatif import table_of
from winnow.adapters.whatif.outcomes import redecide
from winnow.adapters.whatif.past_table import PastTable
from winnow.adapters.whatif.uses import uses
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.core.whatif.past import Truth

BLOCK, ALLOW = entry(id="b"), entry("allow", id="a", kind="domain")
DRAFT = ruleset(
    rules=(
        Rule("fail", "mail.spf == 'fail'", "t", "Mia", "w", outcome=Outcome.REVIEW),
        Rule("same", "mail.spf.startsWith('fa')", "t", "Mia", "w", outcome=Outcome.TAG),
        Rule("mild", "mail.spf == 'pass'", "t", "Mia", "w", points=-900),
        Rule("never", "mail.spf == 'odd'", "t", "Mia", "w", points=5),
    )
)
LEADS = st.lists(
    st.tuples(
        st.sampled_from(Outcome),
        st.sampled_from([None, "fail", "pass"]),
        st.sampled_from([(), (BLOCK,), (ALLOW,), (BLOCK, ALLOW)]),
        st.sampled_from(Truth),
        st.booleans(),
    ),
    max_size=12,
)


def pairs_of(drawn):
    pairs: list[Any] = []
    for band, spf, hits, _, odd in drawn:
        someone, known = scored(band, list_hits=hits)
        odd_field: dict[str, Any] = {"form_fill_seconds": "soon"} if odd else {}
        pairs.append((replace(someone, spf=spf, **odd_field), known))
    return pairs


@given(LEADS)
@settings(max_examples=50, deadline=None)
def test_as_if_decided_without_it(drawn):
    pairs = pairs_of(drawn)
    truth = [each[3] for each in drawn]
    table = table_of(pairs, DRAFT, truth=truth)
    told: list[float] = []
    found = uses(table, redecide(table, DRAFT), told.append)
    with_all = [decide(one, known, DRAFT) for one, known in pairs]
    columns = [row for row in range(len(pairs)) if row not in table.whole]

    def changed(decided):
        return [
            str(row) for row, (old, new) in enumerate(zip(with_all, decided, strict=True)) if old.outcome != new.outcome
        ]

    for use in found.each:
        kind, _, name = use.name.partition(":")
        if kind == "rule":
            rows = [row for row in columns if use.name in {reason.source for reason in with_all[row].reasons}]
            kept = replace(DRAFT, rules=tuple(rule for rule in DRAFT.rules if rule.id != name))
            without = [decide(one, known, kept) for one, known in pairs]
        else:
            rows = [row for row, (_, known) in enumerate(pairs) if name in {hit.id for hit in known.list_hits}]
            without = [decide(someone, left_out(known, {name}), DRAFT) for someone, known in pairs]
        assert use.hits == len(rows)
        assert use.decided == sum(with_all[row].decided_by == use.name for row in rows)
        assert use.decided + sum(use.above.values()) == use.hits
        gone = [ref for ref in changed(without) if int(ref) in rows]
        assert (use.gone, list(use.gone_refs)) == (len(gone), gone)
        assert sum(use.by_truth.values()) == len(rows)
        assert use.last == (NOW.date() if rows else None)
    assert found.lists_gone == len(changed([decide(one, left_out(known, {"a", "b"}), DRAFT) for one, known in pairs]))
    assert found.rules_gone == len(changed([decide(one, known, replace(DRAFT, rules=())) for one, known in pairs]))
    assert (found.leads, found.junk) == (len(drawn), truth.count(Truth.JUNK))
    assert found.by_day == ({NOW.date(): len(drawn)} if drawn else {})
    assert told == [(place + 1) / len(found.each) for place in range(len(found.each))]


def left_out(known, ids):
    return replace(known, list_hits=tuple(hit for hit in known.list_hits if hit.id not in ids))


def test_two_that_always_fire_together_are_the_same():
    pairs = pairs_of([(Outcome.ACCEPT, spf, (), Truth.JUNK, False) for spf in ("fail", "pass", "fail", None)])
    found = {use.name: use for use in uses(table_of(pairs, DRAFT), redecide(table_of(pairs, DRAFT), DRAFT)).each}
    assert found["rule:fail"].same == found["rule:same"].same != found["rule:mild"].same
    assert (found["rule:same"].decided, found["rule:same"].above) == (0, {"rule:fail": 2})


def test_a_past_table_answers_for_several_rulesets():
    pairs = pairs_of([(Outcome.TAG, "fail", (BLOCK,), Truth.JUNK, False)])
    past = PastTable(table_of(pairs, DRAFT, outcome=[Outcome.TAG]))
    assert (len(past), past.decided, past.single) == (1, True, 0)
    assert past.tally(DRAFT, None, most_refs=5).changed == 1
    assert past.without_entries(frozenset({"b"})).tally(DRAFT, None, most_refs=5).decided == {"rule:fail": 1}
    assert past.curve(DRAFT).others == 1
    assert [use.gone for use in past.uses(DRAFT, lambda _share: None).each] == [0, 0, 0, 0, 1]
    assert PastTable(table_of([], DRAFT)).span() == (0, 0)
    assert len(set(past.span())) == 1
