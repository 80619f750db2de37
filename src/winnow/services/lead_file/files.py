"""The file of a lead: everything its page shows, told to a rep or to a reviewer; taking a lead, and saying what it was.

Nothing here tells whoever decides the case what they may not know before it is closed: not the numbers (see
`core.review.shown`), and to a second reviewer not that there was a first.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from winnow.core.document import decision_from, lead_document
from winnow.core.explain import counterfactuals, plain_words
from winnow.core.facts import Facts
from winnow.core.keys import email_key
from winnow.core.lead import Lead
from winnow.core.learning.feedback.spikes import RECENT
from winnow.core.lists import ListEntry
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case, Kept
from winnow.core.review.disposition import Spoken
from winnow.core.review.fate import Reported, fates
from winnow.core.review.findable import Key, Kind, phone_key
from winnow.core.review.reading import View, headline, not_used, weighed
from winnow.core.ruleset import Ruleset
from winnow.errors import ConflictError
from winnow.ports import Clock, Label, LabelStore, Recorded, RuleDraft
from winnow.ports.lead_file import LeadRecords, Take
from winnow.ports.review import Acting, CaseStore
from winnow.ports.search import Hit, Search, Sought
from winnow.services.lead_file.history import Course, Happened, event_ids, happened
from winnow.services.lead_file.told import DecisionRead, Erased, Feedback, LeadFile

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
            self._history(Course(decided, case, said, reported, takes)),
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

    def _history(self, course: Course) -> tuple[Happened, ...]:
        told = self._sources.records.told(event_ids(course, self._sources.installation))
        return happened(course, told, self._clock.now())

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
