"""Consent as people call it: what happened, how it is known, and how things stand, in few rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from winnow.core.govern.consent import Act, Capture, ConsentEvent, Standing
from winnow.core.govern.terms import Channel
from winnow.services.consent import For
from winnow.shells.web.navigation import N_

ACTS: Final[Mapping[str, str]] = {
    Act.OBJECTION: N_("objected"),
    Act.OPT_OUT: N_("opted out"),
    Act.BAR: N_("barred by a law or a register"),
    Act.BAR_LIFTED: N_("no longer barred"),
    Act.GRANT: N_("agreed"),
    Act.ERASED: N_("erased; every yes went with it, every no stays"),
}
HOW: Final[Mapping[str, str]] = {
    Capture.FORM: N_("they sent a form"),
    Capture.DOUBLE_OPT_IN: N_("they confirmed by a link in a mail"),
    Capture.VERBAL: N_("they said so"),
    Capture.LINK: N_("one click on unsubscribe"),
    Capture.SIGNAL: N_("their browser said so"),
    Capture.REPLY: N_("they wrote it"),
    Capture.REP: N_("somebody of ours recorded it"),
    Capture.IMPORT: N_("an imported file"),
    Capture.SYNC: N_("another system"),
    Capture.MERGE: N_("under another address of theirs"),
    Capture.ENRICHMENT: N_("bought data"),
}
#: How things stand: a word, and the badge that goes with it.
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "granted": (N_("said yes"), "on"),
    "unknown": (N_("nothing known"), "quiet"),
    "expired": (N_("a yes that has expired"), "quiet"),
    "barred": (N_("barred by law"), "off"),
    "opted-out": (N_("opted out"), "off"),
    "objected": (N_("objected"), "off"),
}
#: What a person may record of somebody's no, and how they may know it.
NOS: Final[Mapping[str, str]] = {
    Act.OPT_OUT: N_("They opted out"),
    Act.OBJECTION: N_("They objected: nothing on any channel"),
    Act.BAR: N_("A law or a register forbids it"),
}
NO_HOW: Final[Mapping[str, str]] = {
    Capture.REPLY: N_("They wrote it in a reply"),
    Capture.REP: N_("They told somebody of ours"),
}
#: What evidence of something said aloud is made of.
HEARD: Final[Mapping[str, str]] = {
    "heard_by": N_("Heard by"),
    "script": N_("They were read"),
    "words": N_("They said"),
    "evidence": N_("Evidence"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """Channels of a purpose for which things stand the same."""

    purpose: str
    channels: tuple[Channel, ...]
    standing: Standing


def rows_of(standings: Sequence[For], channels: frozenset[Channel] = frozenset(Channel)) -> tuple[Row, ...]:
    """How things stand as few rows, by purpose and what stands against it."""
    found: dict[tuple[str, Standing], list[Channel]] = {}
    purposes = list(dict.fromkeys(each.purpose for each in standings))
    for each in sorted(standings, key=lambda each: (purposes.index(each.purpose), -each.standing.state)):
        if each.channel in channels:
            found.setdefault((each.purpose, each.standing), []).append(each.channel)
    return tuple(Row(purpose, tuple(chosen), standing) for (purpose, standing), chosen in found.items())


def evidence_of(event: ConsentEvent) -> tuple[tuple[str, str], ...]:
    """The evidence of an event in parts, each with what it is; of what was said aloud there are several."""
    if not event.evidence:
        return ()
    if event.how is Capture.VERBAL:
        try:
            said = json.loads(event.evidence)
        except ValueError:
            said = None
        if isinstance(said, dict):
            return tuple((HEARD[name], str(said[name])) for name in HEARD if said.get(name))
    return (("", event.evidence),)
