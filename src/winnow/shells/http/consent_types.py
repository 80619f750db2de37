"""What the API takes and gives about consent, as types; see `types`."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from winnow.core.govern.consent import Act, Capture, ConsentEvent
from winnow.core.govern.terms import Channel
from winnow.ports.consent import Link
from winnow.services.consent import MOST_EVENTS, For, Imported, Known, Noted, Said

_ACT = (
    "`objection` (every channel), `opt-out`, `grant`, `bar` (a law or a register forbids it) or `bar-lifted`; "
    "docs/consent.md says which outweighs which."
)
_CHANNEL = "None is every channel; a grant names one."
_PURPOSE = "A purpose of the policy; none is every purpose. A grant names one."
_HOW = (
    "How you know: `form`, `verbal`, `link`, `signal`, `reply`, `rep`, `import`, `sync`. When left out, a grant with a "
    "wording that a program tells of is a `form`, and everything else is `rep`."
)
_OCCURRED = "When the person acted. Without it, a no counts until a later yes, and a yes never outweighs a no."
_SUBJECT = "The number that stands for the address; from an answer about it."
_EXAMPLE_SUBJECT = "5718039405514072349"
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"

Short = Annotated[str, Meta(min_length=1, max_length=200)]
Long = Annotated[str, Meta(min_length=1, max_length=4_000)]
Moment = Annotated[datetime, Meta(tz=True)]
Country = Annotated[str, Meta(pattern="^[A-Za-z]{2}$")]
Subject = Annotated[str, Meta(pattern="^[0-9]{1,19}$")]


class ConsentEventIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Something that happened: a yes, a no, or a law that forbids it. Give one of email, phone and subject."""

    act: Annotated[Act, Meta(description=_ACT, examples=["opt-out"])]
    email: Annotated[Short | None, Meta(description="The address it is about.", examples=["ana@bluebird.example"])] = (
        None
    )
    phone: Annotated[Short | None, Meta(description="Or the telephone number.", examples=["+493012345678"])] = None
    country: Annotated[
        Country | None, Meta(description="ISO 3166-1 alpha-2, for a number that does not say it.", examples=["DE"])
    ] = None
    subject: Annotated[Subject | None, Meta(description=_SUBJECT, examples=[_EXAMPLE_SUBJECT])] = None
    channel: Annotated[Channel | None, Meta(description=_CHANNEL, examples=["email"])] = None
    purpose: Annotated[Short | None, Meta(description=_PURPOSE, examples=["marketing"])] = None
    how: Annotated[Capture | None, Meta(description=_HOW, examples=["reply"])] = None
    basis: Annotated[
        Short | None,
        Meta(description="What a grant rests on: `express`, or a relationship.", examples=["purchase"]),
    ] = None
    wording: Annotated[
        Short | None, Meta(description="Id of the wording of the policy that was agreed to.", examples=["news-3"])
    ] = None
    evidence: Annotated[
        Long | None, Meta(description="Where it can be seen; kept sealed, erased with the person.", examples=["form 7"])
    ] = None
    occurred_at: Annotated[Moment | None, Meta(description=_OCCURRED, examples=[_EXAMPLE_TIME])] = None
    expires_at: Annotated[
        Moment | None, Meta(description="From when on a grant or a bar holds no more.", examples=[_EXAMPLE_TIME])
    ] = None
    script: Annotated[
        Long | None, Meta(description="What the person was read, with `verbal`.", examples=["May we mail you news?"])
    ] = None
    words: Annotated[Long | None, Meta(description="What the person said, with `verbal`.", examples=["Yes, do."])] = (
        None
    )
    spoken_by: Annotated[
        Short | None, Meta(description="Who heard it, with `verbal`; you if left out.", examples=["Mia Ruiz"])
    ] = None


class ConsentEventsIn(Struct, forbid_unknown_fields=True):
    """Events that are recorded together or not at all."""

    events: Annotated[
        Annotated[list[ConsentEventIn], Meta(min_length=1, max_length=MOST_EVENTS)],
        Meta(description=f"Up to {MOST_EVENTS:,}."),
    ]


class ConsentRecorded(Struct):
    """What was recorded."""

    numbers: Annotated[
        list[str], Meta(description="Numbers in the decision log, in the order of the events.", examples=[["31"]])
    ]


class ConsentSearchIn(Struct, forbid_unknown_fields=True):
    """Whom to look for; an address is never sent in a URL, which ends up in logs."""

    email: Annotated[Short | None, Meta(description="An address.", examples=["ana@bluebird.example"])] = None
    phone: Annotated[Short | None, Meta(description="Or a telephone number.", examples=["+493012345678"])] = None
    country: Annotated[Country | None, Meta(description="For a number that does not say it.", examples=["DE"])] = None


class ConsentStandingOut(Struct):
    """How things stand for one channel and purpose."""

    channel: Annotated[Channel, Meta(description="The channel.", examples=["email"])]
    purpose: Annotated[str, Meta(description="The purpose.", examples=["marketing"])]
    state: Annotated[
        str,
        Meta(
            description="`objected`, `opted-out`, `barred`, `expired`, `unknown` or `granted`.", examples=["opted-out"]
        ),
    ]
    basis: Annotated[str | None, Meta(description="What a grant rests on.", examples=["express"])]
    provisional: Annotated[bool, Meta(description="It rests on what was said aloud, for 30 days.", examples=[False])]
    expires_at: Annotated[datetime | None, Meta(description="When it lapses.", examples=[_EXAMPLE_TIME])]
    waits: Annotated[
        bool,
        Meta(
            description="A yes was given that counts once the person confirmed it; see /v1/consent/confirmations.",
            examples=[False],
        ),
    ]
    why: Annotated[
        str,
        Meta(
            description="One sentence.",
            examples=["the person opted out on 2026-11-22 with one click on unsubscribe (email, marketing), and …"],
        ),
    ]
    because: Annotated[list[str], Meta(description="Numbers of the events it rests on.", examples=[["31"]])]


class ConsentEventOut(Struct):
    """An event on record."""

    number: Annotated[str, Meta(description="Its number in the decision log.", examples=["31"])]
    act: Annotated[Act, Meta(description=_ACT, examples=["opt-out"])]
    channel: Annotated[Channel | None, Meta(description="None is every channel.", examples=["email"])]
    purpose: Annotated[str | None, Meta(description="None is every purpose.", examples=["marketing"])]
    how: Annotated[Capture, Meta(description="How it came; `merge`: under another address.", examples=["link"])]
    basis: Annotated[str | None, Meta(description="What a grant rests on.", examples=["express"])]
    wording: Annotated[str | None, Meta(description="Id and edition of the wording.", examples=["news-3@5f2c6a01be90"])]
    evidence: Annotated[
        str | None,
        Meta(description="Needs the scope `decisions:read` besides; null also once erased.", examples=["form 7"]),
    ]
    captured_by: Annotated[str, Meta(description="Who recorded it.", examples=["us_01jd8qg4z5x3n0v7k2m9r6t1wy"])]
    occurred_at: Annotated[datetime | None, Meta(description=_OCCURRED, examples=[_EXAMPLE_TIME])]
    received_at: Annotated[datetime, Meta(description="When Winnow was told.", examples=[_EXAMPLE_TIME])]
    expires_at: Annotated[datetime | None, Meta(description="When it lapses.", examples=[_EXAMPLE_TIME])]


class ConsentLinkOut(Struct):
    """Another address of the same person."""

    number: Annotated[str, Meta(description="Its number in the decision log.", examples=["32"])]
    subject: Annotated[str, Meta(description="The other address.", examples=[_EXAMPLE_SUBJECT])]
    at: Annotated[datetime, Meta(description="When they were linked.", examples=[_EXAMPLE_TIME])]
    actor: Annotated[str, Meta(description="Who linked them.", examples=["us_01jd8qg4z5x3n0v7k2m9r6t1wy"])]
    evidence: Annotated[
        str | None, Meta(description="How it is known; needs `decisions:read` besides.", examples=["one account"])
    ]


class ConsentOut(Struct):
    """All that is known about contact with one address."""

    subject: Annotated[str, Meta(description=_SUBJECT, examples=[_EXAMPLE_SUBJECT])]
    kind: Annotated[str | None, Meta(description="`email` or `phone`; null once erased.", examples=["email"])]
    standings: Annotated[list[ConsentStandingOut], Meta(description="For each channel and purpose of the policy.")]
    events: Annotated[list[ConsentEventOut], Meta(description="The oldest first.")]
    links: Annotated[list[ConsentLinkOut], Meta(description="Other addresses of the same person.")]


class ConsentImportIn(Struct, forbid_unknown_fields=True):
    """A file that adds denials and tells of grants."""

    csv: Annotated[
        Annotated[str, Meta(min_length=1)],
        Meta(description="The text of a CSV file, see docs/consent.md.", examples=["email\nana@bluebird.example\n"]),
    ]


class ConsentNote(Struct):
    """What was made of one line."""

    line: Annotated[int, Meta(description="Counts from 1.", examples=[3])]
    why: Annotated[str, Meta(description="The reason.", examples=["this is no mail address"])]


class ConsentImported(Struct):
    """What an import did."""

    denials: Annotated[int, Meta(description="Denials that were recorded.", examples=[120])]
    grants: Annotated[int, Meta(description="Grants that were recorded.", examples=[2])]
    refused: Annotated[
        list[ConsentNote], Meta(description="Lines of which nothing was kept, or nothing for one of two addresses.")
    ]
    without_effect: Annotated[list[ConsentNote], Meta(description="Grants that were kept and lift nothing.")]
    widened: Annotated[list[ConsentNote], Meta(description="Denials that count for more than the file says.")]


class MergeIn(Struct, forbid_unknown_fields=True):
    """Two addresses of one person, and how that is known."""

    evidence: Annotated[Long, Meta(description="How it is known.", examples=["one account in the shop"])]
    emails: Annotated[
        list[Short], Meta(description="Addresses.", examples=[["ana@bluebird.example", "ana.k@bluebird.example"]])
    ] = []
    phones: Annotated[list[Short], Meta(description="Telephone numbers.", examples=[[]])] = []


class UnmergeIn(Struct, forbid_unknown_fields=True):
    """A link that was wrong."""

    subjects: Annotated[
        Annotated[list[Subject], Meta(min_length=2, max_length=2)],
        Meta(description="Both sides of it.", examples=[[_EXAMPLE_SUBJECT, "77"]]),
    ]
    evidence: Annotated[Long, Meta(description="How it is known.", examples=["father and daughter"])]


class ConfirmationIn(Struct, forbid_unknown_fields=True):
    """Whom to ask for a confirmation, and of what."""

    email: Annotated[Short, Meta(description="The address.", examples=["ana@bluebird.example"])]
    wording: Annotated[Short, Meta(description="Id of a wording of the policy.", examples=["news-3"])]


class ConfirmationOut(Struct):
    """A mail is on its way."""

    until: Annotated[datetime, Meta(description="Until when its link is good.", examples=[_EXAMPLE_TIME])]


def said_of(event: ConsentEventIn) -> Said:
    """An event as the desk takes it."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    return Said(**{**fields, "subject": None if event.subject is None else int(event.subject)})


def consent_out(known: Known, *, evidence: bool) -> ConsentOut:
    """What is known as it is answered; `evidence`: whoever asks may see it."""
    return ConsentOut(
        subject=str(known.subject),
        kind=known.kind and known.kind.value,
        standings=[_standing(each) for each in known.standings],
        events=[_event(each, evidence=evidence) for each in known.events],
        links=[_link(each, evidence=evidence) for each in known.links],
    )


def imported_out(done: Imported) -> ConsentImported:
    """The report of an import."""
    return ConsentImported(
        done.denials, done.grants, _notes(done.refused), _notes(done.without_effect), _notes(done.widened)
    )


def _notes(notes: list[Noted]) -> list[ConsentNote]:
    return [ConsentNote(each.line, each.why) for each in notes]


def _standing(each: For) -> ConsentStandingOut:
    standing = each.standing
    return ConsentStandingOut(
        channel=each.channel,
        purpose=each.purpose,
        state=standing.state.word,
        basis=standing.basis,
        provisional=standing.provisional,
        expires_at=standing.expires_at,
        waits=standing.waits,
        why=standing.why,
        because=[str(number) for number in standing.because],
    )


def _event(event: ConsentEvent, *, evidence: bool) -> ConsentEventOut:
    return ConsentEventOut(
        number=str(event.number),
        act=event.act,
        channel=event.channel,
        purpose=event.purpose,
        how=event.how,
        basis=event.basis,
        wording=event.wording,
        evidence=event.evidence if evidence else None,
        captured_by=event.captured_by,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        expires_at=event.expires_at,
    )


def _link(link: Link, *, evidence: bool) -> ConsentLinkOut:
    told = link.evidence if evidence else None
    return ConsentLinkOut(str(link.number), str(link.other), link.at, link.actor, told)
