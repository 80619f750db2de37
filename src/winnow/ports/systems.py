"""Where the register of AI systems is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from winnow.core.govern.systems import AiSystem, Revision


class SystemStore(Protocol):
    """Keeps every revision of every system; each is a leaf of the log, and any method may raise StoreAwayError."""

    def keep(self, system: AiSystem, actor: str, now: datetime, *, what: str, note: str = "") -> None:
        """Keep another revision of a system; raises ConflictError unless its number follows the last one, from 1.

        what: such as `system.changed`, the kind of the leaf · note: what the person said
        """
        ...

    def system(self, system_id: str) -> AiSystem:
        """A system as it stands; raises NotFoundError."""
        ...

    def all(self) -> Sequence[AiSystem]:
        """All as they stand, in the order of their ids."""
        ...

    def history(self, system_id: str) -> Sequence[Revision]:
        """All revisions of one, the newest first; none when there is no such system."""
        ...
