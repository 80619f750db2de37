"""What the API takes and gives about permits, as types; see `types`."""

from datetime import datetime, timedelta
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from winnow.bootstrap.gatekeeping import Gate
from winnow.core.govern.ask import Ask, Check, Refusal
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.permit import Permit, Terms
from winnow.core.govern.terms import Action, Channel
from winnow.errors import InvalidInputError
from winnow.ports.gate import Recipient
from winnow.services.gatekeep import LASTS, LONGEST, MOST_ASKED, MOST_TOKENS, Asking, Given, Shown

EXAMPLE_PERMIT = "pm_01jd8qg4z5x3n0v7k2m9r6t1wy-0"
EXAMPLE_TOKEN = "wpt_eyJsZWFmIjoi…"  # noqa: S105  # not one that opens anything
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"
_EXAMPLE_WHY = "the newsletter she asked for on the trade fair"

_Word: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
_Words: TypeAlias = Annotated[list[_Word], Meta(max_length=60)]
_Said: TypeAlias = Annotated[str, Meta(max_length=2_000)]
_Address: TypeAlias = Annotated[str, Meta(min_length=1, max_length=320)]
Place: TypeAlias = Annotated[str, Meta(max_length=6)]
Zone: TypeAlias = Annotated[str, Meta(max_length=64)]

_PLACE = "Country, or part of one; without it the strictest of all laws in use holds."


class RecipientIn(Struct, forbid_unknown_fields=True):
    """Somebody, by one address."""

    email: Annotated[_Address | None, Meta(description="E-mail address.", examples=["ana@bluebird.example"])] = None
    phone: Annotated[_Address | None, Meta(description="Telephone number.", examples=["+4930123456"])] = None
    place: Annotated[Place | None, Meta(description=_PLACE, examples=["DE"])] = None
    timezone: Annotated[Zone | None, Meta(description="IANA time zone.", examples=["Europe/Berlin"])] = None


class PermitsIn(Struct, forbid_unknown_fields=True):
    """What a system wants to do, and to whom: one `recipient`, or many `recipients`."""

    system: Annotated[_Word, Meta(description="Its id in the register of AI systems.", examples=["acme-writer"])]
    action: Annotated[Action, Meta(description="What it wants to do.", examples=["contact"])]
    purpose: Annotated[_Word, Meta(description="A purpose of the policy.", examples=["marketing"])]
    data_used: Annotated[_Words, Meta(description="Categories of data it used.", examples=[["contact", "company"]])]
    explanation: Annotated[
        _Said,
        Meta(description="Why, in a sentence; of a batch without anything about one person.", examples=[_EXAMPLE_WHY]),
    ]
    channel: Annotated[Channel | None, Meta(description="What a contact goes through.", examples=["email"])] = None
    inferences: Annotated[_Words, Meta(description="What it concluded about them.", examples=[["likely buyer"]])] = []
    recipient: Annotated[RecipientIn | UnsetType, Meta(description="The one person it is about.")] = UNSET
    recipients: Annotated[
        Annotated[list[RecipientIn], Meta(min_length=1, max_length=MOST_ASKED)] | UnsetType,
        Meta(description="All whom it is about; each gets an answer."),
    ] = UNSET
    once: Annotated[bool, Meta(description="Each permit is good for one use.", examples=[False])] = False
    lasts_seconds: Annotated[
        Annotated[int, Meta(ge=1, le=int(LONGEST.total_seconds()))],
        Meta(description="How long permits hold.", examples=[600]),
    ] = int(LASTS.total_seconds())
    tokens: Annotated[
        bool | UnsetType,
        Meta(
            description=f"Answer with the tokens, for at most {MOST_TOKENS:,}; if left out, for one `recipient` only.",
            examples=[True],
        ),
    ] = UNSET

    @property
    def ask(self) -> Ask:
        """What is asked."""
        words = tuple(self.data_used), tuple(self.inferences)
        return Ask(self.system, self.action, self.purpose, self.channel, *words, self.explanation)

    def asking(self, actor: str) -> Asking:
        """Who asks, and for what kind of permits."""
        return Asking(actor, self.once, timedelta(seconds=self.lasts_seconds))

    @property
    def with_tokens(self) -> bool:
        """Whether tokens are wanted: whoever asks about one person wants to use the permit."""
        return self.recipient is not UNSET if self.tokens is UNSET else self.tokens

    def people(self, gate: Gate) -> list[Recipient]:
        """Whom it is about; raises InvalidInputError."""
        if (self.recipient is UNSET) == (self.recipients is UNSET):
            raise InvalidInputError("it is not clear whom it is about", where="$.recipient", fix="send one of the two")
        found = [] if self.recipients is UNSET else self.recipients
        if self.recipient is not UNSET:
            found = [self.recipient]
        if self.with_tokens and len(found) > MOST_TOKENS:
            fix = f"ask for at most {MOST_TOKENS:,} at once, or take tokens with GET /v1/permits/ID"
            raise InvalidInputError("so many tokens do not go into an answer", where="$.tokens", fix=fix)
        return [recipient_of(gate, each) for each in found]


def recipient_of(gate: Gate, sent: RecipientIn) -> Recipient:
    """The person; raises InvalidInputError unless exactly one address is given."""
    if (sent.email is None) == (sent.phone is None):
        raise InvalidInputError("a recipient has one address", where="$.recipient", fix="send email or phone")
    if sent.email is not None:
        return gate.recipient(AddressKind.EMAIL, sent.email, sent.place, sent.timezone)
    return gate.recipient(AddressKind.PHONE, sent.phone or "", sent.place, sent.timezone)


class BecauseOut(Struct):
    """A law or a policy that says so."""

    id: Annotated[str, Meta(description="Of the rule.", examples=["eu.direct-marketing-email"])]
    article: Annotated[
        str,
        Meta(description="Where the law says it; empty for the policy.", examples=["ePrivacy Directive Art. 13(1)"]),
    ]
    text: Annotated[
        str,
        Meta(
            description="What it says, in plain words.", examples=["Advertising by e-mail needs consent given before."]
        ),
    ]


class CheckOut(Struct):
    """One question of the gate with its answer; only `yes` lets anything through."""

    check: Annotated[str, Meta(description="What was asked.", examples=["consent"])]
    answer: Annotated[str, Meta(description="`yes`, `no` or `unknown`.", examples=["no"])]
    what: Annotated[
        str,
        Meta(
            description="What was found, without anything about the person.",
            examples=["the person opted out on 2026-11-20; needed is the person's own yes"],
        ),
    ]
    because: Annotated[list[BecauseOut], Meta(description="Which law or policy says so.")]
    owner: Annotated[str, Meta(description="Who answers for what says so.", examples=["us_01jd8qg4z5x3n0v7k2"])]
    fix: Annotated[str, Meta(description="What a human can do.", examples=["if this is wrong, record what they said"])]


class TermsOut(Struct):
    """What all permits of an answer are good for."""

    answer: Annotated[str, Meta(description="The id of the answer.", examples=["pm_01jd8qg4z5x3n0v7k2m9r6t1wy"])]
    system: Annotated[str, Meta(description="Which system may.", examples=["acme-writer"])]
    action: Annotated[Action, Meta(description="What it may do.", examples=["contact"])]
    channel: Annotated[Channel | None, Meta(description="What a contact goes through.", examples=["email"])]
    purpose: Annotated[str, Meta(description="What for.", examples=["marketing"])]
    policy: Annotated[str, Meta(description="Content hash of the policy.", examples=["d76bdae115c38ebf5cc6fc32"])]
    issued_at: Annotated[datetime, Meta(description="From when on.", examples=[_EXAMPLE_TIME])]
    expires_at: Annotated[datetime, Meta(description="Until before when.", examples=["2026-11-22T08:40:00Z"])]
    once: Annotated[bool, Meta(description="Each is good for one use.", examples=[False])]


class ResultOut(Struct, omit_defaults=True):
    """What was answered about one person: a permit, unless `refused` names the checks that stand in the way."""

    id: Annotated[str, Meta(description="Of the permit or refusal.", examples=[EXAMPLE_PERMIT])]
    refused: Annotated[list[str] | None, Meta(description="Checks not answered with yes.", examples=[["consent"]])] = (
        None
    )
    reasons: Annotated[
        list[int] | None, Meta(description="The same as places in `reasons` of the answer.", examples=[[0]])
    ] = None
    token: Annotated[str | None, Meta(description="Proof of the permit.", examples=[EXAMPLE_TOKEN])] = None


class PermitsOut(Struct):
    """The answer of the gate. It is on record: one entry of the decision log."""

    terms: Annotated[TermsOut, Meta(description="What its permits are good for.")]
    asked: Annotated[int, Meta(description="About how many people.", examples=[1])]
    granted: Annotated[int, Meta(description="How many permits there are.", examples=[1])]
    checks: Annotated[list[CheckOut], Meta(description="What was asked about nobody in particular.")]
    reasons: Annotated[list[CheckOut], Meta(description="Why people were refused, each reason once.")]
    results: Annotated[list[ResultOut], Meta(description="For each recipient, in the order sent.")]


class PermitOut(Struct):
    """A permit or refusal as it is on record."""

    id: Annotated[str, Meta(description="Of the permit or refusal.", examples=[EXAMPLE_PERMIT])]
    granted: Annotated[bool, Meta(description="Whether it is a permit.", examples=[True])]
    terms: Annotated[TermsOut, Meta(description="What it is good for.")]
    asked_by: Annotated[str, Meta(description="Who asked.", examples=["wk_01jd8qg4z5x3n0v7k2m9r6"])]
    explanation: Annotated[str, Meta(description="Why, as whoever asked said.", examples=[_EXAMPLE_WHY])]
    data_used: Annotated[list[str], Meta(description="Categories of data that were used.", examples=[["contact"]])]
    inferences: Annotated[
        list[str], Meta(description="What was concluded about the person.", examples=[["likely buyer"]])
    ]
    checks: Annotated[list[CheckOut], Meta(description="Every question, in order.")]
    token: Annotated[str | None, Meta(description="Null: refused, or expired.", examples=[EXAMPLE_TOKEN])]


class VerifyIn(Struct, forbid_unknown_fields=True):
    """A token, and what somebody is about to do with it; what is left out is not compared."""

    token: Annotated[
        Annotated[str, Meta(min_length=1, max_length=20_000)],
        Meta(description="As it was answered.", examples=[EXAMPLE_TOKEN]),
    ]
    email: Annotated[_Address | None, Meta(description="To whom, by e-mail.", examples=["ana@bluebird.example"])] = None
    phone: Annotated[_Address | None, Meta(description="To whom, by phone.", examples=["+4930123456"])] = None
    system: Annotated[_Word | None, Meta(description="Which system.", examples=["acme-writer"])] = None
    action: Annotated[Action | None, Meta(description="What it does.", examples=["contact"])] = None
    channel: Annotated[Channel | None, Meta(description="Through what.", examples=["email"])] = None
    purpose: Annotated[_Word | None, Meta(description="What for.", examples=["marketing"])] = None
    redeem: Annotated[bool, Meta(description="This is its use; one for a single use ends.", examples=[True])] = False


class VerifiedOut(Struct, omit_defaults=True):
    """Whether a permit holds just now."""

    valid: Annotated[bool, Meta(description="Whether it does.", examples=[True])]
    why: Annotated[str, Meta(description="Why not; empty when it does.", examples=[""])]
    id: Annotated[str | None, Meta(description="The id of the permit.", examples=[EXAMPLE_PERMIT])] = None
    terms: Annotated[TermsOut | None, Meta(description="What it is good for.")] = None
    redeemed: Annotated[bool, Meta(description="Its use was noted just now.", examples=[False])] = False


class KeyOut(Struct):
    """What permits are checked with, offline; see docs/verify_permit.py."""

    key: Annotated[
        str, Meta(description="The key as `name+id+key`.", examples=["winnow/in_01jd8q/permits+1a2b3c4d+AbCd…"])
    ]


def answer_bytes(given: Given, *, tokens: bool) -> bytes:
    """The body of an answer, which may be about very many people."""
    kept, places = given.kept, dict[Check, int]()
    results = []
    for place, result in enumerate(given.results):
        if isinstance(result, Refusal):
            failing = result.failing
            reasons = [places.setdefault(check, len(places)) for check in failing]
            results.append(ResultOut(given.id_of(place), [check.question.value for check in failing], reasons))
        else:
            results.append(ResultOut(given.id_of(place), token=given.token(place) if tokens else None))
    return msgspec.json.encode(
        PermitsOut(
            terms_out(kept.terms),
            len(results),
            kept.granted,
            [check_out(check) for check in kept.common],
            [check_out(check) for check in places],
            results,
        )
    )


def terms_out(terms: Terms) -> TermsOut:
    """The terms as they are answered."""
    return TermsOut(**{name: getattr(terms, name) for name in TermsOut.__struct_fields__})


def check_out(check: Check) -> CheckOut:
    """A check as it is answered."""
    said: dict[str, Any] = check.document
    return CheckOut(**{**said, "because": [BecauseOut(**each) for each in said["because"]]})


def permit_out(shown: Shown) -> PermitOut:
    """A permit or refusal as it is answered."""
    ask, checks = shown.ask, [check_out(check) for check in shown.checks]
    said = ask.explanation, list(ask.data), list(ask.inferences)
    return PermitOut(shown.id, shown.granted, terms_out(shown.terms), shown.actor, *said, checks, shown.token)


def verified_out(permit: Permit, *, redeemed: bool) -> VerifiedOut:
    """That a permit holds."""
    return VerifiedOut(valid=True, why="", id=permit.id, terms=terms_out(permit.terms), redeemed=redeemed)
