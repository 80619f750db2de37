"""Regular expressions that run in linear time, refused when a rule is saved if they are wrong or too large."""

from collections.abc import Callable
from typing import Final

import re2

from winnow.core.cel.limits import MAX_PATTERN_MEMORY, MAX_PROGRAM, MAX_UNICODE_CLASSES
from winnow.core.cel.refusal import disarmed, quoted

#: Looks for a pattern anywhere in a text given as UTF-8; None when it is not there.
Search = Callable[[bytes], object]

_SMALLER: Final = "use smaller repetitions, or `[a-z]` and the like in place of classes such as `\\pL`"


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.max_mem = memory
    options.never_capture = True  # whether it is there is all that is asked
    options.log_errors = False  # the error goes to the rule's author instead
    return options


_RUN: Final = _options(MAX_PATTERN_MEMORY)
#: Enough for every pattern that may be used, and so little that a monstrous one is given up within milliseconds.
_TRIAL: Final = _options(MAX_PATTERN_MEMORY // 8)


def searching(pattern: str) -> Search:
    """The search for a pattern that was found fit when its rule was checked."""
    search: Search = re2.compile(pattern, _RUN).search
    return search


def program_size(pattern: str) -> int:
    """Instructions the pattern compiles to; the time of a search is at worst in proportion to them."""
    compiled = re2.compile(pattern, _TRIAL)
    return max(int(compiled.programsize), int(compiled.reverseprogramsize))


def unfit(pattern: str) -> tuple[str, str] | None:
    """Why a pattern cannot be used and how to mend it; None when it can."""
    if pattern.lower().count("\\p") > MAX_UNICODE_CLASSES:
        return f"the pattern {quoted(pattern)} names too many Unicode classes", _SMALLER
    try:
        size = program_size(pattern)
    except re2.error as error:
        message = disarmed(error.args[0].decode(errors="replace"))
        too_large = "repetition" in message or "too large" in message
        fix = _SMALLER if too_large else "docs/rules.md shows what patterns may hold"
        return f"the pattern {quoted(pattern)} cannot be used: {message}", fix
    if size > MAX_PROGRAM:
        return f"the pattern {quoted(pattern)} is too large ({size:,} steps; {MAX_PROGRAM} are allowed)", _SMALLER
    return None
