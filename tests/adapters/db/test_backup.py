"""A backup holds everything as of one moment; what is wrong with it is found; it can be put back anywhere."""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
import pytest
from sqlalchemy import func, insert, inspect, select, text

from tests.support.databases import KINDS, new_database
from tests.support.store_rows import add_leaves, fill, made_up
from winnow.adapters.db.backup import create_backup, verify_backup
from winnow.adapters.db.connections import make_engine, writing
from winnow.adapters.db.program_tables import api_keys, deliveries
from winnow.adapters.db.restore import rehearse, restore
from winnow.adapters.db.schema import newest, upgrade_to
from winnow.adapters.db.tables import leads, leaves, metadata
from winnow.core.tlog import Frontier
from winnow.errors import InvalidInputError, WinnowError

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ROWS = 40


def filled(kind, folder, rows=ROWS):
    url = new_database(kind, folder)
    with connected(url) as connection:
        metadata.create_all(connection)
        fill(connection, rows)
    return url


class connected:  # noqa: N801 - reads as a verb
    """A transaction in a database, and no connection left over afterwards."""

    def __init__(self, url):
        self.engine = make_engine(url)
        self.transaction = writing(self.engine)

    def __enter__(self):
        return self.transaction.__enter__()

    def __exit__(self, *problem):
        try:
            return self.transaction.__exit__(*problem)
        finally:
            self.engine.dispose()


def content(url):
    with connected(url) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


def backed_up(url, folder, **more):
    target = folder / f"{len(list(folder.iterdir()))}.winnow-backup"
    create_backup(url, target, now=NOW, folders=more.pop("folders", {}), **more)
    return target


@pytest.fixture(scope="module")
def backup(tmp_path_factory):
    """A backup of SQLite, for tests that only read it."""
    folder = tmp_path_factory.mktemp("backup")
    return backed_up(filled("sqlite", folder), folder)


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_there_and_back_also_into_the_other_database(tmp_path, source, target):
    url, new = filled(source, tmp_path), new_database(target, tmp_path)
    path = backed_up(url, tmp_path)
    assert verify_backup(path).problems == ()
    restore(path, new, folders={})
    assert content(new) == content(url)
    again = backed_up(new, tmp_path)
    assert verify_backup(again).manifest.tables == verify_backup(path).manifest.tables  # the same bytes
    with connected(new) as connection:  # the database's own numbers go on after those that were loaded
        row = {name: value for name, value in made_up(deliveries, 1).items() if name != "id"}
        assert connection.execute(insert(deliveries), row).inserted_primary_key == (ROWS + 1,)


def test_what_a_backup_says_of_itself(tmp_path):
    path = backed_up(filled("sqlite", tmp_path), tmp_path)
    manifest = verify_backup(path).manifest
    assert (manifest.created_at, manifest.database, manifest.revision, manifest.keys) == (NOW, "sqlite", None, False)
    assert manifest.log.size == 2 * ROWS + 1
    assert f"\n{2 * ROWS}\n" in (manifest.checkpoint or "")
    assert set(manifest.tables) == set(metadata.tables)
    assert manifest.tables["leads"].rows == ROWS
    assert path.stat().st_mode & 0o777 == 0o600
    assert rehearse(path, tmp_path) == ()
    assert not list(tmp_path.glob("rehearsal*"))


def test_the_tables_are_made_as_they_were_and_brought_up_to_date(tmp_path, monkeypatch):
    url = filled("sqlite", tmp_path)
    with connected(url) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    path = backed_up(url, tmp_path)
    assert verify_backup(path).manifest.revision == "0001"
    asked = []

    def recorded(edition, connection):
        asked.append((edition, len(inspect(connection).get_table_names())))
        upgrade_to(edition, connection)

    monkeypatch.setattr("winnow.adapters.db.restore.upgrade_to", recorded)
    restore(path, url, folders={}, replace=True)
    assert asked == [("0001", 0), (None, len(metadata.tables) + 1)]
    with connected(url) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == newest()
    before = content(url)
    from_the_future = rewritten(path, tmp_path / "future", edited(revision="9999"))
    with pytest.raises(InvalidInputError, match="edition `9999`, which this version does not know"):
        restore(from_the_future, url, folders={}, replace=True)
    assert content(url) == before


@pytest.mark.parametrize("kind", KINDS)
def test_one_moment_while_others_write(tmp_path, kind):
    """Entries are committed with the head that counts them, before and after every table is read."""
    url = filled(kind, tmp_path)
    stop, written = threading.Event(), []

    def write():
        engine = make_engine(url)
        with engine.connect() as connection:
            frontier = Frontier().extended(connection.execute(select(leaves.c.entry).order_by(leaves.c.id)).scalars())
        while not stop.is_set():
            with writing(engine) as connection:
                frontier = add_leaves(connection, frontier, 3)
                connection.execute(insert(leads), made_up(leads, 1000 + frontier.size))
            written.append(frontier.size)
        engine.dispose()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes = []
        for _ in range(4):
            before = len(written)
            while len(written) < before + 5:
                time.sleep(0.001)
            path = backed_up(url, tmp_path, progress=lambda *_: time.sleep(0.002))
            checked = verify_backup(path)
            assert checked.problems == ()
            assert (checked.manifest.log.size - 2 * ROWS - 1) / 3 == checked.manifest.tables["leads"].rows - ROWS
            sizes.append(checked.manifest.log.size)
    finally:
        stop.set()
        writer.join()
    assert sizes == sorted(set(sizes))
    assert len(written) > 20


def test_files_and_keys(tmp_path):
    url = filled("sqlite", tmp_path)
    spool, tiles, keys = tmp_path / "spool", tmp_path / "tiles", tmp_path / "keys"
    (spool / "abc").mkdir(parents=True)
    (spool / "abc" / "00000001.spool").write_bytes(bytes(range(256)) * 9000)
    (spool / "abc" / "lock").touch()
    keys.mkdir()
    (keys / "master").write_bytes(b"do not tell")
    folders = {"spool": spool, "tiles": tiles}
    without = verify_backup(backed_up(url, tmp_path, folders=folders)).manifest
    assert (set(without.files), without.keys) == ({"spool/abc/00000001.spool", "spool/abc/lock"}, False)
    path = backed_up(url, tmp_path, folders=folders, keys=keys)
    checked = verify_backup(path)
    assert (checked.manifest.keys, checked.problems) == (True, ())
    new = tmp_path / "new"
    with pytest.raises(InvalidInputError, match="this folder is not empty"):
        restore(path, new_database("sqlite", tmp_path), folders={"spool": spool})
    restore(path, new_database("sqlite", tmp_path), folders={"spool": new / "spool", "keys": new / "keys"})
    restored = {each.relative_to(new).as_posix(): each for each in new.rglob("*") if each.is_file()}
    assert set(restored) == {"spool/abc/00000001.spool", "spool/abc/lock", "keys/master"}
    assert restored["spool/abc/00000001.spool"].read_bytes() == bytes(range(256)) * 9000
    assert {each.stat().st_mode & 0o777 for each in restored.values()} == {0o600}


def test_a_file_that_goes_away_while_the_backup_is_made_is_no_problem(tmp_path, monkeypatch):
    url = filled("sqlite", tmp_path)
    spool = tmp_path / "spool"
    spool.mkdir()
    (spool / "1.spool").write_bytes(b"waiting")
    (spool / "2.spool").symlink_to(spool / "nowhere")
    monkeypatch.setattr("pathlib.Path.is_file", lambda path: path.suffix == ".spool" or path.exists())
    assert set(verify_backup(backed_up(url, tmp_path, folders={"spool": spool})).manifest.files) == {"spool/1.spool"}


def rewritten(path, target, change):
    """The same archive with other content: `change` gets and returns name → bytes."""
    with ZipFile(path) as old:
        files = {name: old.read(name) for name in old.namelist()}
    change(files)
    with ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name, data in files.items():
            new.writestr(name, data)
    return target


def edited(**changes):
    """Change fields of the manifest."""

    def change(files):
        files["manifest.json"] = msgspec.json.encode({**msgspec.json.decode(files["manifest.json"]), **changes})

    return change


def without_row(table, row):
    def change(files):
        lines = files[f"tables/{table}.jsonl"].splitlines(keepends=True)
        del lines[row]
        files[f"tables/{table}.jsonl"] = b"".join(lines)

    return change


def forged(change):
    """A change whose author also wrote the hashes anew."""

    def forge(files):
        change(files)
        manifest = msgspec.json.decode(files["manifest.json"])
        for name, said in manifest["tables"].items():
            data = files[f"tables/{name}.jsonl"]
            said |= {"size": len(data), "sha256": sha256(data).hexdigest(), "rows": data.count(b"\n")}
        files["manifest.json"] = msgspec.json.encode(manifest)

    return forge


def replaced(table, old, new):
    def change(files):
        name = f"tables/{table}.jsonl"
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def without(name):
    def change(files):
        del files[name]

    return change


def more(name):
    def change(files):
        files[name] = b""

    return change


DAMAGES = [
    (without_row("leads", 3), ["`tables/leads.jsonl` in the backup is not"], "`tables/leads.jsonl`"),
    (without("tables/cases.jsonl"), ["`tables/cases.jsonl` in the backup is not"], "`tables/cases.jsonl`"),
    (more("tables/more.jsonl"), ["`tables/more.jsonl` is not in the manifest"], None),
    (
        forged(replaced("leads", b"[1,", b'["1",')),
        ["damaged: expected `int | null`, got `str`"],
        "`leads` in the backup",
    ),
    (
        forged(replaced("leads", b"]\n", b"\n")),
        ["damaged: input data was truncated"],
        "`leads` in the backup is damaged",
    ),
    (forged(replaced("leads", b"[2,", b"[1,")), [], "the database refuses a row of `leads`: UNIQUE constraint failed"),
    (forged(without_row("leaves", 0)), ["are not those that were signed"], None),
    (forged(without_row("leaves", -1)), ["are not those that were backed up"], None),
    (forged(without_row("log_head", 0)), ["its head counts []"], None),
    (edited(log={"size": 7, "root": "00" * 32}), ["are not those that were backed up"], None),
]


@pytest.mark.parametrize(("change", "said", "refused"), DAMAGES)
def test_whatever_is_wrong_with_a_backup_is_found(tmp_path, backup, change, said, refused):
    path = rewritten(backup, tmp_path / "damaged", change)
    problems = verify_backup(path).problems
    assert all(any(part in problem for problem in problems) for part in said), problems
    new = new_database("sqlite", tmp_path)
    if refused:
        with pytest.raises(WinnowError, match=refused):
            restore(path, new, folders={})
        with connected(new) as connection:
            assert connection.execute(text("SELECT count(*) FROM sqlite_schema")).scalar_one() == 0
        assert refused in rehearse(path, tmp_path)[0]


def files_of(path):
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_a_changed_byte_is_found_or_changes_nothing(tmp_path, backup):
    """Some bytes of a ZIP file mean nothing, such as the time of a file in it."""
    data, path = backup.read_bytes(), tmp_path / "flipped"
    steps = range(0, len(data), len(data) // 300)
    harmless = 0
    for at in steps:
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        with suppress(InvalidInputError):
            if verify_backup(path).problems == ():
                assert files_of(path) == files_of(backup)
                harmless += 1
    assert harmless < len(steps) // 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("manifest.json"), "this is no whole backup"),
        (edited(format=2), "this backup has format 2, and 1 is known here"),
        (edited(tables=7), "this is no whole backup"),
    ],
)
def test_what_is_no_backup(tmp_path, backup, change, said):
    path = rewritten(backup, tmp_path / "none", change)
    for use in (verify_backup, lambda path: restore(path, new_database("sqlite", tmp_path), folders={})):
        with pytest.raises(InvalidInputError, match=said):
            use(path)


def test_a_file_that_is_none_at_all(tmp_path):
    (tmp_path / "text").write_text("hello")
    with pytest.raises(InvalidInputError, match="no whole backup"):
        verify_backup(tmp_path / "text")
    with pytest.raises(InvalidInputError, match="there is no such file"):
        verify_backup(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "spool/../../outside"])
def test_a_backup_cannot_write_outside_its_folders(tmp_path, backup, name):
    path = rewritten(backup, tmp_path / "evil", edited(files={name: {"size": 0, "sha256": ""}}))
    with pytest.raises(WinnowError, match="Winnow made no such backup"):
        restore(path, new_database("sqlite", tmp_path), folders={"spool": tmp_path / "spool"})


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_replaced_only_when_asked_for(tmp_path, backup, kind):
    url = new_database(kind, tmp_path)
    with connected(url) as connection:
        metadata.create_all(connection)
        connection.execute(insert(api_keys), made_up(api_keys, 99))
    with pytest.raises(InvalidInputError, match="the store is not empty: `api_keys` has rows"):
        restore(backup, url, folders={})
    assert len(content(url)["api_keys"]) == 1
    restore(backup, url, folders={}, replace=True)
    with connected(url) as connection:
        assert connection.execute(select(func.count()).select_from(api_keys)).scalar_one() == ROWS


@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_that_fails_leaves_what_was_there(tmp_path, backup, kind):
    path = rewritten(backup, tmp_path / "damaged", without_row("idempotency", 1))
    url = filled(kind, tmp_path, rows=7)
    before = content(url)
    with pytest.raises(WinnowError, match="not what was backed up"):
        restore(path, url, folders={}, replace=True)
    assert content(url) == before


def test_no_backup_is_left_when_none_could_be_made(tmp_path):
    with pytest.raises(InvalidInputError, match="there is no database here"):
        create_backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "b", now=NOW, folders={})
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "b").touch()
    with pytest.raises(InvalidInputError, match="a file of this name already"):
        create_backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "b", now=NOW, folders={})
    with pytest.raises(WinnowError, match="the backup cannot be made: no such file"):
        create_backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "no" / "b", now=NOW, folders={})


def test_progress_is_told(tmp_path):
    told = []
    path = backed_up(filled("sqlite", tmp_path), tmp_path, progress=lambda *what: told.append(what))
    assert ("leads", ROWS) in told
    assert len(told) == len(metadata.tables)
    told.clear()
    restore(path, new_database("sqlite", tmp_path), folders={}, progress=lambda *what: told.append(what))
    assert ("leads", ROWS) in told
