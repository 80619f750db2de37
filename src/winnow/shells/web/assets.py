"""Styles and scripts, held in memory; their addresses change with their content, so browsers may keep them for ever."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

PREFIX = "/static/"

_KINDS = {  # of texts, Litestar adds how they are encoded
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "md": "text/plain",
    "": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its address, its content as it is and compressed, and what it is."""

    address: str
    content: bytes
    packed: bytes
    kind: str


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """All files by their names, such as `js/keys.js`."""
    found = dict(_below(files("winnow.shells.web") / "static", ""))
    # One address for all: modules import each other by relative names.
    edition = sha256(b"".join(found[name] for name in sorted(found))).hexdigest()[:12]
    return {name: _asset(name, content, edition) for name, content in found.items()}


@lru_cache(maxsize=1)
def by_address() -> Mapping[str, Asset]:
    """All files by their addresses."""
    return {asset.address: asset for asset in assets().values()}


def address(name: str) -> str:
    """Where a file is; raises KeyError for one there is not."""
    return assets()[name].address


def _asset(name: str, content: bytes, edition: str) -> Asset:
    kind = _KINDS[name.rpartition(".")[2] if "." in name else ""]
    return Asset(f"{PREFIX}{edition}/{name}", content, gzip.compress(content, 9, mtime=0), kind)


def _below(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        name = f"{path}{each.name}"
        found += _below(each, f"{name}/") if each.is_dir() else [(name, each.read_bytes())]
    return found
