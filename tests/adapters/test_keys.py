import os
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from winnow.adapters import keys
from winnow.adapters.keys import LOG_KEY, MASTER_KEY, PEPPER, Keys, new_id, new_secret, token_bytes, verify_signature
from winnow.core.tlog import EMPTY, open_checkpoint, verifier_key
from winnow.errors import WinnowError

NOW = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
CROCKFORD = set("0123456789abcdefghjkmnpqrstvwxyz")


@pytest.fixture
def folder(tmp_path):
    Keys.make(tmp_path / "keys")
    return tmp_path / "keys"


def test_keys_are_made_once_and_for_their_owner_only(folder):
    assert {path.name for path in folder.iterdir()} == {LOG_KEY, MASTER_KEY, PEPPER}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    Keys.make(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_every_installation_has_its_own(tmp_path):
    one, two = Keys.make(tmp_path / "one"), Keys.make(tmp_path / "two")
    assert len({one.master, two.master, one.pepper, two.pepper}) == 4
    assert one.signer("log").key != two.signer("log").key


def test_what_was_interrupted_is_made_whole(folder):
    kept = (folder / MASTER_KEY).read_bytes()
    (folder / PEPPER).unlink()
    assert Keys.make(folder).master == kept
    assert (folder / PEPPER).exists()


def test_two_that_start_at_once_use_the_same_keys(tmp_path):
    found = []
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        found.append(Keys.make(tmp_path / "keys"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(each.master, each.pepper, str(each.signer("log").key)) for each in found}) == 1
    assert len(found) == 8


def test_keys_are_synced_before_they_get_their_names(tmp_path, monkeypatch):
    happened = []

    def noting(name: str, call):
        def noted(*args):
            happened.append(name)
            return call(*args)

        return noted

    monkeypatch.setattr(os, "fsync", noting("sync", os.fsync))
    monkeypatch.setattr(os, "link", noting("name", os.link))
    Keys.make(tmp_path / "keys")
    assert happened == ["sync", "name", "sync"] * 3


@pytest.mark.parametrize("name", [LOG_KEY, MASTER_KEY, PEPPER])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused(folder, name, mode):
    (folder / name).chmod(mode)
    with pytest.raises(WinnowError, match="others may read this key") as caught:
        Keys.load(folder)
    assert caught.value.fix == f"chmod 600 {folder / name}"
    assert caught.value.where == str(folder / name)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_change_is_refused(folder, mode):
    folder.chmod(mode)
    with pytest.raises(WinnowError, match="others may write to the folder"):
        Keys.load(folder)


def test_missing_keys_are_not_made_by_the_way(folder, tmp_path):
    with pytest.raises(WinnowError, match="the folder of the keys cannot be read"):
        Keys.load(tmp_path / "elsewhere")
    (folder / MASTER_KEY).unlink()
    with pytest.raises(WinnowError, match="is missing") as caught:
        Keys.load(folder)
    assert caught.value.fix == "restore it from the backup"
    assert not (folder / MASTER_KEY).exists()


def test_a_folder_in_place_of_a_key(folder):
    (folder / PEPPER).unlink()
    (folder / PEPPER).mkdir()
    with pytest.raises(WinnowError, match="cannot be read"):
        Keys.load(folder)


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33)])
def test_a_damaged_secret_is_refused(folder, content):
    (folder / MASTER_KEY).write_bytes(content)
    with pytest.raises(WinnowError, match=f"this key has {len(content)} bytes, not 32"):
        Keys.load(folder)


def test_a_signing_key_of_32_bytes_or_as_pem(folder):
    raw = bytes(range(32))
    (folder / LOG_KEY).write_bytes(raw)
    from_raw = Keys.load(folder)
    (folder / LOG_KEY).write_bytes(from_raw.log.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert Keys.load(folder).signer("log").key == from_raw.signer("log").key


def other_keys() -> list[bytes]:
    elliptic = generate_private_key(SECP256R1())
    ours = Ed25519PrivateKey.generate()
    return [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        ours.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")),
    ]


def test_a_signing_key_of_another_kind_is_refused(folder):
    for content in other_keys():
        (folder / LOG_KEY).write_bytes(content)
        with pytest.raises(WinnowError, match="no Ed25519 private key without a password"):
            Keys.load(folder)


def test_a_place_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WinnowError, match="cannot be written: No space left"):
        Keys.make(tmp_path / "keys")
    assert list((tmp_path / "keys").iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(WinnowError, match="cannot be written: Not a directory"):
        Keys.make(tmp_path / "file" / "keys")


def test_keys_do_not_show_in_a_representation(folder):
    found = Keys.load(folder)
    assert repr(found) == "Keys()"
    assert repr(found.signer("log")) == "LogSigner(name='log')"


def test_each_purpose_has_its_own_key():
    found = Keys(Ed25519PrivateKey.from_private_bytes(bytes(32)), bytes(32), bytes(range(32)))
    derived = [found.sealing("leads"), found.sealing("secrets"), found.hashing("leads"), found.hashing("api keys")]
    assert len({found.master, found.pepper, *derived}) == 6
    assert {len(each) for each in derived} == {32}
    assert found.sealing("leads") == derived[0]
    # what is sealed today must be opened by the next version: HKDF-SHA256 of 32 zero bytes, info `winnow/v1/leads`
    assert derived[0].hex() == "3c2722521e82f84fcf002a24737bb64adb26e3e6d30c852f79e5b8b6d4fb0ff6"


def test_what_a_signer_signs_holds(folder):
    signer = Keys.load(folder).signer("winnow.example/log")
    note = signer.sign_head(EMPTY)
    assert open_checkpoint(note, verifier_key(str(signer.key)), verify_signature).head == EMPTY
    assert signer.sign("text\n").startswith("text\n\n— winnow.example/log ")


@pytest.mark.parametrize(("public", "signature"), [(b"", bytes(64)), (bytes(32), b""), (b"\xff" * 32, bytes(64))])
def test_what_is_no_signature(public, signature):
    assert not verify_signature(public, signature, b"message")


def test_an_id_tells_when_it_was_made():
    earlier = [new_id("ld", NOW + timedelta(milliseconds=step)) for step in range(200)]
    assert earlier == sorted(earlier)
    assert len({*earlier, *(new_id("ld", NOW) for _ in range(200))}) == 400
    assert {len(each) for each in earlier} == {29}
    assert set(earlier[0][3:]) <= CROCKFORD


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    # the first is the example of the ULID specification
    [(1_469_918_176_385, "01aryz6s41"), (0, "0000000000"), (31, "000000000z"), (253_402_300_799_999, "76ez91zpzz")],
)
def test_the_time_in_an_id_is_the_published_one(milliseconds, expected):
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds, microseconds=999)
    assert new_id("x", now)[2:12] == expected


def test_the_random_part_of_an_id_is_all_of_it(monkeypatch):
    monkeypatch.setattr(keys, "token_bytes", lambda count: b"\xff" * count)
    assert new_id("x", NOW).endswith("z" * 16)
    monkeypatch.setattr(keys, "token_bytes", bytes)
    assert new_id("x", NOW).endswith("0" * 16)


def test_a_secret_fits_into_a_key_of_three_parts():
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(each) for each in secrets} == {52}
    assert set("".join(secrets)) <= CROCKFORD


def test_random_bytes_are_as_many_as_asked_for():
    assert len(token_bytes(16)) == 16
    assert token_bytes(16) != token_bytes(16)
