"""Rulesets in shadow: put on live traffic without effect, taken off, and read about."""

from winnow.core.learning.shadow import Shadow, ShadowReport
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import ConflictError, InvalidInputError
from winnow.ports import Clock, RulesetStore, ShadowStore

#: Rulesets in shadow at once: each decides every lead beside the live one.
MOST_RUNNING = 3

#: Shares are kept in millionths: of a smaller one nothing would be left.
LEAST_SHARE = 0.000001

#: Leads a report names at most.
MOST_CHANGED = 200


class ShadowDesk:
    """Where rulesets are put in shadow."""

    def __init__(self, shadows: ShadowStore, rulesets: RulesetStore, clock: Clock) -> None:
        self._shadows = shadows
        self._rulesets = rulesets
        self._clock = clock

    def start(self, digest: str, share: float, actor: str) -> Shadow:
        """Put a ruleset in shadow for a share of the leads, up to 1; one that is in it already begins anew.

        digest: the hash of a ruleset, or the beginning of it; raises NotFoundError, and ConflictError for too many
        """
        if not LEAST_SHARE <= share <= 1:
            fix = f"give at least {LEAST_SHARE:f} and at most 1"
            raise InvalidInputError(f"a share of {share:g}", where="share", fix=fix)
        ruleset = self._ruleset(digest)
        ruleset.plan  # noqa: B018  # compiling is what finds that it cannot decide
        others = [each for each in self._shadows.running() if each.ruleset != ruleset.hash]
        if len(others) >= MOST_RUNNING:
            what = f"{len(others)} rulesets are in shadow, and no more can be"
            raise ConflictError(what, fix="take one of them out of it first")
        return self._shadows.start(ruleset.hash, share, actor, self._clock.now())

    def stop(self, digest: str, actor: str) -> None:
        """Take a ruleset out of shadow; what it decided stays. Raises NotFoundError when it is not in it."""
        self._shadows.stop(self._ruleset(digest).hash, actor, self._clock.now())

    def report(self, digest: str, most_changed: int = MOST_CHANGED) -> ShadowReport:
        """How a ruleset differed from the live one; raises NotFoundError when it never was in shadow."""
        return self._shadows.report(self._ruleset(digest).hash, most_changed)

    def read(self, digest: str, leads: int, actor: str) -> None:
        """Note that somebody has read the report, and over how many leads it was when they did.

        Raises ConflictError when it is over fewer: nobody can have read that.
        """
        report = self.report(digest, 0)
        if not 0 < leads <= report.leads:
            what = f"the report is over {report.leads:,} leads, not {leads:,}"
            raise ConflictError(what, fix="read it again and give its number of leads")
        self._shadows.read(report.ruleset, leads, actor, self._clock.now())

    def running(self) -> tuple[Shadow, ...]:
        """Those in shadow now."""
        return tuple(self._shadows.running())

    def _ruleset(self, digest: str) -> Ruleset:
        return ruleset_from(self._rulesets.document(digest))
