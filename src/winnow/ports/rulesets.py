"""Where rulesets and drafts of rules are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.canonical import content_hash
from winnow.core.ruleset import Ruleset
from winnow.ports.paging import Page
from winnow.ports.signing import Ground


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule that is being written; it decides nothing. `document` is the rule as plain tables."""

    id: str
    document: Mapping[str, object]
    author: str
    created_at: datetime
    changed_at: datetime

    @property
    def edition(self) -> str:
        """Stands for what the draft says; whoever changes it names the edition they have read."""
        return content_hash(self.document)[:32]


class DraftStore(Protocol):
    """Keeps drafts of rules; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, draft: RuleDraft) -> None:
        """Keep a new draft."""
        ...

    def draft(self, draft_id: str) -> RuleDraft:
        """One draft; raises NotFoundError."""
        ...

    def page(self, after: str | None, limit: int) -> Page[RuleDraft]:
        """Drafts, in the order of their ids."""
        ...

    def replace(
        self, draft_id: str, document: Mapping[str, object], edition: str, actor: str, now: datetime
    ) -> RuleDraft:
        """Change a draft; raises NotFoundError, and ConflictError when it says something else than that edition."""
        ...

    def remove(self, draft_id: str, actor: str, now: datetime) -> None:
        """Forget a draft; raises NotFoundError."""
        ...


@dataclass(frozen=True, slots=True)
class KnownRuleset:
    """A ruleset as it is listed; when and by whom it was activated last is None when it never was."""

    hash: str
    id: str
    added_at: datetime
    author: str
    live: bool
    activated_at: datetime | None = None
    activated_by: str | None = None


class RulesetStore(Protocol):
    """Keeps rulesets; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, ruleset: Ruleset, author: str, now: datetime) -> None:
        """Keep a ruleset; one that is kept already stays as it is."""
        ...

    def activate(self, ruleset: Ruleset, actor: str, now: datetime, ground: Ground) -> int:
        """Make a ruleset the live one, on all replicas; returns the number of that in the log.

        Raises NotAllowedError when the ground does not hold, which the database itself looks after.
        """
        ...

    def document(self, digest: str) -> Mapping[str, object]:
        """A ruleset by its hash, or by the beginning of it; raises NotFoundError."""
        ...

    def live(self) -> Ruleset | None:
        """The one that was activated last; None before the first."""
        ...

    def page(self, after: str | None, limit: int) -> Page[KnownRuleset]:
        """Those that people added or that were live, the newest first."""
        ...

    def known(self, digest: str) -> KnownRuleset:
        """One of them by its whole hash; raises NotFoundError."""
        ...
