"""Each story shows what its docstring promises."""

import re

import pytest

from winnow.demo import DemoLead, stream
from winnow.demo.stories import STORIES
from winnow.demo.tables import table

_DOMAINS = table("addresses")["domains"]


@pytest.fixture(scope="module")
def told():
    leads: dict[str, list[DemoLead]] = {story.name: [] for story in STORIES}
    for lead in stream(leads=12_000, seed=3):
        leads[lead.story].append(lead)
    return leads


def _domain(lead):
    return lead.email.partition("@")[2]


def _agents(*words):
    return lambda lead: any(word in lead.user_agent for word in words)


ALWAYS = [
    ("disposable_signup", lambda lead: _domain(lead) in _DOMAINS["disposable"] or _domain(lead).endswith(".example")),
    ("throwaway_but_real", lambda lead: _domain(lead) in _DOMAINS["disposable"]),
    ("mistyped_domain", lambda lead: _domain(lead) in _DOMAINS["slip"] and lead.phone),
    ("role_account", lambda lead: lead.email.partition("@")[0].lower() in _DOMAINS["role"] and lead.company),
    ("foreign_script", lambda lead: not lead.first_name.isascii()),
    ("partner_event", lambda lead: lead.source == "partner-events" and not lead.ip and not lead.message),
    ("phone_call", lambda lead: lead.phone and lead.form_fill_seconds is None),
    ("private_relay", _agents("iPhone", "Macintosh")),
    ("mobile_network", _agents("Mobile")),
    ("slow_reader", lambda lead: lead.form_fill_seconds >= 900),
    ("pasted_everything", lambda lead: lead.form_fill_seconds <= 18 and lead.form_pasted_fields >= 3),
    ("spoofed_customer", lambda lead: lead.dmarc == "fail" and lead.spf != "pass"),
    ("forwarded_mail", lambda lead: lead.spf == "fail"),
    ("crawler", _agents("bot", "Bot", "Pingdom", "MJ12", "requests", "httpx", "curl", "Go-", "axios", "okhttp", "node", "Java", "Scrapy")),  # noqa: E501  # one row of a table
    ("tor_visitor", lambda lead: lead.ip.startswith(("185.220.101.", "204.8.96.", "23.191.200."))),
    ("affiliate_padding", lambda lead: lead.source == "affiliate"),
    ("upset_customer", lambda lead: lead.message.upper().startswith(lead.message[:20])),
    ("test_entry", lambda lead: len(lead.first_name) < 8),
]  # fmt: skip


@pytest.mark.parametrize(("story", "holds"), ALWAYS, ids=[story for story, _ in ALWAYS])
def test_every_lead_of_a_story_shows_its_mark(told, story, holds):
    assert told[story]
    assert [lead for lead in told[story] if not holds(lead)] == []


SOMETIMES = [
    ("form_bot", 0.3, 0.7, lambda lead: lead.form_honeypot),
    ("form_bot", 0.5, 0.9, lambda lead: lead.form_fill_seconds < 3),
    ("pasted_everything", 0.01, 0.15, lambda lead: lead.form_honeypot),
    ("buyer", 0.01, 0.1, lambda lead: lead.form_fill_seconds is not None and lead.form_fill_seconds < 6),
    ("phone_call", 0.5, 0.8, lambda lead: not lead.email),
    ("odd_address", 0.1, 0.4, lambda lead: "+" in lead.email),
    ("odd_address", 0.05, 0.3, lambda lead: not lead.email.isascii()),
    ("lookalike_sender", 0.4, 0.9, lambda lead: re.search("[а-я]", lead.first_name + lead.email + lead.message)),
    ("patient_bot", 0.6, 1, lambda lead: lead.form_fill_seconds is None or lead.form_fill_seconds > 10),
    ("device_farm", 0.7, 0.9, lambda lead: lead.device_id != ""),
    ("buyer", 0.5, 0.8, lambda lead: lead.device_id != ""),
]  # fmt: skip


@pytest.mark.parametrize(("story", "low", "high", "holds"), SOMETIMES)
def test_genuine_and_junk_overlap(told, story, low, high, holds):
    assert low < sum(map(bool, map(holds, told[story]))) / len(told[story]) < high


@pytest.mark.parametrize(
    ("story", "field", "most"),
    [("coworking_founder", "ip", 8), ("corporate_vpn", "ip", 40), ("hosting_flood", "message", 2)],
)
def test_what_a_story_shares_is_shared(told, story, field, most):
    assert 1 < len({getattr(lead, field) for lead in told[story]}) <= most


def test_a_device_farm_uses_a_device_many_times(told):
    devices = [lead.device_id for lead in told["device_farm"] if lead.device_id]
    assert len(devices) / len(set(devices)) > 5


def test_messages_come_in_all_languages_and_scripts(told):
    texts = " ".join(lead.message for leads in told.values() for lead in leads)
    for script in ("[а-я]", "[α-ω]", "[\u0600-\u06ff]", "[\u0900-\u097f]", "[\u4e00-\u9fff]", "[\u3040-\u30ff]", "[ßäü]", "[éè]", "[ñ¿]", "[ãõ]"):  # fmt: skip  # noqa: E501  # one row of a table
        assert re.search(script, texts), script
    assert "{" not in re.sub(r"\$\{jndi[^}]*\}?\}?|\{\{7\*7\}\}|\{link\}/a\}|\{n\}", "", texts)


def test_names_of_stories_are_unique():
    assert len({story.name for story in STORIES}) == len(STORIES)
