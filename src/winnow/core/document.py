"""A decision as plain data: the JSON that files, the API and the log all show."""

from winnow.core.decide import Decision
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
