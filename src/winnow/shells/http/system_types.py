"""What the API takes and gives about AI systems, as types; see `types`."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from winnow.core.govern.risk import QUESTIONS, Assessment, Risk, Trait, answers_of, assess
from winnow.core.govern.systems import Mode, Revision, Status
from winnow.core.govern.terms import Action, Channel
from winnow.services.systems import LONGEST_NOTE, Registered

_EXAMPLE_ID = "acme-writer"
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"
_EXAMPLE_OWNER = "us_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_ANSWERS = {"decides": [], "practices": [], "people": ["scores-people"], "contact": []}

_Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=300)]
_Words: TypeAlias = Annotated[list[Annotated[str, Meta(min_length=1, max_length=63)]], Meta(max_length=60)]
_Note: TypeAlias = Annotated[str, Meta(min_length=1, max_length=LONGEST_NOTE)]
Answers: TypeAlias = dict[str, list[str]]

_PURPOSES = "Purposes of the policy that it may be used for."
_OWNER = "The id of the person who answers for it."
_VENDOR = "Who makes it; null: ourselves."
_VERSION = "Of the product or model."
_INPUTS = "Categories of the data it gets."
_OUTPUTS = "What it concludes about people; none of the policy's prohibited inferences."
_ANSWERS = "The wizard's answers, by its questions; an empty list says: none of these."
_REVIEW = "Until when it is to be looked at again, UTC."


class SystemDescription(Struct, forbid_unknown_fields=True):
    """What somebody says an AI system is."""

    name: Annotated[_Text, Meta(description="What people call it.", examples=["Acme mail writer"])]
    purpose: Annotated[_Text, Meta(description="What it is for.", examples=["draft answers to enquiries"])]
    version: Annotated[_Text, Meta(description=_VERSION, examples=["4.2"])]
    answers: Annotated[Answers, Meta(description=_ANSWERS, examples=[_EXAMPLE_ANSWERS])]
    purposes: Annotated[_Words, Meta(description=_PURPOSES, examples=[["marketing"]])] = []
    owner: Annotated[str | None, Meta(description=_OWNER, examples=[_EXAMPLE_OWNER])] = None
    vendor: Annotated[_Text | None, Meta(description=_VENDOR, examples=["Acme Inc."])] = None
    inputs: Annotated[_Words, Meta(description=_INPUTS, examples=[["contact", "message"]])] = []
    outputs: Annotated[_Words, Meta(description=_OUTPUTS, examples=[["answer"]])] = []
    actions: Annotated[list[Action], Meta(description="What it may do to people.", examples=[["contact"]])] = []
    channels: Annotated[list[Channel], Meta(description="How it may reach them.", examples=[["email"]])] = []
    status: Annotated[
        Status,
        Meta(
            description="`draft`, `shadow` or `live`. What it may do is worked out whenever it is asked.",
            examples=["shadow"],
        ),
    ] = Status.DRAFT


class SystemIn(SystemDescription, forbid_unknown_fields=True, kw_only=True):
    """A system that is entered."""

    id: Annotated[
        Annotated[str, Meta(min_length=2, max_length=63)],
        Meta(description="Small letters, digits and hyphens; never given again.", examples=[_EXAMPLE_ID]),
    ]


class SystemReview(Struct, forbid_unknown_fields=True):
    """That somebody looked at a system anew."""

    note: Annotated[
        _Note, Meta(description="What was looked at; kept for ever.", examples=["outputs of 50 mails read"])
    ]
    next_review: Annotated[
        date | None, Meta(description=f"{_REVIEW} null: as late as its risk allows.", examples=["2027-05-01"])
    ] = None


class SystemRetire(Struct, forbid_unknown_fields=True):
    """Why a system ends."""

    note: Annotated[_Note, Meta(description="Why; kept for ever.", examples=["the contract ended"])]


class ClassifyIn(Struct, forbid_unknown_fields=True):
    """The wizard's answers."""

    answers: Annotated[Answers, Meta(description=_ANSWERS, examples=[_EXAMPLE_ANSWERS])]


class TraitOut(Struct):
    """What follows from one answer."""

    trait: Annotated[Trait, Meta(description="The answer.", examples=["scores-people"])]
    text: Annotated[str, Meta(description="What follows from it.", examples=["who is scored may ask how, and object"])]
    source: Annotated[str, Meta(description="Where that is written.", examples=["GDPR, Articles 13 to 15 and 21"])]


class ChoiceOut(Struct):
    """One answer that can be given."""

    id: Annotated[Trait, Meta(description="What to send.", examples=["scores-people"])]
    text: Annotated[str, Meta(description="What it says.", examples=["score, rank or sort people"])]


class QuestionOut(Struct):
    """One question of the wizard."""

    id: Annotated[str, Meta(description="Its name.", examples=["people"])]
    text: Annotated[str, Meta(description="What is asked.", examples=["What does it do with people's data?"])]
    choices: Annotated[list[ChoiceOut], Meta(description="Any number of them may be true, also none.")]


class ClassifyOut(Struct):
    """What the answers come to."""

    risk: Annotated[Risk, Meta(description="The class.", examples=["limited"])]
    because: Annotated[list[TraitOut], Meta(description="What speaks for it, the gravest first.")]
    refused: Annotated[
        str | None,
        Meta(description="Why it may not stand in the register; null: it may.", examples=["it bears on whether …"]),
    ]
    questions: Annotated[list[QuestionOut], Meta(description="What was asked.")]


class SystemOut(Struct):
    """An AI system as it stands in the register, and what it may do just now."""

    id: Annotated[str, Meta(description="Its id.", examples=[_EXAMPLE_ID])]
    name: Annotated[str, Meta(description="What people call it.", examples=["Acme mail writer"])]
    purpose: Annotated[str, Meta(description="What it is for.", examples=["draft answers to enquiries"])]
    purposes: Annotated[list[str], Meta(description=_PURPOSES, examples=[["marketing"]])]
    version: Annotated[str, Meta(description=_VERSION, examples=["4.2"])]
    owner: Annotated[str | None, Meta(description=_OWNER, examples=[_EXAMPLE_OWNER])]
    owner_name: Annotated[str | None, Meta(description="What they are called.", examples=["Mia Ruiz"])]
    vendor: Annotated[str | None, Meta(description=_VENDOR, examples=["Acme Inc."])]
    inputs: Annotated[list[str], Meta(description=_INPUTS, examples=[["contact", "message"]])]
    outputs: Annotated[list[str], Meta(description=_OUTPUTS, examples=[["answer"]])]
    actions: Annotated[list[Action], Meta(description="What it may do to people.", examples=[["contact"]])]
    channels: Annotated[list[Channel], Meta(description="How it may reach them.", examples=[["email"]])]
    answers: Annotated[Answers, Meta(description=_ANSWERS, examples=[_EXAMPLE_ANSWERS])]
    risk: Annotated[Risk, Meta(description="What follows from the answers.", examples=["limited"])]
    because: Annotated[list[TraitOut], Meta(description="What speaks for the risk, the gravest first.")]
    status: Annotated[Status, Meta(description="What its owner wants of it.", examples=["live"])]
    mode: Annotated[
        Mode,
        Meta(
            description="What it may do just now: `off` nothing, `shadow` conclude without effect, `live` act.",
            examples=["shadow"],
        ),
    ]
    mode_because: Annotated[
        list[str],
        Meta(description="What keeps it from acting.", examples=[["nobody owns it: name a person who answers for it"]]),
    ]
    next_review: Annotated[date | None, Meta(description=_REVIEW, examples=["2027-05-01"])]
    overdue: Annotated[bool, Meta(description="Whether that day is past.", examples=[False])]
    content_hash: Annotated[str, Meta(description="What a sign-off has to be for.", examples=["9f2c" * 16])]
    signed: Annotated[bool, Meta(description="Whether there is one that holds.", examples=[False])]
    revision: Annotated[int, Meta(description="Counts the changes of this entry.", examples=[3])]


class RevisionOut(Struct):
    """One change of the entry."""

    revision: Annotated[int, Meta(description="Its number.", examples=[3])]
    at: Annotated[datetime, Meta(description="When.", examples=[_EXAMPLE_TIME])]
    actor: Annotated[str, Meta(description="Who made it.", examples=[_EXAMPLE_OWNER])]
    what: Annotated[str, Meta(description="The kind of its entry in the decision log.", examples=["system.reviewed"])]
    note: Annotated[str, Meta(description="What they said.", examples=["outputs of 50 mails read"])]
    version: Annotated[str, Meta(description=_VERSION, examples=["4.2"])]
    status: Annotated[Status, Meta(description="What its owner wanted of it then.", examples=["live"])]


class SystemDetail(SystemOut, kw_only=True):
    """The same with all that it ever was."""

    history: Annotated[list[RevisionOut], Meta(description="The newest first.")]


class SystemPage(Struct):
    """Some AI systems, in the order of their ids."""

    systems: Annotated[list[SystemOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_ID])
    ] = None


def _described(found: Registered) -> dict[str, object]:
    system, standing = found.system, found.standing
    return {
        **{name: getattr(system, name) for name in _PLAIN},
        **{name: sorted(getattr(system, name)) for name in _SETS},
        "owner_name": found.owner.name if found.owner else None,
        "answers": answers_of(system.traits),
        "risk": system.risk,
        "because": _because(assess(system.traits)),
        "mode": standing.mode,
        "mode_because": list(standing.because),
        "overdue": found.overdue,
        "content_hash": found.content_hash,
        "signed": found.signed,
    }


_PLAIN = ("id", "name", "purpose", "version", "owner", "vendor", "status", "next_review", "revision")
_SETS = ("purposes", "inputs", "outputs", "actions", "channels")


def system_out(found: Registered) -> SystemOut:
    """A system as it is answered."""
    return SystemOut(**_described(found))  # type: ignore[arg-type]  # one value for each field


def detail_out(found: Registered, history: list[Revision]) -> SystemDetail:
    """The same with its history."""
    told = [
        RevisionOut(each.system.revision, each.at, each.actor, each.what, each.note, each.system.version, status)
        for each in history
        for status in (each.system.status,)
    ]
    return SystemDetail(**_described(found), history=told)  # type: ignore[arg-type]  # as above


def classified_out(found: Assessment) -> ClassifyOut:
    """What the wizard answers."""
    questions = [
        QuestionOut(each.id, each.text, [ChoiceOut(trait, text) for trait, text in each.choices.items()])
        for each in QUESTIONS
    ]
    return ClassifyOut(found.risk, _because(found), found.refused, questions)


def _because(found: Assessment) -> list[TraitOut]:
    return [TraitOut(each.trait, each.text, each.source) for each in found.because]
