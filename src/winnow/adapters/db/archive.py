"""One ZIP file with a manifest that says what is in it; it appears only when it is whole and synced."""

import io
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import msgspec

from winnow.errors import InvalidInputError, WinnowError

#: The edition of this format.
FORMAT = 1

_MANIFEST = "manifest.json"
_BLOCK = 1 << 20
#: Most of a dump is sealed and does not shrink; the fastest level takes back what Base64 added.
_LEVEL = 1
#: What reading a ZIP file raises when a byte of it is wrong: it may ask for a key, or for a method nobody knows.
_DAMAGED = (
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zlib.error,
    struct.error,
)


class Content(msgspec.Struct, frozen=True):
    """The size in bytes and the SHA-256, in hexadecimal digits, of one file of a backup."""

    size: int
    sha256: str


class TableContent(Content, frozen=True):
    """The dump of one table: its rows, and its columns with the kind of their values."""

    rows: int
    columns: dict[str, str]


class Log(msgspec.Struct, frozen=True):
    """How long the decision log is and the Merkle root of its entries, in hexadecimal digits."""

    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup consists of.

    database: the one that was read · revision: of its schema, if it keeps one
    checkpoint: the newest signed head of the log · keys: whether the keys that open what is sealed are in it
    tables: in the order they can be loaded in · files: by their path below `files/`
    """

    format: int
    created_at: datetime
    database: str
    revision: str | None
    log: Log
    checkpoint: str | None
    keys: bool
    tables: dict[str, TableContent]
    files: dict[str, Content]


class BackupWriter:
    """A backup being written."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file

    def add(self, name: str, blocks: Iterable[bytes]) -> Content:
        """Write one file."""
        digest, size = sha256(), 0
        with self._file.open(name, "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                size += len(block)
                member.write(block)
        return Content(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write down what the backup consists of."""
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        self.add(_MANIFEST, [content])


class BackupReader:
    """A backup being read."""

    def __init__(self, file: ZipFile, manifest: Manifest) -> None:
        self._file = file
        self.manifest = manifest

    def names(self) -> set[str]:
        """Every file in it besides the manifest."""
        return {name for name in self._file.namelist() if name != _MANIFEST}

    def lines(self, name: str, expected: Content) -> Iterator[bytes]:
        """The lines of a file; after the last one raises WinnowError unless they are what the manifest says."""
        return self._checked(name, expected, lambda file: file)

    def blocks(self, name: str, expected: Content) -> Iterator[bytes]:
        """The content of a file; raises as `lines` does."""
        return self._checked(name, expected, blocks_of)

    def _checked(self, name: str, expected: Content, parts: Callable[[BinaryIO], Iterable[bytes]]) -> Iterator[bytes]:
        digest, size = sha256(), 0
        try:
            with self._file.open(name) as member:
                for part in parts(cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", member), _BLOCK))):
                    digest.update(part)
                    size += len(part)
                    yield part
        except _DAMAGED:
            raise _damaged(name) from None
        if (size, digest.hexdigest()) != (expected.size, expected.sha256):
            raise _damaged(name)


def _damaged(name: str) -> WinnowError:
    return WinnowError(f"`{name}` in the backup is not what was backed up", fix="use another backup")


@contextmanager
def new_backup(path: Path) -> Iterator[BackupWriter]:
    """A new backup, which takes its name when the block ends well; raises InvalidInputError when the name is taken."""
    if path.exists():
        raise InvalidInputError("there is a file of this name already", where=str(path), fix="name another")
    partial = path.with_name(f"{path.name}.partial")
    try:
        with open(partial, "wb", opener=_private) as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as content:
                yield BackupWriter(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    except OSError as problem:
        what = f"the backup cannot be made: {str(problem.strerror).lower()}"
        raise WinnowError(what, where=str(path), fix="make room, or name another place") from problem
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def open_backup(path: Path) -> Iterator[BackupReader]:
    """A backup; raises InvalidInputError when the file is none, or one of a later edition of the format."""
    with _opened(path) as file:
        yield BackupReader(file, _manifest(file, str(path)))


def _opened(path: Path) -> ZipFile:
    if not path.is_file():
        raise InvalidInputError("there is no such file", where=str(path), fix="check the path")
    try:
        return ZipFile(path)
    except _DAMAGED:
        raise _no_backup(str(path)) from None


def _manifest(file: ZipFile, where: str) -> Manifest:
    try:
        content = file.read(_MANIFEST)
        edition = msgspec.json.decode(content, type=_Edition).format
        if edition == FORMAT:
            return msgspec.json.decode(content, type=Manifest)
    except (*_DAMAGED, msgspec.DecodeError):
        raise _no_backup(where) from None
    what = f"this backup has format {edition}, and {FORMAT} is known here"
    raise InvalidInputError(what, where=where, fix="use the version of Winnow that made it")


def _no_backup(where: str) -> InvalidInputError:
    return InvalidInputError("this is no whole backup", where=where, fix="name another")


class _Edition(msgspec.Struct, frozen=True):
    """What is read of a manifest before it is known how to read it."""

    format: int


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    """What a file holds, piece by piece."""
    while block := file.read(_BLOCK):
        yield block
