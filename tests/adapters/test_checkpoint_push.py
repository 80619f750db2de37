import json

import pytest

from tests.support.logs import KEY, SIGNER, STRANGER, entries, head_of, nodes
from winnow.adapters.checkpoint_push import FileTarget, FolderTarget, Target, WebhookTarget, push, pushed_notes
from winnow.adapters.keys import LogSigner, verify_signature
from winnow.core.tlog import consistency_proof
from winnow.errors import BrokenLogError, WinnowError

LOG = entries(50)
REWRITTEN = [*LOG[:3], b"changed", *LOG[4:]]


class Site:
    """What is on the other side of a webhook."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.up = True

    def post(self, url: str, body: bytes) -> None:
        if not self.up:
            raise WinnowError("the receiver answered 503")
        self.received.append((url, body))


def note(size: int, log=LOG, signer: LogSigner = SIGNER) -> str:
    return signer.sign_head(head_of(log[:size]))


def pushed(target: Target, size: int, log=LOG, have: int | None = None, signer=SIGNER) -> bool:
    """Push the checkpoint of the first `size` entries of a log that has `have` of them."""

    def prove(old: int, new: int) -> tuple[bytes, ...]:
        here = log[: have or size]
        if new > len(here):
            raise BrokenLogError(f"{len(here)} entries are published, {new} are asked for")
        return consistency_proof(old, new, nodes(here))

    return push(note(size, log, signer), target, KEY, verify_signature, prove)


@pytest.fixture(params=["file", "folder", "webhook"])
def target(request, tmp_path):
    (tmp_path / "folder").mkdir()
    return {
        "file": FileTarget(tmp_path / "pushed.jsonl"),
        "folder": FolderTarget(tmp_path / "folder"),
        "webhook": WebhookTarget("https://witness.example/log", Site().post, tmp_path / "memory"),
    }[request.param]


def test_a_log_that_grows_is_pushed(target):
    assert target.last() is None
    for size in (0, 5, 6, 50):
        assert pushed(target, size)
        assert target.last() == note(size)


def test_what_is_there_is_not_pushed_again(target):
    assert pushed(target, 20)
    assert not pushed(target, 20)
    assert target.last() == note(20)


@pytest.mark.parametrize("size", [1, 20, 21, 50])
def test_a_split_view_is_not_pushed(target, size):
    pushed(target, 20)
    with pytest.raises(BrokenLogError):
        pushed(target, size, [b"changed", *LOG[1:]])
    assert target.last() == note(20)


def test_a_log_restored_from_an_old_backup_is_not_pushed(target):
    pushed(target, 20)
    for size in (15, 0):
        with pytest.raises(BrokenLogError, match=f"the log had 20 entries and has {size}"):
            pushed(target, size)
    assert target.last() == note(20)


def test_a_process_that_comes_late_does_no_harm(target):
    pushed(target, 20)
    for size in (15, 0):
        assert not pushed(target, size, have=50)
    assert target.last() == note(20)


def test_only_what_is_signed_is_pushed(target):
    with pytest.raises(BrokenLogError, match="is not signed"):
        pushed(target, 20, signer=STRANGER)
    assert target.last() is None


def test_a_place_that_somebody_else_wrote_to_is_reported(target):
    target.put(note(5, signer=STRANGER))
    with pytest.raises(BrokenLogError, match="is not signed"):
        pushed(target, 20)


# ── Each kind of place ───────────────────────────────────────────────────────────────────────────


def test_a_file_only_grows(tmp_path):
    target = FileTarget(tmp_path / "pushed.jsonl")
    for size in (5, 6):
        before = target.path.read_bytes() if target.path.exists() else b""
        pushed(target, size)
        assert target.path.read_bytes().startswith(before)
    lines = [json.loads(line) for line in target.path.read_text(encoding="utf-8").splitlines()]
    assert lines == [{"size": 5, "note": note(5)}, {"size": 6, "note": note(6)}]


@pytest.mark.parametrize("torn", [b'{"size": 6, "no', b"\xe2\x80", b"[]", b'"note"', b"{}"])
def test_a_line_torn_by_a_power_cut_was_never_pushed(tmp_path, torn):
    target = FileTarget(tmp_path / "pushed.jsonl")
    pushed(target, 5)
    with target.path.open("ab") as file:
        file.write(torn)
    assert target.last() == note(5)
    assert pushed(target, 6)
    assert pushed_notes(target.path.read_bytes()) == [note(5), note(6)]


def test_a_folder_keeps_every_checkpoint_and_shows_the_newest(tmp_path):
    target = FolderTarget(tmp_path)
    for size in (5, 20):
        pushed(target, size)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "checkpoint-0000000000000000005.txt": note(5),
        "checkpoint-0000000000000000020.txt": note(20),
        "checkpoint": note(20),
    }


def test_a_mount_that_is_gone_is_not_written_over(tmp_path):
    with pytest.raises(WinnowError, match="cannot be pushed: No such file"):
        pushed(FolderTarget(tmp_path / "mount"), 5)
    assert not (tmp_path / "mount").exists()


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(WinnowError, match="cannot be pushed"):
        pushed(FileTarget(tmp_path / "gone" / "pushed.jsonl"), 5)
    with pytest.raises(WinnowError, match="cannot be read"):
        pushed(FileTarget(tmp_path), 5)


def test_a_webhook_gets_the_note_as_it_is(tmp_path):
    site = Site()
    target = WebhookTarget("https://witness.example/log", site.post, tmp_path / "memory")
    pushed(target, 5)
    assert site.received == [("https://witness.example/log", note(5).encode())]


def test_what_a_webhook_did_not_accept_is_tried_again(tmp_path):
    site = Site()
    target = WebhookTarget("https://witness.example/log", site.post, tmp_path / "memory")
    site.up = False
    with pytest.raises(WinnowError, match="503"):
        pushed(target, 5)
    site.up = True
    assert pushed(target, 5)
    assert len(site.received) == 1
    assert target.last() == note(5)


def test_the_rewritten_log_of_these_tests_differs_from_its_fourth_entry_on():
    assert head_of(REWRITTEN[:3]) == head_of(LOG[:3])
    assert head_of(REWRITTEN[:4]) != head_of(LOG[:4])
