"""Wiring of what people and programs change of a running service: lists, rules, rulesets, webhooks, people."""

import re
from collections.abc import Iterable, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from winnow.adapters.db.past import StoredPast
from winnow.adapters.db.rule_drafts import StoredDrafts
from winnow.adapters.db.webhooks import StoredWebhooks
from winnow.adapters.facts.lookup import match_keys
from winnow.adapters.files.cells import csv_cell
from winnow.adapters.keys import token_bytes
from winnow.adapters.lists import COLUMNS, lists_in, read_lists
from winnow.adapters.outbound.guard import Guard
from winnow.bootstrap.activating import make_break_glass, make_ground, make_rolling_back
from winnow.bootstrap.consenting import Consent, make_consent
from winnow.bootstrap.delivering import guard
from winnow.bootstrap.files import customers
from winnow.bootstrap.gatekeeping import Gate, make_gate
from winnow.bootstrap.guarding import make_guards
from winnow.bootstrap.incidents import make_incidents
from winnow.bootstrap.laddering import make_ladder, make_shadows
from winnow.bootstrap.lead_files import make_lead_files
from winnow.bootstrap.mailing import Mail, make_consent_links, make_digest, make_mail
from winnow.bootstrap.oidc import Oidc, make_oidc
from winnow.bootstrap.people import People, make_people
from winnow.bootstrap.policy import make_policy
from winnow.bootstrap.policy_files import policy_checker
from winnow.bootstrap.reviewing import make_bulk, make_review, make_showing
from winnow.bootstrap.searching import make_search
from winnow.bootstrap.service import Service
from winnow.bootstrap.signing import make_held, make_signing
from winnow.bootstrap.stopping import make_stop
from winnow.bootstrap.systems import make_systems
from winnow.bootstrap.today import make_today
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry, ListKind
from winnow.core.ruleset_write import list_entry_document
from winnow.services.break_glass import BreakGlassDesk
from winnow.services.digest import DigestDesk
from winnow.services.guards import GuardDesk
from winnow.services.incidents import IncidentDesk
from winnow.services.ladder import LadderDesk
from winnow.services.lead_file import LeadFiles
from winnow.services.list_hits import EntryHits
from winnow.services.lists import ListDesk
from winnow.services.policy import PolicyDesk
from winnow.services.review import ReviewDesk
from winnow.services.review_bulk import BulkDesk
from winnow.services.rolling_back import RollBackDesk
from winnow.services.rules import RuleDesk
from winnow.services.rulesets import RulesetDesk
from winnow.services.search import SearchDesk
from winnow.services.shadows import ShadowDesk
from winnow.services.showing import Showing
from winnow.services.signing import HeldSignOffs, SigningDesk
from winnow.services.stop import StopDesk
from winnow.services.systems import SystemDesk
from winnow.services.today import TodayDesk
from winnow.services.webhooks import WebhookDesk

#: Seconds in which the name in a webhook's URL should be found when it is saved.
_LOOK_UP_SECONDS = 2.0

#: What an entry of a file is called that gives none.
_LINE = re.compile(r"line-[0-9]+")


@dataclass(frozen=True, slots=True)
class Desks:
    """Where changes are made; every one of them is a leaf of the decision log.

    mail: None where no mail server is set · oidc: None where no OpenID provider is
    """

    lists: ListDesk
    entry_hits: EntryHits
    rules: RuleDesk
    rulesets: RulesetDesk
    webhooks: WebhookDesk
    guards: GuardDesk
    incidents: IncidentDesk
    shadows: ShadowDesk
    ladder: LadderDesk
    stop: StopDesk
    signing: SigningDesk
    sign_offs: HeldSignOffs
    break_glass: BreakGlassDesk
    rolling_back: RollBackDesk
    people: People
    review: ReviewDesk
    bulk: BulkDesk
    showing: Showing
    search: SearchDesk
    lead_files: LeadFiles
    systems: SystemDesk
    gate: Gate
    policy: PolicyDesk
    consent: Consent
    today: TodayDesk
    digest: DigestDesk
    mail: Mail | None
    oidc: Oidc | None


def make_desks(service: Service) -> Desks:
    """The desks of a service."""
    clock, new_id, bound = service.clock, service.new_id, service.live.ruleset
    ladder = make_ladder(service)
    past = StoredPast(service.engine, service.vault)
    webhooks = StoredWebhooks(service.engine, service.journal, service.vault, service.installation)
    check_url = partial(_check_url, guard(service.config))
    return Desks(
        lists=ListDesk(service.lists, past, _keys_of, clock, new_id, partial(names_one, customers(service.config))),
        entry_hits=EntryHits(past),
        rules=RuleDesk(StoredDrafts(service.engine, service.journal), past, bound, clock, new_id),
        rulesets=RulesetDesk(service.rulesets, bound, clock, make_ground(service), policy_checker(service.config)),
        webhooks=WebhookDesk(webhooks, check_url, clock, new_id, token_bytes),
        guards=make_guards(service),
        incidents=make_incidents(service),
        shadows=make_shadows(service),
        ladder=ladder,
        stop=make_stop(service),
        signing=make_signing(service),
        sign_offs=make_held(service),
        break_glass=make_break_glass(service),
        rolling_back=make_rolling_back(service),
        people=make_people(service),
        review=make_review(service),
        bulk=make_bulk(service),
        showing=make_showing(service),
        search=make_search(service),
        lead_files=make_lead_files(service),
        systems=make_systems(service),
        gate=make_gate(service),
        policy=make_policy(service),
        consent=make_consent(service, make_consent_links(service)),
        today=make_today(service),
        digest=make_digest(service),
        mail=make_mail(service),
        oidc=make_oidc(service),
    )


def _keys_of(lead: Lead, facts: Facts) -> list[tuple[ListKind, str]]:
    return match_keys(lead, (facts.email, facts.network, facts.phone))


def names_one(known: Set[str] | None, entry: ListEntry) -> bool:
    """Whether an entry names one of the known customers: an address, its domain, or a domain above it."""
    if not known or entry.kind not in {ListKind.EMAIL, ListKind.HOST, ListKind.DOMAIN}:
        return False
    domain = entry.value.rpartition("@")[2]
    if entry.kind is ListKind.EMAIL:
        return entry.value in known or domain in known
    ends = (f"@{domain}", f".{domain}") if entry.kind is ListKind.DOMAIN else (f"@{domain}",)
    return domain in known or any(each.endswith(ends) for each in known)


def _check_url(judge: Guard, url: str) -> None:
    """Refuse what may not be reached. A name that is not found may be one day; each sending judges it anew."""
    with suppress(OSError):
        judge.target(url, _LOOK_UP_SECONDS)


def entries_in(path: Path) -> list[dict[str, object]]:
    """The entries of a CSV file as tables; those that are called after their line are without an id."""
    return [_nameless(list_entry_document(entry)) for entry in read_lists(path)]


def entries_in_text(text: str, name: str) -> list[dict[str, object]]:
    """The same of a text; `name` is what errors call it."""
    return [_nameless(list_entry_document(entry)) for entry in lists_in(text, name)]


def _nameless(document: dict[str, object]) -> dict[str, object]:
    return {name: each for name, each in document.items() if name != "id" or not _LINE.fullmatch(str(each))}


def entries_csv(entries: Iterable[ListEntry]) -> str:
    """Entries as the text of a CSV file, in which no cell is a formula."""
    lines = [COLUMNS, *([_cell(list_entry_document(entry).get(name)) for name in COLUMNS] for entry in entries)]
    return "".join(",".join(cells) + "\n" for cells in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return csv_cell(" ".join(value) if isinstance(value, list) else str(value))
