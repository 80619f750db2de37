"""How things stand with the certificate of the live scorecard, in one word and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from winnow.core.learning.proof.lapse import Since, lapsed
from winnow.core.learning.proof.upheld import Proof
from winnow.core.monitor.finding import Guard
from winnow.core.monitor.incident import Incident
from winnow.core.thresholds import Certificate, Thresholds


class Standing(StrEnum):
    """NEVER: the live scorecard has none · CERTIFIED: it holds · LAPSED: it no longer does."""

    NEVER = "never"
    CERTIFIED = "certified"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class CertificateState:
    """What the certificate allows.

    until: the end of a certificate there is, or was · why: in words, why it lapsed
    rejects: whether the score rejects leads without a person, of some source at least, at this moment
    """

    standing: Standing
    until: datetime | None = None
    why: str | None = None
    rejects: bool = False


def certificate_state(
    thresholds: Thresholds, scorecard_hash: str, unclosed: Sequence[Incident], now: datetime
) -> CertificateState:
    """How the certificate of a live ruleset stands; `unclosed`: incidents that nobody has dealt with."""
    certificate = thresholds.certificate
    if certificate is None:
        return CertificateState(Standing.NEVER)
    why = _why(certificate, scorecard_hash, unclosed, now)
    if why is not None:
        return CertificateState(Standing.LAPSED, certificate.expires_at, why)
    paused = any(each.pauses and each.source is None for each in unclosed)
    rejects = any(thresholds.may_reject(bands, scorecard_hash, now) for bands in thresholds.all_bands)
    return CertificateState(Standing.CERTIFIED, certificate.expires_at, rejects=rejects and not paused)


def _why(certificate: Certificate, scorecard_hash: str, unclosed: Sequence[Incident], now: datetime) -> str | None:
    """Why it lapsed: what can be seen at once, or else what the guard over it has found."""
    enough = Since(certificate.fresh_labels or 0)
    why = lapsed(certificate, scorecard_hash, enough, now)
    if why is not None:
        return why
    name = Proof(certificate, scorecard_hash, now).name
    found = [each for each in unclosed if (each.guard, each.about) == (Guard.CERTIFICATE, name)]
    return "; ".join(found[0].figures) if found else None
