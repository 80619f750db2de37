"""What a run adds up is the same however it was cut, and survives being written down."""

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from winnow.core.decide import Decision
from winnow.core.outcome import Outcome
from winnow.core.reasons import Reason
from winnow.shells.bulk.tally import Tally

TEXTS = st.text(st.sampled_from('ab "\t\n\\é😀|'), max_size=6)
REASONS = st.builds(Reason, TEXTS, st.just("form"), st.integers(-5, 5), TEXTS, st.just("score"))


#: Only what is counted is drawn.
DECISIONS = st.builds(
    Decision,
    lead_id=st.just("lead-1"),
    outcome=st.sampled_from(Outcome),
    probability=st.floats(0.01, 0.99),
    score=st.just(0),
    base=st.just(0),
    threshold_band=st.just(Outcome.ACCEPT),
    decided_by=TEXTS,
    reasons=st.lists(REASONS, max_size=3).map(tuple),
    scopes=st.just({}),
    unknown=st.just(()),
    skipped_rules=st.just(()),
    ruleset_id=st.just("r"),
    ruleset_hash=st.just("h"),
    codes=st.just(b""),
)
MANY = st.lists(DECISIONS, max_size=8)


def tally_of(some: Sequence[Decision], unreadable: int = 0) -> Tally:
    tally = Tally(unreadable=unreadable)
    tally.add(some)
    return tally


@given(MANY, st.integers(0, 5))
def test_it_counts_what_a_plain_count_finds(some, unreadable):
    tally = tally_of(some, unreadable)
    assert (tally.decided, tally.read) == (len(some), len(some) + unreadable)
    for outcome in Outcome:
        assert tally.outcomes[outcome] == sum(each.outcome is outcome for each in some)
    shown = [reason.text for each in some for reason in each.reasons if reason.points >= 0]
    assert tally.reasons == {text: shown.count(text) for text in shown}
    assert sum(tally.tenths.values()) == len(some)
    assert {tenth for tenth in tally.tenths if tally.tenths[tenth]} <= set(range(10))


@given(st.lists(MANY, max_size=4))
def test_merging_the_parts_gives_the_whole_in_the_same_order(parts):
    merged = Tally()
    for part in parts:
        merged.merge(tally_of(part))
    whole = tally_of([each for part in parts for each in part])
    assert merged == whole
    assert list(merged.flat()) == list(whole.flat())


@given(MANY, st.integers(0, 5))
def test_it_survives_being_written_down(some, unreadable):
    tally = tally_of(some, unreadable)
    flat = json.loads(json.dumps(tally.flat()))
    assert Tally.from_flat(flat) == tally
    assert list(Tally.from_flat(flat).flat()) == list(flat)
