"""The file of a lead: everything its page shows, told to a rep or to a reviewer; taking a lead, and saying what it was.

Nothing here tells whoever decides the case what they may not know before it is closed: not the numbers (see
`core.review.shown`), and to a second reviewer not that there was a first.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from winnow.core.deliveries import EventType, event
from winnow.core.document import decision_from, lead_document
from winnow.core.explain import Counterfactual, counterfactuals, plain_words
from winnow.core.facts import Facts
from winnow.core.keys import email_key
from winnow.core.lead import Lead
from winnow.core.learning.feedback.spikes import RECENT
from winnow.core.lists import ListEntry
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case, Kept
from winnow.core.review.disposition import Spoken, text_of
from winnow.core.review.fate import Fate, Reported, fates
from winnow.core.review.findable import Key, Kind, phone_key
from winnow.core.review.reading import NotUsed, View, Weighed, headline, not_used, weighed
from winnow.core.ruleset import Ruleset
from winnow.errors import ConflictError
from winnow.ports import Clock, Label, LabelStore, Recorded, RuleDraft
from winnow.ports.lead_file import LeadRecords, StandingOverride, Take, Told
from winnow.ports.review import Acting, CaseStore, Said
from winnow.ports.search import Hit, Search, Sought

#: Other leads of the same person that are told of, and drafts of rules that are looked through.
MOST_OTHERS, _MOST_DRAFTS = 20, 500

#: Through what a report came that was given on the page of a lead; those of reviewers come through `queue`.
ORIGIN, _QUEUE = "lead page", "queue"

#: What whoever takes a lead is told, and what the log keeps with it.
COVER = (
    "Whoever takes a lead that was tagged or held acts as they are meant to. What comes of it is counted for the "
    "ruleset, never against a person."
)


class Ledger(Protocol):
    """Where decisions are on record."""

    def decided(self, number: int) -> tuple[Lead, Facts, Recorded]:
        """All that a decision was made of; raises NotFoundError, also when it was erased."""
        ...

    def decisions_of(self, lead: int) -> Sequence[Recorded]:
        """Every decision about a lead, the oldest first, without those of which everything was erased."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """What a file is put together from.

    ruleset_of: one by its hash · drafts: drafts of rules, some at most · entries: list entries that match a lead
    published: entries of the log for which a receipt can be had · installation: its id
    withholds: whether the numbers of a case are kept from somebody
    """

    ledger: Ledger
    records: LeadRecords
    cases: CaseStore
    search: Search
    labels: LabelStore
    ruleset_of: Callable[[str], Ruleset]
    drafts: Callable[[int], Sequence[RuleDraft]]
    entries: Callable[[Lead, Facts], Sequence[ListEntry]]
    published: Callable[[], int]
    withholds: Callable[[Case, str], bool]
    installation: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left of a lead that was erased: its entry in the log, and whether a receipt proves that."""

    index: int
    receipt: bool


@dataclass(frozen=True, slots=True)
class DecisionRead:
    """One decision about the lead.

    probability, score: None for reps, and while they are withheld · would_be: likewise empty while withheld
    document: the decision as it was answered; None wherever the numbers are
    index: its entry in the log · receipt: whether a receipt can be had
    """

    id: int
    decided_at: datetime
    outcome: Outcome
    headline: str
    decided_by: str
    reasons: tuple[Weighed, ...]
    not_used: tuple[NotUsed, ...]
    plain: tuple[str, ...]
    would_be: tuple[Counterfactual, ...]
    ruleset: str
    owner: str
    probability: float | None
    score: int | None
    document: Mapping[str, Any] | None
    index: int
    receipt: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """A report about the lead, and what became of it."""

    reported: Reported
    fate: Fate


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to the lead; `by`: who did it, empty for the machine; `index`: its entry in the log."""

    at: datetime
    what: str
    by: str = ""
    index: int | None = None


@dataclass(frozen=True, slots=True)
class LeadFile:
    """All that is to be told about a lead.

    decisions: the oldest first · others: leads of the same person, the newest first
    withheld: numbers are withheld because the case waits · taken: who has it; None: nobody
    cover, owner: what covers whoever takes it, and who answers for the ruleset
    """

    number: int
    lead_id: str
    source: str | None
    lead: Mapping[str, Any]
    decisions: tuple[DecisionRead, ...]
    others: tuple[Hit, ...]
    case: Case | None
    withheld: bool
    said: tuple[Said, ...]
    overrides: tuple[StandingOverride, ...]
    feedback: tuple[Feedback, ...]
    taken: Take | None
    history: tuple[Happened, ...]
    cover: str
    owner: str


class LeadFiles:
    """Where the file of a lead is opened, a lead is taken, and is said what it was. `who` is the person who looks."""

    def __init__(self, sources: Sources, clock: Clock) -> None:
        self._sources = sources
        self._clock = clock

    def opened(self, decision: int, who: str, view: View, *, decides: bool) -> LeadFile | Erased:
        """The file of the lead that a decision is about; raises NotFoundError.

        decides: whether `who` may decide cases, and so may not see the numbers of those that wait
        """
        sources = self._sources
        number = sources.records.lead_of(decision)
        published = sources.published()
        decided = sources.ledger.decisions_of(number)
        if not decided:
            return Erased(number, published > number)
        case = self._case(number, who)
        withheld = decides and case is not None and sources.withholds(case, who)
        lead, facts, _ = sources.ledger.decided(decided[-1].id)
        read = [self._read(each, view, numbers=not withheld, published=published) for each in decided]
        blind = case is not None and case.kept is Kept.SECOND and case.closing is None
        said = () if case is None else tuple(sources.cases.said(case.id, who))
        reported = [each for each in sources.records.reported(number) if not (blind and each.origin == _QUEUE)]
        takes = [] if blind else list(sources.records.takes(number))
        overrides = sources.records.overrides(number, self._clock.now())
        ruleset = sources.ruleset_of(decision_from(json.loads(decided[-1].decision)).ruleset_hash)
        return LeadFile(
            number,
            lead.id,
            lead.source,
            lead_document(lead),
            tuple(read),
            self._others(lead, facts, number),
            case,
            withheld,
            said,
            tuple(each for each in overrides if not (blind and case and each.made_at >= case.opened_at)),
            self._feedback(reported, lead, facts, ruleset),
            takes[0] if takes else None,
            self._history(decided, case, said, reported, takes),
            COVER,
            owner_of(ruleset),
        )

    def _case(self, number: int, who: str) -> Case | None:
        return self._sources.cases.cases_of([number], who).get(number)

    def _read(self, recorded: Recorded, view: View, *, numbers: bool, published: int) -> DecisionRead:
        lead, facts, _ = self._sources.ledger.decided(recorded.id)
        document = json.loads(recorded.decision)
        decision = decision_from(document)
        ruleset = self._sources.ruleset_of(decision.ruleset_hash)
        exact = numbers and view is View.REVIEWER
        return DecisionRead(
            recorded.id,
            recorded.decided_at,
            decision.outcome,
            headline(decision.outcome, view),
            decision.decided_by,
            weighed(decision, facts, ruleset, view, numbers=numbers),
            not_used(decision, facts, ruleset),
            plain_words(decision, ruleset),
            counterfactuals(lead, facts, ruleset) if numbers else (),
            ruleset.id,
            owner_of(ruleset),
            decision.probability if exact else None,
            decision.score if exact else None,
            document if exact else None,
            recorded.id,
            published > recorded.id,
        )

    def _others(self, lead: Lead, facts: Facts, number: int) -> tuple[Hit, ...]:
        """Other leads with one of the e-mail addresses or phone numbers."""
        found: dict[int, Hit] = {}
        for key in _person(lead, facts):
            page = self._sources.search.page(Sought((key,)), None, MOST_OTHERS + 1)
            found |= {hit.id: hit for hit in page.items if hit.id != number}
        return tuple(found[each] for each in sorted(found, reverse=True)[:MOST_OTHERS])

    def _feedback(
        self, reported: Sequence[Reported], lead: Lead, facts: Facts, ruleset: Ruleset
    ) -> tuple[Feedback, ...]:
        if not reported:
            return ()
        entries = self._sources.entries(lead, facts)
        became = fates(reported, self._sources.drafts(_MOST_DRAFTS), entries, (lead, facts), ruleset, RECENT)
        return tuple(Feedback(*each) for each in zip(reported, became, strict=True))

    # ── what happened ────────────────────────────────────────────────────────────────────────────

    def _history(
        self,
        decided: Sequence[Recorded],
        case: Case | None,
        said: Sequence[Said],
        reported: Sequence[Reported],
        takes: Sequence[Take],
    ) -> tuple[Happened, ...]:
        happened = [
            *_of_decisions(decided),
            *_of_case(case, said, self._clock.now()),
            *[Happened(each.at, f"reported as {each.verdict}", each.author, each.id) for each in reported],
            *[
                Happened(each.withdrawn_at, f"the report as {each.verdict} was withdrawn", each.withdrawn_by or "")
                for each in reported
                if each.withdrawn_at is not None
            ],
            *[Happened(each.at, "taken", each.by, each.id) for each in takes],
            *self._deliveries(decided, case, said),
        ]
        return tuple(sorted(happened, key=lambda each: (each.at, each.index or 0)))

    def _deliveries(self, decided: Sequence[Recorded], case: Case | None, said: Sequence[Said]) -> Iterator[Happened]:
        """What arrived where; the ids of events are derived, so that they are known without looking for them."""
        ids = [_id(self._sources.installation, *each) for each in _events(decided, case, said)]
        for told in self._sources.records.told(ids):
            if told.at is not None:
                yield Happened(told.at, _delivered(told))

    # ── doing ────────────────────────────────────────────────────────────────────────────────────

    def take(self, decision: int, who: str, actor: str) -> Take:
        """Take a lead that was tagged, or that waits, which releases it; again is no change.

        Raises ConflictError when somebody else has it, or when it was rejected: that is first to be released.
        """
        sources, now = self._sources, self._clock.now()
        number = sources.records.lead_of(decision)
        mine = self._mine(number, who)
        if mine is not None:
            return mine
        lead, _, recorded = sources.ledger.decided(number)
        case = self._case(number, who)
        self._need_takeable(decision_from(json.loads(recorded.decision)).outcome, case, lead.id)
        if case is not None and case.closing is None:
            verdict = Spoken(Outcome.ACCEPT, note="taken").verdict(now)
            sources.cases.close([number], verdict, Acting(who, actor, releasing=True), now)
        ruleset = sources.ruleset_of(decision_from(json.loads(recorded.decision)).ruleset_hash)
        covered = {"text": COVER, "owner": owner_of(ruleset), "ruleset": ruleset.hash}
        return sources.records.take(number, who, actor, covered, now)

    def _mine(self, number: int, who: str) -> Take | None:
        for known in self._sources.records.takes(number):
            if known.by != who:
                raise ConflictError(f"`{known.by}` has taken it", fix="speak with them, or take another one")
            return known
        return None

    @staticmethod
    def _need_takeable(outcome: Outcome, case: Case | None, lead_id: str) -> None:
        closed = None if case is None or case.closing is None else case.closing.outcome
        if (closed if closed is not None else outcome) is Outcome.REJECT:
            raise ConflictError(f"lead `{lead_id}` was held back", fix="have it released first")

    def report(self, decision: int, verdict: str, who: str) -> int:
        """Say what a lead turned out to be: junk, genuine, converted or lost; the number of that in the log."""
        number = self._sources.records.lead_of(decision)
        return self._sources.labels.add(Label(number, verdict, who, ORIGIN), self._clock.now())


def owner_of(ruleset: Ruleset) -> str:
    """Who answers for a ruleset: the owner of its policy, or else that of its scorecard."""
    return ruleset.policy.owner if ruleset.policy.owner != "nobody" else ruleset.scorecard.owner


def _person(lead: Lead, facts: Facts) -> list[Key]:
    phones = [*map(phone_key, lead.phones), *([facts.phone.e164] if facts.phone and facts.phone.e164 else [])]
    keys = [*((Kind.EMAIL, email_key(each)) for each in lead.emails), *((Kind.PHONE, each) for each in phones if each)]
    return list(dict.fromkeys(keys))


def _of_decisions(decided: Sequence[Recorded]) -> Iterator[Happened]:
    for each in decided:
        outcome = json.loads(each.decision)["outcome"]
        yield Happened(each.decided_at, f"decided: {outcome}", "", each.id)


def _of_case(case: Case | None, said: Sequence[Said], now: datetime) -> Iterator[Happened]:
    """Waiting, claimed, closed, taken back."""
    if case is None:
        return
    yield Happened(case.opened_at, "waits for a person", "", case.id)
    holder = case.holder(now)
    if holder is not None:
        yield Happened(now, f"claimed until {holder.until:%H:%M} UTC", holder.by)
    for each in said:
        released = " (released)" if each.outcome < Outcome.REVIEW and not each.second else ""
        second = "second look: " if each.second else ""
        words = f"{second}{each.outcome.word}{released}: {text_of(each.reason)}"
        yield Happened(each.at, words, each.by, each.id)
        if each.undone_at is not None:
            yield Happened(each.undone_at, "that was taken back", each.undone_by or "")


_Event = tuple[EventType, datetime, Mapping[str, int]]


def _events(decided: Sequence[Recorded], case: Case | None, said: Sequence[Said]) -> Iterator[_Event]:
    """The events about the lead, as they were told."""
    for each in decided:
        yield EventType.DECISION_MADE, each.decided_at, {"decision": each.id, "lead": decided[0].id}
    if case is None:
        return
    yield EventType.CASE_OPENED, case.opened_at, {"case": case.id, "lead": case.lead}
    for word in (each for each in said if not each.second):
        data = {"case": case.id, "lead": case.lead, "disposition": word.id}
        yield EventType.CASE_DECIDED, word.at, data
        if word.undone_at is not None:
            yield EventType.CASE_REOPENED, word.undone_at, data


def _id(installation: str, kind: EventType, at: datetime, data: Mapping[str, int]) -> str:
    return event(kind, at, data, installation=installation).id


def _delivered(told: Told) -> str:
    what = "was told" if told.state == "delivered" else "could not be told"
    return f"`{told.webhook}` {what}: {told.kind}"
