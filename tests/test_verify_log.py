"""docs/verify_log.py, the verifier that shares nothing with Winnow, against logs and receipts that Winnow made."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.support.logs import KEY, SIGNER, STRANGER, entries, head_of, published, receipt, verify_log
from tests.support.project import ROOT, imports
from tests.support.rfc6962 import LEAVES, PATHS, ROOTS
from tests.support.tampering import (
    ACTS,
    found_by_ours,
    found_by_the_other,
    independent,
    keep,
    lot,
    named_by_ours,
    original,
    written,
)
from winnow.core.receipt import receipt_document

SCRIPT = ROOT / "docs" / "verify_log.py"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return published(tmp_path_factory.mktemp("log") / "log", original())


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("kept") / "pushed.jsonl")


def test_it_imports_nothing_but_the_standard_library_and_cryptography():
    others = {name.partition(".")[0] for name in imports(SCRIPT)} - sys.stdlib_module_names
    assert others == {"cryptography"}


def test_it_is_short_enough_to_be_read():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    documented = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and ast.get_docstring(node)]
    assert len(documented) > 10
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 300


@pytest.mark.parametrize("size", range(9))
def test_it_knows_the_published_roots(size):
    script = verify_log()
    assert script.Tree([script.sha256(b"\x00", leaf) for leaf in LEAVES[:size]]).root().hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_it_knows_the_published_paths(index, size, path):
    script = verify_log()
    leaf = script.sha256(b"\x00", LEAVES[index])
    found = script.root_by_proof(leaf, index, size, [bytes.fromhex(each) for each in path])
    assert found.hex() == ROOTS[size]


def test_as_a_command_on_its_own(whole, tmp_path):
    document = tmp_path / "receipt.json"
    document.write_text(json.dumps(receipt_document(receipt(whole, 600))), encoding="utf-8")
    clean = {"PATH": os.defpath}
    for arguments in (["log", whole.path], ["receipt", document]):
        command = [sys.executable, SCRIPT, *arguments, "--key", str(KEY)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("ok: ")


def test_an_untouched_log(whole, kept, tmp_path):
    assert independent("log", str(whole.path)) == (0, "ok: 700 entries fit the signed checkpoint and 0 older ones\n")
    assert independent("log", str(whole.path), "--since", str(kept))[1].endswith("and 3 older ones\n")
    old = tmp_path / "old"
    old.write_text(SIGNER.sign_head(head_of(original()[:300])), encoding="utf-8")
    assert independent("log", str(whole.path), "--since", str(kept), "--since", str(old))[1].endswith("4 older ones\n")


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_untouched_logs_of_awkward_sizes(tmp_path, size):
    folder = published(tmp_path, entries(512)[:size])
    assert independent("log", str(folder.path))[0] == 0


def test_a_log_that_has_grown_since_its_partial_files(tmp_path):
    folder = published(tmp_path, entries(512)[:100])
    before = folder.note()
    folder.publish(SIGNER.sign_head(head_of(entries(512))), lambda start, end: entries(512)[start:end])
    (tmp_path / "checkpoint").write_text(before, encoding="utf-8")
    assert independent("log", str(tmp_path)) == (0, "ok: 100 entries fit the signed checkpoint and 0 older ones\n")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("seed", range(4))
def test_both_verifiers_find_what_was_done_to_a_log(act, seed, whole, kept, tmp_path):
    done = act(lot(seed))
    written(done, tmp_path / "log", whole.path)
    assert found_by_ours(done)
    assert named_by_ours(done, whole) == done.first_bad
    assert found_by_the_other(tmp_path / "log", kept)


def test_without_an_older_checkpoint_a_perfect_forgery_passes(tmp_path):
    """Why checkpoints are pushed: the holder of the key can make another log, and nobody else can."""
    forged = published(tmp_path / "log", [b"all new"] * 5)
    assert independent("log", str(forged.path))[0] == 0


def test_two_checkpoints_that_count_the_same_and_say_something_else(whole, tmp_path):
    old = tmp_path / "old"
    old.write_text(SIGNER.sign_head(head_of([*original()[:699], b"other"])), encoding="utf-8")
    code, told = independent("log", str(whole.path), "--since", str(old))
    assert (code, told) == (3, "BROKEN: entry 0 or one after it, before entry 700, is not what was signed\n")


@pytest.mark.parametrize("bad", [0, 255, 256, 699])
def test_it_names_the_first_bad_entry(bad, whole, tmp_path):
    changed = [*original()[:bad], b"changed", *original()[bad + 1 :]]
    folder = published(tmp_path, changed).path
    for name in ("tile/0/000", "tile/0/001", "tile/0/002.p/188", "checkpoint"):
        (folder / name).write_bytes((whole.path / name).read_bytes())
    assert independent("log", str(folder)) == (3, f"BROKEN: entry {bad} is not what its tile says\n")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tile/entries/001", "entry 256 is missing"),
        ("tile/0/001", "entry 256 is not what its tile says"),
        ("tile/1/000.p/2", "the tile over entry 0 and those after it is not what the entries say"),
    ],
)
def test_it_names_what_is_missing(tmp_path, name, told):
    folder = published(tmp_path, original()).path
    (folder / name).unlink()
    assert independent("log", str(folder)) == (3, f"BROKEN: {told}\n")


def test_a_changed_upper_tile(tmp_path):
    folder = published(tmp_path, original()).path
    tile = folder / "tile/1/000.p/2"
    tile.write_bytes(tile.read_bytes()[:32] + bytes(32))
    assert "the tile over entry 256 and those after it" in independent("log", str(folder))[1]


def test_a_checkpoint_of_somebody_else(tmp_path):
    folder = published(tmp_path, original(), STRANGER).path
    assert independent("log", str(folder)) == (3, "BROKEN: the checkpoint is not signed by winnow.example/log\n")


# ── Receipts ─────────────────────────────────────────────────────────────────────────────────────


def checked(tmp_path, document: object, *more: str) -> tuple[int, str]:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return independent("receipt", str(path), *more)


def test_a_receipt(whole, tmp_path):
    document = receipt_document(receipt(whole, 42))
    told = "ok: entry 42 of 700 is a decision, its record is the one that was logged\n"
    assert checked(tmp_path, document) == (0, told)
    assert checked(tmp_path, document, "--show") == (0, told + '{"lead_id":"lead-42","outcome":"review"}\n')


def test_a_receipt_whose_record_was_erased(whole, tmp_path):
    document = {**receipt_document(receipt(whole, 42)), "record": None, "nonce": None}
    assert checked(tmp_path, document, "--show")[1].endswith("is a decision, its record was erased\n")


@pytest.mark.parametrize("field", ["index", "kind", "entry", "record", "nonce", "proof", "tree_size", "checkpoint"])
def test_a_receipt_put_together_from_two(whole, tmp_path, field):
    one, other = receipt_document(receipt(whole, 42)), receipt_document(receipt(whole, 43))
    other |= {"kind": "permit", "tree_size": 699, "checkpoint": SIGNER.sign_head(head_of(original()[:699]))}
    code, told = checked(tmp_path, {**one, field: other[field]})
    assert (code, told[:8]) == (3, "BROKEN: ")


@pytest.mark.parametrize("document", [None, [], {}, {"checkpoint": 5}, {"checkpoint": "text\n\n"}])
def test_what_is_no_receipt(tmp_path, document):
    assert checked(tmp_path, document)[0] == 3


def test_a_proof_of_the_wrong_length(whole, tmp_path):
    true = receipt(whole, 42)
    document = receipt_document(true)
    shorter, longer = (
        receipt_document(replace(true, proof=each)) for each in (true.proof[1:], (*true.proof, bytes(32)))
    )
    assert "too short" in checked(tmp_path, shorter)[1]
    assert "too long" in checked(tmp_path, longer)[1]
    assert "is not among the 700" in checked(tmp_path, {**document, "index": 700})[1]


@pytest.mark.parametrize(
    "key",
    ["name+00000000+AQ==", "no key", str(KEY)[:-3], str(KEY).replace("winnow.example", "other.example"), "a+b+c+d"],
)
def test_what_is_no_key(whole, key):
    assert verify_log().main(["log", str(whole.path), "--key", key]) == 3


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(SystemExit) as caught:
        independent("log", str(tmp_path))
    assert caught.value.code == 2
