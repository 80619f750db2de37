"""The bundle of everything a person or a model can change; immutable, known by the hash of its content."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from winnow.core.canonical import content_hash
from winnow.core.declared import DeclaredSignal
from winnow.core.lists import ListEntry, ListIndex
from winnow.core.plan import Plan, planned
from winnow.core.policy import Policy
from winnow.core.rules import Rule
from winnow.core.ruleset_write import ruleset_document, scorecard_document
from winnow.core.scorecard import JUNK, Scorecard
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import InvalidRulesetError


@dataclass(frozen=True, slots=True)
class ReferenceSource:
    """A list or table that facts are looked up in, and which edition of it; `date` is ISO 8601 or empty."""

    name: str
    version: str
    date: str = ""


@dataclass(frozen=True)
class Ruleset:
    """Policy, lists, rules, scorecard and thresholds, with the editions of the reference data they rely on.

    signals: those declared over an organisation's own fields, besides the ones everybody has
    lists: the entries that travel inside the ruleset · lists_snapshot: hash of further entries kept outside
    """

    id: str
    policy: Policy
    scorecard: Scorecard
    thresholds: Thresholds
    rules: tuple[Rule, ...] = ()
    lists: tuple[ListEntry, ...] = ()
    lists_snapshot: str = ""
    references: tuple[ReferenceSource, ...] = field(default=())
    signals: tuple[DeclaredSignal, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.scorecard.target != JUNK:
            raise InvalidRulesetError(
                f"scorecard `{self.scorecard.id}` counts {self.scorecard.target}, not junk",
                where="scorecard.target",
                fix="screen with a scorecard that was fitted for junk",
            )
        _check_bands(self.scorecard, self.thresholds.bands, "thresholds")
        for source, bands in self.thresholds.by_source.items():
            _check_bands(self.scorecard, bands, f"thresholds.by_source.{source}")

    @cached_property
    def document(self) -> Mapping[str, object]:
        """The ruleset as plain tables, which TOML and JSON carry and the hash is taken of."""
        return ruleset_document(self)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of its content; two rulesets with the same hash decide alike."""
        versions = {signal.name: signal.version for signal in self.plan.signals}
        return content_hash({**self.document, "signal_versions": versions})

    @cached_property
    def scorecard_hash(self) -> str:
        """SHA-256 of the scorecard alone, which a certificate is bound to."""
        return content_hash(scorecard_document(self.scorecard))

    @cached_property
    def plan(self) -> Plan:
        """The compiled form; raises InvalidRulesetError when the parts do not fit the declared signals."""
        return planned(self.policy, self.rules, self.scorecard, self.signals)

    @cached_property
    def index(self) -> ListIndex:
        """Its own list entries, ready for look-up."""
        return ListIndex(self.lists)

    def with_references(self, references: tuple[ReferenceSource, ...]) -> "Ruleset":
        """The same ruleset bound to the editions of reference data in use."""
        return replace(self, references=references)

    @property
    def unbound(self) -> "Ruleset":
        """What somebody wrote: without what an installation binds it to, its lists and editions of reference data."""
        return replace(self, references=(), lists_snapshot="")


def _check_bands(card: Scorecard, bands: Bands, where: str) -> None:
    if card.base >= bands.tag:
        raise InvalidRulesetError(
            f"a lead nothing is known about ({card.base} points) would not be accepted (tag from {bands.tag})",
            where=where,
            fix="lower scorecard.base or raise the tag threshold",
        )
    for family, cap in card.caps.items():
        if bands.reject is not None and card.base + cap >= bands.reject:
            raise InvalidRulesetError(
                f"evidence of family `{family}` alone could reach reject ({card.base} + {cap} ≥ {bands.reject})",
                where=where,
                fix="lower the family's cap or raise the reject threshold",
            )
