import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.support.logs import KEY, SIGNER, STRANGER, entries, from_list, head_of, nodes, published, receipt
from winnow.adapters.keys import verify_signature
from winnow.adapters.tiles import TileFolder
from winnow.core.receipt import verify_receipt
from winnow.core.tlog import EMPTY, Tile, consistency_proof, first_bad_entry, inclusion_proof, leaf_hash, verify_entries
from winnow.errors import BrokenLogError, WinnowError

LOG = entries(1500)


def files(folder: TileFolder) -> dict[str, bytes]:
    found = {path.relative_to(folder.path).as_posix(): path for path in folder.path.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != ".lock"}


def publish(folder: TileFolder, size: int, log=LOG, signer=SIGNER) -> bool:
    return folder.publish(signer.sign_head(head_of(log[:size])), from_list(log))


def test_a_published_log_is_the_files_of_the_specification(tmp_path):
    folder = published(tmp_path / "log", LOG[:600])
    assert set(files(folder)) == {
        "checkpoint",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/88",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/88",
    }
    assert folder.checkpoint().head == head_of(LOG[:600])
    assert list(folder.entries(0, 600)) == list(LOG[:600])
    assert list(folder.entries(250, 530)) == list(LOG[250:530])
    assert list(folder.leaf_hashes(255, 600)) == [leaf_hash(entry) for entry in LOG[255:600]]
    assert {stat.S_IMODE((folder.path / name).stat().st_mode) & 0o444 for name in files(folder)} == {0o444}


def test_proofs_are_read_from_the_tiles(tmp_path):
    folder = published(tmp_path, LOG)
    for size in (1, 255, 256, 257, 1024, 1500):
        for index in {0, size // 2, size - 1}:
            assert folder.inclusion_proof(index, size) == inclusion_proof(index, size, nodes(LOG))
        assert folder.consistency_proof(size, 1500) == consistency_proof(size, 1500, nodes(LOG))
    assert verify_receipt(receipt(folder, 700), KEY, verify_signature).kind == "decision"


@pytest.mark.parametrize("steps", [[1500], [1, 2, 3, 255, 256, 257, 512, 1023, 1500], [300, 1400, 1500]])
def test_however_it_grew_it_is_the_same_log(tmp_path, steps):
    folder = TileFolder(tmp_path / "log")
    for size in steps:
        assert publish(folder, size)
        assert list(folder.entries(0, size)) == list(LOG[:size])
        assert folder.inclusion_proof(size // 3, size) == inclusion_proof(size // 3, size, nodes(LOG))
    at_once = files(published(tmp_path / "at-once", LOG))
    assert {name: content for name, content in files(folder).items() if name in at_once} == at_once


def test_only_what_is_new_is_read_and_written(tmp_path):
    asked = []

    def entries_from(start: int, end: int):
        asked.append((start, end))
        return LOG[start:end]

    folder = published(tmp_path, LOG[:1000])
    before = {name: (folder.path / name).stat().st_mtime_ns for name in files(folder)}
    folder.publish(SIGNER.sign_head(head_of(LOG[:1300])), entries_from)
    assert asked == [(768, 1300)]
    unchanged = {"tile/0/000", "tile/0/001", "tile/0/002", "tile/entries/000", "tile/entries/001", "tile/entries/002"}
    assert {name for name, at in before.items() if (folder.path / name).exists()} >= unchanged
    assert all((folder.path / name).stat().st_mtime_ns == before[name] for name in unchanged)


def test_partial_files_go_when_the_full_ones_are_there(tmp_path):
    folder = TileFolder(tmp_path)
    for size in (10, 20, 256):
        publish(folder, size)
    assert set(files(folder)) == {"checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"}
    assert not (tmp_path / "tile/0/000.p").exists()


def test_a_reader_with_an_older_checkpoint_finds_what_it_needs_in_the_full_files(tmp_path):
    folder = published(tmp_path, LOG[:100])
    before = folder.note()
    publish(folder, 300)
    (tmp_path / "checkpoint").write_text(before, encoding="utf-8")
    assert list(folder.entries(0, 100)) == list(LOG[:100])
    assert folder.inclusion_proof(5, 100) == inclusion_proof(5, 100, nodes(LOG[:100]))
    assert list(folder.leaf_hashes(99, 100)) == [leaf_hash(LOG[99])]


def test_publishing_the_same_or_less_changes_nothing(tmp_path):
    folder = published(tmp_path, LOG[:600])
    before = files(folder)
    assert not publish(folder, 600)
    assert not publish(folder, 300)
    assert not publish(folder, 0)
    assert files(folder) == before


def test_an_empty_log(tmp_path):
    folder = TileFolder(tmp_path / "log")
    assert (folder.note(), folder.checkpoint(), list(folder.entries(0, 0))) == (None, None, [])
    assert publish(folder, 0)
    assert folder.checkpoint().head == EMPTY
    assert publish(folder, 5)


def test_entries_that_were_not_signed_are_not_published(tmp_path):
    folder = published(tmp_path, LOG[:600])
    before = folder.note()
    for changed in ([*LOG[:700], b"changed", *LOG[701:]], [*LOG[:599], b"changed", *LOG[600:]]):
        with pytest.raises(BrokenLogError, match="are not those that were signed"):
            folder.publish(SIGNER.sign_head(head_of(LOG[:900])), from_list(changed))
    with pytest.raises(BrokenLogError, match="ends after 800 entries, and a signed checkpoint counts 900") as caught:
        folder.publish(SIGNER.sign_head(head_of(LOG[:900])), from_list(LOG[:800]))
    assert caught.value.where == "entry 800"
    assert folder.note() == before
    assert publish(folder, 900), "what was repaired is published after all"
    assert list(folder.leaf_hashes(0, 900)) == [leaf_hash(entry) for entry in LOG[:900]]


def test_a_rewritten_log_is_not_published_over_the_old_one(tmp_path):
    folder = published(tmp_path, LOG[:600])
    rewritten = [*LOG[:50], b"changed", *LOG[51:]]
    with pytest.raises(BrokenLogError, match="the first 900 entries are not those"):
        publish(folder, 900, rewritten)
    for size in (600, 300):
        with pytest.raises(BrokenLogError, match="contradicts the published one"):
            publish(folder, size, rewritten)
    rewritten_lately = [*LOG[:590], b"changed", *LOG[591:]]
    with pytest.raises(BrokenLogError, match="the first 600 entries are not those"):
        publish(folder, 900, rewritten_lately)


def test_the_first_changed_entry_is_found_through_the_published_hashes(tmp_path):
    folder = published(tmp_path, LOG[:600])
    changed = [*LOG[:444], b"changed", *LOG[445:600]]
    with pytest.raises(BrokenLogError):
        verify_entries(changed, [folder.checkpoint().head])
    assert first_bad_entry(changed, folder.leaf_hashes(0, 600)) == 444


@pytest.mark.parametrize("lost", ["tile/0/000", "tile/entries/000"])
def test_a_lost_file_is_named(tmp_path, lost):
    folder = published(tmp_path, LOG[:600])
    (tmp_path / lost).unlink()
    with pytest.raises(BrokenLogError, match="this file of the log is missing") as caught:
        (folder.inclusion_proof(3, 600), list(folder.entries(0, 600)))
    assert caught.value.where == lost


@pytest.mark.parametrize(
    "asked", [lambda each: list(each.entries(0, 601)), lambda each: each.inclusion_proof(600, 601)]
)
def test_more_than_is_published_cannot_be_had(tmp_path, asked):
    with pytest.raises(BrokenLogError, match="600 entries are published, 601 are asked for"):
        asked(published(tmp_path, LOG[:600]))


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_what_is_served(tmp_path, path):
    assert published(tmp_path, LOG[:600]).resource(path) == (tmp_path / path).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".lock",
        "tile",
        "tile/0",
        "tile/0/002",
        "tile/0/000.p/5",
        "tile/0/000/000",
        "../secret",
        "tile/0/../../.lock",
    ],
)
def test_what_is_not_served(tmp_path, path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    assert published(tmp_path / "log", LOG[:600]).resource(path) is None


def test_threads_that_publish_at_once_leave_the_newest(tmp_path):
    sizes = [100, 300, 500, 700, 900, 1100]
    threads = [threading.Thread(target=publish, args=(TileFolder(tmp_path), size)) for size in sizes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert TileFolder(tmp_path).checkpoint().head == head_of(LOG[:1100])
    assert list(TileFolder(tmp_path).entries(0, 1100)) == list(LOG[:1100])


PUBLISHER = """
import sys
from pathlib import Path
from tests.support.logs import SIGNER, entries, from_list, head_of
from winnow.adapters.tiles import TileFolder
log = entries(3000)
signed = [SIGNER.sign_head(head_of(log[:size])) for size in range(100, 3001, 100)]
print("ready", flush=True)
for note in signed:
    TileFolder(Path(sys.argv[1])).publish(note, from_list(log))
"""


def test_killed_at_any_moment_it_goes_on(tmp_path):
    """kill -9 a little later each time; whatever the folder says in between is whole."""
    folder, log = TileFolder(tmp_path), entries(3000)
    for delay in (0.0, 0.002, 0.005, 0.01, 0.02):
        process = subprocess.Popen([sys.executable, "-c", PUBLISHER, tmp_path], stdout=subprocess.PIPE)
        with process:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(delay)
            os.kill(process.pid, signal.SIGKILL)
        checkpoint = folder.checkpoint()
        size = checkpoint.head.size if checkpoint else 0
        assert list(folder.entries(0, size)) == list(log[:size])
        assert [*folder.leaf_hashes(0, size)] == [leaf_hash(entry) for entry in log[:size]]
        if size:
            assert folder.inclusion_proof(0, size) == inclusion_proof(0, size, nodes(log[:size]))
    publish(folder, 3000, log)
    whole = files(published(tmp_path / "whole", log))
    assert {name: content for name, content in files(folder).items() if name in whole} == whole


def test_what_was_half_written_when_it_was_killed_is_replaced(tmp_path, monkeypatch):
    folder = published(tmp_path, LOG[:300])
    real, calls = Path.replace, []

    def killed(self, target):
        calls.append(target)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(folder, 900)
    monkeypatch.undo()
    assert folder.checkpoint().head == head_of(LOG[:300])
    assert list(folder.entries(0, 300)) == list(LOG[:300])
    assert publish(folder, 900)
    assert list(folder.entries(0, 900)) == list(LOG[:900])
    assert not [name for name in files(folder) if name.endswith(".new")]


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path, monkeypatch):
    folder = published(tmp_path, LOG[:300])

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WinnowError, match="cannot be published: No space left on device"):
        publish(folder, 900)
    monkeypatch.undo()
    assert folder.checkpoint().head == head_of(LOG[:300])
    assert publish(folder, 900)


def test_the_checkpoint_comes_last(tmp_path, monkeypatch):
    written, real = [], Path.replace

    def noted(self: Path, target: Path) -> Path:
        written.append(target.name)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", noted)
    published(tmp_path, LOG[:600])
    assert written[-1] == "checkpoint"
    assert written.count("checkpoint") == 1


def test_who_signed_is_the_readers_to_check(tmp_path):
    """Any note is published as it is: the folder has no key. Its reader has."""
    folder = TileFolder(tmp_path)
    assert publish(folder, 5, signer=STRANGER)
    assert Tile(0, 0, 5).path in files(folder)
