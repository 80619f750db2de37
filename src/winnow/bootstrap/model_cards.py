"""Model cards of learned scorecards: those whose model folders were put into the data folder, under `models`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from winnow.adapters.files.models import CARD_FACTS

#: The folder of model folders, within the data folder.
MODELS = "models"

_LARGEST = 20_000_000


def card_of(folder: Path, scorecard_hash: str) -> Mapping[str, Any] | None:
    """The card of a scorecard by its hash, out of the data folder; None when none of the models there is its."""
    for path in sorted((folder / MODELS).glob(f"*/{CARD_FACTS}")):
        card = _read(path)
        if card is not None and card.get("scorecard_hash") == scorecard_hash:
            return card
    return None


def _read(path: Path) -> Mapping[str, Any] | None:
    """A card; None for what is none, since somebody else's file must not take the page down."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
