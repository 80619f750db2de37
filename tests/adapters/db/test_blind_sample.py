"""The blind sample is found again on both databases: those drawn in place of a rejection, their labels, no others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from tests.support.cases import certified, entry, ruleset, scored, starter
from tests.support.screening import Desk
from tests.support.signing import live_on
from winnow.adapters.db import blind_sample as module
from winnow.adapters.db.blind_sample import Draw, StoredSample
from winnow.adapters.db.connections import writing
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.log import Journal
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.tables import decisions, leads, subject_keys
from winnow.core.decide import decide
from winnow.core.learning.feedback.unlearn import Withdrawal
from winnow.core.learning.proof.blind import sampled
from winnow.core.learning.reading.labels import Verdict
from winnow.core.outcome import Outcome, Scope
from winnow.core.thresholds import Bands, Thresholds, drawn
from winnow.ports import Assessed, Label, Submitted

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

DAY = timedelta(days=1)
FIRST = datetime(2026, 11, 1, 12, tzinfo=UTC)
LAWS = certified()
SHARE = LAWS.thresholds.sampled_share
NAMES = [f"lead-{number}" for number in range(150)]
SPARED = [each for each in NAMES if drawn(each, LAWS.scorecard_hash, SHARE)]
OTHERS = [each for each in NAMES if each not in SPARED]


def taken(desk, names, *, at=FIRST, band=Outcome.REJECT, source="web", shadow=False, **known):
    """Number of the decision about each of some leads."""
    someone, facts = scored(band, **known)
    group = []
    for each in names:
        lead = replace(someone, id=each, source=source, emails=(f"{each}@acme.example",))
        group.append(Submitted([Assessed(lead, facts, decide(lead, facts, LAWS, shadow=shadow), named=True)]))
    return {name: recorded.id for name, (recorded,) in zip(names, desk.ledger.record(group, at, stops=0), strict=True)}


@pytest.fixture
def desk(store, vault):
    return Desk(store, vault)


@pytest.fixture
def sample(store, vault):
    def draw_of(digest):
        assert digest == LAWS.hash
        return Draw(LAWS.scorecard_hash, SHARE)

    return StoredSample(store, vault, draw_of)


@pytest.fixture
def label(store, vault):
    labels = Labels(store, Journal(vault))

    def given(lead, verdict, at, author="Mia"):
        labels.add(Label(lead, verdict, author, "queue"), at)

    return given


def found(sample, since=None):
    return {each.decision.lead_id: each.verdict for each in sample.all(since) if each.decision}


@pytest.mark.parametrize(("page", "opened"), [(7, 2), (10_000, 500)])
def test_who_was_spared_is_found_with_what_people_said(sample, desk, label, monkeypatch, page, opened):
    monkeypatch.setattr(module, "_PAGE", page)
    monkeypatch.setattr(module, "_OPENED", opened)
    assert len(SPARED) >= 4
    numbers = taken(desk, NAMES)
    for name, verdict in zip(SPARED, ("junk", "genuine"), strict=False):
        label(numbers[name], verdict, FIRST + DAY)
    label(numbers[SPARED[0]], "converted", FIRST + 2 * DAY)  # on second thoughts
    label(numbers[OTHERS[0]], "junk", FIRST + DAY)
    spared = dict.fromkeys(SPARED)
    assert found(sample) == {**spared, SPARED[0]: Verdict.CONVERTED, SPARED[1]: Verdict.GENUINE}
    assert all(sampled(each.decision) for each in sample.all(None) if each.decision)
    assert sample.rejected(None) == len(OTHERS)


def test_only_what_the_lot_changed_is_of_the_sample(sample, desk, label):
    """Leads the lot would fall on, which went to a person for another reason, or were not rejected by a machine."""
    reviewed = taken(desk, SPARED[:1], band=Outcome.REVIEW)
    unsure = taken(desk, SPARED[1:2], is_customer=None)
    blocked = taken(desk, SPARED[2:3], list_hits=(entry(scopes=frozenset(Scope)),))
    shadowed = taken(desk, SPARED[3:4], shadow=True)
    for numbers in (reviewed, unsure, blocked, shadowed):
        for number in numbers.values():
            label(number, "genuine", FIRST)
    assert found(sample) == {}
    assert (sample.rejected(None), sample.fresh_labels(FIRST)) == (0, 0)
    other = taken(desk, SPARED[:1], source="fair")  # the same id, from elsewhere
    label(other[SPARED[0]], "junk", FIRST)
    assert found(sample) == {SPARED[0]: Verdict.JUNK}
    assert sample.fresh_labels(FIRST) == 1


def test_time_counts_from_the_decision_for_leads_and_from_the_label_for_labels(sample, desk, label):
    early, late = taken(desk, SPARED[:2]), taken(desk, SPARED[2:4], at=FIRST + 9 * DAY)
    taken(desk, OTHERS[:2], at=FIRST + 9 * DAY)
    assert list(found(sample, FIRST + DAY)) == list(late)
    assert (sample.rejected(FIRST + DAY), sample.rejected(FIRST + 10 * DAY)) == (2, 0)
    (first, second), (third, _) = early.values(), late.values()
    label(first, "junk", FIRST + DAY)
    label(second, "junk", FIRST + 20 * DAY)
    label(third, "junk", FIRST + 21 * DAY)
    label(third, "genuine", FIRST + 22 * DAY)
    asked = [FIRST, FIRST + 2 * DAY, FIRST + 20 * DAY + timedelta(seconds=1), FIRST + 23 * DAY]
    assert [sample.fresh_labels(each) for each in asked] == [3, 2, 1, 0]


def test_labels_taken_back_do_not_count(store, vault, sample, desk, label):
    numbers = taken(desk, SPARED[:2])
    label(numbers[SPARED[0]], "genuine", FIRST)
    label(numbers[SPARED[0]], "junk", FIRST, "Eve")
    label(numbers[SPARED[1]], "junk", FIRST, "Eve")
    Labels(store, Journal(vault)).withdraw(Withdrawal(author="Eve"), "Mia", FIRST)
    assert found(sample) == {SPARED[0]: Verdict.GENUINE, SPARED[1]: None}
    assert sample.fresh_labels(FIRST) == 1


def test_of_what_was_erased_nobody_can_tell(store, sample, desk, label):
    numbers = taken(desk, SPARED[:2])
    others = taken(desk, OTHERS[:1], band=Outcome.REVIEW)  # the lot did not fall on it, and so it was surely not spared
    for number in numbers.values():
        label(number, "junk", FIRST)
    with writing(store) as connection:
        erased = [numbers[SPARED[0]], *others.values()]
        subject = select(leads.c.subject).where(leads.c.id.in_(erased))
        connection.execute(delete(subject_keys).where(subject_keys.c.subject.in_(subject)))
    assert [each.decision is None for each in sample.all(None)] == [True, False]
    assert sample.fresh_labels(FIRST) == 1


def test_the_first_decision_that_was_acted_on_counts(store, sample, desk, monkeypatch):
    """What a person said may have changed the later ones."""
    monkeypatch.setattr(StoredSample, "_opened", lambda _, rows: rows)
    numbers = list(taken(desk, SPARED[:4]).values())
    later = decisions.c.id > numbers[1]
    with writing(store) as connection:
        connection.execute(update(decisions).where(decisions.c.id.in_(numbers)).values(lead=numbers[0]))
        connection.execute(update(decisions).where(decisions.c.id == numbers[0]).values(shadow=True))
    assert [row.id for row in sample.all(None)] == [numbers[1]]
    with writing(store) as connection:
        connection.execute(update(decisions).where(later).values(outcome=int(Outcome.REJECT)))
    assert sample.rejected(None) == 0
    with writing(store) as connection:
        connection.execute(update(decisions).where(~later).values(shadow=True))
    assert ([*sample.all(None)], sample.rejected(None)) == ([], 1)


def test_an_empty_store_has_no_sample(sample):
    assert (list(sample.all(None)), sample.rejected(None), sample.fresh_labels(FIRST)) == ([], 0, 0)


def test_a_certificate_counts_from_the_day_it_came_live_through_all_changes_beside_it(store, vault):
    rulesets, go_live = StoredRulesets(store, Journal(vault)), live_on(store, vault)
    assert rulesets.certified_since() is None
    uncertified = ruleset()
    proof = LAWS.thresholds.certificate
    assert proof is not None
    banded = ruleset(thresholds=Thresholds(Bands(0, 1000), {"fair": Bands(0, 1000, 3000)}, proof))
    off = ruleset(thresholds=Thresholds(Bands(0, 1000), certificate=proof))
    other = ruleset(thresholds=replace(LAWS.thresholds, certificate=replace(proof, labels=700)))
    steps = [
        (starter(), None),
        (uncertified, None),
        (LAWS, 2),
        (replace(LAWS, note="rules were changed"), 2),
        (banded, 2),
        (off, None),
        (LAWS, 6),
        (other, 7),
        (LAWS, 8),
    ]
    for day, (each, since) in enumerate(steps):
        go_live(each, "mia", FIRST + day * DAY)
        assert rulesets.certified_since() == (None if since is None else FIRST + since * DAY), day
