"""How well two names for the same thing fit together, by the best matching part; 0 to 1."""

import unicodedata

from rapidfuzz.fuzz import partial_ratio, ratio

from winnow.core.keys import LEGAL_FORMS

#: Shorter pieces match anything by chance.
_SHORTEST = 3


#: Latin letters that Unicode does not take apart into a letter and a mark.
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}  # noqa: RUF001  # these are the letters that are read otherwise
)
_TO_BLANKS = str.maketrans({letter: " " for letter in map(chr, range(128)) if not letter.isalpha()})


def _plain(text: str) -> str:
    """Lower-case ASCII letters and blanks: `Kovač` is found in `kovac@…`; other scripts leave nothing."""
    lower = text.lower()
    return (lower if lower.isascii() else _without_marks(lower)).translate(_TO_BLANKS)


def _without_marks(text: str) -> str:
    """The words that are Latin letters and marks, without the marks; a word with any other letter is left out."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    bare = "".join([letter for letter in decomposed if not unicodedata.combining(letter)])
    return " ".join([word for word in bare.split() if word.isascii()])


def name_similarity(name: str | None, local: str | None) -> float | None:
    """How much of the best fitting word of a name is found in an e-mail's local part (longest common part)."""
    if not name or not local:
        return None
    words = [word for word in _plain(name).split() if len(word) >= _SHORTEST]
    letters = _plain(local).replace(" ", "")
    if not words or not letters:
        return None
    for word in words:
        if word in letters:
            return 1.0
    return round(max([_part(word, letters) for word in words]) / 100, 2)


def company_similarity(company: str | None, registrable: str | None) -> float | None:
    """How much of a company's name is found in the first label of its registrable domain."""
    if not company or not registrable:
        return None
    words = _plain(company).split()
    name = "".join([word for word in words if word not in LEGAL_FORMS] or words)
    label = _plain(registrable.partition(".")[0]).replace(" ", "")
    if not name or not label:
        return None
    return round(_part(name, label) / 100, 2)


def _part(word: str, text: str) -> float:
    return partial_ratio(word, text) if min(len(word), len(text)) >= _SHORTEST else ratio(word, text)
