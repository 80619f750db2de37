"""What a run found, for people and for programs."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from winnow.core.outcome import Outcome
from winnow.shells.bulk.tally import TENTHS, Tally

_MOST_REASONS = 10
_BAR = 40
#: Below this share of known signals a score says little.
_FEW = 0.2
_STYLES = {Outcome.ACCEPT: "green", Outcome.TAG: "cyan", Outcome.REVIEW: "yellow", Outcome.REJECT: "red"}


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished run.

    signals: how many the ruleset reads
    output, rejected: where the decisions and the unreadable rows are; None when there is no such file
    seconds: of this run · leads: decided in it, which is fewer than in all when it was resumed
    """

    tally: Tally
    ruleset_id: str
    ruleset_hash: str
    signals: int
    output: str | None
    rejected: str | None
    seconds: float
    leads: int

    @property
    def rate(self) -> float:
        """Leads a second."""
        return self.leads / self.seconds if self.seconds else 0.0

    @property
    def known(self) -> float:
        """Signals that were known for a lead, on average."""
        return self.signals - self.tally.unknown / self.tally.decided if self.tally.decided else 0.0

    def document(self) -> dict[str, object]:
        """The summary for programs."""
        tally = self.tally
        return {
            "read": tally.read,
            "decided": tally.decided,
            "unreadable": tally.unreadable,
            "outcomes": {outcome.word: tally.outcomes[outcome] for outcome in Outcome},
            "decided_by": dict(tally.deciders.most_common()),
            "top_reasons": [
                {"code": tally.texts[text], "text": text, "leads": count} for text, count in self._top_reasons()
            ],
            "signals": {"read": self.signals, "known_on_average": round(self.known, 1)},
            "probability_tenths": [tally.tenths[tenth] for tenth in range(TENTHS)],
            "ruleset": {"id": self.ruleset_id, "hash": self.ruleset_hash},
            "output": self.output,
            "rejected_rows": self.rejected,
            "seconds": round(self.seconds, 3),
            "leads_per_second": round(self.rate),
        }

    def _top_reasons(self) -> list[tuple[str, int]]:
        ordered = sorted(self.tally.reasons.items(), key=lambda item: (-item[1], item[0]))
        return ordered[:_MOST_REASONS]

    def render(self, *, bars: bool = True) -> RenderableType:
        """The summary for people, without drawing where a screen reader or a log reads it."""
        return Group(*self._parts(bars=bars))

    def _parts(self, *, bars: bool) -> Iterator[RenderableType]:
        tally = self.tally
        yield Text(f"read {tally.read:,} = decided {tally.decided:,} + unreadable {tally.unreadable:,}", style="bold")
        if tally.decided:
            yield self._outcomes(bars=bars)
            if tally.reasons:
                yield Text("\nmost frequent reasons towards junk or review")
                yield self._reasons()
            yield Text("\nhow likely junk (starting at 0 %, in tenths)")
            yield self._histogram(bars=bars)
            yield Text(f"\nknown for a lead on average: {self.known:.0f} of {self.signals} signals{self._advice()}")
        yield Text("")
        for name, path in (("decisions", self.output), ("unreadable rows", self.rejected)):
            if path:
                yield Text(f"{name}: {path}")
        yield Text(f"ruleset: {self.ruleset_id} · {self.ruleset_hash[:12]}")
        yield Text(f"{self.leads:,} leads in {self.seconds:.1f} s · {self.rate:,.0f} leads/s")

    def _advice(self) -> str:
        few = self.known < self.signals * _FEW
        return "; too few to tell leads apart: map more columns, see docs/files.md" if few else ""

    def _outcomes(self, *, bars: bool) -> Table:
        table = Table.grid(padding=(0, 2))
        for outcome in Outcome:
            count = self.tally.outcomes[outcome]
            share = count / self.tally.decided
            bar = [Text("█" * round(share * _BAR), style=_STYLES[outcome])] if bars else []
            table.add_row(outcome.word, f"{count:>11,}", f"{share:6.1%}", *bar)
        return table

    def _reasons(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for text, count in self._top_reasons():
            table.add_row(f"{count:>11,}", Text(text), Text(self.tally.texts[text], style="dim"))
        return table

    def _histogram(self, *, bars: bool) -> Table:
        table = Table.grid(padding=(0, 2))
        most = max(self.tally.tenths.values())
        for tenth in range(TENTHS):
            count = self.tally.tenths[tenth]
            bar = ["█" * max(round(count / most * _BAR), 1 if count else 0)] if bars else []
            table.add_row(f"{tenth * 10:>3}–{tenth * 10 + 10} %", f"{count:>11,}", *bar)
        return table
