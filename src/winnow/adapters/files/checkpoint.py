"""How far a run has come, so that an interrupted one goes on instead of beginning again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from winnow.adapters.files.chunks import Position

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything before these positions is done and on the disk.

    input: fingerprint of the source · ruleset: content hash · settings: whatever else must be equal to go on
    position: where reading goes on · output, rejected: bytes of the partial files that count
    counts: of whatever the run counts · now: the moment the run was begun (ISO 8601), which stays its present
    """

    input: str
    ruleset: str
    settings: str
    position: Position
    output: int
    rejected: int
    counts: Mapping[str, int] = field(default_factory=dict)
    now: str = ""

    def continues(self, source: str, ruleset: str, settings: str) -> bool:
        """Whether a run over this source with this ruleset and these settings may go on from here."""
        return (self.input, self.ruleset, self.settings) == (source, ruleset, settings)


def checkpoint_path(output: Path) -> Path:
    """Where the checkpoint of an output is kept."""
    return output.with_name(f"{output.name}.checkpoint.json")


def save_checkpoint(output: Path, checkpoint: Checkpoint) -> None:
    """Put a checkpoint beside the output, replacing an earlier one in one step."""
    path = checkpoint_path(output)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps({"version": _VERSION, **asdict(checkpoint)}), encoding="utf-8")
    fresh.replace(path)


def load_checkpoint(output: Path) -> Checkpoint | None:
    """The checkpoint beside an output; None when there is none that can be read, and the run begins anew."""
    try:
        found = json.loads(checkpoint_path(output).read_text(encoding="utf-8"))
        if found.pop("version") != _VERSION:
            return None
        position = found.pop("position")
        return Checkpoint(position=Position(int(position["offset"]), int(position["line"])), **found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remove_checkpoint(output: Path) -> None:
    """Forget how far a run has come, once it is finished or begins anew."""
    checkpoint_path(output).unlink(missing_ok=True)
