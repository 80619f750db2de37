"""What `winnow policy changes` prints: rules, what contacts then need, and whom that touches."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from winnow.core.govern.affected import Effect
from winnow.shells.http.policy_change_types import changes_out, leads_out, sends_out

if TYPE_CHECKING:
    from winnow.core.govern.changes import NeedChange
    from winnow.services.policy import Impact, Touched

_LEADS = {
    Effect.CLOSED: "may be contacted today and not then",
    Effect.OPENED: "may not be contacted today, and then may",
    Effect.OTHERWISE: "the same answer on other grounds or terms",
}
_SENDS = {Effect.CLOSED: "permitted, would be refused", Effect.OPENED: "refused, would be permitted"}


def change_lines(found: "Impact") -> Iterator[str]:
    """All of it but the single leads and sends."""
    if not found.changes.rules:
        yield "nothing changes until then that the law packs in use know of"
    for change in found.changes.rules:
        word = "begins" if change.begins else "ends"
        yield f"{change.day}  {change.pack}.{change.rule.id} {word}  {change.rule.article}"
        yield f"    {change.rule.text}"
    for at, need in enumerate(found.changes.needs):
        grants = found.grants[at]
        yield _need_line(need) + ("" if grants is None else f"; {grants} addresses said yes to it")
        if found.touched is not None:
            counts = found.touched.counts[at]
            yield f"    leads: {_said(counts.leads, _LEADS)}; sends: {_said(counts.sends, _SENDS)}"
    for touched in found.systems:
        change = touched.change
        yield f"AI system {touched.system.id} is spoken of by {change.pack}.{change.rule.id} ({change.day})"
    if found.touched is not None:
        yield from _summary(found.touched)


def touched_lines(found: "Impact") -> Iterator[str]:
    """Every lead and send that is touched."""
    touched, needs = found.touched, found.changes.needs
    for lead in touched.leads if touched else ():
        ways = ", ".join(f"{needs[at].purpose} by {needs[at].channel}" for at in lead.needs)
        where = ", ".join(each for each in (lead.place or "place not known", lead.source) if each)
        yield f"lead {lead.lead} ({where}): {_LEADS[lead.effect]}: {ways}"
    for send in touched.sends if touched else ():
        need = needs[send.need]
        where = send.place or "place not known"
        yield f"{send.permit} ({where}) by {send.system}, {need.purpose} by {need.channel}: {_SENDS[send.effect]}"


def listed_out(found: "Impact") -> Mapping[str, Any]:
    """All of it, the single leads and sends included, for JSON."""
    touched = found.touched
    leads, sends = (len(touched.leads), len(touched.sends)) if touched else (0, 0)
    return {
        "changes": changes_out(found),
        "leads": leads_out(found, 0, leads).leads,
        "sends": sends_out(found, 0, sends).sends,
    }


def _summary(touched: "Touched") -> Iterator[str]:
    leads = {each: touched.leads_that(each) for each in _LEADS}
    sends = {each: touched.sends_that(each) for each in _SENDS}
    since = touched.since.date()
    read = _newest(touched.leads_read, more=touched.leads_more)
    yield f"of {read} leads since {since}: {_said(leads, _LEADS)}"
    for place, some in touched.places.items():
        yield f"    {place or 'place not known'}: {_said(some, _LEADS)}"
    read = _newest(touched.sends_read, more=touched.sends_more)
    yield f"of {read} sends since {since}: {_said(sends, _SENDS)}"
    for system, some in touched.systems.items():
        yield f"    {system}: {_said(some, _SENDS)}"


def _newest(read: int, *, more: bool) -> str:
    return f"the newest {read}" if more else f"all {read}"


def _said(numbers: Mapping[Effect, int], words: Mapping[Effect, str]) -> str:
    return ", ".join(f"{numbers[each]} {text}" for each, text in words.items() if numbers[each]) or "none touched"


def _need_line(need: "NeedChange") -> str:
    places = ", ".join(each or "place not known" for each in need.places)
    before, after = need.before.needed.word, need.after.needed.word
    what = f"{before} → {after}" if before != after else f"{after} still, on other grounds or terms"
    return f"{need.purpose} by {need.channel} ({places}): {what}"
