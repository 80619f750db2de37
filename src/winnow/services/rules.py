"""Rules while they are being written: kept as drafts, checked, and tried on past leads before they decide anything."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from winnow.core.cel import Kind, check
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.plan import kinds_of
from winnow.core.rule_lint import lint_rules
from winnow.core.rules import MAX_RULES, Rule, accepted, objections
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import rule_from, rules_from_toml
from winnow.core.toml_text import need_tame
from winnow.errors import InvalidInputError, InvalidRuleError, InvalidRulesetError, Place
from winnow.ports import Clock, DraftStore, Page, Past, PastDecision, RuleDraft

#: Past decisions a rule is tried on at most.
MOST_LOOKED_AT = 5_000

_REFUSED: Final = "refused"
_UNREADABLE: Final = "unreadable"
_PREFIX = "rd"

_PRETENDED = "nobody yet"
#: Where a text is wrong, as `located` says it.
_PLACE = re.compile(r"text:(\d+)")


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What is wrong with a rule, or odd about it.

    code: `unreadable` and `refused` keep it from being used; the others are those of `core.rule_lint`
    where: which part · line, column: in the text, or in the condition, from 1
    excerpt: the line of the condition, and below it a caret at the very spot
    """

    rule: str
    code: str
    text: str
    fix: str
    where: str | None = None
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None

    @property
    def forbids(self) -> bool:
        """Whether the rule cannot be used as it is."""
        return self.code in {_UNREADABLE, _REFUSED}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do to past decisions: the live ruleset as it is against the same with the rule in it.

    hits: numbers of the decisions it fires on, the newest first
    changed: numbers of those that would have another outcome for sales
    counts: how many there are by (outcome before, outcome after), for sales
    """

    hits: tuple[int, ...]
    changed: tuple[int, ...]
    counts: Mapping[tuple[Outcome, Outcome], int]

    @property
    def looked_at(self) -> int:
        """Decisions it was tried on."""
        return sum(self.counts.values())


class RuleDesk:
    """Where rules are written. `live` gives the ruleset they are tried in."""

    def __init__(
        self,
        drafts: DraftStore,
        past: Past,
        live: Callable[[], Ruleset],
        clock: Clock,
        new_id: Callable[[str, datetime], str],
    ) -> None:
        self._drafts = drafts
        self._past = past
        self._live = live
        self._clock = clock
        self._new_id = new_id

    # ── drafts ───────────────────────────────────────────────────────────────────────────────────

    def add(self, document: Mapping[str, object], author: str) -> RuleDraft:
        """Keep a draft; raises InvalidRuleError for a condition that cannot be compiled, typed or bounded."""
        _need_bounded(rule_from(document), self._kinds())
        now = self._clock.now()
        draft = RuleDraft(self._new_id(_PREFIX, now), document, author, now, now)
        self._drafts.add(draft)
        return draft

    def draft(self, draft_id: str) -> RuleDraft:
        """One draft; raises NotFoundError."""
        return self._drafts.draft(draft_id)

    def page(self, after: str | None, limit: int) -> Page[RuleDraft]:
        """Drafts, in the order of their ids."""
        return self._drafts.page(after, limit)

    def replace(self, draft_id: str, document: Mapping[str, object], edition: str, actor: str) -> RuleDraft:
        """Change a draft; raises as `add` does, and ConflictError when it says something else than that edition."""
        _need_bounded(rule_from(document), self._kinds())
        return self._drafts.replace(draft_id, document, edition, actor, self._clock.now())

    def remove(self, draft_id: str, actor: str) -> None:
        """Forget a draft; raises NotFoundError."""
        self._drafts.remove(draft_id, actor, self._clock.now())

    # ── checks and trials ────────────────────────────────────────────────────────────────────────

    def check_text(self, text: str) -> tuple[RuleFinding, ...]:
        """All findings about the `[[rules]]` of a TOML text."""
        try:
            need_tame(text, "text")
            rules, signals = rules_from_toml(text, "text")
            kinds = {**self._kinds(), **kinds_of(signals)}
        except InvalidRulesetError as error:
            return (_unreadable(error),)
        if len(rules) > MAX_RULES:
            raise InvalidInputError(f"{len(rules):,} rules", where="toml", fix=f"check {MAX_RULES:,} at a time")
        return self._findings(rules, kinds)

    def check(self, document: Mapping[str, object]) -> tuple[RuleFinding, ...]:
        """All findings about one rule."""
        try:
            rule = rule_from(document)
        except InvalidRulesetError as error:
            return (_unreadable(error),)
        return self._findings([rule], self._kinds())

    def _kinds(self) -> Mapping[str, Kind]:
        return kinds_of(self._live().signals)

    def _findings(self, rules: Sequence[Rule], kinds: Mapping[str, Kind]) -> tuple[RuleFinding, ...]:
        refused = [finding for rule in rules for finding in _refusals(rule, kinds)]
        odd = lint_rules(rules, kinds, self._clock.now())
        return (
            *refused,
            *[RuleFinding(each.rule_id, each.code, each.text, each.fix) for each in odd if each.code != _REFUSED],
        )

    def test(self, document: Mapping[str, object], last: int) -> Trial:
        """Try a rule on the last decisions, from what was known then; it takes the place of the one with its id.

        Raises InvalidRulesetError when it cannot be part of the live ruleset; that words, examples or a second
        person are still missing is no obstacle.
        """
        rule = _finished(rule_from(document))
        live = self._live()
        accepted(rule, kinds_of(live.signals), "rule")
        others = tuple(each for each in live.rules if each.id != rule.id)
        tried = replace(live, rules=(*others, rule))
        tried.plan  # noqa: B018  # compiling is what finds what does not fit
        trial = _Trying(live, tried, f"rule:{rule.id}")
        for past in self._past.latest(min(last, MOST_LOOKED_AT)):
            trial.look_at(past)
        return trial.result()


class _Trying:
    """A trial under way: it counts, and keeps no decision."""

    def __init__(self, before: Ruleset, after: Ruleset, source: str) -> None:
        self._before = before
        self._after = after
        self._source = source
        self._counts: Counter[tuple[Outcome, Outcome]] = Counter()
        self._hits: list[int] = []
        self._changed: list[int] = []

    def look_at(self, past: PastDecision) -> None:
        """Decide anew what was decided, with both rulesets."""
        before = decide(past.lead, past.facts, self._before)
        after = decide(past.lead, past.facts, self._after)
        self._counts[before.outcome, after.outcome] += 1
        if any(reason.source == self._source for reason in after.reasons):
            self._hits.append(past.id)
        if before.outcome is not after.outcome:
            self._changed.append(past.id)

    def result(self) -> Trial:
        """What came of it."""
        return Trial(tuple(self._hits), tuple(self._changed), self._counts)


def _need_bounded(rule: Rule, kinds: Mapping[str, Kind]) -> None:
    """Refuse to keep what is hostile or no condition at all; what else is missing may still come."""
    check(rule.when, kinds, "when")


def _finished(rule: Rule) -> Rule:
    """The rule as if nothing were missing that a trial has no use for: nothing comes of a trial."""
    return replace(
        rule,
        text=rule.text.strip() or _PRETENDED,
        owner=rule.owner.strip() or _PRETENDED,
        reason=rule.reason.strip() or _PRETENDED,
        signed_off_by=f"not {rule.owner or _PRETENDED}",
        examples=(),
    )


def _refusals(rule: Rule, kinds: Mapping[str, Kind]) -> Iterator[RuleFinding]:
    objected = [RuleFinding(rule.id, _REFUSED, what, fix, where) for where, what, fix in objections(rule)]
    yield from objected
    try:
        if objected:
            _need_bounded(rule, kinds)
        else:
            accepted(rule, kinds, "rule")
    except InvalidRuleError as error:
        yield _finding(rule.id, _REFUSED, error)


def _unreadable(error: InvalidRulesetError) -> RuleFinding:
    return _finding("", _UNREADABLE, error)


def _finding(rule_id: str, code: str, error: InvalidRulesetError) -> RuleFinding:
    where = None if error.where is None else str(error.where)
    line = _PLACE.match(where or "")
    place = error.where if isinstance(error.where, Place) else Place("", int(line[1]) if line else None)
    excerpt = getattr(error, "excerpt", None)
    return RuleFinding(rule_id, code, error.what, error.fix or "", where, place.line, place.column, excerpt)
