"""Map files, read from where the user keeps them."""

from pathlib import Path

from winnow.adapters.files.paths import readable
from winnow.core.mapping import LeadMapping, parse_mapping
from winnow.errors import InvalidInputError

#: No map is larger; a data file given by mistake is.
_LARGEST = 1_000_000


def load_mapping(path: Path) -> LeadMapping:
    """Read a map file; raises InvalidInputError with file and line for whatever is wrong with it."""
    with readable(path).open("rb") as file:
        data = file.read(_LARGEST + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(path), fix="save the map as UTF-8") from None
    if len(data) > _LARGEST:
        raise InvalidInputError("too large for a map", where=str(path), fix="give the map file, not the data")
    return parse_mapping(text, str(path))
