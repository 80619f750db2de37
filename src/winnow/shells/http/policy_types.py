"""What the API takes and gives about the policy and law packs, as types; see `types`."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from winnow.core.govern.limits import Because
from winnow.core.govern.limits_write import whole_document
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.requirement import Requirement
from winnow.core.ruleset_write import policy_document
from winnow.core.toml_text import MOST_CHARACTERS
from winnow.services.policy import Checked, PolicyInForce
from winnow.shells.http.ruleset_types import DifferenceOut

_HASH = "5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d5f2b8c0d9e1a4f7c6b3d2e1f0a9b8c7d"
_DAY = "2027-01-01"
_Day = Annotated[date, Meta(description="From which day on.", examples=[_DAY])]
_NEEDED = Meta(
    description="What a contact needs: `opt-out` is nothing but no objection, `implied` a relationship that a law "
    "takes for consent, `express` a yes, `prohibited` more than anybody can give.",
    examples=["express"],
)


class PolicyOut(Struct):
    """The policy in force."""

    hash: Annotated[
        str,
        Meta(description="Of the policy and of its law packs, every rule of them; permits name it.", examples=[_HASH]),
    ]
    ruleset: Annotated[str, Meta(description="Hash of the ruleset it stands in.", examples=[_HASH])]
    owner: Annotated[str, Meta(description="Who answers for it.", examples=["Ada Example"])]
    packs: Annotated[list[str], Meta(description="The law packs in use.", examples=[["eu", "uk"]])]
    document: Annotated[
        dict[str, Any],
        Meta(description="As the TOML file has it, also what nobody wrote down.", examples=[{"owner": "Ada Example"}]),
    ]


class LawRuleOut(Struct):
    """One thing a law asks for."""

    id: Annotated[str, Meta(description="Grounds call it `PACK.ID`.", examples=["gdpr-21"])]
    article: Annotated[str, Meta(description="Where it is written.", examples=["GDPR Art. 21(2) and (3)"])]
    text: Annotated[str, Meta(description="In plain words.", examples=["Whoever objects is not contacted any more."])]
    source: Annotated[str, Meta(description="Where the law stands.", examples=["https://eur-lex.europa.eu/"])]
    effective: Annotated[date, Meta(description="The first day it holds.", examples=["2018-05-25"])]
    until: Annotated[date | None, Meta(description="The first day it does not; null: no end.", examples=[_DAY])]
    in_force: Annotated[bool, Meta(description="Whether it holds today.", examples=[True])]
    places: Annotated[list[str], Meta(description="ISO 3166 countries, or parts of one.", examples=[["US-CA"]])]
    channels: Annotated[list[str], Meta(description="None: all.", examples=[["email"]])]
    purposes: Annotated[list[str], Meta(description="Kinds of purpose; none: all.", examples=[["marketing"]])]
    needed: Annotated[str | None, _NEEDED]


class LawPackOut(Struct):
    """The rules of one legal order."""

    id: Annotated[str, Meta(description="As the policy names it.", examples=["eu"])]
    title: Annotated[str, Meta(description="For people.", examples=["European Union: GDPR, ePrivacy, AI Act"])]
    as_of: Annotated[date, Meta(description="When it was last compared with the law.", examples=["2026-11-22"])]
    used: Annotated[
        bool | None,
        Meta(description="Whether the policy in force uses it; null: no policy was asked.", examples=[True]),
    ]
    rules: Annotated[list[LawRuleOut], Meta(description="All, in force or not.")]


class LawPacksOut(Struct):
    """All law packs there are."""

    packs: Annotated[list[LawPackOut], Meta(description="In the order of their ids.")]


class GroundOut(Struct):
    """One ground of an answer."""

    id: Annotated[str, Meta(description="`PACK.RULE`, `policy.ID` or `default`.", examples=["eu.gdpr-21"])]
    article: Annotated[str, Meta(description="Empty for the organisation's own.", examples=["GDPR Art. 21(2)"])]
    text: Annotated[str, Meta(description="In plain words.", examples=["Whoever objects is not contacted any more."])]


class RequirementOut(Struct):
    """What a contact needs on a day."""

    needed: Annotated[str, _NEEDED]
    because: Annotated[list[GroundOut], Meta(description="What asks for the most.")]
    implied_days: Annotated[
        dict[str, int | None],
        Meta(
            description="Relationships that count, and for how many days; null: no end.", examples=[{"purchase": 730}]
        ),
    ]
    hours: Annotated[
        list[int] | None, Meta(description="Of the person's day: from, until before; null: all.", examples=[[8, 21]])
    ]
    signals: Annotated[list[str], Meta(description="Of a browser that are an opt-out.", examples=[["gpc"]])]


class PolicyIn(Struct, forbid_unknown_fields=True):
    """A policy as text."""

    toml: Annotated[
        str,
        Meta(
            max_length=MOST_CHARACTERS,
            description="A TOML file with the policy under [policy]; of a whole ruleset only that is read.",
            examples=['[policy]\nowner = "Ada Example"\n'],
        ),
    ]


class CheckedOut(Struct):
    """A policy that could be put in force."""

    hash: Annotated[str, Meta(description="What its permits would name.", examples=[_HASH])]
    examples: Annotated[int, Meta(description="How many examples it has; all of them hold.", examples=[4])]
    differences: Annotated[list[DifferenceOut], Meta(description="From the policy in force.")]


def policy_out(found: PolicyInForce) -> PolicyOut:
    """The policy in force as it is answered."""
    document = {**policy_document(found.policy), **whole_document(found.policy.limits)}
    return PolicyOut(found.hash, found.ruleset, found.policy.owner, [each.id for each in found.packs], document)


def packs_out(known: Iterable[LawPack], used: Collection[str] | None, today: date) -> LawPacksOut:
    """All packs as they are answered."""
    return LawPacksOut([_pack_out(each, today, used=None if used is None else each.id in used) for each in known])


def checked_out(found: Checked) -> CheckedOut:
    """A checked policy as it is answered."""
    return CheckedOut(found.hash, found.examples, [DifferenceOut(*each) for each in found.differences])


def _pack_out(pack: LawPack, today: date, *, used: bool | None) -> LawPackOut:
    return LawPackOut(pack.id, pack.title, pack.as_of, used, [rule_out(rule, today) for rule in pack.rules])


def rule_out(rule: LawRule, today: date) -> LawRuleOut:
    """One rule as it is answered."""
    return LawRuleOut(
        id=rule.id,
        article=rule.article,
        text=rule.text,
        source=rule.source,
        effective=rule.effective,
        until=rule.until,
        in_force=rule.holds_on(today),
        places=sorted(rule.places),
        channels=sorted(rule.channels),
        purposes=sorted(rule.purposes),
        needed=None if rule.needed is None else rule.needed.word,
    )


def requirement_out(asked: Requirement) -> RequirementOut:
    """What a contact needs as it is answered."""
    return RequirementOut(
        needed=asked.needed.word,
        because=[_ground_out(each) for each in asked.because],
        implied_days=dict(asked.implied_days),
        hours=None if asked.hours is None else [asked.hours.start, asked.hours.end],
        signals=sorted(asked.signals),
    )


def _ground_out(each: Because) -> GroundOut:
    return GroundOut(each.id, each.article, each.text)
