"""How the columns of a file become leads: a map is written, guessed or read, then compiled into a row reader."""

from winnow.core.mapping.compile import LeadReader, compile_mapping
from winnow.core.mapping.guess import Guess, GuessedPair, UnusedColumn, guess
from winnow.core.mapping.model import CsvOptions, LeadMapping, Take, check_columns, unused_columns
from winnow.core.mapping.parse import parse_mapping
from winnow.core.mapping.render import render_mapping

__all__ = [
    "CsvOptions",
    "Guess",
    "GuessedPair",
    "LeadMapping",
    "LeadReader",
    "Take",
    "UnusedColumn",
    "check_columns",
    "compile_mapping",
    "guess",
    "parse_mapping",
    "render_mapping",
    "unused_columns",
]
