"""Leads and decisions as plain data: the JSON that files, the API and the log all show."""

from collections.abc import Mapping
from typing import Any

from winnow.core.decide import Decision
from winnow.core.lead import FIELD_NAMES, Lead
from winnow.core.outcome import Outcome, Scope
from winnow.core.reasons import Reason


def decision_document(decision: Decision) -> dict[str, object]:
    """The decision as dicts, lists, texts and numbers, in the order in which people read it."""
    return {
        "lead_id": decision.lead_id,
        "outcome": decision.outcome.word,
        "probability": decision.probability,
        "score": decision.score,
        "base": decision.base,
        "threshold_band": decision.threshold_band.word,
        "decided_by": decision.decided_by,
        "reasons": [reason_document(reason) for reason in decision.reasons],
        "scopes": {scope.value: outcome.word for scope, outcome in decision.scopes.items()},
        "unknown": list(decision.unknown),
        "skipped_rules": list(decision.skipped_rules),
        "ruleset": {"id": decision.ruleset_id, "hash": decision.ruleset_hash},
        "shadow": decision.shadow,
    }


def reason_document(reason: Reason) -> dict[str, object]:
    """One reason as plain data."""
    return {
        "code": reason.code,
        "family": reason.family,
        "points": reason.points,
        "text": reason.text,
        "source": reason.source,
    }


def decision_from(document: Mapping[str, Any]) -> Decision:
    """The decision of such a document, which does not hold its bin codes."""
    return Decision(
        lead_id=document["lead_id"],
        outcome=Outcome.parse(document["outcome"]),
        probability=document["probability"],
        score=document["score"],
        base=document["base"],
        threshold_band=Outcome.parse(document["threshold_band"]),
        decided_by=document["decided_by"],
        reasons=tuple(Reason(**each) for each in document["reasons"]),
        scopes={Scope(scope): Outcome.parse(word) for scope, word in document["scopes"].items()},
        unknown=tuple(document["unknown"]),
        skipped_rules=tuple(document["skipped_rules"]),
        ruleset_id=document["ruleset"]["id"],
        ruleset_hash=document["ruleset"]["hash"],
        codes=b"",
        shadow=document["shadow"],
    )


def lead_document(lead: Lead) -> dict[str, object]:
    """The fields of a lead that say something."""
    return {name: value for name in FIELD_NAMES if (value := getattr(lead, name)) is not None and value not in _EMPTY}


_EMPTY: tuple[object, ...] = ((), {})
