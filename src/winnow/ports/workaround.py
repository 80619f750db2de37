"""What holding contacts against permits needs: the permits, and the mail that left through the gate."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from winnow.core.govern.workaround import Permitted


class PermittedStore(Protocol):
    """Looks up what was permitted. May raise StoreAwayError."""

    def permitted(self, subjects: Sequence[int], since: datetime, until: datetime) -> Mapping[int, Sequence[Permitted]]:
        """What was permitted for some persons, or left for them, between two moments; without those of none."""
        ...
