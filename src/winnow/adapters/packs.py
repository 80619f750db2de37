"""Law packs as the TOML files that come with Winnow."""

from functools import cache
from importlib.resources import files

from winnow.core.govern.packs import LawPack
from winnow.core.govern.packs_read import pack_from
from winnow.core.tables import Table
from winnow.core.toml_text import located, parsed
from winnow.errors import InvalidRulesetError

_ENDING = ".toml"


@cache
def law_packs() -> tuple[LawPack, ...]:
    """All packs there are, in the order of their names; read once."""
    found = [each for each in files("winnow.packs").iterdir() if each.name.endswith(_ENDING)]
    return tuple(
        read_pack(each.read_text(encoding="utf-8"), each.name) for each in sorted(found, key=lambda each: each.name)
    )


def read_pack(text: str, source: str) -> LawPack:
    """The pack in the text of a TOML file, called as the file is; raises InvalidRulesetError with file and line."""
    try:
        return pack_from(Table(parsed(text, source)), source.removesuffix(_ENDING))
    except InvalidRulesetError as error:
        error.where = located(text, source, error.where)
        raise
