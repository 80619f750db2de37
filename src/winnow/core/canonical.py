"""One byte string for one meaning: what is hashed, signed and compared years later."""

import hashlib
import json
from collections.abc import Mapping, Sequence

Document = Mapping[str, object]


def canonical_bytes(document: object) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks; equal documents give equal bytes on every machine.

    Numbers keep Python's shortest round-trip form; NaN and infinities raise ValueError.
    """
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def content_hash(document: object) -> str:
    """SHA-256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def differences(before: object, after: object, path: str = "") -> list[tuple[str, object, object]]:
    """Every place where two documents differ, as (path, before, after); a missing side is None.

    Tables with an `id` or `signal` are matched by it, so that moving one is not a difference.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [*before, *(name for name in after if name not in before)]
        found = [differences(before.get(name), after.get(name), f"{path}.{name}" if path else name) for name in names]
        return [each for part in found for each in part]
    if _keyed(before) and _keyed(after):
        return differences(_by_key(before), _by_key(after), path)
    return [] if before == after else [(path, before, after)]


def _key(item: object) -> object:
    return (item.get("id") or item.get("signal")) if isinstance(item, Mapping) else None


def _keyed(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(_key(item) for item in value)


def _by_key(value: object) -> dict[str, object]:
    return {str(_key(item)): item for item in value} if isinstance(value, Sequence) else {}
