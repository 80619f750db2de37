"""A what-if says what changes and why, and refuses what makes no sense."""

from dataclasses import replace

import pytest

from tests.support.cases import entry, ruleset, scored
from tests.support.whatif import table_of
from winnow.adapters.whatif.past_table import PastTable
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.core.thresholds import Bands, Thresholds
from winnow.core.whatif.cost import Prices
from winnow.core.whatif.past import Truth
from winnow.errors import InvalidInputError
from winnow.services.simulate import Question, simulated

RULE = Rule("spf", "mail.spf == 'fail'", "t", "Mia", "w", outcome=Outcome.REVIEW)
LIVE = ruleset(rules=(RULE,))
STRICT = replace(LIVE, thresholds=Thresholds(Bands(-900, 700, 3000)))


def past(**more):
    pairs = [scored(band) for band in (Outcome.ACCEPT, Outcome.TAG, Outcome.TAG, Outcome.REVIEW)]
    pairs.append(scored(Outcome.ACCEPT, list_hits=(entry(),)))
    pairs.append((replace(pairs[0][0], spf="fail"), pairs[0][1]))
    fields = {
        "outcome": [Outcome.ACCEPT, Outcome.TAG, Outcome.TAG, Outcome.REVIEW, Outcome.REJECT, Outcome.REVIEW],
        "truth": [Truth.UNKNOWN, Truth.CONVERTED, Truth.JUNK, Truth.JUNK, Truth.JUNK, Truth.GENUINE],
    }
    return PastTable(table_of(pairs, LIVE, STRICT, groups=("source",), **{**fields, **more}))


def test_a_draft_against_what_was_decided():
    told = []
    report = simulated(past(), Question(STRICT, prices=Prices(conversion_value=5)), lambda *step: told.append(step))
    found = {each.name: (each.count, each.refs) for each in report.buckets if each.count}
    assert found == {"real_stopped": (1, ("1",)), "junk_stopped": (1, ("2",))}
    assert (report.cost.stopped, report.cost.value_lost.value) == (2, 5.0)
    assert (report.load_before.mean, report.load_after.mean) == (2.0, 4.0)
    assert report.groups["source"][0].leads == 6
    assert [(use.name, use.hits, use.gone) for use in report.uses.each] == [("rule:spf", 1, 1), ("list:e1", 1, 1)]
    assert report.curve.leads == 4
    assert len(report.notes) == 2
    assert told[0] == ("deciding", 0.0)
    assert told[-1] == ("leaving out one by one", 1.0)


def test_a_draft_against_another_ruleset():
    report = simulated(past(outcome=[None] * 6), Question(STRICT, LIVE))
    assert (report.tally.changed, report.load_before.most) == (2, 2)
    same = simulated(past(truth=[Truth.JUNK] * 6), Question(LIVE, LIVE))
    assert (same.tally.changed, same.notes) == (0, ())


def test_what_changes_if_one_goes():
    report = simulated(past(), Question(LIVE, without=("rule:spf", "list:e1")))
    assert [(each.ref, each.after) for each in report.tally.movers] == [("4", Outcome.ACCEPT), ("5", Outcome.ACCEPT)]
    assert report.draft.rules == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Question(LIVE, without=("spf",)), "neither a rule nor a list entry"),
        (Question(LIVE, without=("rule:x",)), "no rule `x`"),
        (Question(LIVE, LIVE, without=("list:e1",)), "left out of both sides"),
    ],
)
def test_what_makes_no_sense_is_refused(asked, said):
    with pytest.raises(InvalidInputError, match=said):
        simulated(past(), asked)


def test_no_more_leads_are_named_behind_a_number_than_asked_for():
    everybody = past(outcome=[Outcome.ACCEPT] * 6, truth=[Truth.CONVERTED, Truth.GENUINE, *[Truth.LOST] * 4])
    for most in (0, 1, 2, 9):
        stopped = simulated(everybody, Question(STRICT, most_refs=most)).buckets[0]
        assert (stopped.name, len(stopped.refs)) == ("real_stopped", min(most, stopped.count))
        assert stopped.count > 2


def test_leaving_out_an_entry_that_never_applied_is_said():
    found = simulated(past(), Question(LIVE, without=("list:nope", "list:e1"))).notes
    assert [note for note in found if "none of these leads" in note] == [
        "list entry `nope` applied to none of these leads"
    ]


def test_no_leads_no_answer():
    with pytest.raises(InvalidInputError, match="no decided leads"):
        simulated(PastTable(table_of([], LIVE)), Question(LIVE))


def test_new_entries_of_a_draft_are_said_not_to_count():
    report = simulated(past(), Question(replace(LIVE, lists=(entry(id="new"),))))
    assert any("new entries of the draft are not tried" in note for note in report.notes)
