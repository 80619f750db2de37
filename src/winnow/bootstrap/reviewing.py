"""Wiring of the review queue: where cases are kept, and what leads may be worth."""

from math import isfinite
from typing import TYPE_CHECKING

from winnow.adapters.db.dispositions import StoredReview
from winnow.adapters.db.past import StoredPast
from winnow.adapters.facts.lookup import match_keys
from winnow.config import Config
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListKind
from winnow.core.review.waiting import Worth
from winnow.errors import InvalidInputError
from winnow.services.review import ReviewDesk
from winnow.services.review_bulk import BulkDesk
from winnow.services.showing import Showing

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

_PERCENT = 100


def make_review(service: "Service") -> ReviewDesk:
    """The review queue of a service."""
    store, share = stored_cases(service), second_share(service.config)
    return ReviewDesk(store, service.clock, second_share=share, withholds=make_showing(service).withholds)


def make_showing(service: "Service") -> Showing:
    """What knows from whom numbers are withheld."""
    return Showing(stored_cases(service), service.live.ruleset, service.replay.ruleset, service.clock)


def make_bulk(service: "Service") -> BulkDesk:
    """The same queue for many leads at once."""
    past, share = StoredPast(service.engine, service.vault), second_share(service.config)
    return BulkDesk(stored_cases(service), past, _keys_of, service.clock, service.new_id, second_share=share)


def stored_cases(service: "Service") -> StoredReview:
    """Where cases are kept."""
    return StoredReview(service.engine, service.journal, service.vault, service.lists, service.installation)


def second_share(config: Config) -> float:
    """The share of decided cases that a second reviewer looks at; raises InvalidInputError unless 0 to 1."""
    percent = _amount(config.text("review.second_percent"), "review.second_percent")
    if percent > _PERCENT:
        raise InvalidInputError(f"{percent:g} %", where="review.second_percent", fix="give 0 to 100")
    return percent / _PERCENT


def worth(config: Config) -> Worth:
    """What leads may be worth; raises InvalidInputError for settings that do not say it."""
    usual = _amount(config.text("review.usual_value"), "review.usual_value")
    if not usual:
        raise InvalidInputError("the usual lead is worth nothing", where="review.usual_value", fix="give more than 0")
    of_source = {}
    for said in config.texts("review.source_values"):
        source, _, value = said.rpartition("=")
        of_source[source.strip()] = _amount(value, "review.source_values")
    return Worth(config.text("review.value_field"), of_source, usual)


def _amount(text: str, where: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not (isfinite(amount) and amount >= 0):
        raise InvalidInputError(f"`{text[:20]}` is no amount", where=where, fix="give a number, such as 800")
    return amount


def _keys_of(lead: Lead, facts: Facts) -> list[tuple[ListKind, str]]:
    return match_keys(lead, (facts.email, facts.network, facts.phone))
