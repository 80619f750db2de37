"""From score to outcome band; the score rejects only under a certificate that is still good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from winnow.core.outcome import Outcome
from winnow.errors import InvalidRulesetError

#: No certificate below this lower bound of precision, or on fewer labels, ever allows a rejection.
PRECISION_FLOOR = 0.99
LABELS_FLOOR = 400

#: Share of the leads a machine would reject that go to a person unannounced, so that its mistakes stay countable.
BLIND_SHARE = 0.03
LEAST_BLIND_SHARE, MOST_BLIND_SHARE = 0.02, 0.05

#: Keeps this draw apart from all other hashes over the same texts.
_BLIND_DOMAIN = "winnow/blind/v1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Statistical proof that rejecting from `threshold` points up is right often enough.

    precision_bound: one-sided 95 % lower confidence bound of precision on hold-out leads
    labels: hold-out leads above the threshold whose truth is known
    scorecard_hash: the scorecard it was earned by
    expires_at: aware, UTC; from then on it proves nothing
    issued_at: aware, UTC; None when nobody wrote it down
    wrong: how many of these labels were not what the score said
    coverage: share of all hold-out leads that reach the threshold
    fresh_labels: labels from the blind sample that are wanted every month; with fewer it should lapse
    """

    precision_bound: float
    labels: int
    threshold: int
    scorecard_hash: str
    expires_at: datetime
    issued_at: datetime | None = None
    wrong: int | None = None
    coverage: float | None = None
    fresh_labels: int | None = None

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
    """The bands, for every source or for one; and the certificate without which the score never rejects.

    blind_share: see BLIND_SHARE; None means the usual one where there is a reject band, and none elsewhere
    """

    bands: Bands
    by_source: Mapping[str, Bands] = field(default_factory=dict)
    certificate: Certificate | None = None
    blind_share: float | None = None

    def __post_init__(self) -> None:
        share = self.blind_share
        if share is not None and not LEAST_BLIND_SHARE <= share <= MOST_BLIND_SHARE:
            raise InvalidRulesetError(
                f"a blind share of {share:g}",
                where="thresholds.blind_share",
                fix=f"give {LEAST_BLIND_SHARE:g} to {MOST_BLIND_SHARE:g}, or leave it out for {BLIND_SHARE:g}",
            )

    @property
    def sampled_share(self) -> float:
        """The share of would-be rejections that go blind to a person; 0 when nothing rejects by score."""
        if self.blind_share is not None:
            return self.blind_share
        return BLIND_SHARE if any(bands.reject is not None for bands in self.all_bands) else 0.0

    @property
    def all_bands(self) -> tuple[Bands, ...]:
        """The general bands and those of every source that has its own."""
        return (self.bands, *self.by_source.values())

    def for_source(self, source: str | None) -> Bands:
        """The bands of a source; the general ones when it has none of its own."""
        return self.by_source.get(source, self.bands) if source is not None else self.bands

    def may_reject(self, bands: Bands, scorecard_hash: str, now: datetime) -> bool:
        """Whether a score in the reject band may reject without a person, at `now`."""
        if self.certificate is None or bands.reject is None:
            return False
        return self.certificate.covers(bands.reject, scorecard_hash, now)


def drawn(lead_id: str, scorecard_hash: str, share: float) -> bool:
    """Whether the lot falls on this lead, for a person to decide it in place of a rejection.

    The lot is SHA-256 over the scorecard's hash and the lead's id, read as a number from 0 to 1: as good as
    chance for whoever does not know the scorecard, the same at every replay, and the same whatever rules, lists
    and thresholds stand beside that scorecard, so that two rulesets over the same leads do not differ by luck.
    A greater share only adds leads to those of a smaller one.
    """
    digest = sha256(f"{_BLIND_DOMAIN}\n{scorecard_hash}\n{lead_id}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) < share * 2**64
