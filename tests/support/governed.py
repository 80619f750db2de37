"""A policy with something of everything, and AI systems, for pages that show them."""

from dataclasses import replace
from typing import Any

from tests.support.signing import put_live
from winnow.core.policy_read import policy_from_toml

NONE: dict[str, list[str]] = {"decides": [], "practices": [], "people": [], "contact": []}

#: Something under every key of a policy; `HOSTILE` stands where people write.
POLICY = """
[policy]
owner = "Ada HOSTILE"
off_limits = ["custom.religion"]
off_limits_categories = ["health"]
scan_texts = true
cleared_labels = ["account health"]
protected_attributes = ["age_band"]
packs = ["eu", "uk", "california", "canada", "us-federal"]

[[policy.proxies]]
field = "custom.parish"
stands_for = "religion"

[[policy.purposes]]
name = "newsletter"
kind = "marketing"
data = ["contact", "company"]
channels = ["email", "phone"]
text = "HOSTILE"

[[policy.consent]]
id = "german-calls"
channels = ["phone"]
places = ["DE"]
needed = "express"
text = "In Germany we call nobody who did not say yes. HOSTILE"

[[policy.caps]]
id = "week"
most = 2
days = 7
purposes = ["newsletter"]

[[policy.wordings]]
id = "form-3"
channels = ["email"]
purpose = "newsletter"
language = "en"
text = "Yes, send me your newsletter. HOSTILE"

[[policy.examples]]
place = "DE"
channel = "email"
purpose = "newsletter"
on = 2026-11-22
told = "opted-out"
allowed = false
"""


def govern(service: Any, hostile: str = "", text: str = POLICY) -> None:
    """Put the policy in force, in the ruleset that is live."""
    written = hostile.replace("\\", "\\\\").replace('"', '\\"')
    live = service.live.ruleset().unbound
    put_live(service, replace(live, policy=policy_from_toml(text.replace("HOSTILE", written), "toml")))
    service.live.catch_up({})  # which would be within a second


def system(entry: str = "acme-writer", **other: Any) -> dict[str, Any]:
    """An entry of the register."""
    usual: dict[str, Any] = {
        "id": entry,
        "name": "Acme mail writer",
        "purpose": "draft answers to enquiries",
        "version": "4.2",
        "vendor": "Acme Inc.",
        "inputs": ["contact", "message"],
        "outputs": ["answer"],
        "actions": ["contact"],
        "channels": ["email"],
        "status": "shadow",
        "answers": {**NONE, "contact": ["writes"]},
    }
    return {**usual, **other}
