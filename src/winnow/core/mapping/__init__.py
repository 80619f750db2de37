"""How the columns of a file become leads: a map is written, guessed or read, then compiled into a row reader."""

from winnow.core.mapping.compile import LeadReader, compile_mapping
from winnow.core.mapping.guess import Guess, GuessedPair, UnusedColumn, guess
from winnow.core.mapping.model import CsvOptions, LeadMapping, Take, check_columns, unused_columns
from winnow.core.mapping.off_limits import Excerpts, off_limits_columns, permitted
from winnow.core.mapping.parse import parse_mapping
from winnow.core.mapping.render import render_mapping
from winnow.core.mapping.rows import BadRow, RawRow, bad_row

__all__ = [
    "BadRow",
    "CsvOptions",
    "Excerpts",
    "Guess",
    "GuessedPair",
    "LeadMapping",
    "LeadReader",
    "RawRow",
    "Take",
    "UnusedColumn",
    "bad_row",
    "check_columns",
    "compile_mapping",
    "guess",
    "off_limits_columns",
    "parse_mapping",
    "permitted",
    "render_mapping",
    "unused_columns",
]
