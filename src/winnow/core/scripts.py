"""Which script a letter belongs to, and whether a word mixes scripts whose letters look alike."""

from functools import lru_cache

#: Blocks of Unicode that hold the letters of one script, as (first, last, name).
_SCRIPTS = (
    (0x0041, 0x024F, "latin"), (0x0370, 0x03FF, "greek"), (0x0400, 0x052F, "cyrillic"), (0x0530, 0x058F, "armenian"),
    (0x0590, 0x05FF, "hebrew"), (0x0600, 0x077F, "arabic"), (0x0900, 0x097F, "devanagari"), (0x0E00, 0x0E7F, "thai"),
    (0x10A0, 0x10FF, "georgian"), (0x1E00, 0x1EFF, "latin"), (0x1F00, 0x1FFF, "greek"), (0x3040, 0x30FF, "japanese"),
    (0x3400, 0x9FFF, "han"), (0xAC00, 0xD7AF, "hangul"), (0xFF21, 0xFF5A, "latin"),
)  # fmt: skip
_LOOK_ALIKES = frozenset({"latin", "greek", "cyrillic", "armenian"})


@lru_cache(maxsize=8192)
def script_of(letter: str) -> str | None:
    """The script of a letter; None for what is no letter, or of a script not listed here."""
    if not letter.isalpha():
        return None
    code = ord(letter)
    return next((name for first, last, name in _SCRIPTS if first <= code <= last), None)


def mixes_look_alikes(word: str) -> bool:
    """Whether a word has letters of several scripts that look alike, such as a Cyrillic letter in a Latin word."""
    return len({script_of(letter) for letter in word} & _LOOK_ALIKES) > 1
