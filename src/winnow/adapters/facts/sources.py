"""Where reference data comes from: lists shipped with Winnow and lists of installed packages, with their editions."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from winnow.core.ruleset import ReferenceSource
from winnow.errors import MissingExtraError, WinnowError

_DATE = "# date:"


@dataclass(frozen=True, slots=True)
class ShippedList:
    """A small list kept in this project: its lines without comments, and the day it was last gone through."""

    name: str
    lines: tuple[str, ...]
    date: str

    @property
    def source(self) -> ReferenceSource:
        """The edition: the version is a fingerprint of the content."""
        return ReferenceSource(f"winnow/{self.name}", fingerprint(self.lines), self.date)


def shipped(name: str) -> ShippedList:
    """Read `data/reference/NAME.txt`."""
    try:
        text = files("winnow").joinpath("data", "reference", f"{name}.txt").read_text(encoding="utf-8")
    except OSError as error:
        raise WinnowError(
            f"reference list `{name}` cannot be read: {error.strerror}", fix="install winnow-crm again"
        ) from error
    rows = [line.strip() for line in text.splitlines()]
    date = next((row.removeprefix(_DATE).strip() for row in rows if row.startswith(_DATE)), "")
    return ShippedList(name, tuple(row for row in rows if row and not row.startswith("#")), date)


def packaged(distribution: str, date: str = "") -> ReferenceSource:
    """The installed edition of a package that carries a list."""
    try:
        return ReferenceSource(distribution, version(distribution), date)
    except PackageNotFoundError as error:
        raise MissingExtraError(
            f"the package `{distribution}`, which carries reference data, is not installed",
            fix="install winnow-crm again with all its dependencies",
        ) from error


def added(name: str, entries: Iterable[str]) -> tuple[ReferenceSource, ...]:
    """The edition of what the user added to a list; nothing when nothing was added."""
    rows = sorted(entries)
    return (ReferenceSource(f"added/{name}", fingerprint(rows)),) if rows else ()


def fingerprint(rows: Iterable[str]) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of some lines."""
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]
