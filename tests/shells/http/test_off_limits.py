"""What is off limits is nowhere, however it came in: not in a file of the installation, not in an answer or a log."""

import json
import logging
from typing import Any

import pytest

from tests.support.off_limits import NEEDLE, SEEN, WORD, glass_vault, holding, strict_ruleset
from tests.support.served import serving
from winnow.bootstrap.exporting import export
from winnow.bootstrap.histories import unwatched
from winnow.errors import StoreAwayError

FORM = "application/x-www-form-urlencoded"
#: Ways in which something off limits comes in: a lead, and what of it is counted.
SENT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a named field": ({"company": NEEDLE}, ["company"]),
    "a named field of one's own": ({"custom": {"religion": NEEDLE}}, ["custom.religion"]),
    "the same, written otherwise": ({"custom": {"Religion ": NEEDLE}}, ["custom.religion"]),
    "a campaign field": ({"utm": {"term": NEEDLE}}, ["utm.term"]),
    "a field called after a category": ({"custom": {"health_condition": NEEDLE}}, ["category.health"]),
    "in another language": ({"custom": {"Parteizugehörigkeit": NEEDLE}}, ["category.politics"]),
    "in a campaign field": ({"utm": {"isPregnant": NEEDLE}}, ["category.health"]),
    "a message": ({"message": f"I begin {WORD} soon, call me {SEEN}"}, ["text.health"]),
    "a text of one's own": ({"custom": {"notes": f"{WORD}, {SEEN}"}}, ["text.health"]),
    "a value that is announced": ({"message": f"I voted for {NEEDLE}. {SEEN}"}, ["text.politics"]),
}


@pytest.fixture
def served(tmp_path):
    rules = strict_ruleset(tmp_path)
    data = tmp_path / "data"
    with glass_vault(), serving(data, screen__ruleset=str(rules), serve__forms="site") as running:
        yield running


def told(served):
    found = served("GET", "/v1/off-limits/dropped").json()["dropped"]
    return {each["what"]: each["number"] for each in found}


def wrong_turns(served, said):
    """Everything that was told or kept and holds what it must not."""
    served.publish()
    answers = [served("GET", f"/v1/decisions{path}").text for path in ("", "?limit=1")]
    answers.append(served("GET", "/metrics").text)
    texts = [
        name for name, text in {"log": said, "answers": "".join(answers)}.items() if NEEDLE in text or WORD in text
    ]
    return [*holding(served.service.folder, NEEDLE, WORD), *texts]


def test_it_is_nowhere_however_it_comes_in(served, caplog):
    caplog.set_level(logging.DEBUG)
    hook = {"url": "https://203.0.114.9/winnow", "events": ["*"]}
    assert served("POST", "/v1/webhooks", json=hook).status_code == 201  # so that what it is told is kept, too
    counted: dict[str, int] = {}
    for name, (lead, what) in SENT.items():
        answer = served("POST", "/v1/leads", json={"email": "ana@acme.example", "full_name": SEEN, **lead})
        assert answer.status_code == 200, name
        kept = served.service.ledger.decided(int(answer.json()["id"]))[0]
        assert (NEEDLE in repr(kept), WORD in repr(kept)) == (False, False), name
        for each in what:
            counted[each] = counted.get(each, 0) + 1
    assert told(served) == counted
    assert wrong_turns(served, caplog.text) == []
    assert holding(served.service.folder, SEEN)  # the search finds what is there
    exported = served.service.folder / "leads.csv"
    assert export(served.service, exported, "tests", unwatched).leads == len(SENT)
    assert SEEN in exported.read_text(encoding="utf-8")
    assert holding(served.service.folder, NEEDLE, WORD) == []
    assert "dropped as off limits: category.health, 2 times" in caplog.text
    assert 'winnow_off_limits_dropped_total{what="category.health"} 2.0' in served("GET", "/metrics").text


def test_nor_when_it_comes_as_a_batch_in_a_form_or_broken(served, caplog):
    caplog.set_level(logging.DEBUG)
    leads = [{"id": str(at), "email": f"a{at}@acme.example", **lead} for at, (lead, _) in enumerate(SENT.values())]
    assert served("POST", "/v1/leads", json={"leads": leads}).status_code == 200
    fields = {"email": "bo@acme.example", "name": SEEN, "company": NEEDLE, "custom.religion": NEEDLE}
    posted = {**fields, "your-health": NEEDLE, "custom.age": NEEDLE, "message": f"{WORD} {SEEN}", "utm_term": NEEDLE}
    for more in ({"data": posted}, {"json": posted}):
        assert served("POST", "/f/site", key=None, **more).status_code == 202
    broken = [
        {"email": "x@acme.example", "health": NEEDLE},
        {"email": "x@acme.example", "custom": {"religion": [NEEDLE]}},
        {"email": "x@acme.example", "company": NEEDLE, "occurred_at": "no time"},
        {"email": "x@acme.example", "custom": {"religion": NEEDLE}, "form_fill_seconds": "long"},
    ]
    for lead in broken:
        answer = served("POST", "/v1/leads", json=lead)
        assert NEEDLE not in answer.text
    served("POST", "/v1/leads", content=json.dumps({"custom": {"religion": NEEDLE}}).encode()[:-2])
    assert wrong_turns(served, caplog.text) == []
    assert holding(served.service.folder, SEEN)


def test_nor_in_the_spool_while_the_database_is_away(served, monkeypatch):
    def away(*_):
        raise StoreAwayError("away")

    monkeypatch.setattr(served.state.groups, "_take", away)
    monkeypatch.setattr(served.state.groups, "_drain", away)
    for lead, _ in SENT.values():
        answer = served("POST", "/v1/leads", json={"email": "ana@acme.example", "full_name": SEEN, **lead})
        assert answer.status_code == 202
    assert holding(served.service.folder / "spool", SEEN)
    assert holding(served.service.folder, NEEDLE, WORD) == []


def test_nobody_is_told_more_than_names_and_counts(served):
    served.screened(email="ana@acme.example", source="web", custom={"religion": NEEDLE})
    (each,) = served("GET", "/v1/off-limits/dropped?days=1").json()["dropped"]
    assert (each["source"], each["what"], each["number"]) == ("web", "custom.religion", 1)
    assert served("GET", "/v1/off-limits/dropped?days=0").status_code == 422
