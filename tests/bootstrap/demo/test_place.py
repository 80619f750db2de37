"""Where a demo may go, and that nothing of it stays."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from tests.bootstrap.demo.conftest import NOW, SEED, settings_in
from tests.support.databases import new_database
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.notes import remember
from winnow.bootstrap.demo.life import Life
from winnow.bootstrap.demo.loading import fresh_key, load
from winnow.bootstrap.demo.place import Made, clear, demo_config, made, need_made
from winnow.bootstrap.service import DEMO_NOTE, open_service, store_url
from winnow.config import load as load_config
from winnow.errors import ConflictError, InvalidInputError


def everything_under(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def load_few(settings, leads=0):
    return load(settings, leads=leads, seed=SEED, now=NOW)


def an_installation(folder, store=""):
    open_service(load_config(None, flags={"data.folder": str(folder), "store.url": store})).close()


def tables_of(url):
    engine = make_engine(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        types = connection.execute(text("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
        left = types.scalar_one()
    engine.dispose()
    return names, left


def test_a_demo_knows_that_it_is_one(small_demo, demo_service, tmp_path):
    assert demo_service.demo
    there = made(small_demo[0])
    assert there == small_demo[1].made
    assert there.whole
    real = open_service(load_config(None, flags={"data.folder": str(tmp_path)}))
    assert not real.demo
    real.close()


@pytest.mark.parametrize("there_before", [True, False])
def test_nothing_stays_of_it(tmp_path, there_before):
    data = tmp_path / "data"
    if there_before:
        data.mkdir()
        (data / "mine").write_text("stays")
    before = everything_under(tmp_path)
    settings = settings_in(data)
    load_few(settings)
    service = open_service(settings)
    fresh_key(service)
    service.new_spool()
    service.close()
    assert len(everything_under(data)) > 5
    clear(settings)
    assert everything_under(tmp_path) == before
    assert made(settings) is None


def test_nothing_stays_of_it_in_postgresql(tmp_path):
    store = new_database("postgresql", tmp_path)
    settings = settings_in(tmp_path / "data", store)
    loaded = load_few(settings, leads=30)
    assert made(settings) == loaded.made
    service = open_service(settings)
    assert service.demo
    with service.engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM decisions")).scalar_one() > 20
    service.close()
    clear(settings)
    assert tables_of(store) == ([], 0)
    assert everything_under(tmp_path) == []
    load_few(settings)  # it can begin anew
    clear(settings)


def test_it_is_not_removed_while_it_is_served(tmp_path):
    settings = settings_in(tmp_path / "data")
    load_few(settings)
    service = open_service(settings)
    with service.engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM meta"))
        with pytest.raises(ConflictError, match="in use"):
            clear(settings)
    service.close()
    assert made(settings) is not None
    clear(settings)


def test_what_is_no_demo_is_not_removed(tmp_path):
    settings = settings_in(tmp_path)
    with pytest.raises(InvalidInputError, match="no demo here"):
        clear(settings)
    assert everything_under(tmp_path) == []  # and looking made nothing
    an_installation(tmp_path / "demo")  # in its place, without a mark
    kept = everything_under(tmp_path)
    with pytest.raises(InvalidInputError, match="no demo here"):
        clear(settings)
    assert set(kept) <= set(everything_under(tmp_path))


def _an_installation(settings, folder):
    an_installation(folder / "real", store_url(settings))


def _a_file(_settings, folder):
    (folder / "demo").mkdir()
    (folder / "demo" / "mine").write_text("stays")


def _a_demo(settings, _folder):
    load_few(settings)


@pytest.mark.parametrize(
    ("kind", "there", "what"),
    [
        ("sqlite", _a_file, "no demo"),
        ("sqlite", _a_demo, "a demo already"),
        ("postgresql", _an_installation, "no demo"),
        ("postgresql", _a_demo, "a demo already"),
    ],
)
def test_it_is_never_mixed_with_anything(tmp_path, kind, there, what):
    store = new_database(kind, tmp_path) if kind == "postgresql" else ""
    settings = settings_in(tmp_path, store)
    there(settings, tmp_path)
    kept = everything_under(tmp_path)
    with pytest.raises(ConflictError, match=what):
        load_few(settings)
    assert everything_under(tmp_path) == kept


def test_it_is_whole_or_not_there(tmp_path, monkeypatch):
    def broken_off(_life):
        raise KeyboardInterrupt

    monkeypatch.setattr(Life, "live", broken_off)
    with pytest.raises(KeyboardInterrupt):
        load_few(settings_in(tmp_path / "data"))
    assert everything_under(tmp_path) == []


def test_one_that_was_left_half_done_is_begun_anew(tmp_path):
    settings = settings_in(tmp_path)
    load_few(settings)
    engine = make_engine(store_url(settings))
    remember(engine, DEMO_NOTE, Made(9, SEED, NOW - timedelta(days=9)).note)
    engine.dispose()
    assert not need_made(settings).whole
    assert load_few(settings).made.at == NOW
    assert need_made(settings).whole


def test_settings_of_the_real_installation_do_not_hold_for_the_demo(tmp_path):
    flags = {
        "data.folder": str(tmp_path),
        "store.url": "postgresql://real@db/winnow",
        "log.push": "https://witness.example/",
        "screen.ruleset": "mine.toml",
        "serve.port": "9000",
        "serve.workers": "8",
        "serve.shadow": "yes",
    }
    settings = demo_config(load_config(None, flags=flags))
    assert {name: settings.text(name) for name in flags} == {
        "data.folder": str(tmp_path / "demo"),
        "store.url": f"sqlite:///{tmp_path}/demo/winnow.sqlite",
        "log.push": "",
        "screen.ruleset": "",
        "serve.port": "9000",
        "serve.workers": "1",
        "serve.shadow": "no",
    }


def test_one_key_is_printed_at_a_time(tmp_path):
    settings = settings_in(tmp_path)
    load_few(settings)
    service = open_service(settings)
    tokens = {fresh_key(service) for _ in range(3)}
    live = [each for each in service.key_desk.all_keys() if each.name == "demo" and each.revoked_at is None]
    assert (len(tokens), len(live)) == (3, 1)
    service.close()
