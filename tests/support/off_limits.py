"""A policy that puts much off limits, and a vault of glass: what is sealed in it can be read in the files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.support.command import winnow
from winnow.adapters.db import vault

#: Stands in every place where something off limits is sent; WORD is one that tells a category.
NEEDLE, WORD = "n33dle-value", "chemotherapy"
#: Stands in fields that are allowed, to show that the search would find something.
SEEN = "s33n-value"

FIELDS = ("custom.religion", "utm.term", "company", "custom.seats")
CATEGORIES = ("health", "politics", "age")


def strict_ruleset(folder: Path) -> Path:
    """The starter ruleset under a policy with fields and categories off limits, and texts scanned."""
    text = winnow("ruleset", "show", "--toml").text
    start = text.index("off_limits = [")
    end = text.index("]", start) + 1
    more = f"off_limits = {list(FIELDS)}\noff_limits_categories = {list(CATEGORIES)}\nscan_texts = true"
    path = folder / "strict.toml"
    path.write_text(f"{text[:start]}{more}{text[end:]}", encoding="utf-8")
    return path


def holding(folder: Path, *needles: str) -> list[str]:
    """The files below a folder whose bytes hold one of them."""
    wanted = [needle.encode() for needle in needles]
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in files if any(needle in path.read_bytes() for needle in wanted)]


@contextmanager
def glass_vault() -> Iterator[None]:
    """Nothing is encrypted: whoever reads the files reads everything."""
    nonce = b"\0" * 12

    def sealed(_cipher: object, content: bytes, _about: bytes) -> bytes:
        return nonce + content

    def opened(_cipher: object, content: bytes, _about: bytes) -> bytes:
        return content[12:]

    with patch.object(vault, "_sealed", sealed), patch.object(vault, "_opened", opened):
        yield
