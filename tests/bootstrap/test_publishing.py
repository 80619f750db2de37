"""What is signed is what was recorded, never two things that contradict each other, and everybody gets to see it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.support.cases import lead
from tests.support.databases import KINDS, lent_database
from winnow.adapters.checkpoint_push import pushed_notes
from winnow.adapters.db.checkpoints import Checkpoints
from winnow.adapters.db.connections import writing
from winnow.adapters.db.tables import checkpoints, log_head
from winnow.adapters.keys import verify_signature
from winnow.bootstrap.auditing import verify_log
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.tlog import EMPTY, Frontier, open_checkpoint, verifier_key, verify_entries
from winnow.errors import BrokenLogError, WinnowError
from winnow.ports import Arrival


def opened(folder: Path, **more: str):
    return open_service(load(flags={"data.folder": str(folder / "data"), **more}))


@pytest.fixture(params=KINDS)
def service(request, tmp_path):
    with lent_database(request.param, tmp_path) as store:
        found = opened(tmp_path, **{"store.url": store, "log.push": str(tmp_path / "pushed.jsonl")})
        yield found
        found.engine.dispose()


def decide(service, first, count=3):
    leads = [lead(id=f"lead-{number}", source="web") for number in range(first, first + count)]
    service.intake.take([Arrival(leads, [True] * count)])


def head_in(service, note):
    return open_checkpoint(note, verifier_key(service.log_key), verify_signature).head


def test_the_published_log_is_the_recorded_one_and_grows_with_it(service):
    publisher, head = Publisher(service), EMPTY
    for first in (0, 3, 300):
        decide(service, first, 3 if first < 300 else 300)
        head = publisher.publish_now()
        assert head == service.log.frontier().head == head_in(service, service.published.note())
        assert list(service.published.entries(0, head.size)) == list(service.log.entries(0, head.size))
    assert publisher.publish_now() == head
    assert len(Checkpoints(service.engine, service.origin).all_notes()) == 3


def test_another_process_goes_on_where_this_one_stopped(service):
    decide(service, 0)
    first = Publisher(service).publish_now()
    decide(service, 3)
    second = Publisher(service).publish_now()
    assert second.size == first.size + 3


def test_of_two_that_sign_the_same_the_second_takes_the_note_of_the_first(service):
    decide(service, 0)
    one, other = Publisher(service), Publisher(service)
    assert one.publish_now() == other.publish_now()
    assert len(Checkpoints(service.engine, service.origin).all_notes()) == 1


def test_files_that_got_lost_are_made_again(service):
    decide(service, 0)
    Publisher(service).publish_now()
    shutil.rmtree(service.published.path)
    decide(service, 3)
    head = Publisher(service).publish_now()
    assert list(service.published.entries(0, head.size)) == list(service.log.entries(0, head.size))


def cut_off(service):
    """The database as it was two entries ago."""
    size = service.log.frontier().size - 2
    frontier = Frontier().extended(service.log.entries(0, size))
    with writing(service.engine) as connection:
        connection.execute(checkpoints.delete().where(checkpoints.c.size > size))
        connection.execute(log_head.update().values(size=size, frontier=frontier.to_bytes()))


def changed(service):
    """The past rewritten, with everything made to fit."""
    entries = list(service.log.entries(0, service.log.frontier().size))
    frontier = Frontier().extended([b"something else", *entries[1:]])
    with writing(service.engine) as connection:
        connection.exec_driver_sql("UPDATE leaves SET entry = CAST('something else' AS BLOB) WHERE id = 0")
        connection.execute(log_head.update().values(frontier=frontier.to_bytes()))


@pytest.mark.parametrize("alive", [True, False], ids=["while running", "while stopped"])
@pytest.mark.parametrize("attack", [cut_off, changed])
def test_nothing_is_signed_any_more_when_the_database_is_not_what_was_signed(tmp_path, caplog, attack, alive):
    service = opened(tmp_path)
    decide(service, 0, 5)
    publisher = Publisher(service)
    publisher.publish_now()
    note, kept = service.published.note(), Checkpoints(service.engine, service.origin).all_notes()
    attack(service)
    publisher = publisher if alive else Publisher(service)
    if attack is changed:
        decide(service, 100, 1)  # what was verified before is not read again, and what follows does not fit it
    for _ in range(2):
        with pytest.raises(BrokenLogError):
            publisher.publish_now()
        assert publisher.trouble
    assert service.published.note() == note
    assert set(Checkpoints(service.engine, service.origin).all_notes()) <= set(kept)
    assert caplog.text.count("the decision log is broken, and nothing is signed any more") == 1
    service.engine.dispose()


@pytest.mark.parametrize(("since", "stopped"), [(None, False), (0, True), (3, True), (9, True)])
def test_an_old_backup_is_noticed_at_a_start_however_much_was_recorded_since(tmp_path, since, stopped):
    service, kept = opened(tmp_path), tmp_path / "kept.sqlite"
    decide(service, 0, 5)
    with sqlite3.connect(tmp_path / "data" / "winnow.sqlite") as source, sqlite3.connect(kept) as target:
        source.backup(target)
    decide(service, 5, 3)
    Publisher(service).publish_now()
    service.close()
    if since is not None:
        for each in (tmp_path / "data").glob("winnow.sqlite*"):
            each.unlink()
        kept.rename(tmp_path / "data" / "winnow.sqlite")
    service = opened(tmp_path)
    if since != 0:
        decide(service, 100, since or 2)
    Publisher(service).look()
    assert bool(service.live.stops(anew=True).standing) is stopped
    service.close()


def test_an_old_backup_is_noticed_by_a_copy_kept_elsewhere_alone(tmp_path):
    service = opened(tmp_path, **{"log.push": str(tmp_path / "elsewhere.jsonl")})
    decide(service, 0, 5)
    publisher = Publisher(service)
    publisher.publish_now()
    assert publisher.push_now() == 1
    cut_off(service)
    shutil.rmtree(service.published.path)
    publisher = Publisher(service)
    with pytest.raises(BrokenLogError, match="put back to an earlier state"):
        publisher.publish_now()
    assert "restore a newer backup" in str(publisher.trouble)
    service.engine.dispose()


def test_published_files_that_contradict_a_copy_elsewhere_are_noticed(tmp_path):
    """Everything here rewritten and signed with the real key: only what somebody else keeps can show it."""
    service = opened(tmp_path, **{"log.push": str(tmp_path / "elsewhere.jsonl")})
    decide(service, 0, 5)
    publisher = Publisher(service)
    publisher.publish_now()
    publisher.push_now()
    changed(service)
    with writing(service.engine) as connection:
        connection.execute(checkpoints.delete())
    shutil.rmtree(service.published.path)
    decide(service, 100, 1)
    head = service.log.frontier().head
    note = service.keys.signer(service.origin).sign_head(head)
    service.published.publish(note, service.log.entries)
    with pytest.raises(BrokenLogError, match="published files contradict the signed head of 6 entries"):
        Publisher(service).publish_now()
    service.engine.dispose()


def test_after_a_loss_the_log_goes_on_under_another_name(tmp_path):
    """As docs/log.md says, `Restored too old`."""
    service = opened(tmp_path)
    decide(service, 0, 5)
    old = Publisher(service).publish_now()
    cut_off(service)
    with pytest.raises(BrokenLogError):
        Publisher(service).publish_now()
    service.engine.dispose()
    (tmp_path / "data" / "log").rename(tmp_path / "evidence")
    renamed = opened(tmp_path, **{"log.origin": "bluebird.example/log"})
    head = Publisher(renamed).publish_now()
    assert head.size == old.size - 2
    assert (renamed.published.note() or "").startswith("bluebird.example/log\n")
    assert Publisher(renamed).publish_now() == head
    assert verify_log(renamed).heads == 2  # in the database, and published
    renamed.engine.dispose()


def test_all_is_well_again_once_it_is(tmp_path):
    service = opened(tmp_path)
    decide(service, 0, 5)
    publisher = Publisher(service)
    size = publisher.publish_now().size
    good = service.log.frontier()
    cut_off(service)
    with pytest.raises(BrokenLogError):
        publisher.publish_now()
    with writing(service.engine) as connection:
        connection.execute(log_head.update().values(size=good.size, frontier=good.to_bytes()))
    assert publisher.publish_now().size == size
    assert publisher.trouble is None
    service.engine.dispose()


def test_checkpoints_reach_every_place_and_only_when_there_is_something_new(tmp_path):
    folder, file = tmp_path / "auditor", tmp_path / "pushed.jsonl"
    folder.mkdir()
    service = opened(tmp_path, **{"log.push": f"{file}, {folder}"})
    publisher = Publisher(service)
    assert publisher.push_now() == 0
    decide(service, 0)
    publisher.publish_now()
    assert publisher.push_now() == 2
    assert publisher.push_now() == 0
    decide(service, 3)
    head = publisher.publish_now()
    assert publisher.push_now() == 2
    notes = pushed_notes(file.read_bytes())
    assert [head_in(service, note).size for note in notes] == [head.size - 3, head.size]
    assert (folder / "checkpoint").read_text() == notes[-1]
    verify_entries(service.log.entries(0, head.size), [head_in(service, note) for note in notes])
    service.engine.dispose()


def test_a_place_that_fails_keeps_no_other_from_its_checkpoint(tmp_path):
    gone, file = tmp_path / "gone" / "pushed.jsonl", tmp_path / "pushed.jsonl"
    service = opened(tmp_path, **{"log.push": f"{gone},{file}"})
    decide(service, 0)
    publisher = Publisher(service)
    publisher.publish_now()
    with pytest.raises(WinnowError, match="not pushed"):
        publisher.push_now()
    assert list(publisher.push_trouble) == [str(gone)]
    assert file.exists()
    gone.parent.mkdir()
    assert publisher.push_now() == 1
    assert publisher.push_trouble == {}
    service.engine.dispose()


def test_a_checkpoint_that_was_given_another_name_is_found(service):
    decide(service, 0)
    Publisher(service).publish_now()
    decide(service, 3)
    Publisher(service).publish_now()
    assert verify_log(service).heads == 3  # two in the database, and the published one
    (first, _) = Checkpoints(service.engine, service.origin).all_notes()
    altered = first.replace(service.origin, "winnow/other")
    with writing(service.engine) as connection:
        connection.execute(checkpoints.update().where(checkpoints.c.note == first).values(note=altered))
    with pytest.raises(BrokenLogError):
        verify_log(service)


def test_what_every_place_has_is_told_without_the_secrets_of_its_address(tmp_path):
    folder = tmp_path / "gone" / "folder"
    places = f"{tmp_path / 'pushed.jsonl'},{folder}/,https://user:hush@hooks.invalid/hush/token"
    service = opened(tmp_path, **{"log.push": places})
    try:
        publisher = Publisher(service)
        assert [each.size for each in publisher.pushed()] == [None, None, None]
        decide(service, 0)
        head = publisher.publish_now()
        with pytest.raises(WinnowError, match="was not pushed"):
            publisher.push_now()
        file, gone, hook = publisher.pushed()
        assert (file.place, file.size, file.trouble) == (str(tmp_path / "pushed.jsonl"), head.size, None)
        assert (gone.place, gone.size) == (f"{folder}/", None)
        assert "the checkpoint cannot be pushed: No such file" in (gone.trouble or "")
        assert (hook.place, hook.size) == ("https://hooks.invalid/…", None)
        assert hook.trouble
        assert "hush" not in repr(hook)
        assert Publisher(service).pushed()[0].size == head.size
    finally:
        service.engine.dispose()
