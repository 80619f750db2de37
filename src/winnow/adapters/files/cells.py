"""Writing text so that a spreadsheet shows it and never runs it."""

import re

#: What makes spreadsheet programs take a cell for a formula, also after blanks and quotes, and in full-width form.
_FORMULA = re.compile(r"[\t\r\n]|[\s'\"‘’“”\ufeff\u200b]*[=+\-@＝＋－＠﹢﹣﹦﹫−]")  # noqa: RUF001  # those are the ones
_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def defused(text: str) -> str:
    """The text with an apostrophe in front when a program might run it."""
    return f"'{text}" if _FORMULA.match(text) else text


def csv_cell(text: str) -> str:
    """A text as one cell of CSV, defused; numbers are written as they are, without this."""
    safe = defused(text)
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if _NEEDS_QUOTES.search(safe) else safe
