"""A backup made, checked and put back; tables brought up to date; what `doctor` finds."""

import json
import socket
import sqlite3

import pytest

from tests.support.cases import lead
from tests.support.command import winnow
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.ports import Arrival

pytestmark = pytest.mark.enable_socket  # `doctor` tries whether the port is free


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    service = open_service(load(flags={"data.folder": str(folder)}))
    service.intake.take([Arrival([lead(id="kept", source="web")], [True])])
    service.engine.dispose()
    return folder


@pytest.mark.parametrize("with_keys", [False, True])
def test_there_and_back(data, tmp_path, with_keys):
    backup, restored = tmp_path / "backup.zip", tmp_path / "restored"
    made = winnow("backup", "create", backup, *(["--with-keys"] if with_keys else []), "--data", data)
    assert made.code == 0
    assert ("the keys are not in it" in made.messages) is not with_keys
    assert winnow("backup", "create", backup, "--data", data).code == 2
    checked = winnow("backup", "verify", backup, "--json")
    assert (checked.code, json.loads(checked.data)) == (0, {"ok": True, "problems": []})
    assert winnow("restore", backup, "--data", restored).code == 0
    if not with_keys:
        assert not (restored / "keys").exists()
        (data / "keys").rename(restored / "keys")
    assert winnow("log", "verify", "--records", "--data", restored).code == 0


def test_a_restore_never_overwrites_unasked(data, tmp_path):
    backup = tmp_path / "backup.zip"
    winnow("backup", "create", backup, "--data", data)
    assert winnow("restore", backup, "--data", data).code == 2
    assert winnow("restore", backup, "--replace", "--data", data).code == 0


def test_a_damaged_backup_is_found(data, tmp_path):
    backup = tmp_path / "backup.zip"
    winnow("backup", "create", backup, "--data", data)
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    checked = winnow("backup", "verify", backup)
    assert checked.code in {2, 3}
    assert checked.messages


def test_tables_are_made_and_brought_up_to_date(tmp_path):
    folder = tmp_path / "new"
    before = winnow("db", "status", "--json", "--data", folder)
    assert before.code == 3
    assert json.loads(before.data)["current"] is None
    assert not folder.exists()
    assert winnow("db", "upgrade", "--data", folder).code == 0
    assert winnow("db", "status", "--data", folder).code == 0
    assert "nothing to do" in winnow("db", "upgrade", "--data", folder).messages


def found(*arguments):
    ran = winnow("doctor", "--json", *arguments)
    return ran.code, {each["check"]: each for each in json.loads(ran.data)}


def test_a_doctor_before_the_first_start_changes_nothing(tmp_path):
    code, checks = found("--data", tmp_path / "new")
    assert code == 0
    assert "not made yet" in checks["data folder"]["found"]
    assert "not made yet" in checks["keys"]["found"]
    assert "not made yet" in checks["database"]["found"]
    assert not (tmp_path / "new").exists()


def test_a_doctor_of_a_healthy_service(data):
    code, checks = found("--data", data)
    assert code == 0
    assert checks["database"]["found"].startswith("sqlite, answers, commits last")
    assert checks["keys"]["ok"]
    assert checks["free disk"]["found"].endswith("GB")


def test_a_doctor_of_open_keys(data):
    (data / "keys" / "master.key").chmod(0o644)
    code, checks = found("--data", data)
    assert code == 1
    assert "others may read this key" in checks["keys"]["found"]


def test_a_doctor_of_old_tables(data):
    with sqlite3.connect(data / "winnow.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    code, checks = found("--data", data)
    assert code == 1
    assert "winnow db upgrade" in checks["database"]["found"]
    assert winnow("db", "status", "--data", data).code == 3


def test_a_doctor_of_a_database_that_is_away(tmp_path):
    code, checks = found("--data", tmp_path, "--store", "postgresql://nobody@127.0.0.1:1/x")
    assert code == 1
    assert not checks["database"]["ok"]


def test_a_doctor_of_a_port_that_is_taken(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        (data.parent / "winnow.toml").write_text(f"[serve]\nport = {other.getsockname()[1]}\n")
        code, checks = found("--data", data, "--config", data.parent / "winnow.toml")
    assert code == 1
    assert "cannot be listened on" in checks["port"]["found"]
