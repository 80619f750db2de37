"""What is attached to a proposal, as those may read it who may not see leads."""

from collections.abc import Mapping
from typing import Final

#: What holds names or numbers of leads in simulations, shadow and bias reports.
_OF_LEADS: Final = frozenset({"ref", "refs", "gone_refs", "movers", "changed_leads", "lead", "lead_id", "lead_ids"})


def without_leads(document: Mapping[str, object]) -> dict[str, object]:
    """The same without whatever names a lead; a new document."""
    return {name: _without(value) for name, value in document.items() if name not in _OF_LEADS}


def _without(value: object) -> object:
    if isinstance(value, Mapping):
        return without_leads(value)
    return [_without(each) for each in value] if isinstance(value, list) else value
