"""The file of a lead: what a rep and a reviewer are told, what happened, taking it, and what became of reports."""

import json
import re
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from tests.support.databases import KINDS, lent_database
from tests.support.rejecting import laws, lucky, settings
from tests.support.signing import put_live
from winnow.adapters.db.connections import writing
from winnow.adapters.db.moments import micros
from winnow.adapters.db.program_tables import deliveries, webhooks
from winnow.adapters.db.tables import leads, subject_keys
from winnow.bootstrap.desks import make_desks
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.lead import Lead
from winnow.core.learning.feedback.unlearn import Withdrawal
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Outcome
from winnow.core.review.disposition import Spoken
from winnow.core.review.fate import Became
from winnow.core.review.reading import Unused, View
from winnow.errors import ConflictError, InvalidInputError, NotFoundError
from winnow.ports import Arrival
from winnow.services.lead_file import COVER, Erased

ANA = {"source": "web", "emails": ("ana@bluebird.example",)}
#: 1,000 points from anywhere: a person looks. 3,000 from one network: rejected where that is allowed.
DOUBTFUL = {**ANA, "form_fill_seconds": 2.0, "ip": "198.51.100.7"}
TAGGED = {**ANA, "form_fill_seconds": 2.0, "ip": "192.0.2.1"}


class World:
    """A service with its desks, and what came to it."""

    def __init__(self, service):
        self.service = service
        self.desks = make_desks(service)
        self.files = self.desks.lead_files

    def live(self, made):
        put_live(self.service, made)
        self.fresh()
        return made

    def fresh(self):
        self.service.live._checked = 0.0

    def came(self, name, **fields):
        lead = Lead(id=name, received_at=self.service.clock.now(), **fields)
        ((recorded,),) = self.service.intake.take([Arrival([lead], [True])])
        return recorded.id

    def opened(self, number, who="ana", view=View.REVIEWER, *, decides=True):
        return self.files.opened(number, who, view, decides=decides)

    def kinds(self):
        """What the log holds, in order."""
        size = self.service.log.frontier().size
        return [json.loads(each)["kind"] for each in self.service.log.entries(0, size)]


@pytest.fixture(params=KINDS)
def world(request, tmp_path):
    flags = {**settings(tmp_path), "data.folder": str(tmp_path / "data"), "review.second_percent": "0"}
    with lent_database(request.param, tmp_path) as store:
        service = open_service(load(flags={**flags, "store.url": store}))
        made = World(service)
        made.live(laws(service.clock.now(), rejecting=False))
        yield made
        service.close()


def words_of(found):
    """Every text in a file, as one."""
    return repr({**asdict(found), "lead": None}).lower()


def test_a_reviewer_reads_reasons_with_their_owners_and_what_was_not_used(world):
    number = world.came("one", **{**DOUBTFUL, "ip": None})
    (read,) = world.opened(number).decisions
    assert (read.headline, read.score, read.document["score"]) == ("Waits for a person", 1000, 1000)
    (reason,) = read.reasons
    assert (reason.code, reason.points, reason.side) == ("form.fill_seconds", 2000, "points towards junk")
    assert (reason.by, reason.owner, reason.strength) == ("scorecard", "Mia", "strong")
    assert {each.name for each in read.not_used if each.why is Unused.UNKNOWN} >= {"net.ip_class"}
    assert [each.outcome for each in read.would_be][:1] == [Outcome.ACCEPT]
    assert (read.index, read.receipt, read.owner) == (number, False, "Mia")
    Publisher(world.service).publish_now()
    assert world.opened(number).decisions[0].receipt is True


def test_a_rep_reads_no_number_and_no_word_that_judges(world):
    number = world.came("one", **DOUBTFUL)
    found = world.opened(number, view=View.REP)
    (read,) = found.decisions
    assert (read.probability, read.score, read.document) == (None, None, None)
    assert [(each.points, each.side) for each in read.reasons] == [(None, "speaks against following up")]
    assert (found.cover, found.owner) == (COVER, "Mia")
    told = [read.headline, *[each.side for each in read.reasons], *[each.text for each in read.not_used]]
    assert not re.search(r"junk|risk|score|spam", " ".join(told).lower())


def test_what_the_policy_and_other_entries_beat_is_told(world):
    now = world.service.clock.now()
    entries = [
        ListEntry("a", ListAction.ALLOW, ListKind.EMAIL, "ana@bluebird.example", "Mia", "a partner"),
        ListEntry("b", ListAction.BLOCK, ListKind.DOMAIN, "bluebird.example", "Bo", "a pitch"),
        ListEntry("c", ListAction.BLOCK, ListKind.HOST, "bluebird.example", "Bo", "old", expires_at=now),
    ]
    world.service.lists.add(entries, "mia", now)
    world.fresh()
    number = world.came("one", **DOUBTFUL)
    (read,) = world.opened(number).decisions
    beaten = {each.name: (each.why, each.text) for each in read.not_used if each.what == "list entry"}
    assert beaten == {
        "b": (Unused.BEATEN, "Block entry of Bo: entry `a` comes first"),
        "c": (Unused.EXPIRED, "Block entry of Bo: it had expired"),
    }
    assert (read.reasons[0].by, read.reasons[0].owner) == ("list entry a", "Mia")


def test_leads_of_the_same_person_are_told_of(world):
    first = world.came("one", **DOUBTFUL)
    world.came("other", source="web", emails=("bo@acme.example",), phones=("+49 30 1234567",))
    called = world.came("called", source="fair", phones=("+49 30 1234567",))
    last = world.came("two", source="fair", emails=("Ana@Bluebird.example",))
    assert [each.id for each in world.opened(first).others] == [last]
    assert [each.id for each in world.opened(last).others] == [first]
    assert len(world.opened(called).others) == 1


def test_one_that_was_drawn_tells_nothing_before_it_is_closed(world):
    made = world.live(laws(world.service.clock.now()))
    number = world.came(lucky(made), **TAGGED)
    found = world.opened(number)
    assert found.withheld
    (read,) = found.decisions
    assert (read.probability, read.score, read.document, read.would_be) == (None, None, None, ())
    assert [each.points for each in read.reasons] == [None, None]
    assert "blind" not in words_of(found)
    assert world.opened(number, decides=False).decisions[0].score == 3000
    world.desks.review.decide(number, Spoken(Outcome.ACCEPT), "ana", "wk_1")
    after = world.opened(number)
    assert (after.withheld, after.decisions[0].score) == (False, 3000)
    assert "system.blind_sample" in [each.code for each in after.decisions[0].reasons]
    assert "blind" not in words_of(world.opened(number, view=View.REP))


def test_what_happened_is_told_in_order(world):
    review = world.desks.review
    number = world.came("one", **DOUBTFUL)
    review.claim(number, "ana")
    assert world.opened(number).history[-1].what.startswith("claimed until")
    review.decide(number, Spoken(Outcome.REJECT, "spam"), "ana", "wk_1")
    review.undo(number, "mia", "wk_1")
    review.release(number, Spoken(Outcome.ACCEPT), "bo", "wk_1")
    found = world.opened(number)
    assert [(each.what, each.by) for each in found.history] == [
        ("decided: review", ""),
        ("waits for a person", ""),
        ("reject: Spam or sent by a program", "ana"),
        ("reported as junk", "ana"),
        ("that was taken back", "mia"),
        ("the report as junk was withdrawn", "wk_1"),
        ("accept (released): A person looked and let it through", "bo"),
        ("reported as genuine", "bo"),
    ]
    assert [(each.outcome, each.author) for each in found.overrides] == [(Outcome.ACCEPT, "bo")]


def test_what_other_systems_were_told_is_told(world):
    now = micros(world.service.clock.now())
    hook = {"id": "wh_1", "url": "https://acme.example", "events": "*", "secret": b"", "created_at": 0}
    with writing(world.service.engine) as connection:
        connection.execute(insert(webhooks), {**hook, "created_by": "mia"})
    number = world.came("one", **DOUBTFUL)
    assert [each.what for each in world.opened(number).history if "told" in each.what] == []
    with writing(world.service.engine) as connection:
        connection.execute(update(deliveries).values(state="delivered", finished_at=now))
    told = [each.what for each in world.opened(number).history if "told" in each.what]
    assert sorted(told) == ["`wh_1` was told: case.opened", "`wh_1` was told: decision.made"]


def test_a_second_reviewer_is_told_nothing_of_the_first(world):
    world.desks.review._second_share = 1.0

    def decided(name, who):
        number = world.came(name, **{**DOUBTFUL, "emails": (f"{name}@acme.example",)})
        world.desks.review.decide(number, Spoken(Outcome.REJECT, "spam"), who, "wk_1")
        return number

    decided("zero", "bo")
    number = decided("one", "ana")
    told = world.opened(number, who="bo")
    assert (told.case.closing, told.said, told.feedback, told.overrides) == (None, (), (), ())
    assert [each.what for each in told.history if "reject" in each.what or "reported" in each.what] == []
    first = world.opened(number, who="ana")
    assert (first.case.closing.by, len(first.said), len(first.feedback)) == ("ana", 1, 1)


def test_of_the_erased_only_the_entry_in_the_log_is_left(world):
    number = world.came("one", **DOUBTFUL)
    with writing(world.service.engine) as connection:
        subject = connection.execute(select(leads.c.subject).where(leads.c.id == number)).scalar_one()
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == subject))
    assert world.opened(number) == Erased(number, receipt=False)
    with pytest.raises(NotFoundError):
        world.opened(10**9)
    with pytest.raises(NotFoundError):
        world.files.take(number, "rita", "wk_1")


# ── taking ───────────────────────────────────────────────────────────────────────────────────────


def test_a_lead_is_taken_once_and_one_that_waits_is_released_by_it(world):
    number = world.came("one", **DOUBTFUL)
    taken = world.files.take(number, "rita", "us_rita")
    assert (taken.by, taken.covered_by["owner"], taken.covered_by["text"]) == ("rita", "Mia", COVER)
    assert world.files.take(number, "rita", "us_rita").id == taken.id
    assert [each for each in world.kinds() if each.startswith(("lead.", "case."))] == ["case.decided", "lead.taken"]
    found = world.opened(number, who="rita", view=View.REP)
    assert (found.taken.by, found.taken.at, found.case.closing.outcome) == ("rita", taken.at, Outcome.ACCEPT)
    assert found.history[-1].what == "taken"
    with pytest.raises(ConflictError, match="`rita` has taken it"):
        world.files.take(number, "sam", "us_sam")


def test_a_tagged_lead_is_taken_and_nothing_is_released(world):
    world.live(laws(world.service.clock.now(), rejecting=False))
    number = world.came("one", **ANA)
    world.files.take(number, "rita", "us_rita")
    found = world.opened(number, view=View.REP)
    assert (found.case, found.taken.by, found.decisions[0].outcome) == (None, "rita", Outcome.ACCEPT)


def test_what_a_person_or_the_machine_rejected_is_not_taken(world):
    number = world.came("one", **DOUBTFUL)
    world.desks.review.decide(number, Spoken(Outcome.REJECT, "spam"), "ana", "wk_1")
    with pytest.raises(ConflictError, match="held back"):
        world.files.take(number, "rita", "us_rita")
    made = world.live(laws(world.service.clock.now()))
    names = (f"y{each}" for each in range(99))
    name = next(each for each in names if each != lucky(made, "y"))
    rejected = world.came(name, **{**TAGGED, "emails": ("bo@acme.example",)})
    with pytest.raises(ConflictError, match="held back"):
        world.files.take(rejected, "rita", "us_rita")
    assert "lead.taken" not in world.kinds()


def test_who_has_claimed_a_case_is_not_passed_by(world):
    number = world.came("one", **DOUBTFUL)
    world.desks.review.claim(number, "ana")
    with pytest.raises(ConflictError, match="taken by `ana`"):
        world.files.take(number, "rita", "us_rita")
    assert "lead.taken" not in world.kinds()


# ── reports ──────────────────────────────────────────────────────────────────────────────────────


def fates(world, number):
    return [(each.reported.verdict, each.fate.became, each.fate.about) for each in world.opened(number).feedback]


def test_what_became_of_a_report_is_told(world):
    number = world.came("one", **DOUBTFUL)
    world.files.report(number, "junk", "rita")
    assert fates(world, number) == [("junk", Became.KEPT, None)]
    world.files.report(number, "genuine", "sam")
    assert fates(world, number) == [("junk", Became.REPLACED, None), ("genuine", Became.KEPT, None)]
    world.service.labels.withdraw(Withdrawal(author="sam"), "mia", world.service.clock.now())
    assert fates(world, number) == [("junk", Became.KEPT, None), ("genuine", Became.WITHDRAWN, None)]
    assert "by `mia` (labels of author sam)" in world.opened(number).feedback[1].fate.text
    with pytest.raises(InvalidInputError):
        world.files.report(number, "nonsense", "rita")


def test_the_list_entry_that_came_of_a_report_is_named(world):
    number = world.came("one", **DOUBTFUL)
    world.files.report(number, "junk", "rita")
    now = world.service.clock.now() + timedelta(seconds=1)
    entry = ListEntry("f1", ListAction.BLOCK, ListKind.DOMAIN, "bluebird.example", "Bo", "reports", source="feedback")
    world.service.lists.add([entry], "mia", now)
    world.fresh()
    world.service.live.ruleset()
    assert fates(world, number) == [("junk", Became.LISTED, "f1")]


def test_what_was_decided_and_taken_back_counts_nowhere(world):
    number = world.came("one", **DOUBTFUL)
    world.desks.review.decide(number, Spoken(Outcome.REJECT, "spam"), "ana", "wk_1")
    world.desks.review.undo(number, "ana", "wk_1")
    assert fates(world, number) == [("junk", Became.WITHDRAWN, None)]
    assert "was taken back" in world.opened(number).feedback[0].fate.text
