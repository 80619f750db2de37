"""How two rulesets differ, in words: part by part, what is new, gone or says something else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from winnow.shells.web.navigation import N_

Tables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One place: what it is about, what of it, and both values as text; None: it is not there.

    of: empty when it is new or gone as a whole
    """

    about: str
    of: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """The changes of one part of a ruleset."""

    title: str
    changes: tuple[Change, ...]


#: Words for what tables call their fields.
FIELDS: Final[Mapping[str, str]] = {
    "action": N_("does"),
    "base": N_("starting point"),
    "block_scopes": N_("what a block keeps a person from"),
    "bins": N_("points"),
    "blind_share": N_("share of the blind sample"),
    "by_source": N_("thresholds of a source"),
    "caps": N_("most points of a family"),
    "certificate": N_("certificate"),
    "channels": N_("channels"),
    "cleared_labels": N_("outputs allowed by name"),
    "consent": N_("what the policy asks for before a contact"),
    "daily_cap": N_("most times a day"),
    "deterministic": N_("states a fact"),
    "examples": N_("cases it must get right"),
    "data": N_("data it may use"),
    "days": N_("days"),
    "expires_at": N_("until"),
    "id": N_("name"),
    "kind": N_("kind"),
    "most": N_("at most"),
    "needed": N_("what is needed"),
    "note": N_("note"),
    "off_limits": N_("off limits"),
    "off_limits_categories": N_("kinds of data off limits"),
    "other": N_("points for any other value"),
    "outcome": N_("outcome"),
    "owner": N_("who answers for it"),
    "packs": N_("law packs in use"),
    "places": N_("places"),
    "points": N_("points"),
    "prohibited_inferences": N_("what may not be concluded"),
    "protected_attributes": N_("what bias audits look at"),
    "proxies": N_("fields that tell what is off limits"),
    "purposes": N_("purposes"),
    "reason": N_("why"),
    "reject": N_("reject from"),
    "retention": N_("how long it is kept, in days"),
    "review": N_("review from"),
    "gpc_covers": N_("what the Global Privacy Control says no to"),
    "scan_texts": N_("texts are scanned"),
    "scopes": N_("where it applies"),
    "signed_off_by": N_("signed off by"),
    "tag": N_("tag from"),
    "text": N_("what a rep reads"),
    "unknown": N_("points when not known"),
    "value": N_("value"),
    "when": N_("condition"),
    "wordings": N_("wordings"),
}

_TITLES: Final = {
    "thresholds": N_("Thresholds"),
    "rules": N_("Rules"),
    "lists": N_("List entries in the ruleset"),
    "policy": N_("Policy"),
    "scorecard": N_("Scorecard"),
    "signals": N_("Own signals"),
}
_REST = N_("Name and note")
#: What an installation binds a ruleset to by itself.
_BOUND = frozenset({"references", "lists_snapshot"})
_LONGEST = 400


def changes_between(before: Tables, after: Tables) -> list[Part]:
    """The parts that differ; none when they decide alike."""
    parts = [Part(title, tuple(_of_part(before.get(name), after.get(name)))) for name, title in _TITLES.items()]
    rest = [name for name in {**before, **after} if name not in _TITLES and name not in _BOUND]
    parts.append(Part(_REST, tuple(_fields("", {k: before.get(k) for k in rest}, {k: after.get(k) for k in rest}))))
    return [part for part in parts if part.changes]


def _of_part(before: Any, after: Any) -> Iterator[Change]:  # noqa: ANN401  # a table or tables
    if isinstance(before or after, Mapping):
        yield from _of_table(before or {}, after or {})
    else:
        yield from _of_tables(before or (), after or ())


def _of_table(before: Tables, after: Tables) -> Iterator[Change]:
    """Plain values at once, tables below it by their names."""
    names = [*before, *(name for name in after if name not in before)]
    plain = [name for name in names if not _nested(before.get(name)) and not _nested(after.get(name))]
    yield from _fields("", {name: before.get(name) for name in plain}, {name: after.get(name) for name in plain})
    for name in names:
        if name in plain or before.get(name) == after.get(name):
            continue
        if isinstance(before.get(name) or after.get(name), Mapping):
            within = _fields("", before.get(name) or {}, after.get(name) or {})
            yield from (replace(each, about=each.of, of=name) for each in within)
        else:
            yield from _of_tables(before.get(name) or (), after.get(name) or ())


def _of_tables(before: Sequence[Tables], after: Sequence[Tables]) -> Iterator[Change]:
    """Tables by their names, so that moving one is no change."""
    old, new = ({_name(each): each for each in tables} for tables in (before, after))
    for name in [*old, *(each for each in new if each not in old)]:
        if name not in new:
            yield Change(name, "", shown(old[name]), None)
        elif name not in old:
            yield Change(name, "", None, shown(new[name]))
        else:
            yield from _fields(name, old[name], new[name])


def _fields(about: str, before: Tables, after: Tables) -> Iterator[Change]:
    for name in [*before, *(each for each in after if each not in before)]:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name == "bins" and isinstance(old, list) and isinstance(new, list):
            yield from _bins(about, old, new)
        else:
            yield Change(about, name, _or_none(old), _or_none(new))


def _bins(about: str, before: Sequence[Tables], after: Sequence[Tables]) -> Iterator[Change]:
    old, new = ({_limit(each): each for each in bins} for bins in (before, after))
    for limit in [*old, *(each for each in new if each not in old)]:
        if old.get(limit) != new.get(limit):
            told = [None if each is None else _bin(each) for each in (old.get(limit), new.get(limit))]
            yield Change(f"{about} {limit}", "bins", *told)


def _limit(each: Tables) -> str:
    if "is" in each:
        return f"= {shown(each['is'])}"
    return f"< {shown(each['below'])}" if "below" in each else "…"


def _bin(each: Tables) -> str:
    words = " · ".join(str(each[name]) for name in ("text", "why") if each.get(name))
    return f"{each.get('points', 0):+d} {words}".strip()


def _name(each: Tables) -> str:
    """What tables of its kind are known by; those without a name, such as examples of a policy, by all they say."""
    named = each.get("id") or each.get("signal") or each.get("name") or each.get("field")
    if named is None:
        return f"{each['first']} × {each['second']}" if "first" in each else shown(each)
    return str(named)


def _nested(value: object) -> bool:
    """Whether it is a table, or a row of tables."""
    return isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(each, Mapping) for each in value))


def _or_none(value: object) -> str | None:
    return None if value is None else shown(value)


def shown(value: object) -> str:
    """A value in a line."""
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, Mapping):
        text = "; ".join(f"{name}: {shown(each)}" for name, each in value.items())
    elif isinstance(value, list | tuple):
        text = ", ".join(map(shown, value))
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
