"""Proposals and sign-offs as people call them: words behind codes, and why something does not count as signed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

from winnow.core.govern.attached import without_leads
from winnow.core.govern.signing import Kind, Side, Stage
from winnow.core.learning.ladder import Rung
from winnow.services.signing import Told
from winnow.shells.web.governing import STAGES
from winnow.shells.web.navigation import N_
from winnow.shells.web.sentences import sentence
from winnow.shells.web.wording import Words

KINDS: Final[Mapping[str, str]] = {
    Kind.RULESET: N_("Ruleset"),
    Kind.AI_SYSTEM: N_("AI system"),
    Kind.LADDER: N_("Step up the ladder"),
    Kind.BREAK_GLASS: N_("Break-glass"),
}
SIDES: Final[Mapping[str, str]] = {
    Side.SALES: N_("sales"),
    Side.LEGAL: N_("legal"),
    Side.TECH: N_("tech"),
}
#: How high up the ladder something stands.
RUNGS: Final[Mapping[str, str]] = {
    Rung.SHADOW: N_("only in shadow"),
    Rung.TAG: N_("may tag"),
    Rung.REVIEW: N_("may send for review"),
    Rung.REJECT: N_("may reject"),
}
#: What is attached: what it is called, and what it tells.
ATTACHED: Final[Mapping[str, tuple[str, str]]] = {
    "simulation": (N_("Simulation"), N_("What it would have decided otherwise about past leads.")),
    "bias": (N_("Bias report"), N_("How it treats groups of people.")),
    "card": (N_("Model card"), N_("What the scorecard was learned from, and how good it is.")),
    "shadow": (N_("In shadow"), N_("How it differed from the live ruleset on live leads.")),
}
#: Words for the figures that stand in them most often; others are called as they are written.
FIGURES: Final[Mapping[str, str]] = {
    "changed": N_("leads that come out otherwise"),
    "days": N_("days"),
    "failed": N_("failed"),
    "judged": N_("of these, the truth is known"),
    "leads": N_("leads"),
    "milder": N_("milder"),
    "read_by": N_("read by"),
    "read_leads": N_("read over so many leads"),
    "stricter": N_("stricter"),
}
#: More than the stages: what still needs a privacy officer, and what no longer holds.
HALF, LAPSED, USED, GRANTED, OVER = "half", "lapsed", "used", "granted", "over"
_MORE: Final[Mapping[str, str]] = {
    HALF: N_("waits for a privacy officer"),
    LAPSED: N_("was signed, and holds no longer"),
    USED: N_("was granted, and used"),
    GRANTED: N_("granted"),
    OVER: N_("was granted, and is over"),
}

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)

#: Why somebody may not sign, as the core says it.
BARRED: Final = (
    N_("you proposed it, so somebody else has to sign it"),
    N_("you wrote it, so somebody else has to sign it"),
    N_("you have signed it already"),
    N_("your role does not sign"),
    N_("a privacy officer has to sign it now"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value of an attachment; `where`: its place as words in a row."""

    where: tuple[str, ...]
    value: str


def stands(told: Told, *, used: bool = False) -> str:
    """How a proposal stands, as a code of `STATES`."""
    if used and told.stage in {Stage.PROPOSED, Stage.SIGNED}:
        return USED
    if told.stage is Stage.PROPOSED and told.filed.sign_offs:
        return HALF
    emergency = told.filed.proposal.kind is Kind.BREAK_GLASS
    if told.stage not in {Stage.SIGNED, Stage.LIVE} or not told.lacking:
        return GRANTED if emergency and told.stage is Stage.SIGNED else told.stage.value
    return OVER if emergency else LAPSED


#: How a proposal stands, in words.
STATES: Final[Mapping[str, str]] = {**STAGES, **_MORE}


def lacking_in(words: Words, name_of: Callable[[str], str]) -> Callable[[str], str]:
    """What turns one reason why something does not count as signed into a sentence."""
    return lambda reason: sentence(words, reason, name_of)


def lasting_in(words: Words, span: timedelta) -> str:
    """How long a signature holds, exactly: in days, or in hours where days would not be exact."""
    if span % _DAY:
        hours = ceil(span / _HOUR)
        return words.ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": words.count(hours)}
    return words.ngettext("%(num)s day", "%(num)s days", span // _DAY) % {"num": words.count(span // _DAY)}


def figures_in(document: Mapping[str, object], *, leads: bool, most: int) -> Sequence[Figure]:
    """The values of an attachment in order, each with its place; `leads`: also names of leads."""
    found: list[Figure] = []
    for each in _figures((), document if leads else without_leads(document)):
        if len(found) >= most:
            break
        found.append(each)
    return found


def _figures(where: tuple[str, ...], value: object) -> Iterator[Figure]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _figures((*where, str(name)), each)
    elif isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
        for number, each in enumerate(value, 1):
            yield from _figures((*where, str(number)), each)
    else:
        yield Figure(where, _shown(value))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return "–" if value is None else str(value)
