"""Limits: what they answer by name, how they are read and written, and how a mistake in them is named."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.core.govern.limits import (
    CATEGORIES,
    Cap,
    ConsentRule,
    Limits,
    PolicyExample,
    Proxy,
    Purpose,
    PurposeKind,
    Reach,
    Retention,
    Told,
    Wording,
)
from winnow.core.govern.limits_read import limits_from
from winnow.core.govern.limits_write import limits_document, whole_document
from winnow.core.govern.terms import Channel, Needed
from winnow.core.outcome import Scope
from winnow.core.tables import Table
from winnow.errors import InvalidRulesetError

_CAP = Cap("week", 2, 7, frozenset({Channel.EMAIL}), frozenset({"marketing"}))
_FULL = Limits(
    categories=frozenset({"health", "custom.shoe_size"}),
    proxies=(Proxy("custom.parish", "religion"), Proxy("language", "ethnicity")),
    inferences=frozenset({"health"}),
    cleared_labels=frozenset({"account health"}),
    purposes=(
        Purpose("marketing", PurposeKind.MARKETING, frozenset({"contact"}), frozenset({Channel.EMAIL}), "to sell"),
        Purpose("nothing", PurposeKind.SERVICE, frozenset(), frozenset()),
    ),
    consent=(
        ConsentRule("german", Needed.EXPRESS, "a yes", places=frozenset({"DE"})),
        ConsentRule("bought", Needed.IMPLIED, "a yes", implied_days={"purchase": 365, "contract": None}),
    ),
    caps=(_CAP, Cap("ever", 50, 3650)),
    block_scopes=frozenset({Scope.SALES}),
    gpc_covers=(Reach(Channel.EMAIL, "marketing"), Reach(Channel.SMS)),
    retention=Retention(30, 90, 400),
    protected=frozenset({"age_band"}),
    packs=(),
    wordings=(Wording("form-3", frozenset({Channel.EMAIL, Channel.SMS}), "marketing", "I agree", "en", confirm=True),),
    examples=(
        PolicyExample(Channel.EMAIL, "marketing", date(2027, 1, 1), "DE", needed=Needed.EXPRESS),
        PolicyExample(
            Channel.SMS, "marketing", date(2027, 1, 1), None, Told.GRANTED, "purchase", date(2026, 1, 1), allowed=False
        ),
    ),
)


def read(document: dict[str, object]) -> Limits:
    table = Table(document, "policy")
    found = limits_from(table)
    table.finish()
    return found


@pytest.mark.parametrize("limits", [Limits(), _FULL, Limits(purposes=()), Limits(inferences=frozenset())])
def test_what_is_written_is_read_back(limits: Limits) -> None:
    assert read(limits_document(limits)) == limits
    assert read(whole_document(limits)) == limits


@settings(max_examples=30)
@given(
    st.builds(
        Limits,
        categories=st.frozensets(st.sampled_from([*CATEGORIES, "custom.x"])),
        protected=st.frozensets(st.text(max_size=5)),
        packs=st.lists(st.sampled_from(["eu", "uk", "made up"]), unique=True).map(tuple),
        retention=st.builds(Retention, *[st.integers(1, 5000)] * 3),
    )
)
def test_whatever_is_written_is_read_back(limits: Limits) -> None:
    assert read(limits_document(limits)).packs == limits.packs
    assert read(limits_document(limits)).retention == limits.retention


def test_nothing_is_written_of_defaults() -> None:
    assert limits_document(Limits()) == {}
    assert read({}) == Limits()
    assert read({"packs": []}).packs == ()
    assert read({"packs": ["eu", "eu", "uk"]}).packs == ("eu", "uk")


def test_what_there_is_by_name() -> None:
    assert _FULL.purpose("marketing") is _FULL.purposes[0]
    assert _FULL.purpose(None) is None
    assert _FULL.wording("form-3") is _FULL.wordings[0]
    assert _FULL.wording("form-4") is None


def test_which_noes_are_to_something_else() -> None:
    assert Limits().others("marketing") == frozenset({"service"})
    assert Limits().others("service") is None
    assert Limits().others("newsletter") is None


@pytest.mark.parametrize(
    ("channel", "purpose", "caps"),
    [
        (Channel.EMAIL, "marketing", ["week", "ever"]),
        (Channel.EMAIL, "service", ["ever"]),
        (Channel.PHONE, "marketing", ["ever"]),
        (None, "marketing", ["week", "ever"]),
        (Channel.EMAIL, None, ["week", "ever"]),
        (None, "service", ["ever"]),
    ],
)
def test_caps_count_what_they_name_and_what_nobody_knows(
    channel: Channel | None, purpose: str | None, caps: list[str]
) -> None:
    assert [cap.id for cap in _FULL.caps_on(channel, purpose)] == caps


_RULE = {"id": "a", "needed": "express", "text": "t"}
_CAPPED = {"id": "a", "most": 1, "days": 1}
_WORDS = {"id": "a", "channels": ["email"], "purpose": "marketing", "text": "t"}
_ASKED = {"channel": "email", "purpose": "marketing", "on": "2027-01-01", "allowed": True}
_AIM = {"name": "a", "kind": "service"}


@pytest.mark.parametrize(
    ("document", "where", "said"),
    [
        ({"of_limits_categories": []}, "policy.of_limits_categories", "did you mean `off_limits_categories`?"),
        ({"off_limits_categories": ["helth"]}, "policy.off_limits_categories", "did you mean `health`?"),
        ({"off_limits_categories": ["zzz"]}, "policy.off_limits_categories", "use contact, company"),
        ({"prohibited_inferences": ["religions"]}, "policy.prohibited_inferences", "did you mean `religion`?"),
        ({"proxies": [{"field": "mesage", "stands_for": "health"}]}, "policy.proxies[0].field", "`message`"),
        ({"proxies": [{"field": "id", "stands_for": "health"}]}, "policy.proxies[0].field", "not known"),
        ({"proxies": [{"field": "utm.x", "stands_for": "heath"}]}, "policy.proxies[0].stands_for", "`health`"),
        ({"proxies": [{"field": "utm.x", "stands_for": "age", "why": 1}]}, "policy.proxies[0].why", "not known"),
        ({"purposes": [{"name": "Big Sale", "kind": "marketing"}]}, "policy.purposes[0].name", "no name"),
        ({"purposes": [{"name": "a", "kind": "marketting"}]}, "policy.purposes[0].kind", "did you mean `marketing`?"),
        ({"purposes": [_AIM, _AIM]}, "policy.purposes[1].name", "there twice"),
        ({"purposes": [{**_AIM, "channels": ["mail"]}]}, "policy.purposes[0].channels", "did you mean `email`?"),
        (
            {"off_limits_categories": ["age"], "purposes": [{**_AIM, "data": ["age"]}]},
            "policy.purposes[0].data",
            "`age` is off-limits",
        ),
        ({"consent": [{**_RULE, "needed": "expres"}]}, "policy.consent[0].needed", "did you mean `express`?"),
        ({"consent": [{**_RULE, "places": ["Germany"]}]}, "policy.consent[0].places", "`Germany` is no place"),
        ({"consent": [{**_RULE, "places": ["EU"]}]}, "policy.consent[0].places", "`EU` is no place"),
        ({"consent": [{**_RULE, "places": ["US-CAL"]}]}, "policy.consent[0].places", "`US-CAL` is no place"),
        ({"consent": [{**_RULE, "places": ["XX"]}]}, "policy.consent[0].places", "`XX` is no place"),
        ({"consent": [{**_RULE, "places": "DE"}]}, "policy.consent[0].places", "a list of texts"),
        ({"consent": [{**_RULE, "places": [49]}]}, "policy.consent[0].places", "a list of texts"),
        ({"consent": [{**_RULE, "channels": ["fax"]}]}, "policy.consent[0].channels", "not known here"),
        ({"consent": [{**_RULE, "needed": ["express"]}]}, "policy.consent[0].needed", "not a text"),
        ({"consent": {"id": "a"}}, "policy.consent", "a list of tables"),
        ({"consent": [3]}, "policy.consent[0]", "expected a table"),
        ({"packs": "eu"}, "policy.packs", "a list of texts"),
        ({"caps": [{**_CAPPED, "most": True}]}, "policy.caps[0].most", "not a whole number"),
        ({"scan_texts": "yes"}, "policy.scan_texts", "not true or false"),
        ({"consent": [{**_RULE, "purposes": ["sales"]}]}, "policy.consent[0].purposes", "use marketing, service"),
        ({"consent": [_RULE, _RULE]}, "policy.consent[1].id", "`a` is there twice"),
        ({"consent": [{**_RULE, "needed": "implied"}]}, "policy.consent[0].needed", "implied_days"),
        ({"consent": [{**_RULE, "implied_days": {"purchase": 1}}]}, "policy.consent[0].needed", "do not go together"),
        (
            {"consent": [{**_RULE, "needed": "implied", "implied_days": {"purchase": 0}}]},
            "policy.consent[0].implied_days.purchase",
            "out of bounds",
        ),
        ({"caps": [{**_CAPPED, "days": 0}]}, "policy.caps[0].days", "out of bounds"),
        ({"caps": [{**_CAPPED, "most": 40_000}]}, "policy.caps[0].most", "out of bounds"),
        ({"caps": [_CAPPED, _CAPPED]}, "policy.caps[1].id", "there twice"),
        ({"block_scopes": ["support"]}, "policy.block_scopes", "`support` serves customers"),
        ({"gpc_covers": ["mail"]}, "policy.gpc_covers", "`mail` is not known"),
        ({"gpc_covers": ["email:selling"]}, "policy.gpc_covers", "`selling` is not known"),
        ({"gpc_covers": ["email:"]}, "policy.gpc_covers", "`` is not known"),
        ({"block_scopes": ["sale"]}, "policy.block_scopes", "did you mean `sales`?"),
        ({"retention": {"network_day": 3}}, "policy.retention.network_day", "did you mean `network_days`?"),
        ({"retention": {"rejected_days": -1}}, "policy.retention.rejected_days", "out of bounds"),
        ({"wordings": [{**_WORDS, "channels": []}]}, "policy.wordings[0].channels", "grants a channel"),
        ({"wordings": [{**_WORDS, "purpose": "x"}]}, "policy.wordings[0].purpose", "not known"),
        ({"wordings": [_WORDS, _WORDS]}, "policy.wordings[1].id", "there twice"),
        ({"examples": [{**_ASKED, "on": None}]}, "policy.examples[0]", "`on` is missing"),
        ({"examples": [{**_ASKED, "on": "soon"}]}, "policy.examples[0].on", "`soon` is not a day"),
        ({"examples": [{**_ASKED, "allowed": None}]}, "policy.examples[0]", "expects nothing"),
        ({"examples": [{**_ASKED, "allowed": 1}]}, "policy.examples[0].allowed", "not true or false"),
        ({"examples": [{**_ASKED, "place": "?"}]}, "policy.examples[0].place", "no place"),
        ({"examples": [{**_ASKED, "told": "opted"}]}, "policy.examples[0].told", "did you mean `opted-out`?"),
    ],
)
def test_every_mistake_has_its_place_and_a_way_out(document: dict[str, object], where: str, said: str) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        read(document)
    assert caught.value.where == where
    assert said in str(caught.value)
