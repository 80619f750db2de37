"""The JSON of a decision is a contract with files, the API and everyone who reads them."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given

from tests.support.cases import FACTS, LEADS, certified, facts, lead, ruleset
from winnow.core.decide import decide
from winnow.core.document import decision_document, decision_from, lead_document
from winnow.core.lead import Lead


def test_the_form_of_a_decision():
    decision = decide(lead(form_fill_seconds=1.0), facts(), ruleset(), shadow=True)
    document = decision_document(decision)
    assert list(document) == [
        "lead_id",
        "outcome",
        "probability",
        "score",
        "base",
        "threshold_band",
        "decided_by",
        "reasons",
        "scopes",
        "unknown",
        "skipped_rules",
        "ruleset",
        "shadow",
    ]
    assert document["outcome"] == decision.outcome.word
    assert document["threshold_band"] == "review"
    assert document["scopes"]["support"] == "accept"
    assert document["ruleset"] == {"id": decision.ruleset_id, "hash": decision.ruleset_hash}
    assert document["shadow"] is True
    assert {
        "code": "form.fill_seconds",
        "family": "form",
        "points": 2000,
        "text": "fast",
        "source": "scorecard",
    } in document["reasons"]  # type: ignore[operator]  # a document is plain data


@given(LEADS, FACTS)
def test_it_is_plain_data_and_its_points_add_up(one, known):
    document = json.loads(json.dumps(decision_document(decide(one, known, certified()))))
    assert document == decision_document(decide(one, known, certified()))
    assert document["score"] == document["base"] + sum(reason["points"] for reason in document["reasons"])


@given(LEADS, FACTS)
def test_a_decision_comes_back_from_its_document_but_for_its_codes(one, known):
    decision = decide(one, known, certified(), shadow=one.id > "m")
    again = decision_from(json.loads(json.dumps(decision_document(decision))))
    assert again == replace(decision, codes=b"")


def test_a_lead_as_data_is_what_it_says():
    said: dict[str, Any] = {
        "id": "1",
        "emails": ("a@x.example",),
        "form_fill_seconds": 0.0,
        "form_honeypot": False,
        "utm": {"a": "b"},
    }
    assert lead_document(Lead(**said, phones=(), custom={}, message=None)) == said
