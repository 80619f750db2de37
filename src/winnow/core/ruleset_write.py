"""A ruleset as plain tables: what TOML shows to people and the hash is taken of."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from winnow.core.declared import DeclaredSignal
from winnow.core.govern.limits_write import limits_document
from winnow.core.lists import ListEntry
from winnow.core.outcome import Scope
from winnow.core.policy import HardStop, Policy
from winnow.core.rules import Rule
from winnow.core.scorecard import JUNK, Bin, CategoryFeature, Feature, Scorecard
from winnow.core.thresholds import Bands, Certificate, Thresholds

if TYPE_CHECKING:
    from winnow.core.ruleset import Ruleset

Tables = dict[str, object]


def ruleset_document(ruleset: "Ruleset") -> Tables:
    """The whole ruleset; `ruleset_read.ruleset_from` reads it back to an equal one."""
    return _kept(
        {
            "id": ruleset.id,
            "note": ruleset.note,
            "lists_snapshot": ruleset.lists_snapshot,
            "policy": policy_document(ruleset.policy),
            "signals": [signal_document(signal) for signal in ruleset.signals],
            "thresholds": _thresholds(ruleset.thresholds),
            "scorecard": scorecard_document(ruleset.scorecard),
            "rules": [rule_document(rule) for rule in ruleset.rules],
            "lists": [list_entry_document(entry) for entry in ruleset.lists],
            "references": [asdict(source) for source in ruleset.references],
        }
    )


def scorecard_document(card: Scorecard) -> Tables:
    """The scorecard alone."""
    return _kept(
        {
            "id": card.id,
            "kind": card.kind,
            "target": card.target if card.target != JUNK else None,
            "owner": card.owner,
            "note": card.note,
            "base": card.base,
            "caps": dict(sorted(card.caps.items())),
            "features": [_feature(feature) for feature in card.features],
            "pairs": [
                {
                    "first": pair.first,
                    "second": pair.second,
                    "text": pair.text,
                    "points": [list(row) for row in pair.points],
                }
                for pair in card.pairs
            ],
        }
    )


def list_entry_document(entry: ListEntry) -> Tables:
    """One list entry."""
    return _kept(
        {
            "id": entry.id,
            "action": str(entry.action),
            "kind": str(entry.kind),
            "value": entry.value,
            "scopes": _scopes(entry.scopes),
            "owner": entry.owner,
            "reason": entry.reason,
            "source": entry.source,
            "created_at": _moment(entry.created_at),
            "expires_at": _moment(entry.expires_at),
        }
    )


def _kept(tables: Tables) -> Tables:
    """Without what is empty: TOML has no null, and an absent key and an empty one mean the same."""
    return {key: value for key, value in tables.items() if value not in (None, "", [], {})}


def _scopes(scopes: frozenset[Scope]) -> list[str]:
    return sorted(scopes)


def _moment(moment: datetime | None) -> str | None:
    """In UTC, so that one moment is written in one way; a naive time, which no ruleset accepts, stays as it is."""
    if moment is None:
        return None
    utc = moment if moment.tzinfo is None else moment.astimezone(UTC)
    return utc.isoformat().replace("+00:00", "Z")


def policy_document(policy: Policy) -> Tables:
    """The policy alone."""
    stops = [_stop(stop) for stop in policy.hard_stops]
    own = _kept({"owner": policy.owner, "off_limits": sorted(policy.off_limits), "hard_stops": stops})
    return {**own, **limits_document(policy.limits)}


def signal_document(signal: DeclaredSignal) -> Tables:
    """One declared signal."""
    return _kept(
        {
            **asdict(signal),
            "reading": str(signal.reading),
            "mutable": signal.mutable or None,
            "decimal": signal.decimal or None,
        }
    )


def _stop(stop: HardStop) -> Tables:
    return {
        "id": stop.id,
        "signal": stop.signal,
        "test": str(stop.test),
        "value": stop.value,
        "outcome": stop.outcome.word,
        "text": stop.text,
        "owner": stop.owner,
        "scopes": _scopes(stop.scopes),
    }


def _bands(bands: Bands) -> Tables:
    return _kept({"tag": bands.tag, "review": bands.review, "reject": bands.reject})


def _thresholds(thresholds: Thresholds) -> Tables:
    certificate = thresholds.certificate
    return _kept(
        {
            **_bands(thresholds.bands),
            "by_source": {source: _bands(bands) for source, bands in sorted(thresholds.by_source.items())},
            "blind_share": thresholds.blind_share,
            "certificate": None if certificate is None else _certificate(certificate),
        }
    )


def _certificate(certificate: Certificate) -> Tables:
    moments = {"expires_at": _moment(certificate.expires_at), "issued_at": _moment(certificate.issued_at)}
    return _kept({**asdict(certificate), **moments})


def _bin(each: Bin) -> Tables:
    return {"points": each.points, **_kept({"text": each.text, "why": each.why})}


def _feature(feature: Feature) -> Tables:
    unknown = {"unknown": _bin(feature.unknown)}
    if isinstance(feature, CategoryFeature):
        bins: list[Tables] = [
            {"is": value, **_bin(each)} for value, each in zip(feature.values, feature.bins, strict=True)
        ]
        return {"signal": feature.signal, "bins": bins, "other": _bin(feature.other), **unknown}
    limits: list[Tables] = [{"below": float(cut)} for cut in feature.cuts]
    bins = [{**limit, **_bin(each)} for limit, each in zip([*limits, {}], feature.bins, strict=True)]
    return {"signal": feature.signal, "bins": bins, **unknown}


def rule_document(rule: Rule) -> Tables:
    """A rule as plain tables."""
    return _kept(
        {
            "id": rule.id,
            "when": rule.when,
            "text": rule.text,
            "owner": rule.owner,
            "reason": rule.reason,
            "points": rule.points or None,
            "outcome": rule.outcome.word if rule.outcome is not None else None,
            "scopes": _scopes(rule.scopes),
            "family": rule.family,
            "deterministic": rule.deterministic or None,
            "signed_off_by": rule.signed_off_by,
            "expires_at": _moment(rule.expires_at),
            "daily_cap": rule.daily_cap,
            "examples": [_example(each.values, fires=each.fires) for each in rule.examples],
        }
    )


def _example(values: Mapping[str, object], *, fires: bool) -> Tables:
    return {"values": dict(sorted(values.items())), "fires": fires}
