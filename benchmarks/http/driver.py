"""What wrk does, in Python, for machines without it: connections that each send the next body on the last answer."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.http.bodies import filled

_OK = b" 200 "


@dataclass
class _Told:
    """What all connections measured together."""

    took: list[float] = field(default_factory=list)
    refused: int = 0
    lost: int = 0


def measure(
    url: str, bodies: Path, headers: Mapping[str, str], connections: int, seconds: int, first: int
) -> dict[str, int]:
    """The same figures as load.lua prints."""
    told = _Told()
    start = time.perf_counter()
    asyncio.run(_drive(url, _requests(url, bodies, headers, first), connections, start + seconds, told))
    wall = time.perf_counter() - start
    took = sorted(told.took) or [0.0]
    return {
        "requests": len(told.took),
        "microseconds": int(wall * 1e6),
        "p50": int(took[len(took) // 2] * 1e6),
        "p99": int(took[len(took) * 99 // 100] * 1e6),
        "most": int(took[-1] * 1e6),
        "refused": told.refused,
        "lost": told.lost,
    }


def _requests(url: str, bodies: Path, headers: Mapping[str, str], first: int) -> Iterator[bytes]:
    address = urlsplit(url)
    lines = [f"POST {address.path} HTTP/1.1", f"Host: {address.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
    head = "\r\n".join(lines)
    number = first
    for text in cycle(bodies.read_text(encoding="utf-8").splitlines()):
        body, number = filled(text, number)
        content = body.encode()
        yield f"{head}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


async def _drive(url: str, requests: Iterator[bytes], connections: int, until: float, told: _Told) -> None:
    address = urlsplit(url)
    await asyncio.gather(
        *(_connection(address.hostname or "", address.port or 80, requests, until, told) for _ in range(connections))
    )


async def _connection(host: str, port: int, requests: Iterator[bytes], until: float, told: _Told) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    with closing(writer):
        while (start := time.perf_counter()) < until:
            writer.write(next(requests))
            try:
                well = await _answered_well(reader)
            except (OSError, asyncio.IncompleteReadError):
                told.lost += 1
                return
            told.took.append(time.perf_counter() - start)
            told.refused += not well


async def _answered_well(reader: asyncio.StreamReader) -> bool:
    """Read one answer to its end; whether it was 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.partition(b":")[2]))
    return _OK in head.partition(b"\r\n")[0]
