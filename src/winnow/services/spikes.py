"""Junk spikes: found in what people said lately, and drafted as rules for somebody to look at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from winnow.core.facts import Facts
from winnow.core.govern.off_limits import may_look
from winnow.core.lead import Lead
from winnow.core.learning.feedback.spikes import Spike, Verdict, drafted, spikes
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import JUNK
from winnow.core.signals.base import Signal
from winnow.core.signals.registry import SIGNALS
from winnow.ports import Clock, DraftStore, LabelStore, Past, PastDecision, RuleDraft

#: Past decisions that are looked at for judged leads.
MOST_LOOKED_AT = 20_000

#: What leads without a signal of their own for it are told apart by, too; no rule can read it.
SOURCE = "source"

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A spike and the rule drafted for it.

    draft: None where no signal says what the segment is, so that a rule could not · new: it was drafted just now
    """

    spike: Spike
    draft: RuleDraft | None
    new: bool


class SpikeDesk:
    """Where spikes are looked for.

    tried: says in a sentence what a rule would have done to past leads · keep: keeps a draft for its author
    """

    def __init__(
        self,
        stores: tuple[LabelStore, Past, DraftStore],
        live: Callable[[], Ruleset],
        clock: Clock,
        tried: Callable[[Mapping[str, object]], str],
        keep: Callable[[Mapping[str, object], str], RuleDraft],
    ) -> None:
        self._labels, self._past, self._drafts = stores
        self._live = live
        self._clock = clock
        self._tried = tried
        self._keep = keep

    def find(self) -> tuple[Spike, ...]:
        """Segments with more junk of late than there used to be, the most striking first."""
        said = {each.said.lead: each for each in self._labels.standing()}  # of several about a lead the last counts
        signals = _segments(self._live())
        verdicts = [
            Verdict(_values(past, signals), said[past.id].said.verdict == JUNK, said[past.id].at)
            for past in self._past.latest(MOST_LOOKED_AT)
            if past.id in said
        ]
        return spikes(verdicts, self._clock.now())

    def suggest(self, author: str) -> tuple[Suggestion, ...]:
        """Draft a rule for every spike that has none yet, with what it would have done; nothing is put in force."""
        there = {str(each.document.get("id")): each for each in self._every_draft()}
        return tuple(self._suggested(spike, there, author) for spike in self.find())

    def _suggested(self, spike: Spike, there: Mapping[str, RuleDraft], author: str) -> Suggestion:
        if spike.signal == SOURCE:
            return Suggestion(spike, None, new=False)
        now = self._clock.now()
        document = drafted(spike, now, "")
        known = there.get(str(document["id"]))
        if known is not None:
            return Suggestion(spike, known, new=False)
        return Suggestion(spike, self._keep(drafted(spike, now, self._tried(document)), author), new=True)

    def _every_draft(self) -> Iterator[RuleDraft]:
        cursor: str | None = None
        while True:
            page = self._drafts.page(cursor, _PAGE)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next


def _segments(live: Ruleset) -> tuple[Signal, ...]:
    """The signals with words for values, without what the policy puts off limits."""
    forbidden = live.policy.forbidden
    every = (*SIGNALS, *(each.signal for each in live.signals))
    return tuple(signal for signal in every if signal.kind is str and may_look(signal.reads, forbidden))


def _values(past: PastDecision, signals: tuple[Signal, ...]) -> dict[str, str]:
    found = {signal.name: _value(signal, past.lead, past.facts) for signal in signals}
    known = {name: value for name, value in found.items() if value is not None}
    return {**known, SOURCE: past.lead.source} if past.lead.source else known


def _value(signal: Signal, lead: Lead, facts: Facts) -> str | None:
    try:
        value = signal.of(lead, facts)
    except Exception:  # noqa: BLE001  # unknown, as when a lead is decided
        return None
    return value if isinstance(value, str) else None
