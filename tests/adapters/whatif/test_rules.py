"""Rules over columns fire where a rule book fires row by row, whichever way they are evaluated."""

from dataclasses import replace
from datetime import timedelta
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import NOW, facts, lead, ruleset, small_card
from tests.support.whatif import table_of
from winnow.adapters.whatif import rules as module
from winnow.adapters.whatif.rules import compared_with, fired_on
from winnow.core.cel import check
from winnow.core.facts import History
from winnow.core.rules import Rule

CONDITIONS = (
    "form.fill_seconds < 3.0",
    "form.fill_seconds < 3.0 && velocity.ip_hour > 1",
    "10 / velocity.ip_hour > 2 || form.honeypot",
    "!has(form.honeypot)",
    "true",
    "mail.spf in ['fail', 'none'] && form.fill_seconds / 2.0 > 0.7",
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, 0.0, 1.0, 2.9999, 3.0, 60.0]),
        st.sampled_from([None, 0, 1, 2, 7]),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, "fail", "pass"]),
        st.sampled_from([NOW - timedelta(microseconds=1), NOW, NOW + timedelta(days=1)]),
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("cells", "wide", "width"), [(1 << 22, 2.0, 1 << 62), (1, 2.0, 1 << 62), (1, -1.0, 1 << 62), (1, 0.5, 2)]
)
@given(rows=ROWS)
@settings(max_examples=25, deadline=None)
def test_as_a_rule_book(cells, wide, width, rows):
    draft = ruleset(
        scorecard=replace(small_card(), caps={**small_card().caps, "form": 2000, "velocity": 100}),
        rules=tuple(
            Rule(f"r{index}", when, "t", "Mia", "why", points=-index - 1, expires_at=NOW if index in {1, 2} else None)
            for index, when in enumerate(CONDITIONS)
        ),
    )
    pairs = [
        (
            lead(form_fill_seconds=seconds, form_honeypot=honeypot, spf=spf, ip="192.0.2.1"),
            facts(now=now, history=History(ip_hour=count)),
        )
        for seconds, count, honeypot, spf, now in rows
    ]
    table, plan = table_of(pairs, draft), draft.plan
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_CELLS", cells)
        patch.setattr(module, "_WIDE", wide)
        patch.setattr(module, "_MOST_WIDTH", width)
        patch.setattr(module, "_BLOCK", 7)
        found = fired_on(table, plan)
    for row, (someone, known) in enumerate(pairs):
        expected = plan.rules.evaluate(plan.measure(someone, known), known.now)
        fired = tuple(index for index, fires in enumerate(found.rows) if row in fires)
        assert (fired, bool(found.failed[row])) == (expected.fired, bool(expected.failed))
    points = found.points(plan.rules.rules)
    assert sum(int(each.sum()) for each in points.values()) == -sum(
        (index + 1) * len(each) for index, each in enumerate(found.rows)
    )


TYPES = {"form.fill_seconds": float, "velocity.ip_hour": int, "form.honeypot": bool}


@pytest.mark.parametrize(
    ("when", "limits"),
    [
        ("form.fill_seconds < 3.0 || 9.5 >= form.fill_seconds", [3.0, 9.5]),
        ("has(form.fill_seconds) && form.fill_seconds != 3.0", [3.0]),
        ("has(form.fill_seconds) && velocity.ip_hour > 3", []),
        ("form.fill_seconds + 1.0 < 3.0", None),
        ("form.fill_seconds < 3.0 && form.fill_seconds / 2.0 < 1.0", None),
        ("form.fill_seconds < double(velocity.ip_hour)", None),
        ("form.fill_seconds in [1.0, 3.0]", None),
        ("form.fill_seconds < form.fill_seconds", None),
    ],
)
def test_where_numbers_cannot_be_told_apart(when, limits):
    assert compared_with(check(when, TYPES, "when").root, "form.fill_seconds") == limits


@given(
    st.lists(
        st.none() | st.sampled_from([0.0, 2.9999999999999996, 3.0, 3.0000000000000004, 9.0, inf, -inf, nan]), max_size=9
    ),
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.sampled_from(["3.0", "9.0", "-1.5"]),
)
@settings(max_examples=80, deadline=None)
def test_numbers_on_and_beside_a_limit(values, sign, limit):
    rule = Rule("r", f"form.fill_seconds {sign} {limit}", "t", "Mia", "w", points=5)
    draft = ruleset(rules=(rule,))
    pairs = [(lead(form_fill_seconds=value), facts()) for value in values]
    rows = fired_on(table_of(pairs, draft), draft.plan).rows[0].tolist()
    plan = draft.plan
    assert rows == [row for row, pair in enumerate(pairs) if plan.rules.evaluate(plan.measure(*pair), NOW).fired]
