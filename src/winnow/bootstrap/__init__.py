"""The one place that wires adapters to services; shells get everything of the outside world from here."""

from winnow.adapters.facts.history import SlidingHistory, unpacked
from winnow.adapters.facts.order import OrderedHistory
from winnow.adapters.files.checkpoint import Checkpoint, load_checkpoint, remove_checkpoint, save_checkpoint
from winnow.adapters.files.chunks import Chunk, Position
from winnow.adapters.files.decisions import FORMATS
from winnow.adapters.files.maps import load_mapping
from winnow.adapters.files.output import OutputFile, partial_path
from winnow.adapters.files.rejected import RejectedRows, format_rejected, rejected_path
from winnow.adapters.files.source import Source, fingerprint, open_source
from winnow.adapters.rulesets import ruleset_toml
from winnow.bootstrap.files import (
    FileJob,
    FileParts,
    clock,
    customers,
    file_parts,
    finisher,
    load_rules,
    load_ruleset,
    reference,
    times_of,
    written_paths,
)

__all__ = [
    "FORMATS",
    "Checkpoint",
    "Chunk",
    "FileJob",
    "FileParts",
    "OrderedHistory",
    "OutputFile",
    "Position",
    "RejectedRows",
    "SlidingHistory",
    "Source",
    "clock",
    "customers",
    "file_parts",
    "fingerprint",
    "finisher",
    "format_rejected",
    "load_checkpoint",
    "load_mapping",
    "load_rules",
    "load_ruleset",
    "open_source",
    "partial_path",
    "reference",
    "rejected_path",
    "remove_checkpoint",
    "ruleset_toml",
    "save_checkpoint",
    "times_of",
    "unpacked",
    "written_paths",
]
