"""What the API takes and gives, as types: they decode requests, and the OpenAPI document is made from them."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from winnow.core.mapping.clean import LONGEST_MESSAGE, LONGEST_TEXT

#: Leads a request may bring.
MOST_LEADS = 1_000

Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Identifier = Annotated[str, Meta(min_length=1, max_length=200)]
_COUNTRY = r"^[A-Za-z]{2}$"


class LeadIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A person's enquiry. Only what you know: what is missing counts for nothing.

    Further fields go under `custom`.
    """

    id: Annotated[
        Identifier | None,
        Meta(
            description="Your id of the lead, unique within its source; sending it again gives the same decision. "
            "Without one, Winnow makes one.",
            examples=["4711"],
        ),
    ] = None
    source: Annotated[
        Identifier | None, Meta(description="Where it came from: a form, a campaign, a system.", examples=["website"])
    ] = None
    external_id: Annotated[Text | None, Meta(description="Its id in another system.", examples=["00Q5g00000Abc"])] = (
        None
    )
    occurred_at: Annotated[
        Annotated[str, Meta(max_length=40)] | None,
        Meta(description="When the person acted: ISO 8601 with offset.", examples=["2026-03-01T09:30:00+01:00"]),
    ] = None
    channel: Annotated[Text | None, Meta(description="form, e-mail, chat, phone, event …", examples=["form"])] = None
    full_name: Annotated[
        Text | None, Meta(description="The whole name, where it is not split.", examples=["Ana Kovač"])
    ] = None
    first_name: Annotated[Text | None, Meta(description="First name.", examples=["Ana"])] = None
    last_name: Annotated[Text | None, Meta(description="Last name.", examples=["Kovač"])] = None
    email: Annotated[
        Text | None,
        Meta(description="The e-mail address; short for one item of `emails`.", examples=["ana@bluebird.example"]),
    ] = None
    emails: Annotated[
        Annotated[list[Text], Meta(max_length=20)],
        Meta(description="E-mail addresses, the most important first.", examples=[["ana@bluebird.example"]]),
    ] = []
    phone: Annotated[
        Text | None, Meta(description="The phone number; short for one item of `phones`.", examples=["+49 30 123456"])
    ] = None
    phones: Annotated[
        Annotated[list[Text], Meta(max_length=20)],
        Meta(description="Phone numbers, the most important first.", examples=[["+49 30 123456"]]),
    ] = []
    company: Annotated[Text | None, Meta(description="Company.", examples=["Bluebird VC"])] = None
    job_title: Annotated[Text | None, Meta(description="What the person does there.", examples=["Head of sales"])] = (
        None
    )
    website: Annotated[
        Text | None,
        Meta(description="Web address of the company or the person.", examples=["https://bluebird.example"]),
    ] = None
    country: Annotated[
        Annotated[str, Meta(pattern=_COUNTRY)] | None,
        Meta(description="Country as stated, ISO 3166-1 alpha-2.", examples=["DE"]),
    ] = None
    language: Annotated[Text | None, Meta(description="Language, BCP 47.", examples=["en"])] = None
    timezone: Annotated[
        Text | None, Meta(description="Time zone of the browser, IANA name.", examples=["Europe/Berlin"])
    ] = None
    message: Annotated[
        Annotated[str, Meta(max_length=LONGEST_MESSAGE)] | None,
        Meta(description="What the person wrote.", examples=["We would like an offer for forty seats."]),
    ] = None
    form_fill_seconds: Annotated[
        Annotated[float, Meta(ge=0)] | None,
        Meta(description="Seconds from showing the form to sending it.", examples=[42.5]),
    ] = None
    form_pasted_fields: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="Fields that were pasted.", examples=[1])
    ] = None
    form_honeypot: Annotated[
        bool | None, Meta(description="Whether the field no person sees was filled.", examples=[False])
    ] = None
    form_focus_changes: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="How often another field was entered.", examples=[7])
    ] = None
    ip: Annotated[
        Text | None, Meta(description="Address the person came from, not that of your server.", examples=["192.0.2.7"])
    ] = None
    user_agent: Annotated[
        Text | None,
        Meta(
            description="User agent of the person's browser.",
            examples=["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
        ),
    ] = None
    device_id: Annotated[Text | None, Meta(description="A device id, if your site sets one.", examples=["d-81f3"])] = (
        None
    )
    spf: Annotated[Text | None, Meta(description="SPF result of the message, RFC 8601 word.", examples=["pass"])] = None
    dkim: Annotated[Text | None, Meta(description="DKIM result.", examples=["pass"])] = None
    dmarc: Annotated[Text | None, Meta(description="DMARC result.", examples=["fail"])] = None
    consent_given: Annotated[
        bool | None, Meta(description="Whether the person agreed to be contacted.", examples=[True])
    ] = None
    consent_wording: Annotated[
        Text | None, Meta(description="Id of the wording agreed to.", examples=["privacy-7"])
    ] = None
    gpc: Annotated[
        bool | None,
        Meta(description="Whether the person's browser sent `Sec-GPC: 1` (Global Privacy Control).", examples=[True]),
    ] = None
    utm: Annotated[
        dict[Identifier, Text],
        Meta(description="Campaign parameters by name, without `utm_`.", examples=[{"source": "newsletter"}]),
    ] = {}
    custom: Annotated[
        dict[Identifier, Text],
        Meta(description="Anything else, as texts. Not scored unless declared.", examples=[{"budget": "10000"}]),
    ] = {}


class LeadsIn(LeadIn, forbid_unknown_fields=True, omit_defaults=True):
    """One lead, or several under `leads`."""

    leads: Annotated[
        Annotated[list[LeadIn], Meta(min_length=1, max_length=MOST_LEADS)] | msgspec.UnsetType,
        Meta(description=f"Up to {MOST_LEADS:,} leads, decided in this order, recorded together or not at all."),
    ] = msgspec.UNSET


class ReasonOut(Struct):
    """One line of evidence."""

    code: Annotated[str, Meta(description="Stable name, see docs/reasons.md.", examples=["form.fill_seconds"])]
    family: Annotated[str, Meta(description="Kind of evidence.", examples=["form"])]
    points: Annotated[
        int, Meta(description="Thousandths of a logit towards junk; negative: towards genuine.", examples=[1600])
    ]
    text: Annotated[str, Meta(description="In words for a sales rep.", examples=["Form filled in under 1.5 seconds"])]
    source: Annotated[
        str,
        Meta(description="What says so: scorecard, rule:ID, list:ID, policy:ID, customer …", examples=["scorecard"]),
    ]


class RulesetRef(Struct):
    """The ruleset that decided."""

    id: Annotated[str, Meta(description="Its name.", examples=["starter-1"])]
    hash: Annotated[str, Meta(description="SHA-256 of its content.", examples=["5f" * 32])]


class DecisionOut(Struct):
    """What was decided about a lead, and why."""

    id: Annotated[str, Meta(description="The number of the decision in the log.", examples=["12"])]
    decided_at: Annotated[str, Meta(description="When, ISO 8601 UTC.", examples=["2026-03-01T08:30:00.125000Z"])]
    lead_id: Annotated[str, Meta(description="The id of the lead within its source.", examples=["4711"])]
    outcome: Annotated[
        str, Meta(description="accept, tag, review or reject: the outcome for sales.", examples=["review"])
    ]
    probability: Annotated[float, Meta(description="Chance of junk, 0.01 to 0.99.", examples=[0.95])]
    score: Annotated[int, Meta(description="`base` plus the points of all reasons.", examples=[3050])]
    base: Annotated[int, Meta(description="Where every lead starts.", examples=[-600])]
    threshold_band: Annotated[str, Meta(description="What the score alone asks for.", examples=["review"])]
    decided_by: Annotated[str, Meta(description="`score`, or the source of the deciding reason.", examples=["score"])]
    reasons: Annotated[list[ReasonOut], Meta(description="All evidence, also what did not decide.")]
    scopes: Annotated[
        dict[str, str],
        Meta(
            description="The outcome for sales, marketing, support, billing and portal.",
            examples=[{"sales": "review", "support": "accept"}],
        ),
    ]
    unknown: Annotated[
        list[str],
        Meta(description="Signals that could not be measured, or are off limits.", examples=[["net.ip_class"]]),
    ]
    skipped_rules: Annotated[
        list[str],
        Meta(description="Rules that read an unknown signal and so did not apply.", examples=[["vpn-and-fast"]]),
    ]
    ruleset: Annotated[RulesetRef, Meta(description="What decided.")]
    shadow: Annotated[bool, Meta(description="Recorded only, not to be acted on.", examples=[False])]


class SpooledOut(Struct):
    """The lead is kept safely on disk and will be decided as soon as the database answers again."""

    lead_id: Annotated[str, Meta(description="The id under which its decision will be found.", examples=["4711"])]
    status: Annotated[str, Meta(description="Always `spooled`.", examples=["spooled"])] = "spooled"


class SpooledBatchOut(Struct):
    """The same for a batch, in the order of its leads."""

    decisions: Annotated[list[SpooledOut], Meta(description="One a lead.")]


class DecisionsOut(Struct):
    """The decisions of a batch, in the order of its leads."""

    decisions: Annotated[list[DecisionOut], Meta(description="One a lead.")]


class ProblemOut(Struct):
    """RFC 9457 problem details."""

    type: Annotated[
        str,
        Meta(
            description="Stable name of the kind of problem, see docs/api-errors.md.", examples=["/problems/not-found"]
        ),
    ]
    title: Annotated[str, Meta(description="The kind of problem in words.", examples=["there is no such thing"])]
    status: Annotated[int, Meta(description="The HTTP status.", examples=[404])]
    detail: Annotated[str, Meta(description="What is wrong here.", examples=["there is no lead `4711`"])]
    where: Annotated[str | None, Meta(description="Where in the request.", examples=["$.emails[0]"])] = None
    fix: Annotated[
        str | None, Meta(description="How to put it right.", examples=["take the id from the answer to it"])
    ] = None
    excerpt: Annotated[
        str | None, Meta(description="The part of the text that is wrong.", examples=["form.fill_secs < 3\n^"])
    ] = None


Document = dict[str, Any]
