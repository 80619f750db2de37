"""When a certificate ends before its date, or with it: proof about the past is worth only as much as the present."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from winnow.core.thresholds import Certificate

#: The stretch over which fresh labels are counted, and before which none are asked for.
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Since:
    """What was seen since a certificate was issued.

    fresh_labels: labels the blind sample brought in the last MONTH
    drift: what a guard found that makes the leads of today other leads; empty when nothing
    rejecting: from when on leads have been rejected under it without a break, so that the sample could bring labels;
        aware, UTC; None while nothing is rejected
    """

    fresh_labels: int
    drift: str = ""
    rejecting: datetime | None = None


def lapsed(certificate: Certificate, scorecard_hash: str, since: Since, now: datetime) -> str | None:
    """Why the certificate no longer allows to reject at `now`; None while it does.

    `Certificate.covers` asks for date and scorecard at every decision; what depends on what was seen since is for a
    regular look to find, which then pauses rejecting.
    """
    if now >= certificate.expires_at:
        return f"the certificate lapsed on {certificate.expires_at:%Y-%m-%d}"
    if certificate.scorecard_hash != scorecard_hash:
        return "the certificate was earned by another scorecard"
    if since.drift:
        return f"the leads have changed since it was certified: {since.drift}"
    wanted = certificate.fresh_labels or 0
    if labels_due(since.rejecting, now) and since.fresh_labels < wanted:
        return f"the blind sample brought {since.fresh_labels} labels in {MONTH.days} days, and {wanted} are wanted"
    return None


def labels_due(rejecting: datetime | None, now: datetime) -> bool:
    """Whether the blind sample has had its first MONTH to bring labels; see `Since.rejecting`."""
    return rejecting is not None and now >= rejecting + MONTH
