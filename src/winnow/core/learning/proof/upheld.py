"""The guard over a certificate that is live: whether it lapsed, as `lapse` says, by what guards and labels show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winnow.core.learning.proof.lapse import Since, labels_due, lapsed
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew, Verdict
from winnow.core.monitor.incident import Incident
from winnow.core.thresholds import Certificate

#: How long before its last day the end of a certificate is told: enough to certify again and have that signed.
SOON = timedelta(days=14)

_DRIFT = frozenset({Guard.SCORE_DRIFT, Guard.SIGNAL_DRIFT})
#: Digits of a hash that stand for a scorecard.
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Proof:
    """The certificate under which the live scorecard rejects.

    since: from when on the live rulesets have let it reject under this certificate; aware, UTC
    """

    certificate: Certificate
    scorecard_hash: str
    since: datetime

    @property
    def name(self) -> str:
        """What tells it from others, in incidents about it."""
        return f"{self.scorecard_hash[:_DIGITS]} to {self.certificate.expires_at:%Y-%m-%d}"


def rejecting_since(proof: Proof, incidents: Sequence[Incident]) -> datetime | None:
    """From when on leads have been rejected under a certificate without a break; None while something else pauses it.

    Nothing is drawn into the blind sample while all rejecting is paused. Whoever lifts a pause, that for this very
    certificate included, gives the sample another month: without one it could never bring labels again.
    """
    own = (Guard.CERTIFICATE, proof.name)
    pausing = [each for each in incidents if each.pauses and each.source is None]
    if any(each.closed_at is None and (each.guard, each.about) != own for each in pausing):
        return None
    return max([proof.since, *[each.closed_at for each in pausing if each.closed_at is not None]])


def upheld(proof: Proof, fresh_labels: int, incidents: Sequence[Incident], now: datetime) -> Iterator[Verdict]:
    """Whether a certificate still allows to reject, and for how long.

    fresh_labels: labels the blind sample brought in the last month
    incidents: all there are of all guards, whether closed or not
    """
    certificate, rejecting = proof.certificate, rejecting_since(proof, incidents)
    since = Since(fresh_labels, _drift(proof, incidents), rejecting)
    why = lapsed(certificate, proof.scorecard_hash, since, now)
    if now >= certificate.expires_at:
        if why is not None and not _told(Guard.CERTIFICATE, proof, incidents, certificate.expires_at):
            yield _ended(proof, why, fresh_labels, certificate.expires_at)
        return
    if why is not None:
        yield _ended(proof, why, fresh_labels, now)
    soon = certificate.expires_at - SOON
    if now >= soon and not _told(Guard.CERTIFICATE_END, proof, incidents, soon):
        yield _ending(proof, soon)
    wanted = certificate.fresh_labels or 0
    if rejecting is not None and not labels_due(rejecting, now) and fresh_labels < wanted:
        yield TooFew(Guard.CERTIFICATE, None, fresh_labels, wanted, proof.name)


def _ended(proof: Proof, why: str, fresh_labels: int, at: datetime) -> Finding:
    figures = (why, "certify again on newer leads, have that signed and make it live; then close this incident")
    return Finding(
        Guard.CERTIFICATE, None, fresh_labels, at.date(), figures, Severity.ALARM, pauses=True, about=proof.name
    )


def _ending(proof: Proof, at: datetime) -> Finding:
    figures = (
        f"the certificate lapses on {proof.certificate.expires_at:%Y-%m-%d %H:%M} UTC",
        "from then on people decide; certify again on newer leads before that",
    )
    return Finding(Guard.CERTIFICATE_END, None, 0, at.date(), figures, Severity.NOTICE, pauses=False, about=proof.name)


def _drift(proof: Proof, incidents: Sequence[Incident]) -> str:
    """What was found about leads that are not those of the certificate; empty when nothing was.

    It stands until a person has dealt with it; and who says that things are as they should be since (`renewed`) says
    that leads are others than before, so that a certificate issued before is about leads that are gone.
    """
    issued = proof.certificate.issued_at
    standing = [each for each in incidents if each.guard in _DRIFT and each.closed_at is None]
    renewed = [
        each
        for each in incidents
        if each.guard in _DRIFT and each.renewed and issued is not None and each.opened_at >= issued
    ]
    found = [*standing, *renewed]
    return f"incident {found[0].id} of the guard `{found[0].guard}`" if found else ""


def _told(guard: Guard, proof: Proof, incidents: Sequence[Incident], since: datetime) -> bool:
    """Whether a person closed an incident about this after it began: nothing would be new about another one."""
    return any(
        (each.guard, each.about) == (guard, proof.name) and each.closed_at is not None and each.closed_at >= since
        for each in incidents
    )
