"""What the API gives about a change of the law and whom it touches, as types; see `types`."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.govern.affected import Effect
from winnow.core.govern.changes import RuleChange
from winnow.services.policy import Impact, SystemTouched, Touched
from winnow.shells.http.policy_types import LawRuleOut, RequirementOut, requirement_out, rule_out

_DAY = "2027-01-01"
_Day = Annotated[date, Meta(description="From which day on.", examples=[_DAY])]


class RuleChangeOut(Struct):
    """A rule that begins or ends."""

    day: _Day
    pack: Annotated[str, Meta(description="The pack it stands in.", examples=["california"])]
    begins: Annotated[bool, Meta(description="False: it ends.", examples=[True])]
    rule: Annotated[LawRuleOut, Meta(description="The rule itself.")]


class EffectsOut(Struct):
    """How many a change touches, as they stand today: the same people and day under both laws."""

    closed: Annotated[int, Meta(description="It may be done today and not then.", examples=[12])]
    opened: Annotated[int, Meta(description="It may not be done today, and then it may.", examples=[0])]
    otherwise: Annotated[
        int, Meta(description="The same answer, on other grounds or terms. Not counted of sends.", examples=[30])
    ]


class ReachOut(EffectsOut):
    """The same of all changes together, and how many were looked at."""

    looked_at: Annotated[int, Meta(description="The newest so many of the last 90 days.", examples=[2000])]
    more: Annotated[
        bool, Meta(description="Whether there are older ones of these days that were not.", examples=[True])
    ]


class PlaceTouchedOut(EffectsOut):
    """The leads of one place that are touched."""

    place: Annotated[str | None, Meta(description="As the lead says; null: it does not.", examples=["DE"])]


class SenderTouchedOut(EffectsOut):
    """The permits and refusals of one AI system that would come out otherwise."""

    system: Annotated[str, Meta(description="Its id in the register.", examples=["mail-writer"])]


_OF_LEADS = Meta(description="Leads that it touches, of those that were looked at; null: nobody looked.")
_OF_SENDS = Meta(
    description="Permits that would be refused (closed), and refusals for want of consent alone that would be permits "
    "(opened), of those that were looked at; null: nobody looked."
)


class NeedChangeOut(Struct):
    """What contacts need before and after."""

    channel: Annotated[str, Meta(description="How people are reached.", examples=["email"])]
    purpose: Annotated[str, Meta(description="One of the policy's.", examples=["marketing"])]
    places: Annotated[list[str | None], Meta(description="Where; null is where nobody knows.", examples=[["US-CA"]])]
    before: Annotated[RequirementOut, Meta(description="What is needed today.")]
    after: Annotated[RequirementOut, Meta(description="What is needed then.")]
    grants: Annotated[
        int | None,
        Meta(description="Addresses that ever said yes to channel and purpose; null: not counted.", examples=[412]),
    ]
    leads: Annotated[EffectsOut | None, _OF_LEADS]
    sends: Annotated[EffectsOut | None, _OF_SENDS]


class SystemTouchedOut(Struct):
    """An AI system that such a rule speaks of."""

    system: Annotated[str, Meta(description="Its id in the register.", examples=["mail-writer"])]
    name: Annotated[str, Meta(description="For people.", examples=["Mail writer"])]
    rule: Annotated[str, Meta(description="`PACK.RULE`.", examples=["california.ccpa-admt"])]
    day: _Day


class ChangesOut(Struct):
    """What changes until a day."""

    today: Annotated[date, Meta(description="The day, UTC, that is compared with.", examples=["2026-11-22"])]
    on: Annotated[date, Meta(description="The last day that is looked at.", examples=[_DAY])]
    rules: Annotated[list[RuleChangeOut], Meta(description="In the order of their days.")]
    needs: Annotated[list[NeedChangeOut], Meta(description="Contacts that need something else then.")]
    systems: Annotated[list[SystemTouchedOut], Meta(description="Of the register, without retired ones.")]
    leads: Annotated[ReachOut | None, _OF_LEADS]
    sends: Annotated[ReachOut | None, _OF_SENDS]
    places: Annotated[list[PlaceTouchedOut], Meta(description="The leads by place, the most first.")]
    senders: Annotated[list[SenderTouchedOut], Meta(description="The sends by AI system.")]


class ContactChangeOut(Struct):
    """One contact that needs something else then."""

    channel: Annotated[str, Meta(description="How people are reached.", examples=["email"])]
    purpose: Annotated[str, Meta(description="One of the policy's.", examples=["marketing"])]
    before: Annotated[str, Meta(description="What is needed today.", examples=["implied"])]
    after: Annotated[str, Meta(description="What is needed then.", examples=["express"])]
    effect: Annotated[str, Meta(description="`closed`, `opened` or `otherwise`.", examples=["closed"])]


class LeadTouchedOut(Struct):
    """A lead whose contacts need something else then."""

    decision: Annotated[int, Meta(description="Number of its first decision.", examples=[12])]
    source: Annotated[str, Meta(description="Where it came from.", examples=["website"])]
    received_at: Annotated[datetime, Meta(description="When it came.", examples=["2026-11-20T09:30:00Z"])]
    place: Annotated[str | None, Meta(description="As it says; null: it does not.", examples=["DE"])]
    effect: Annotated[str, Meta(description="The strongest of its contacts.", examples=["closed"])]
    contacts: Annotated[list[ContactChangeOut], Meta(description="What changes for it.")]


class LeadsTouchedOut(Struct):
    """Leads that a change touches: what is closed first, then the newest."""

    leads: Annotated[list[LeadTouchedOut], Meta(description="Some of them.")]
    next: Annotated[str | None, Meta(description="Cursor of those that follow; null at the end.", examples=["50"])]


class SendTouchedOut(Struct):
    """A permit that would be refused then, or a refusal that would be a permit."""

    permit: Annotated[str, Meta(description="Its id.", examples=["pm_01-0"])]
    at: Annotated[datetime, Meta(description="When the gate answered.", examples=["2026-11-20T09:30:00Z"])]
    system: Annotated[str, Meta(description="The AI system that asked.", examples=["mail-writer"])]
    place: Annotated[str | None, Meta(description="Where the person was taken to be.", examples=["DE"])]
    contact: Annotated[ContactChangeOut, Meta(description="What changes for it.")]


class SendsTouchedOut(Struct):
    """Permits and refusals that would come out otherwise: permits first, then the newest."""

    sends: Annotated[list[SendTouchedOut], Meta(description="Some of them.")]
    next: Annotated[str | None, Meta(description="Cursor of those that follow; null at the end.", examples=["50"])]


def changes_out(found: Impact) -> ChangesOut:
    """What changes, as it is answered."""
    changes, touched = found.changes, found.touched
    return ChangesOut(
        today=changes.today,
        on=changes.on,
        rules=[_change_out(each) for each in changes.rules],
        needs=[_need_out(found, at) for at in range(len(changes.needs))],
        systems=[_touched_out(each) for each in found.systems],
        leads=None if touched is None else _leads(touched),
        sends=None if touched is None else _sends(touched),
        places=[] if touched is None else [_place(*each) for each in touched.places.items()],
        senders=[] if touched is None else [_sender(*each) for each in touched.systems.items()],
    )


def leads_out(found: Impact, first: int, limit: int) -> LeadsTouchedOut:
    """Some of the leads that are touched, from `first` on."""
    leads = found.touched.leads if found.touched else ()
    some = [
        LeadTouchedOut(
            decision=each.lead,
            source=each.source,
            received_at=each.at,
            place=each.place,
            effect=each.effect,
            contacts=[_contact(found, *pair) for pair in zip(each.needs, each.effects, strict=True)],
        )
        for each in leads[first : first + limit]
    ]
    return LeadsTouchedOut(some, _next(first + limit, len(leads)))


def sends_out(found: Impact, first: int, limit: int) -> SendsTouchedOut:
    """Some of the permits and refusals that would come out otherwise, from `first` on."""
    sends = found.touched.sends if found.touched else ()
    some = [
        SendTouchedOut(each.permit, each.at, each.system, each.place, _contact(found, each.need, each.effect))
        for each in sends[first : first + limit]
    ]
    return SendsTouchedOut(some, _next(first + limit, len(sends)))


def _next(first: int, there: int) -> str | None:
    return str(first) if first < there else None


def _contact(found: Impact, need: int, happens: Effect) -> ContactChangeOut:
    change = found.changes.needs[need]
    words = change.before.needed.word, change.after.needed.word
    return ContactChangeOut(change.channel, change.purpose, *words, happens)


def _effects(number: Callable[[Effect], int]) -> dict[str, int]:
    return {each.value: number(each) for each in Effect}


def _leads(touched: Touched) -> ReachOut:
    return ReachOut(**_effects(touched.leads_that), looked_at=touched.leads_read, more=touched.leads_more)


def _sends(touched: Touched) -> ReachOut:
    return ReachOut(**_effects(touched.sends_that), looked_at=touched.sends_read, more=touched.sends_more)


def _place(place: str | None, some: Mapping[Effect, int]) -> PlaceTouchedOut:
    return PlaceTouchedOut(**_effects(some.__getitem__), place=place)


def _sender(system: str, some: Mapping[Effect, int]) -> SenderTouchedOut:
    return SenderTouchedOut(**_effects(some.__getitem__), system=system)


def _change_out(change: RuleChange) -> RuleChangeOut:
    return RuleChangeOut(change.day, change.pack, change.begins, rule_out(change.rule, change.day))


def _need_out(found: Impact, at: int) -> NeedChangeOut:
    need, counted = found.changes.needs[at], None if found.touched is None else found.touched.counts[at]
    return NeedChangeOut(
        channel=need.channel,
        purpose=need.purpose,
        places=list(need.places),
        before=requirement_out(need.before),
        after=requirement_out(need.after),
        grants=found.grants[at],
        leads=None if counted is None else EffectsOut(**_effects(counted.leads.__getitem__)),
        sends=None if counted is None else EffectsOut(**_effects(counted.sends.__getitem__)),
    )


def _touched_out(touched: SystemTouched) -> SystemTouchedOut:
    change = touched.change
    return SystemTouchedOut(touched.system.id, touched.system.name, f"{change.pack}.{change.rule.id}", change.day)
