"""From tables somebody wrote to a ruleset that is safe to run; every mistake is named with its place."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.lists import ListAction, ListEntry, ListKind, checked
from winnow.core.outcome import Outcome
from winnow.core.policy_read import OUTCOMES, policy_from, scopes_in
from winnow.core.rules import Rule, RuleExample
from winnow.core.ruleset import ReferenceSource, Ruleset
from winnow.core.scorecard_read import scorecard_from
from winnow.core.tables import Table
from winnow.core.thresholds import Bands, Certificate, Thresholds
from winnow.core.toml_text import located, parsed
from winnow.errors import InvalidRulesetError

#: What `learn fit` writes for a target that screens nobody, and what of it there always is.
_SCORECARD_ALONE, _SCORECARD = {"signals", "scorecard"}, {"scorecard"}


def ruleset_from_toml(text: str, source: str) -> Ruleset:
    """Read a ruleset from the text of a TOML file; `source` names the file in errors."""
    document = parsed(text, source)
    if _SCORECARD <= document.keys() <= _SCORECARD_ALONE:
        raise InvalidRulesetError(
            "a scorecard alone is no ruleset, so nobody can be screened by it",
            where=source,
            fix="give a ruleset: `learn fit` writes ruleset.toml for the target junk, and a scorecard for any other",
        )
    try:
        ruleset = ruleset_from(document)
        ruleset.plan  # noqa: B018  # compiling is what finds unknown signals and bad rules
    except InvalidRulesetError as error:
        error.where = located(text, source, error.where)
        raise
    return ruleset


class WrittenRules(NamedTuple):
    """Rules as they stand in a file, and the signals the file declares for them."""

    rules: tuple[Rule, ...]
    signals: tuple[DeclaredSignal, ...]


def rules_from_toml(text: str, source: str) -> WrittenRules:
    """Only the rules of such a file, each as it stands: for telling what is wrong with them all."""
    table = Table(parsed(text, source))
    try:
        rules = tuple(_rule(each) for each in table.tables("rules"))
        return WrittenRules(rules, tuple(_signal(each) for each in table.tables("signals")))
    except InvalidRulesetError as error:
        error.where = located(text, source, error.where)
        raise


def rule_from(document: Mapping[str, object]) -> Rule:
    """Read one rule from a plain table, as a ruleset holds it; it may still not be acceptable."""
    return _rule(Table(document))


def signal_from(table: Table) -> DeclaredSignal:
    """Read one declared signal, as a ruleset holds it."""
    return _signal(table)


def ruleset_from(document: Mapping[str, object]) -> Ruleset:
    """Read a ruleset from plain tables, as `ruleset_document` writes them."""
    table = Table(document)
    ruleset = Ruleset(
        id=table.text("id"),
        note=table.text("note", ""),
        lists_snapshot=table.text("lists_snapshot", ""),
        policy=policy_from(table.table("policy")),
        signals=tuple(_signal(each) for each in table.tables("signals")),
        thresholds=_thresholds(table.table("thresholds")),
        scorecard=scorecard_from(table.table("scorecard")),
        rules=tuple(_rule(each) for each in table.tables("rules")),
        lists=tuple(list_entry_from(each) for each in table.tables("lists")),
        references=tuple(_reference(each) for each in table.tables("references")),
    )
    table.finish()
    _need_distinct("policy.hard_stops", [stop.id for stop in ruleset.policy.hard_stops])
    _need_distinct("lists", [entry.id for entry in ruleset.lists])
    return ruleset


def _need_distinct(path: str, ids: Iterable[str]) -> None:
    """Refuse an id given twice: reasons name what decided by its id."""
    seen: set[str] = set()
    for index, each in enumerate(ids):
        if each in seen:
            where = f"{path}[{index}].id"
            raise InvalidRulesetError(f"`{each}` is there twice", where=where, fix="give each its own id")
        seen.add(each)


def _signal(table: Table) -> DeclaredSignal:
    with table.placing():
        signal = DeclaredSignal(
            name=table.text("name"),
            field=table.text("field"),
            reading=table.word("reading", Reading, tuple(Reading)),
            label=table.text("label"),
            doc=table.text("doc", ""),
            mutable=table.flag("mutable", default=False),
            decimal=table.text("decimal", ""),
        )
    table.finish()
    return signal


def _bands(table: Table) -> Bands:
    with table.placing():
        return Bands(tag=table.integer("tag"), review=table.integer("review"), reject=table.optional_integer("reject"))


def _thresholds(table: Table) -> Thresholds:
    sources = table.table("by_source")
    thresholds = Thresholds(
        bands=_bands(table),
        by_source={source: _source_bands(sources.table(source)) for source in sources.content},
        certificate=_certificate(table.table("certificate")) if table.has("certificate") else None,
        blind_share=table.number("blind_share") if table.has("blind_share") else None,
    )
    table.finish()
    return thresholds


def _source_bands(table: Table) -> Bands:
    bands = _bands(table)
    table.finish()
    return bands


def _certificate(table: Table) -> Certificate:
    expires_at = table.moment("expires_at")
    if expires_at is None:
        raise InvalidRulesetError("a certificate must expire", where=table.path, fix="add expires_at")
    certificate = Certificate(
        precision_bound=table.number("precision_bound"),
        labels=table.integer("labels"),
        threshold=table.integer("threshold"),
        scorecard_hash=table.text("scorecard_hash"),
        expires_at=expires_at,
        issued_at=table.moment("issued_at"),
        wrong=table.optional_integer("wrong"),
        coverage=table.number("coverage") if table.has("coverage") else None,
        fresh_labels=table.optional_integer("fresh_labels"),
    )
    table.finish()
    return certificate


def _rule(table: Table) -> Rule:
    rule = Rule(
        id=table.text("id"),
        when=table.text("when"),
        text=table.text("text"),
        owner=table.text("owner"),
        reason=table.text("reason"),
        points=table.integer("points", 0),
        outcome=table.word("outcome", Outcome.parse, OUTCOMES) if table.has("outcome") else None,
        scopes=scopes_in(table),
        family=table.text("family", "rule"),
        deterministic=table.flag("deterministic", default=False),
        signed_off_by=table.text("signed_off_by", "") or None,
        expires_at=table.moment("expires_at"),
        daily_cap=table.optional_integer("daily_cap"),
        examples=tuple(_example(each) for each in table.tables("examples")),
    )
    table.finish()
    return rule


def _example(table: Table) -> RuleExample:
    values = table.table("values")
    example = RuleExample(
        values={name: values.scalar(name) for name in values.content}, fires=table.flag("fires", default=True)
    )
    table.finish()
    return example


def list_entry_from(table: Table) -> ListEntry:
    """Read one list entry and bring its value into canonical form."""
    entry = ListEntry(
        id=table.text("id"),
        action=table.word("action", ListAction, tuple(ListAction)),
        kind=table.word("kind", ListKind, tuple(ListKind)),
        value=table.text("value"),
        owner=table.text("owner"),
        reason=table.text("reason"),
        scopes=scopes_in(table),
        source=table.text("source", "person"),
        created_at=table.moment("created_at"),
        expires_at=table.moment("expires_at"),
    )
    table.finish()
    with table.placing():
        return checked(entry)


def _reference(table: Table) -> ReferenceSource:
    source = ReferenceSource(table.text("name"), table.text("version"), table.text("date", ""))
    table.finish()
    return source
