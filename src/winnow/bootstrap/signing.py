"""Wiring of sign-off: what can be proposed, where it is kept, and who answers for it."""

import re
from collections.abc import Mapping

from winnow.adapters.db.incidents import StoredIncidents
from winnow.adapters.db.signing import StoredSigning
from winnow.adapters.db.systems import StoredSystems
from winnow.bootstrap.service import Service
from winnow.core.govern.signing import Kind, ladder_content
from winnow.core.learning.ladder import Rung, subject_of_card, subject_of_rule
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import InvalidInputError, NotFoundError
from winnow.services.shadows import ShadowDesk
from winnow.services.signing import Content, HeldSignOffs, SigningDesk

_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_SHOWN = 60


def make_store(service: Service) -> StoredSigning:
    """Where proposals are kept."""
    return StoredSigning(service.engine, service.journal)


def make_held(service: Service) -> HeldSignOffs:
    """Says which sign-offs hold now."""
    incidents = StoredIncidents(service.engine, service.journal)
    return HeldSignOffs(make_store(service), service.people, incidents, service.clock, service.new_id)


def make_signing(service: Service) -> SigningDesk:
    """Where people propose and sign."""
    found = _Found(service)
    find = {
        Kind.RULESET: found.ruleset,
        Kind.BREAK_GLASS: found.ruleset,
        Kind.LADDER: found.step,
        Kind.AI_SYSTEM: found.system,
    }
    return SigningDesk(
        make_store(service),
        make_held(service),
        find,
        found.shadow,
        service.clock,
        service.new_id,
    )


class _Found:
    """What people name when they propose something."""

    def __init__(self, service: Service) -> None:
        self._rulesets = service.rulesets
        self._systems = StoredSystems(service.engine, service.journal)
        self._shadows = ShadowDesk(service.shadows, service.rulesets, service.clock)

    def ruleset(self, name: str, _: Mapping[str, str]) -> Content:
        """A ruleset by its hash, as it was put in."""
        ruleset, author = self._ruleset(name)
        return Content(ruleset.hash, ruleset.hash, author, {"ruleset": ruleset.hash})

    def step(self, name: str, terms: Mapping[str, str]) -> Content:
        """A step of a ruleset's scorecard, or of one of its rules, up the ladder."""
        ruleset, author = self._ruleset(name)
        rung = terms.get("rung", "")
        if rung not in set(Rung) - {Rung.SHADOW}:
            raise InvalidInputError(
                f"`{rung[:_SHOWN]}` is no rung to climb to", where="rung", fix="use tag, review or reject"
            )
        subject = subject_of_card(ruleset)
        if "rule" in terms:
            rule = next((each for each in ruleset.rules if each.id == terms["rule"]), None)
            if rule is None:
                raise NotFoundError("the ruleset has no such rule", fix="see its rules with `winnow ruleset show`")
            subject = subject_of_rule(rule)
        content = ladder_content(subject, rung, ruleset.hash)
        return Content(subject, content, author, {**terms, "ruleset": ruleset.hash})

    def system(self, name: str, _: Mapping[str, str]) -> Content:
        """An AI system as it stands in the register; its writer is who first gave it this content."""
        system = self._systems.system(name)
        same = [each.actor for each in self._systems.history(name) if each.system.content_hash == system.content_hash]
        return Content(system.id, system.content_hash, same[-1])

    def shadow(self, digest: str) -> Mapping[str, object] | None:
        """How a ruleset differed while it was in shadow; None when it never was."""
        try:
            report = self._shadows.report(digest, 0)
        except NotFoundError:
            return None
        return {
            "leads": report.leads,
            "days": round(report.days, 3),
            "stricter": report.stricter,
            "milder": report.milder,
            "failed": report.failed,
            "read_by": report.read_by,
            "read_leads": report.read_leads,
        }

    def _ruleset(self, name: str) -> tuple[Ruleset, str]:
        if not _DIGEST.fullmatch(name):
            raise NotFoundError("this is no hash of a ruleset", fix="give 8 to 64 hexadecimal digits")
        ruleset = ruleset_from(self._rulesets.document(name)).unbound
        return ruleset, self._rulesets.known(ruleset.hash).author
