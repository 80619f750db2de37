"""Writes small MMDB files, so that tests need no licensed data; format 2.0 of MaxMind's specification."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path

_MARKER = b"\xab\xcd\xefMaxMind.com"
_STRING, _UINT16, _UINT32, _MAP, _UINT64, _ARRAY, _BOOLEAN = 2, 5, 6, 7, 9, 11, 14


def write(path: Path, rows: Mapping[str, object], *, kind: str = "Test-Table", built: int = 1_790_000_000) -> Path:
    """One record a network; an IPv4 network is filed where readers look for it, under ::/96."""
    tree: list[list[int | None]] = [[None, None]]
    data = bytearray()
    for network, row in rows.items():
        leaf = -(len(data) + 1)
        data += _encoded(row)
        _file(tree, _bits(network), leaf)
    count = len(tree)
    nodes = b"".join(_pointer(side, count) for node in tree for side in node)
    path.write_bytes(nodes + bytes(16) + bytes(data) + _MARKER + _encoded(_metadata(count, kind, built)))
    return path


def _bits(network: str) -> str:
    parsed = ipaddress.ip_network(network)
    width = 32 if parsed.version == 4 else 128
    prefix = f"{int(parsed.network_address):0{width}b}"[: parsed.prefixlen]
    return "0" * (128 - width) + prefix


def _file(tree: list[list[int | None]], bits: str, leaf: int) -> None:
    node = 0
    for bit in bits[:-1]:
        child = tree[node][int(bit)]
        if child is None:
            tree.append([None, None])
            child = tree[node][int(bit)] = len(tree) - 1
        node = child
    tree[node][int(bits[-1])] = leaf


def _pointer(side: int | None, count: int) -> bytes:
    value = count if side is None else side if side >= 0 else count + 16 + (-side - 1)
    return value.to_bytes(3, "big")


def _metadata(count: int, kind: str, built: int) -> dict[str, object]:
    return {
        "binary_format_major_version": (_UINT16, 2),
        "binary_format_minor_version": (_UINT16, 0),
        "build_epoch": (_UINT64, built),
        "database_type": kind,
        "description": {"en": "made by a test"},
        "ip_version": (_UINT16, 6),
        "languages": ["en"],
        "node_count": (_UINT32, count),
        "record_size": (_UINT16, 24),
    }


def _encoded(value: object) -> bytes:
    match value:
        case bool():
            return _control(_BOOLEAN, int(value))
        case int():
            return _encoded((_UINT32, value))
        case (int() as kind, int() as number):
            raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
            return _control(kind, len(raw)) + raw
        case str():
            raw = value.encode()
            return _control(_STRING, len(raw)) + raw
        case list():
            return _control(_ARRAY, len(value)) + b"".join(map(_encoded, value))
        case dict():
            return _control(_MAP, len(value)) + b"".join(_encoded(part) for item in value.items() for part in item)
    raise TypeError(value)


def _control(kind: int, size: int) -> bytes:
    extended = bytes([kind - 7]) if kind > 7 else b""
    lead = 0 if kind > 7 else kind << 5
    return bytes([lead | min(size, 29)]) + extended + (bytes([size - 29]) if size >= 29 else b"")
