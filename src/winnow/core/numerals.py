"""Numbers as people write them: `1.234,5`, `1,234.5`, `1 234,5`; read by a known decimal sign, never by a guess."""

import re
from collections import Counter
from collections.abc import Mapping

#: The signs that may stand before a fraction; the other one may stand between thousands.
SIGNS = (",", ".")

#: What a text is when it reads differently by either sign, and when the sign makes no difference.
EITHER, NEITHER = "?", ""

_ALIKE = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "’": "'", "\u2212": "-"})
_THOUSANDS = 3


def _pattern(decimal: str) -> re.Pattern[str]:
    """A number with this decimal sign, one kind of sign or none between its thousands, and perhaps an exponent."""
    between = "".join(sign for sign in (*SIGNS, "'", " ") if sign != decimal)
    whole = rf"[1-9]\d{{0,2}}(?P<between>[{between}])\d{{3}}(?:(?P=between)\d{{3}})*|\d+"
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>{whole}|)(?:{re.escape(decimal)}(?P<fraction>\d+))?(?P<power>[eE][+-]?\d+)?",
        re.ASCII,
    )


_PATTERNS = {sign: _pattern(sign) for sign in SIGNS}


def _read(text: str, decimal: str) -> str | None:
    found = _PATTERNS[decimal].fullmatch(text.strip().translate(_ALIKE))
    if found is None or not (found["whole"] or found["fraction"]):
        return None
    whole, fraction = re.sub(r"\D", "", found["whole"]) or "0", found["fraction"] or ""
    if len(fraction) == _THOUSANDS:
        fraction += "0"
    return f"{found['sign']}{whole}{'.' if fraction else ''}{fraction}{found['power'] or ''}"


def plain(text: str, decimal: str) -> str:
    """A number written with this decimal sign as programs write it; any other text as it is.

    Never with exactly three digits behind the point, so that reading it again by either sign changes nothing.
    """
    return _read(text, decimal) or text


def sign_in(text: str) -> str | None:
    """The decimal sign a text must have been written with: one of SIGNS, EITHER, NEITHER; None for what is no number.

    `1,5` has a comma and `1,234.5` a point; `1.234` is EITHER; `1234` and `1 234` are NEITHER.
    """
    comma, point = (_read(text, sign) for sign in SIGNS)
    if comma == point:
        return None if comma is None else NEITHER
    return "." if comma is None else "," if point is None else EITHER


def signs_in(cells: Mapping[str, int]) -> Counter[str]:
    """How many cells (each text with its number) have which sign; what is no number is not counted."""
    found = Counter[str]()
    for text, count in cells.items():
        sign = sign_in(text)
        if sign is not None:
            found[sign] += count
    return found
