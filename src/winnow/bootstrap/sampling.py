"""Wiring of the blind sample: the certificate it keeps alive, and what it says about leads that were rejected."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache

from winnow.adapters.db.blind_sample import Draw, StoredSample
from winnow.bootstrap.service import Service
from winnow.core.learning.ladder import Rung, subject_of_card
from winnow.core.learning.proof.blind import FalseRejects, Released, false_reject_rate, released
from winnow.core.learning.proof.upheld import Proof
from winnow.core.ruleset import Ruleset

#: Rulesets whose draw is remembered: each change of a list makes a ruleset.
_MOST_RULESETS = 1_000


class LiveProof:
    """The certificate that lets the live scorecard reject; see the port ProofInUse."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._sample = make_sample(service)

    def proof(self) -> Proof | None:
        """The certificate; None when the score rejects nobody, as below the highest rung of the ladder."""
        live = self._service.live.ruleset()
        since = self._service.rulesets.certified_since()
        certificate, digest = live.thresholds.certificate, live.scorecard_hash
        if certificate is None or since is None:
            return None
        begun = max([since, *self._promoted(live)])
        rejects = any(
            each.reject is not None and certificate.covers(each.reject, digest, begun)
            for each in live.thresholds.all_bands
        )
        return Proof(certificate, digest, begun) if rejects else None

    def fresh_labels(self, since: datetime) -> int:
        """Leads of the blind sample that were labelled from a moment on."""
        return self._sample.fresh_labels(since)

    def _promoted(self, live: Ruleset) -> list[datetime]:
        """When the scorecard was let up to rejecting, if it had to climb."""
        name = subject_of_card(live)
        standings = self._service.ladder.standings()
        return [each.at for each in standings if each.subject == name and each.rung is Rung.REJECT]


@dataclass(frozen=True, slots=True)
class BlindReport:
    """What the blind sample says about the leads that were rejected.

    since: decisions from then on, None: all · rejected: by score or rule, without a person
    erased: leads that may have been of the sample and were erased since; they are left out
    """

    since: datetime | None
    rejected: int
    erased: int
    found: FalseRejects

    @property
    def drawn(self) -> int:
        """Leads that went to a person in place of a rejection."""
        return self.found.labelled + self.found.unlabelled

    @property
    def document(self) -> dict[str, object]:
        """All of it as plain data."""
        return {
            "since": None if self.since is None else self.since.isoformat(),
            "rejected": self.rejected,
            "drawn": self.drawn,
            "erased": self.erased,
            **asdict(self.found),
            "wrongly": self.found.wrongly,
            "labels_missing": self.found.missing,
        }


def blind_report(service: Service, since: datetime | None) -> BlindReport:
    """Read the blind sample of an installation."""
    draw_of = _draws(service)
    sample = StoredSample(service.engine, service.vault, draw_of)
    drawn: list[Released] = []
    erased = 0
    for decision, verdict in sample.all(since):
        if decision is None:
            erased += 1
        elif (lead := released(decision, verdict, draw_of(decision.ruleset_hash).share)) is not None:
            drawn.append(lead)
    return BlindReport(since, sample.rejected(since), erased, false_reject_rate(drawn))


def make_sample(service: Service) -> StoredSample:
    """The blind sample of a service."""
    return StoredSample(service.engine, service.vault, _draws(service))


def _draws(service: Service) -> Callable[[str], Draw]:
    @lru_cache(maxsize=_MOST_RULESETS)
    def draw_of(digest: str) -> Draw:
        ruleset = service.rulesets.ruleset(digest)
        return Draw(ruleset.scorecard_hash, ruleset.thresholds.sampled_share)

    return draw_of
