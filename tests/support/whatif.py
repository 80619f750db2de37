"""Past leads, drafts and tables for the tests of what-ifs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.support.cases import FACTS, LEADS, NOW
from tests.support.rulesets import RULESETS, scorecards
from winnow.adapters.whatif.build import TableBuilder
from winnow.adapters.whatif.outcomes import redecide
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.core.whatif.past import PastLead, grouped

SIGNED: dict[str, Any] = {"outcome": Outcome.REJECT, "deterministic": True, "signed_off_by": "Bo"}

PAUSED = st.sampled_from(["", "", "drift"])
MOMENTS = st.sampled_from([NOW, NOW + timedelta(days=40), NOW - timedelta(days=400)])
PAIRS = st.lists(
    st.tuples(
        LEADS, st.builds(lambda each, paused, now: replace(each, paused=paused, now=now), FACTS, PAUSED, MOMENTS)
    ),
    max_size=6,
)

CONDITIONS = [
    "form.fill_seconds < 3.0",
    "mail.spf == 'fail' || form.honeypot",
    "velocity.ip_hour > 5 && form.fill_seconds > 1.5",
    "10 / velocity.ip_hour > 2",
    "!has(mail.dmarc)",
    "text.links >= 1",
    "true",
]
EFFECTS: list[dict[str, Any]] = [
    {"points": -700},
    {"points": 400},
    {"points": 400, "expires_at": NOW},
    {"outcome": Outcome.TAG},
    {"outcome": Outcome.REVIEW, "expires_at": NOW},
    SIGNED,
]


@st.composite
def rules(draw):
    drawn = draw(st.lists(st.tuples(st.sampled_from(CONDITIONS), st.sampled_from(EFFECTS)), max_size=4))
    return tuple(
        Rule(f"r{index}", when, "text", "Mia", "why", **(EFFECTS[0] if "has" in when else effect))
        for index, (when, effect) in enumerate(drawn)
    )


CARDS = scorecards().map(lambda card: replace(card, caps={**card.caps, "text": 500}))
DRAFTS = st.builds(lambda draft, card, more: replace(draft, scorecard=card, rules=more), RULESETS, CARDS, rules())


def table_of(pairs, *rulesets, groups=(), **more):
    """A table of leads with their facts; `more` are lists of what was decided and what became of each."""
    builder = TableBuilder(rulesets, groups)
    for number, (someone, known) in enumerate(pairs):
        fields = {name: values[number] for name, values in more.items()}
        builder.add(PastLead(str(number), someone, known, groups=grouped(someone, groups), **fields))
    return builder.table()


def same_one_by_one(pairs, draft, table):
    found = redecide(table, draft)
    for row, (someone, known) in enumerate(pairs):
        decision = decide(someone, known, draft)
        assert found.outcome[row] == decision.outcome
        assert found.score[row] == decision.score
        assert found.decided_by.at(row) == decision.decided_by
