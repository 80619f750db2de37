"""From score to outcome band; the score rejects only under a certificate that is still good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from winnow.core.outcome import Outcome
from winnow.errors import InvalidRulesetError

#: No certificate below this lower bound of precision, or on fewer labels, ever allows a rejection.
PRECISION_FLOOR = 0.99
LABELS_FLOOR = 400


@dataclass(frozen=True, slots=True)
class Certificate:
    """Statistical proof that rejecting from `threshold` points up is right often enough.

    precision_bound: one-sided 95 % lower confidence bound of precision on hold-out leads
    labels: hold-out leads above the threshold whose truth is known
    scorecard_hash: the scorecard it was earned by
    expires_at: aware, UTC; from then on it proves nothing
    """

    precision_bound: float
    labels: int
    threshold: int
    scorecard_hash: str
    expires_at: datetime

    def covers(self, reject_at: int, scorecard_hash: str, now: datetime) -> bool:
        """Whether it allows this scorecard to reject from `reject_at` points up at `now`."""
        return (
            self.precision_bound >= PRECISION_FLOOR
            and self.labels >= LABELS_FLOOR
            and self.threshold <= reject_at
            and self.scorecard_hash == scorecard_hash
            and now < self.expires_at
        )


@dataclass(frozen=True, slots=True)
class Bands:
    """Least scores, in points, of the bands tag, review and reject; `reject` None means never by score."""

    tag: int
    review: int
    reject: int | None = None

    def __post_init__(self) -> None:
        ceiling = self.review if self.reject is None else self.reject
        if not self.tag <= self.review <= ceiling:
            raise InvalidRulesetError(
                f"thresholds are out of order: tag {self.tag}, review {self.review}, reject {self.reject}",
                fix="make them tag ≤ review ≤ reject",
            )

    def band(self, score: int) -> Outcome:
        """The band a score falls into, certificate or not."""
        if self.reject is not None and score >= self.reject:
            return Outcome.REJECT
        if score >= self.review:
            return Outcome.REVIEW
        return Outcome.TAG if score >= self.tag else Outcome.ACCEPT


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The bands, for every source or for one; and the certificate without which the score never rejects."""

    bands: Bands
    by_source: Mapping[str, Bands] = field(default_factory=dict)
    certificate: Certificate | None = None

    def for_source(self, source: str | None) -> Bands:
        """The bands of a source; the general ones when it has none of its own."""
        return self.by_source.get(source, self.bands) if source is not None else self.bands

    def may_reject(self, bands: Bands, scorecard_hash: str, now: datetime) -> bool:
        """Whether a score in the reject band may reject without a person, at `now`."""
        if self.certificate is None or bands.reject is None:
            return False
        return self.certificate.covers(bands.reject, scorecard_hash, now)
