"""Limits as plain tables: only what is not the default, so that a policy without them stays as it was."""

from collections.abc import Iterable, Mapping

from winnow.core.govern.limits import Cap, ConsentRule, Limits, PolicyExample, Purpose, Retention, Wording
from winnow.core.govern.limits_read import NO_END

Tables = dict[str, object]

_DEFAULT = Limits()


def limits_document(limits: Limits) -> Tables:
    """What is not the default; `limits_read.limits_from` reads it back to equal limits."""
    usual = whole_document(_DEFAULT)
    return {name: each for name, each in whole_document(limits).items() if each != usual[name]}


def whole_document(limits: Limits) -> Tables:
    """All of the limits, those too that nobody wrote down."""
    return {
        "packs": list(limits.packs),
        "off_limits_categories": sorted(limits.categories),
        "scan_texts": limits.scan_texts,
        "proxies": [{"field": each.field, "stands_for": each.stands_for} for each in limits.proxies],
        "prohibited_inferences": sorted(limits.inferences),
        "cleared_labels": sorted(limits.cleared_labels),
        "purposes": [_purpose(each) for each in limits.purposes],
        "consent": [_consent(each) for each in limits.consent],
        "caps": [_cap(each) for each in limits.caps],
        "block_scopes": sorted(limits.block_scopes),
        "gpc_covers": list(map(str, limits.gpc_covers)),
        "retention": _retention(limits.retention),
        "protected_attributes": sorted(limits.protected),
        "wordings": [_wording(each) for each in limits.wordings],
        "examples": [_example(each) for each in limits.examples],
    }


def _kept(tables: Tables) -> Tables:
    return {key: value for key, value in tables.items() if value not in (None, "", [], {})}


def _words(words: Iterable[str]) -> list[str]:
    return sorted(map(str, words))


def _retention(retention: Retention) -> Tables:
    return {
        "network_days": retention.network_days,
        "rejected_days": retention.rejected_days,
        "decisions_days": retention.decisions_days,
    }


def _purpose(purpose: Purpose) -> Tables:
    tables: Tables = {"name": purpose.name, "kind": str(purpose.kind), **_kept({"text": purpose.text})}
    return {**tables, "data": sorted(purpose.data), "channels": _words(purpose.channels)}


def _days(days: Mapping[str, int | None]) -> Tables:
    return {name: NO_END if each is None else each for name, each in sorted(days.items())}


def _consent(rule: ConsentRule) -> Tables:
    return _kept(
        {
            "id": rule.id,
            "needed": rule.needed.word,
            "text": rule.text,
            "channels": _words(rule.channels),
            "purposes": sorted(rule.purposes),
            "places": sorted(rule.places),
            "implied_days": _days(rule.implied_days),
        }
    )


def _cap(cap: Cap) -> Tables:
    scope = {"channels": _words(cap.channels), "purposes": sorted(cap.purposes)}
    return _kept({"id": cap.id, "most": cap.most, "days": cap.days, **scope})


def _wording(wording: Wording) -> Tables:
    return _kept(
        {
            "id": wording.id,
            "channels": _words(wording.channels),
            "purpose": wording.purpose,
            "language": wording.language,
            "confirm": wording.confirm or None,
            "text": wording.text,
        }
    )


def _example(example: PolicyExample) -> Tables:
    return _kept(
        {
            "place": example.place,
            "channel": str(example.channel),
            "purpose": example.purpose,
            "on": example.on.isoformat(),
            "told": str(example.told),
            "basis": example.basis,
            "since": example.since and example.since.isoformat(),
            "needed": None if example.needed is None else example.needed.word,
            "allowed": example.allowed,
        }
    )
