"""A service that rejects without a person, and leads that a lot takes from it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.cases import certificate, ruleset, small_card
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import CategoryFeature
from winnow.core.thresholds import Bands, Thresholds, drawn

SHARE = 0.05
#: Filled in within three seconds from one network: 3,000 points, rejected. From elsewhere: 1,000 points, review.
HASTY = {"email": "a@b.example", "form_fill_seconds": 2.0, "ip": "192.0.2.1"}
ELSEWHERE = {"email": "a@b.example", "form_fill_seconds": 2.0, "ip": "198.51.100.7"}


def settings(folder: Path) -> dict[str, str]:
    """What a service needs to know who is a customer, and of that network."""
    customers = folder / "customers.txt"
    customers.write_text("customer.example\n")
    return {"screen.customers": str(customers), "facts.corporate": "192.0.2.0/24"}


def laws(now: datetime, *, rejecting: bool = True) -> Ruleset:
    """A ruleset that rejects such leads, and may; or the same without a certificate."""
    first, second = small_card().features
    assert isinstance(second, CategoryFeature)
    card = replace(small_card(), features=(first, replace(second, values=("corporate", "residential"))))
    issued, ends = now - timedelta(days=40), datetime(2100, 1, 1, tzinfo=UTC)
    good = certificate(card, issued_at=issued, expires_at=ends) if rejecting else None
    return ruleset(scorecard=card, thresholds=Thresholds(Bands(0, 1000, 3000), certificate=good, blind_share=SHARE))


def lucky(made: Ruleset, prefix: str = "x") -> str:
    """The id of a lead the lot falls on."""
    names = (f"{prefix}{number}" for number in range(10_000))
    return next(name for name in names if drawn(name, made.scorecard_hash, SHARE))
