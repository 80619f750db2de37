"""Whether leads may be sent here: yes, as long as one that is sent is kept, in the database or else on the disk."""

from dataclasses import dataclass

from winnow.shells.http.state import State


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether leads are taken, and what can be said of each part, which is `ok` if all is well."""

    ready: bool
    parts: dict[str, str]

    @property
    def status(self) -> str:
        """In one word."""
        if not self.ready:
            return "not ready"
        return "ready" if all(said == "ok" for said in self.parts.values()) else "degraded"


def readiness(state: State) -> Readiness:
    """What is known without asking anybody, so that the answer is quick also when something hangs."""
    groups, failing = state.groups, state.operations.failing_jobs
    parts = {
        "recorder": "ok" if groups.running else "not running",
        "database": "away: leads wait on disk" if groups.away else "ok",
        "spool": _spool(state),
        "log": "broken: nothing is signed, see the log of the service" if state.operations.publisher.trouble else "ok",
        "jobs": f"failing: {', '.join(failing)}" if failing else "ok",
    }
    return Readiness(groups.running and not groups.refusing, parts)


def _spool(state: State) -> str:
    if state.groups.refusing:
        return "full or failing: leads are refused"
    waiting = state.operations.spooling.depth
    return f"{waiting} requests wait" if waiting else "ok"
