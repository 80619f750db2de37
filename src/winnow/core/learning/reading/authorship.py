"""Hears in a column's name that it may say who labelled a lead, so that nobody overlooks that labels have authors."""

import re
from collections.abc import Iterable, Iterator

from winnow.core.mapping.synonyms import normalised

_WHO = re.compile(
    r"(?:label|labelled|labeled|judged|reviewed|annotated|rated|tagged|marked|classified|qualified|assessed|verdict|"
    r"graded|coded|screened|bewertet|gepruft) (?:by|von|author|user)"
    r"|(?:label )?author|labell?er|annotator|reviewer|judge|rater|assessor|coder|bewerter|prufer"
)


def author_like(columns: Iterable[str]) -> Iterator[str]:
    """The columns that are called like the authors of labels; a name proves nothing, so they are only pointed at."""
    return (column for column in columns if _WHO.fullmatch(normalised(column)) is not None)
