"""What becomes a column, and what stays a lead of its own."""

from tests.support.cases import facts, lead, ruleset, scored
from tests.support.whatif import table_of
from winnow.adapters.whatif.outcomes import redecide
from winnow.core.decide import decide
from winnow.core.facts import NetworkFacts
from winnow.core.outcome import Outcome
from winnow.core.policy import Policy

DRAFT = ruleset()


def test_a_signal_off_limits_is_not_measured_and_counts_as_unknown():
    masking = ruleset(policy=Policy(owner="Mia", off_limits=frozenset({"form_fill_seconds"})))
    pairs = [scored(Outcome.REVIEW)]
    assert "form.fill_seconds" not in table_of(pairs, masking).columns
    for table in (table_of(pairs, masking), table_of(pairs, masking, DRAFT)):
        assert redecide(table, masking).score[0] == decide(*pairs[0], masking).score == -1000


def test_a_text_that_cannot_be_stored_keeps_its_lead_whole():
    known = facts(network=scored(Outcome.REVIEW)[1].network)
    broken = facts(network=NetworkFacts("192.0.2.1", "192.0.2.0/24", "half \ud800 a pair"))
    table = table_of([(lead(), known), (lead(), broken)], DRAFT)
    assert set(table.whole) == {1}
    assert redecide(table, DRAFT).score.tolist() == [decide(lead(), each, DRAFT).score for each in (known, broken)]
