"""Labels are taken back, rulesets run in shadow and things climb the ladder, in both databases, each with its leaf."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.cases import starter
from tests.support.screening import NOW, Desk, a_lead
from winnow.adapters.db.connections import reading
from winnow.adapters.db.labels import ENOUGH, Labels
from winnow.adapters.db.ladder import StoredLadder
from winnow.adapters.db.learning_tables import shadow_decisions
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.shadows import StoredShadows
from winnow.adapters.db.tables import events
from winnow.adapters.db.versions import numbers
from winnow.core.learning.feedback.unlearn import Withdrawal
from winnow.core.learning.ladder import Rung, Standing
from winnow.core.learning.shadow import Beside, Changed, Judged
from winnow.core.outcome import Outcome
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Label, Submitted

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

LATER = NOW + timedelta(days=2)
ACCEPT, TAG, REVIEW, REJECT = Outcome
DRAFT = replace(starter(), id="draft")


@pytest.fixture
def journal(vault):
    return Journal(vault)


@pytest.fixture
def desk(store, vault):
    return Desk(store, vault)


@pytest.fixture
def labels(store, journal):
    return Labels(store, journal)


@pytest.fixture
def shadows(store, journal):
    StoredRulesets(store, journal).add(DRAFT, "wk_1", NOW)
    return StoredShadows(store, journal)


def told(store):
    with reading(store) as connection:
        rows = connection.execute(select(events.c.kind, events.c.actor, events.c.about).order_by(events.c.id)).all()
    return [tuple(row) for row in rows]


def screened(desk, count, **fields):
    return [each.id for (each,) in desk.record(*[desk.submitted(a_lead(number, **fields)) for number in range(count)])]


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


def test_labels_are_taken_back_and_never_count_again(store, desk, labels):
    leads = screened(desk, ENOUGH)
    for lead in leads:
        labels.add(Label(lead, "junk", "eve", "api", "b1"), NOW)
    labels.add(Label(leads[0], "genuine", "ana", "api"), NOW)
    kept = labels.add(Label(leads[1], "junk", "ana", "queue", "b1"), LATER)
    labels.add(Label(leads[0], "junk", "eve", "api"), LATER)
    assert labels.junk_rates() == {"web": 1.0}
    taken = labels.withdraw(Withdrawal("eve", "b1"), "wk_1", LATER)
    assert [each.said.lead for each in taken] == leads
    assert {(each.lead_id, each.source, each.at) for each in taken[:1]} == {("lead-0", "web", NOW)}
    assert labels.junk_rates() == {}  # two leads are too few to say anything about a source
    standing = labels.standing()
    assert [(each.said.author, each.said.lead) for each in standing] == [
        ("ana", leads[0]),
        ("ana", leads[1]),
        ("eve", leads[0]),
    ]
    assert standing[1].id == kept
    assert labels.withdraw(Withdrawal("eve", "b1"), "wk_1", LATER) == ()
    kinds = [each[0] for each in told(store)]
    assert kinds == ["label.added"] * (ENOUGH + 3) + ["label.withdrawn"]
    assert told(store)[-1][1:] == ("wk_1", "labels of author eve, batch b1")
    assert LogReader(store).frontier().size == ENOUGH + len(kinds)


@pytest.mark.parametrize(
    ("which", "taken"),
    [
        (Withdrawal(source="web"), 2),
        (Withdrawal(source="ads"), 0),
        (Withdrawal(since=LATER), 1),
        (Withdrawal(until=LATER), 1),
        (Withdrawal("eve", until=LATER), 0),
    ],
)
def test_what_is_withdrawn_must_fit_in_everything(desk, labels, which, taken):
    (lead,) = screened(desk, 1)
    labels.add(Label(lead, "junk", "ana", "api"), NOW)
    labels.add(Label(lead, "junk", "eve", "api"), LATER)
    assert len(labels.withdraw(which, "wk_1", LATER)) == taken
    assert len(labels.standing()) == 2 - taken


# ── shadow ───────────────────────────────────────────────────────────────────────────────────────


def beside(desk, shadow, *outcomes, start=0, at=NOW, **fields):
    """Leads that are recorded with what a ruleset in shadow decided."""
    leads = [a_lead(start + place, **fields) for place in range(len(outcomes))]
    assessed = [
        replace(each, beside=(Beside(shadow.id, outcome, 700, b"\x01\x02"),))
        for each, outcome in zip(desk.assessed(*leads), outcomes, strict=True)
    ]
    return [each.id for (each,) in desk.ledger.record([Submitted([each]) for each in assessed], at, stops=0)]


def test_what_was_decided_in_shadow_is_reported_beside_what_was_done(desk, shadows, labels):
    shadow = shadows.start(DRAFT.hash, 1.0, "wk_1", NOW)
    assert shadows.running() == (shadow,)
    numbers_ = beside(desk, shadow, ACCEPT, TAG, REVIEW, None)
    more = beside(desk, shadow, REVIEW, start=10, source="ads")
    labels.add(Label(numbers_[2], "junk", "ana", "api"), NOW)
    labels.add(Label(more[0], "junk", "ana", "api"), NOW)
    labels.add(Label(more[0], "genuine", "bo", "api"), NOW)
    report = shadows.report(DRAFT.hash, 2)
    assert (report.ruleset, report.running, report.share) == (DRAFT.hash, True, 1.0)
    assert report.counts == {(ACCEPT, ACCEPT): 1, (ACCEPT, TAG): 1, (ACCEPT, REVIEW): 2, (ACCEPT, None): 1}
    assert report.by_source["ads"] == {(ACCEPT, REVIEW): 1}
    assert sum(report.by_source["web"].values()) == 4
    assert report.judged == {(ACCEPT, REVIEW): Judged(2, 1)}
    assert report.changed == (
        Changed(more[0], "lead-10", "ads", ACCEPT, REVIEW),
        Changed(numbers_[2], "lead-2", "web", ACCEPT, REVIEW),
    )
    assert report.against == {starter().hash: 5}
    assert (report.first, report.last, report.failed) == (NOW, NOW, 1)
    labels.withdraw(Withdrawal("bo"), "wk_1", NOW)
    assert shadows.report(DRAFT.hash, 2).judged == {(ACCEPT, REVIEW): Judged(2, 2)}


def test_a_shadow_is_ended_and_begun_anew_and_its_report_covers_both_times(store, desk, shadows):
    first = shadows.start(DRAFT.hash, 0.25, "wk_1", NOW)
    beside(desk, first, TAG)
    second = shadows.start(DRAFT.hash, 1.0, "wk_2", NOW)
    assert shadows.running() == (second,)
    beside(desk, second, TAG, start=5)
    assert shadows.report(DRAFT.hash, 9).leads == 2
    shadows.read(DRAFT.hash, 2, "Bo", LATER)
    shadows.stop(DRAFT.hash, "wk_3", LATER)
    report = shadows.report(DRAFT.hash, 9)
    assert (report.running, report.read_by, report.read_at, report.read_leads) == (False, "Bo", LATER, 2)
    assert shadows.running() == ()
    with pytest.raises(NotFoundError):
        shadows.stop(DRAFT.hash, "wk_3", LATER)
    assert [(kind, actor) for kind, actor, _ in told(store)] == [
        ("ruleset.added", "wk_1"),
        ("shadow.started", "wk_1"),
        ("shadow.started", "wk_2"),
        ("shadow.report-read", "Bo"),
        ("shadow.ended", "wk_3"),
    ]
    assert numbers(store)["shadows"] == 3


def test_days_out_of_shadow_are_no_days_in_it(desk, shadows):
    def decided(shadow, start, *days):
        for place, day in enumerate(days):
            beside(desk, shadow, TAG, start=start + place, at=NOW + timedelta(days=day))

    decided(shadows.start(DRAFT.hash, 1.0, "wk_1", NOW), 0, 0, 2)
    decided(shadows.start(DRAFT.hash, 1.0, "wk_1", NOW), 10, 30, 33)
    report = shadows.report(DRAFT.hash, 9)
    assert (report.first, report.last, report.days) == (NOW, NOW + timedelta(days=33), 5.0)


def test_a_report_without_any_lead_is_empty_and_one_of_a_stranger_is_none(shadows):
    shadows.start(DRAFT.hash, 0.5, "wk_1", NOW)
    report = shadows.report(DRAFT.hash, 9)
    assert (report.first, report.counts, report.changed, report.read_by, report.share) == (None, {}, (), None, 0.5)
    for asked in (lambda: shadows.report("0" * 64, 9), lambda: shadows.read("0" * 64, 1, "Bo", NOW)):
        with pytest.raises(NotFoundError):
            asked()


@pytest.mark.parametrize("leads", [1, 30])
def test_points_beyond_all_measure_never_keep_a_lead_from_being_recorded(store, desk, shadows, leads):
    shadow = shadows.start(DRAFT.hash, 1.0, "wk_1", NOW)
    assessed = [
        replace(each, beside=(Beside(shadow.id, TAG, 10**40 * sign, b""), Beside(shadow.id + 1, None)))
        for each, sign in zip(desk.assessed(*map(a_lead, range(leads))), [1, -1] * 15, strict=False)
    ]
    desk.record(Submitted(assessed))
    with reading(store) as connection:
        scores = set(connection.execute(select(shadow_decisions.c.score)).scalars())
    assert scores <= {2**31 - 1, -(2**31 - 1), 0}


# ── ladder ───────────────────────────────────────────────────────────────────────────────────────


def test_steps_of_the_ladder_are_kept_and_told(store, journal):
    ladder = StoredLadder(store, journal)
    up = Standing("scorecard a", Rung.TAG, NOW, "wk_1", "evidence")
    down = Standing("scorecard a", Rung.SHADOW, LATER, "guard", "incident")
    other = Standing("rule b", Rung.REVIEW, NOW, "wk_1", "evidence")
    ladder.move(up)
    ladder.move(other)
    for elsewhere in (None, Rung.REVIEW):
        with pytest.raises(ConflictError, match="stands on the rung `tag`"):
            ladder.move(down, elsewhere)
    ladder.move(down, Rung.TAG)
    assert ladder.standings() == (other, down)
    assert told(store) == [
        ("ladder.moved", "wk_1", "scorecard a"),
        ("ladder.moved", "wk_1", "rule b"),
        ("ladder.moved", "guard", "scorecard a"),
    ]
    assert numbers(store)["ladder"] == 3
