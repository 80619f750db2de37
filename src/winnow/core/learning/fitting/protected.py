"""Hears in a column's name that it may hold what the law protects: who learns from it must know, and say why."""

import re

from winnow.core.mapping.synonyms import normalised

_WORDS = re.compile(
    r"\b(?:sex|gender|age|birth|birthday|birthdate|dob|born|race|racial|ethnic|ethnicity|nationality|citizenship|"
    r"religion|religious|faith|marital|married|civil status|pregnan\w*|children|disab\w*|health|orientation|"
    r"politic\w*|party|union member\w*|geschlecht|alter|geburt\w*|religionszugehorigkeit|staatsangehorigkeit|"
    r"familienstand|sexe|naissance|nationalite|situation familiale|sexo|edad|nacimiento|nacionalidad|estado civil)\b"
)


def protected_name(column: str) -> bool:
    """Whether the column is called like an attribute that anti-discrimination law protects somewhere.

    A name proves nothing either way: columns that merely go with such an attribute have other names.
    """
    return _WORDS.search(normalised(column)) is not None
