"""The files of a spool: how records lie in a segment, and how bytes and names become durable.

A record is a mark, the length of its payload, the CRC-32 of length and payload, and the payload. What is torn or
damaged is passed over: reading goes on at the next mark that begins a whole record.
"""

import os
import struct
import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

if sys.platform == "darwin":
    import fcntl

SUFFIX = ".spool"

#: How far a spool was taken over: the number of a segment and, in the lower 32 bits, the end of a record in it.
Position = int

_MARK = b"WSP1"
_HEAD = struct.Struct("<4sII")
_OFFSET_BITS = 32


@dataclass(slots=True)
class Segment:
    """One file of a spool.

    size: how far it is good to read · ends: where its whole records end · damaged_bytes: what belongs to none
    """

    path: Path
    number: int
    size: int = 0
    ends: "array[int]" = field(default_factory=lambda: array("Q"))
    damaged_bytes: int = 0

    @classmethod
    def found(cls, path: Path) -> "Segment":
        """A segment that another process wrote, with all that is whole in it."""
        data = path.read_bytes()
        segment = cls(path, int(path.stem), size=len(data), damaged_bytes=len(data))
        for start, end, _ in _records(data):
            segment.ends.append(end)
            segment.damaged_bytes -= end - start
        return segment

    def grown(self, length: int) -> None:
        """A record of this length was added."""
        self.size += length
        self.ends.append(self.size)

    def waiting(self, taken: Position) -> int:
        """How many records lie after a position."""
        return len(self.ends) - bisect_right(self.ends, self._offset(taken))

    def read(self, after: Position) -> Iterator[tuple[Position, bytes]]:
        """The payloads after a position, each with the position at its end."""
        offset = self._offset(after)
        with self.path.open("rb") as file:
            file.seek(offset)
            data = file.read(self.size - offset)
        for _, end, payload in _records(data):
            yield self.number << _OFFSET_BITS | offset + end, payload

    def _offset(self, position: Position) -> int:
        """How far into this segment a position reaches."""
        number, offset = position >> _OFFSET_BITS, position & (1 << _OFFSET_BITS) - 1
        if number == self.number:
            return offset
        return 0 if number < self.number else self.size


def framed(payload: bytes) -> bytes:
    """A payload as a record."""
    return _HEAD.pack(_MARK, len(payload), _checksum(payload)) + payload


def _checksum(payload: bytes) -> int:
    """Over the length as well: a mark followed by zeros, as a torn write leaves it, is then no record."""
    return zlib.crc32(payload, zlib.crc32(len(payload).to_bytes(4, "little")))


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and payload of every whole record."""
    start = data.find(_MARK)
    while start >= 0 and start + _HEAD.size <= len(data):
        _, length, crc = _HEAD.unpack_from(data, start)
        end = start + _HEAD.size + length
        payload = data[start + _HEAD.size : end]
        if len(payload) == length and _checksum(payload) == crc:
            yield start, end, payload
        else:
            end = start + 1
        start = data.find(_MARK, end)


def write_all(handle: int, data: bytes) -> None:
    """Write to the end, also when the system takes less than it is given."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def sync(handle: int) -> None:
    """Make the content of a file durable."""
    if sys.platform == "darwin":  # there, fsync does not reach through the disk's own cache
        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    else:
        os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
