"""What the services need from the outside world, as protocols that adapters fulfil."""

from winnow.ports.api_keys import ApiKeyStore
from winnow.ports.clock import Clock
from winnow.ports.guards import Backlog, GuardCounts, IncidentStore, ProofInUse
from winnow.ports.learning import (
    FitSettings,
    KnownLabel,
    Label,
    LabelStore,
    LadderStore,
    ShadowStore,
    SignOffs,
    Trainer,
)
from winnow.ports.lists import ListStore, WantedEntries
from winnow.ports.paging import Page
from winnow.ports.people import AttemptStore, Hasher, PeopleStore, SessionStore
from winnow.ports.rolling_back import Affected, DecidedLead, RollBack, RollBackStore
from winnow.ports.rulesets import DraftStore, KnownRuleset, RuleDraft, RulesetStore
from winnow.ports.screening import (
    Answered,
    Arrival,
    Assessed,
    FactSource,
    HistorySource,
    Ledger,
    Past,
    PastDecision,
    Recorded,
    Submitted,
)
from winnow.ports.sending import Outbox, WebhookStore
from winnow.ports.signing import Activation, Ground, SigningStore
from winnow.ports.stop import StopsInForce

__all__ = [
    "Activation",
    "Affected",
    "Answered",
    "ApiKeyStore",
    "Arrival",
    "Assessed",
    "AttemptStore",
    "Backlog",
    "Clock",
    "DecidedLead",
    "DraftStore",
    "FactSource",
    "FitSettings",
    "Ground",
    "GuardCounts",
    "Hasher",
    "HistorySource",
    "IncidentStore",
    "KnownLabel",
    "KnownRuleset",
    "Label",
    "LabelStore",
    "LadderStore",
    "Ledger",
    "ListStore",
    "Outbox",
    "Page",
    "Past",
    "PastDecision",
    "PeopleStore",
    "ProofInUse",
    "Recorded",
    "RollBack",
    "RollBackStore",
    "RuleDraft",
    "RulesetStore",
    "SessionStore",
    "ShadowStore",
    "SignOffs",
    "SigningStore",
    "StopsInForce",
    "Submitted",
    "Trainer",
    "WantedEntries",
    "WebhookStore",
]
