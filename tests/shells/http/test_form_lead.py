"""What a visitor says about themselves gets into the lead, and nothing they should not be able to say."""

import re
from dataclasses import fields
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.support.naughty import STORABLE
from tests.support.project import ROOT, SOURCE
from winnow.core.lead import FIELD_NAMES, Lead
from winnow.shells.http import form_lead
from winnow.shells.http.form_lead import FILLABLE, HONEYPOT, lead_fields

SCRIPT = (SOURCE / "shells" / "http" / "static" / "winnow-form.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"name": " Ana Kovač "}, {"full_name": "Ana Kovač"}),
        ({"your-name": "Ana", "your-email": "a@x.example"}, {"full_name": "Ana", "emails": ("a@x.example",)}),
        ({"form_fields[email]": "a@x.example"}, {"emails": ("a@x.example",)}),
        ({"contact[0][phone]": "1"}, {"phones": ("1",)}),
        ({"email": "A@x", "E-Mail": "b@x", "email-1": "A@x"}, {"emails": ("A@x", "b@x")}),
        ({"email": "not an address"}, {"emails": ("not an address",)}),
        ({"fname": "Ana", "Nachname": "Kovač"}, {"first_name": "Ana", "last_name": "Kovač"}),
        ({"name": "first", "full_name": "second"}, {"full_name": "first"}),
        ({"country": "Germany"}, {"country": "DE"}),
        ({"consent": "on"}, {"consent_given": True}),
        ({"consent": "perhaps"}, {}),
        ({"utm_source": "g", "utm.Term": "x"}, {"utm": {"source": "g", "term": "x"}}),
        ({"custom.size": "40"}, {"custom": {"size": "40"}}),
        ({"message": "x" * 200_000}, {"message": "x" * 100_000}),
        ({"company": "x" * 20_000}, {"company": "x" * 10_000}),
        ({"device_id": "d1"}, {"device_id": "d1"}),
        ({"message": "  ", "company": ""}, {}),
        ({}, {}),
        # how it was filled in
        ({"_winnow_seconds": "12.5"}, {"form_fill_seconds": 12.5}),
        ({"_winnow_pasted": "0", "_winnow_entered": "7"}, {"form_pasted_fields": 0, "form_focus_changes": 7}),
        ({"_winnow_website": ""}, {"form_honeypot": False}),
        ({"_winnow_website": "http://spam.example"}, {"form_honeypot": True}),
        ({"_winnow_website": " "}, {"form_honeypot": True}),
        ({"_winnow_seconds": "-1", "_winnow_pasted": "1.5", "_winnow_entered": "many"}, {}),
        ({"_winnow_seconds": "nan", "_winnow_pasted": "1_0", "_winnow_entered": "1e99"}, {}),
        ({"_winnow_seconds": "inf", "_winnow_pasted": "１", "_winnow_entered": ""}, {}),
        ({"_winnow_seconds": "1e9"}, {}),
    ],
)
def test_what_a_form_says(texts, found):
    assert lead_fields(texts).fields == found
    Lead(id="1", **found)


FOUND_OUT = "id source external_id received_at occurred_at channel ip user_agent spf dkim dmarc gpc".split()
MEASURED = "form_fill_seconds form_pasted_fields form_honeypot form_focus_changes".split()


@pytest.mark.parametrize("name", [*FOUND_OUT, *MEASURED, "lead_id", "ip_address", "timestamp", "lead source"])
def test_a_visitor_cannot_say_what_winnow_finds_out(name):
    answer = lead_fields({name: "2020-01-01", "name": "Ana"})
    assert answer.fields == {"full_name": "Ana"}
    assert answer.unused == (name,)


def test_every_field_of_a_lead_is_either_said_or_found_out():
    assert {*FILLABLE, *FOUND_OUT, *MEASURED, "utm", "custom"} == set(FIELD_NAMES)


def test_what_is_not_used_is_named():
    answer = lead_fields({"budget": "40", "status": "won", "name": "a", "full_name": "b", HONEYPOT: "", "x[]": "1"})
    assert answer.unused == ("budget", "status", "full_name", "x[]")


NAMES = st.sampled_from([*FIELD_NAMES, "email", "name", "utm_source", "custom.a", HONEYPOT, "_winnow_seconds", "a[b]"])


@given(st.dictionaries(NAMES | st.text(), st.text() | st.sampled_from(STORABLE)))
def test_any_texts_become_a_lead(texts):
    answer = lead_fields(texts)
    values: dict[str, Any] = dict(answer.fields)
    lead = Lead(id="1", **values)
    assert all(isinstance(each, str) for each in (*lead.emails, *lead.phones))
    assert lead.masked(frozenset()) == lead
    assert {each.name for each in fields(Lead)} >= set(answer.fields)


# ── The script ──


def test_the_script_is_small_and_sends_keeps_and_asks_nothing():
    assert len(SCRIPT.encode()) <= 2048
    assert SCRIPT.isascii()
    banned = (
        "cookie Storage indexedDB fetch XMLHttp Beacon WebSocket EventSource import( Image( eval innerHTML navigator "
        "screen canvas WebGL Audio location referrer http: https: .src .href userAgent"
    )
    code = re.sub(r"//.*", "", SCRIPT)
    assert [word for word in banned.split() if word in code] == []


def test_the_script_and_the_service_call_things_alike():
    sent = {form_lead.SECONDS, form_lead.PASTED, form_lead.ENTERED, form_lead.HONEYPOT}
    assert all(f"'{name}'" in SCRIPT for name in sent)
    assert SCRIPT.count("'_winnow_") == len(sent) + 1  # the trap is looked for before it is made


@pytest.mark.parametrize("sign", ["tabIndex = -1", "autocomplete = 'off'", "'aria-hidden', 'true'", "inert = true"])
def test_the_trap_is_hidden_from_those_who_do_not_look_at_the_page(sign):
    assert sign in SCRIPT


def test_everything_the_script_adds_is_documented():
    document = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
    for name in (form_lead.SECONDS, form_lead.PASTED, form_lead.ENTERED, form_lead.HONEYPOT):
        assert f"`{name}`" in document
