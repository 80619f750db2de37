"""Wiring of what people and programs change of a running service: lists, rules, rulesets, webhooks, people."""

import re
from collections.abc import Iterable
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
from winnow.adapters.lists import COLUMNS, read_lists
from winnow.adapters.outbound.guard import Guard
from winnow.bootstrap.delivering import guard
from winnow.bootstrap.guarding import make_guards
from winnow.bootstrap.laddering import make_ladder, make_shadows
from winnow.bootstrap.people import People, make_people
from winnow.bootstrap.reviewing import make_review
from winnow.bootstrap.service import Service
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry, ListKind
from winnow.core.ruleset_write import list_entry_document
from winnow.services.guards import GuardDesk
from winnow.services.ladder import LadderDesk
from winnow.services.lists import ListDesk
from winnow.services.review import ReviewDesk
from winnow.services.rules import RuleDesk
from winnow.services.rulesets import RulesetDesk
from winnow.services.shadows import ShadowDesk
from winnow.services.webhooks import WebhookDesk

#: Seconds in which the name in a webhook's URL should be found when it is saved.
_LOOK_UP_SECONDS = 2.0

#: What an entry of a file is called that gives none.
_LINE = re.compile(r"line-[0-9]+")


@dataclass(frozen=True, slots=True)
class Desks:
    """Where changes are made; every one of them is a leaf of the decision log."""

    lists: ListDesk
    rules: RuleDesk
    rulesets: RulesetDesk
    webhooks: WebhookDesk
    guards: GuardDesk
    shadows: ShadowDesk
    ladder: LadderDesk
    people: People
    review: ReviewDesk


def make_desks(service: Service) -> Desks:
    """The desks of a service."""
    clock, new_id, bound = service.clock, service.new_id, service.live.ruleset
    ladder = make_ladder(service)
    past = StoredPast(service.engine, service.vault)
    webhooks = StoredWebhooks(service.engine, service.journal, service.vault, service.installation)
    check_url = partial(_check_url, guard(service.config))
    return Desks(
        lists=ListDesk(service.lists, past, _keys_of, clock, new_id),
        rules=RuleDesk(StoredDrafts(service.engine, service.journal), past, bound, clock, new_id),
        rulesets=RulesetDesk(service.rulesets, bound, clock, ladder.may_activate),
        webhooks=WebhookDesk(webhooks, check_url, clock, new_id, token_bytes),
        guards=make_guards(service),
        shadows=make_shadows(service),
        ladder=ladder,
        people=make_people(service),
        review=make_review(service),
    )


def _keys_of(lead: Lead, facts: Facts) -> list[tuple[ListKind, str]]:
    return match_keys(lead, (facts.email, facts.network, facts.phone))


def _check_url(judge: Guard, url: str) -> None:
    """Refuse what may not be reached. A name that is not found may be one day; each sending judges it anew."""
    with suppress(OSError):
        judge.target(url, _LOOK_UP_SECONDS)


def entries_in(path: Path) -> list[dict[str, object]]:
    """The entries of a CSV file as tables; those that are called after their line are without an id."""
    entries = read_lists(path)
    return [_nameless(list_entry_document(entry)) for entry in entries]


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
