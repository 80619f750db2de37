"""What `put` returned for is there, in order, for whoever comes next, and never more of it than fits."""

import errno
import fcntl
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import binary, integers, lists

from winnow.adapters.spool import START, Depth, Spool, folder, orphans, segment
from winnow.errors import SpoolFullError, WinnowError

MEGABYTE = 1 << 20


def plain(data):
    return data


def hidden(data):
    return bytes(byte ^ 0xAA for byte in data)


def new(root, most_bytes=MEGABYTE):
    return Spool.new(root, most_bytes, seal=hidden, unseal=hidden)


def opened(path):
    return Spool(path, MEGABYTE, seal=hidden, unseal=hidden)


def found(root):
    return list(orphans(root, MEGABYTE, seal=hidden, unseal=hidden))


def killed(spool):
    """What a process leaves that had no time to close anything."""
    os.close(spool._lock)
    return spool.folder


def payloads(spool, after=START):
    return [record.payload for record in spool.read(after)]


def files(spool):
    return sorted(path.name for path in spool.folder.glob("*.spool"))


def record(number):
    return b"lead %d" % number


@pytest.fixture
def small_segments(monkeypatch):
    monkeypatch.setattr(folder, "SEGMENT_BYTES", 60)


def test_put_and_read_in_order(tmp_path):
    with new(tmp_path) as spool:
        spool.put([b"one", b"two"])
        spool.put([])
        spool.put([b"three"])
        assert payloads(spool) == [b"one", b"two", b"three"]
        first = spool.read(limit=1)
        assert [each.payload for each in first] == [b"one"]
        assert payloads(spool, first[-1].position) == [b"two", b"three"]
        assert spool.depth == Depth(records=3, bytes=11 + 3 * 12, damaged_bytes=0)


def test_a_group_costs_one_sync(tmp_path, monkeypatch):
    with new(tmp_path) as spool:
        spool.put([b"the first one also syncs the name of its segment"])
        synced: list[int] = []
        monkeypatch.setattr(os, "fsync", synced.append)
        spool.put([record(number) for number in range(100)])
        assert len(synced) == 1


def test_nothing_is_readable_by_others_or_in_clear(tmp_path):
    old = os.umask(0)
    try:
        with new(tmp_path / "root") as spool:
            spool.put([b"ana@example.com"])
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in spool.folder.iterdir()}
            assert modes == {"00000001.spool": 0o600, "lock": 0o600}
            assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "root", spool.folder)] == [0o700] * 2
            assert b"ana@" not in (spool.folder / "00000001.spool").read_bytes()
    finally:
        os.umask(old)


@pytest.mark.usefixtures("small_segments")
def test_whole_segments_go_when_they_are_taken_over(tmp_path):
    with new(tmp_path) as spool:
        for number in range(10):
            spool.put([record(number)])
        assert files(spool) == ["00000001.spool", "00000002.spool", "00000003.spool"]
        taken = spool.read(limit=5)[-1].position
        spool.done(taken)
        spool.done(START)  # an old position takes nothing back
        assert files(spool) == ["00000002.spool", "00000003.spool"]
        assert spool.depth.records == 5
        assert payloads(spool, taken) == [record(number) for number in range(5, 10)]
        spool.done(spool.read(taken)[-1].position)
        assert (files(spool), spool.depth) == ([], Depth(0, 0, 0))
        spool.put([b"next"])
        assert files(spool) == ["00000004.spool"]  # no number twice
        assert payloads(spool, taken) == [b"next"]


def test_full(tmp_path):
    with new(tmp_path, 100) as spool:
        spool.put([bytes(60)])
        with pytest.raises(SpoolFullError, match="the spool may hold 100 bytes"):
            spool.put([b"too", b"many", b"more"])
        spool.put([b"a small one fits"])
        spool.done(spool.read()[-1].position)
        spool.put([bytes(60)])
        assert payloads(spool) == [bytes(60)]


def test_closing_removes_an_empty_spool_and_leaves_the_others_to_be_found(tmp_path):
    empty, waiting, alive = new(tmp_path), new(tmp_path), new(tmp_path)
    waiting.put([b"here"])
    alive.put([b"mine"])
    for spool in (empty, waiting):
        spool.close()
    (orphan,) = found(tmp_path)
    assert (orphan.folder, orphan.name, payloads(orphan)) == (waiting.folder, waiting.folder.name, [b"here"])
    assert found(tmp_path) == []  # one drains it
    orphan.done(orphan.read()[-1].position)
    orphan.close()
    assert set(tmp_path.iterdir()) == {alive.folder}
    alive.close()


def test_what_a_killed_process_left(tmp_path):
    folder = killed(spool := new(tmp_path))
    spool.put([b"one", b"two"])
    with (folder / "00000001.spool").open("ab") as file:
        file.write(segment.framed(hidden(b"never acknowledged"))[:-1])
    with opened(folder) as orphan:
        assert payloads(orphan) == [b"one", b"two"]
        assert orphan.depth.damaged_bytes == 29
        orphan.done(orphan.read(limit=1)[-1].position)
        assert orphan.depth.records == 1
    with opened(folder) as again:  # half drained, and found again; the database knows the position
        assert payloads(again) == [b"one", b"two"]


def test_an_orphan_is_only_read(tmp_path):
    with new(tmp_path) as spool:
        spool.put([b"one"])
    with opened(spool.folder) as orphan, pytest.raises(WinnowError, match="only read"):
        orphan.put([b"two"])


def test_one_process_a_folder(tmp_path):
    with new(tmp_path) as spool, pytest.raises(WinnowError, match="another process holds this spool"):
        opened(spool.folder)
    with pytest.raises(WinnowError, match="there is no such spool"):
        opened(tmp_path / "nowhere")


def test_a_lock_that_was_removed_while_we_waited_is_no_lock(tmp_path, monkeypatch):
    with new(tmp_path) as spool:
        spool.put([b"one"])
    real = fcntl.flock

    def just_drained_by_another(handle, how):
        (spool.folder / "lock").unlink()
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", just_drained_by_another)
    with pytest.raises(WinnowError, match="another process"):
        opened(spool.folder)


def test_a_dead_process_gives_its_lock_back(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from winnow.adapters.spool import Spool\n"
        "spool = Spool.new(Path(sys.argv[1]), 10**6, seal=bytes, unseal=bytes)\n"
        "spool.put([b'hello']); print(spool.name, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        name = process.stdout.readline().strip()
        assert found(tmp_path) == []
        process.kill()
    (orphan,) = orphans(tmp_path, MEGABYTE, seal=plain, unseal=plain)
    assert (orphan.name, payloads(orphan)) == (name, [b"hello"])
    orphan.close()


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WinnowError, match="no spool can be made here: not a directory"):
        new(tmp_path / "file" / "root")


def test_a_folder_whose_name_is_not_durable_is_not_left_behind(tmp_path):
    with patch.object(segment, "os", Broken("fsync", errno.EIO, after=1)), pytest.raises(WinnowError, match="no spool"):
        new(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_cannot_be_opened_is_not_passed_over(tmp_path):
    def wrong_key(_):
        raise ValueError("wrong key")

    with new(tmp_path) as spool:
        spool.put([b"one"])
    with Spool(spool.folder, MEGABYTE, seal=plain, unseal=wrong_key) as orphan, pytest.raises(ValueError, match="key"):
        orphan.read()
    assert spool.folder.exists()


class Broken:
    """The system's calls, of which one fails when it is time."""

    def __init__(self, call, error, after=0):
        self.call, self.error, self.left = call, error, after

    def __getattr__(self, name):
        return self._failing if name == self.call else getattr(os, name)

    def _failing(self, handle, *arguments):
        if self.left > 0:
            self.left -= 1
            return getattr(os, self.call)(handle, *arguments)
        if self.call == "write":  # half of it is written before the disk is full
            os.write(handle, arguments[0][: len(arguments[0]) // 2])
        raise OSError(self.error, os.strerror(self.error))


FAILURES = [
    ("write", errno.ENOSPC, "no space left"),
    ("write", errno.EDQUOT, "quota"),
    ("write", errno.EIO, "input/output error"),
    ("fsync", errno.EIO, "input/output error"),
    ("fsync", errno.ENOSPC, "no space left"),
]


@pytest.mark.parametrize("before", [0, 2])
@pytest.mark.parametrize(("call", "error", "said"), FAILURES)
def test_after_a_failure_it_goes_on_in_a_new_segment(tmp_path, monkeypatch, call, error, said, before):
    spool = new(tmp_path)
    kept = [record(number) for number in range(before)]
    spool.put(kept)
    with monkeypatch.context() as broken:
        broken.setattr(segment, "os", Broken(call, error))
        for _ in range(3):
            with pytest.raises(SpoolFullError, match=said):
                spool.put([b"never kept"])
    assert payloads(spool) == kept
    assert files(spool) == ["00000001.spool"][: len(kept)]  # failing again and again leaves nothing behind
    assert spool.depth == Depth(before, before * 18, 0)
    spool.put([b"later"])
    assert len(files(spool)) == (2 if before else 1)
    assert payloads(spool) == [*kept, b"later"]
    with opened(killed(spool)) as orphan:
        assert payloads(orphan) == [*kept, b"later"]


def test_a_segment_whose_name_is_not_durable_holds_nothing(tmp_path, monkeypatch):
    spool = new(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(segment, "os", Broken("fsync", errno.EIO, after=1))
        with pytest.raises(SpoolFullError):
            spool.put([b"never kept"])
    assert (payloads(spool), files(spool)) == ([], [])
    spool.close()


def test_an_interruption_in_the_middle_leaves_nothing_half(tmp_path, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    with new(tmp_path) as spool:
        spool.put([b"one"])
        with monkeypatch.context() as broken:
            broken.setattr(folder, "sync", interrupted)
            with pytest.raises(KeyboardInterrupt):
                spool.put([b"two"])
        spool.put([b"three"])
        assert payloads(spool) == [b"one", b"three"]


def test_what_cannot_be_removed_is_tried_again(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(errno.EPERM, "not now")

    with new(tmp_path) as spool:
        spool.put([b"one"])
        position = spool.read()[-1].position
        with monkeypatch.context() as broken:
            broken.setattr(Path, "unlink", refused)
            spool.done(position)
        assert (len(files(spool)), spool.depth.records) == (1, 0)
        spool.done(position)
        assert files(spool) == []


@pytest.mark.usefixtures("small_segments")
def test_threads_put_while_another_drains(tmp_path):
    with new(tmp_path) as spool:

        def putting(who):
            for number in range(50):
                spool.put([b"%d %d" % (who, number)])

        threads = [threading.Thread(target=putting, args=(who,)) for who in range(3)]
        for thread in threads:
            thread.start()
        taken: list[bytes] = []
        after = START
        while len(taken) < 150:
            batch = spool.read(after, limit=7)
            if batch:
                taken += [each.payload for each in batch]
                after = batch[-1].position
                spool.done(after)
        for thread in threads:
            thread.join()
        assert sorted(taken) == sorted(b"%d %d" % (who, number) for who in range(3) for number in range(50))
        mine = [payload for payload in taken if payload.startswith(b"1 ")]
        assert mine == [b"1 %d" % number for number in range(50)]
        assert spool.depth.records == 0


class AnySequence(RuleBasedStateMachine):
    """Any order of putting, failing, taking over and dying: what waits is what was put and not taken over."""

    def __init__(self):
        super().__init__()
        self.root = Path(mkdtemp())
        self.size, folder.SEGMENT_BYTES = folder.SEGMENT_BYTES, 100
        self.spool = new(self.root)
        self.expected = []
        self.after = START

    @rule(records=lists(binary(max_size=50), max_size=5))
    def put(self, records):
        self.spool.put(records)
        self.expected += records

    @rule(at=integers(0, 1))
    def fail(self, at):
        call = ("write", "fsync")[at]
        with patch.object(segment, "os", Broken(call, errno.EIO)), pytest.raises(SpoolFullError):
            self.spool.put([b"never kept"])

    @rule(limit=integers(1, 5))
    def take_over(self, limit):
        batch = self.spool.read(self.after, limit)
        assert [each.payload for each in batch] == self.expected[:limit]
        if batch:
            self.after = batch[-1].position
            del self.expected[: len(batch)]
            self.spool.done(self.after)

    @rule()
    def die(self):
        with opened(killed(self.spool)) as orphan:
            assert payloads(orphan, self.after) == self.expected
            orphan.done((1 << 63) - 1)
        self.spool, self.expected, self.after = new(self.root), [], START

    @invariant()
    def what_waits_is_what_was_put(self):
        assert payloads(self.spool, self.after) == self.expected
        assert self.spool.depth.records == len(self.expected)

    def teardown(self):
        self.spool.done((1 << 63) - 1)
        self.spool.close()
        folder.SEGMENT_BYTES = self.size
        assert list(self.root.iterdir()) == []
        self.root.rmdir()


TestAnySequence = AnySequence.TestCase
