"""Law packs as TOML files: those that come with Winnow, and those an organisation keeps in a folder of its own."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from winnow.core.govern.packs import LawPack
from winnow.core.govern.packs_read import pack_from
from winnow.core.tables import Table
from winnow.core.toml_text import located, need_tame, parsed
from winnow.errors import InvalidInputError, InvalidRulesetError

_ENDING = ".toml"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
#: What grounds begin with that are none of a law pack.
_TAKEN = frozenset({"policy", "default", "list", "caps"})


@cache
def law_packs(folder: Path | None = None) -> tuple[LawPack, ...]:
    """All packs there are, the shipped ones in the order of their names, then those of the folder; read once.

    Raises InvalidInputError or InvalidRulesetError for a folder or a file of it that cannot be used.
    """
    shipped = tuple(read_pack(text, name) for name, text in _shipped())
    return shipped if folder is None else (*shipped, *_own(folder, {pack.id for pack in shipped}))


def read_pack(text: str, source: str) -> LawPack:
    """The pack in the text of a TOML file, called as the file is; raises InvalidRulesetError with file and line."""
    name = source.rpartition("/")[2].removesuffix(_ENDING)
    try:
        return pack_from(Table(parsed(text, source)), name)
    except InvalidRulesetError as error:
        if not str(error.where or "").startswith(source):
            error.where = located(text, source, error.where)
        raise


def _shipped() -> Iterator[tuple[str, str]]:
    found = [each for each in files("winnow.packs").iterdir() if each.name.endswith(_ENDING)]
    for each in sorted(found, key=lambda each: each.name):
        yield each.name, each.read_text(encoding="utf-8")


def _own(folder: Path, shipped: set[str]) -> Iterator[LawPack]:
    try:
        paths = sorted(each for each in folder.iterdir() if each.name.endswith(_ENDING))
    except OSError as error:
        what = f"the folder of law packs cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(folder), fix="mend the setting policy.packs_folder") from None
    for path in paths:
        name = path.name.removesuffix(_ENDING)
        if name in shipped or name in _TAKEN or not _NAME.fullmatch(name):
            what = f"`{name}` cannot be the name of a law pack of your own"
            fix = "rename the file to small letters, digits and hyphens, and to nothing that Winnow has already"
            raise InvalidInputError(what, where=str(path), fix=fix)
        text = _text(path)
        need_tame(text, str(path))
        yield read_pack(text, str(path))


def _text(path: Path) -> str:
    fix = "mend the file, or take it out of the folder of law packs"
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        what = f"the law pack cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(path), fix=fix) from None
    except UnicodeDecodeError:
        raise InvalidInputError("the law pack is not a text in UTF-8", where=str(path), fix=fix) from None
