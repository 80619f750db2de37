"""A hundred ways to falsify a log, and the two verifiers that must find each: ours and docs/verify_log.py."""

import contextlib
import io
import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.logs import KEY, SIGNER, entries, entry, head_of, published, verify_log
from winnow.adapters.keys import verify_signature
from winnow.adapters.tiles import TileFolder
from winnow.core.tlog import ENTRIES, Tile, bundle, first_bad_entry, open_checkpoint, verify_entries
from winnow.errors import BrokenLogError

SIZE = 700
#: Sizes at which a checkpoint was pushed to a place that whoever falsifies the log does not control.
KEPT = (200, 450, 640)


@dataclass(frozen=True)
class Falsified:
    """A log after the act: its entries, the checkpoint it shows, and what must be named at the latest."""

    entries: Sequence[bytes]
    note: str
    first_bad: int
    republished: bool


def original() -> tuple[bytes, ...]:
    return entries(SIZE)


def kept_notes() -> list[str]:
    return [SIGNER.sign_head(head_of(original()[:size])) for size in KEPT]


def _signed(log: Sequence[bytes]) -> str:
    return SIGNER.sign_head(head_of(log))


def edited(chance: random.Random) -> Falsified:
    log, at = list(original()), chance.randrange(SIZE)
    content = bytearray(log[at])
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    log[at] = bytes(content)
    return Falsified(log, _signed(original()), at, chance.random() < 0.5)


def deleted(chance: random.Random) -> Falsified:
    log, at = list(original()), chance.randrange(SIZE)
    del log[at]
    return Falsified(log, _signed(original()), at, republished=False)


def swapped(chance: random.Random) -> Falsified:
    log, (one, two) = list(original()), sorted(chance.sample(range(SIZE), 2))
    log[one], log[two] = log[two], log[one]
    return Falsified(log, _signed(original()), one, chance.random() < 0.5)


def truncated(chance: random.Random) -> Falsified:
    """Cut off before the last kept checkpoint, and signed anew with the real key in half of the cases."""
    size = chance.randrange(KEPT[-1])
    log = original()[:size]
    return Falsified(log, _signed(log) if chance.random() < 0.5 else _signed(original()), size, republished=True)


def rewritten(chance: random.Random) -> Falsified:
    """The administrator has the key: everything is made anew and signed, and fits together perfectly."""
    log, at = list(original()), chance.randrange(KEPT[-1])
    log[at:] = [entry(number + 10_000) for number in range(at, SIZE + chance.randrange(200))]
    return Falsified(log, _signed(log), at, republished=True)


def lot(seed: object) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(str(seed))


ACTS: list[Callable[[random.Random], Falsified]] = [edited, deleted, swapped, truncated, rewritten]


def written(act: Falsified, folder: Path, whole: Path) -> None:
    """Put the falsified log into a folder: everything made anew, or only the bundles of an honest one replaced."""
    if act.republished:
        shown = published(folder, act.entries)
        (shown.path / "checkpoint").write_text(act.note, encoding="utf-8")
        return
    shutil.copytree(whole, folder)
    for first in range(0, SIZE, 256):
        width = min(256, SIZE - first)
        tile = Tile(ENTRIES, first // 256, width)
        (folder / tile.path).write_bytes(bundle(act.entries[first : first + width]))


def found_by_ours(act: Falsified) -> str | None:
    """What Winnow says of the entries in its database, with the checkpoints it showed and those kept elsewhere."""
    try:
        heads = [open_checkpoint(note, KEY, verify_signature).head for note in (act.note, *kept_notes())]
        verify_entries(act.entries, heads)
    except BrokenLogError as error:
        return str(error)
    return None


def named_by_ours(act: Falsified, whole: TileFolder) -> int | None:
    """The first bad entry, by the hashes in an honest copy of the tiles."""
    return first_bad_entry(act.entries, whole.leaf_hashes(0, SIZE))


def independent(*arguments: str) -> tuple[int, str]:
    """Exit code of docs/verify_log.py, and what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        code = verify_log().main([*arguments, "--key", str(KEY)])
    return int(code), out.getvalue()


def found_by_the_other(folder: Path, kept: Path) -> str | None:
    code, told = independent("log", str(folder), "--since", str(kept))
    assert code in {0, 3}
    return told if code else None


def keep(path: Path) -> Path:
    """The pushed checkpoints, in the form in which they are pushed to a file."""
    path.write_text("".join(json.dumps({"note": note}) + "\n" for note in kept_notes()), encoding="utf-8")
    return path
