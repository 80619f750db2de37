"""Settings: which source wins, and what is said when one is wrong."""

import pytest

from winnow.config import SETTINGS, load
from winnow.errors import InvalidInputError

WORKERS = "screen.workers"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder without winnow.toml, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    return tmp_path


def written(folder, text, name="winnow.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(config, name=WORKERS):
    return config.values[name].value, config.values[name].source


def test_flag_beats_environment_beats_file_beats_default(elsewhere, monkeypatch):
    assert told(load()) == ("1", "default")
    written(elsewhere, "[screen]\nworkers = 2\n")
    assert told(load()) == ("2", "winnow.toml")
    secret = written(elsewhere, "3\n", "secret")
    monkeypatch.setenv("WINNOW_SCREEN__WORKERS__FILE", str(secret))
    assert told(load()) == ("3", "WINNOW_SCREEN__WORKERS__FILE")
    monkeypatch.setenv("WINNOW_SCREEN__WORKERS", "4")
    assert told(load()) == ("4", "WINNOW_SCREEN__WORKERS")
    assert told(load(flags={WORKERS: "5"})) == ("5", "flag")
    assert told(load(flags={WORKERS: ""})) == ("4", "WINNOW_SCREEN__WORKERS"), "a flag that was not given says nothing"


def test_a_named_file_is_read_instead_of_the_one_here(elsewhere):
    written(elsewhere, "[screen]\nworkers = 2\n")
    other = written(elsewhere, "\ufeff[screen]\nworkers = 7\n", "other.toml")
    assert told(load(other)) == ("7", str(other))


def test_several_values_are_a_list_or_separated_by_commas(elsewhere):
    written(elsewhere, '[facts]\nfree = ["a.example", "b.example"]\nrelay = "c.example, d.example,"\n')
    config = load()
    assert config.texts("facts.free") == ("a.example", "b.example")
    assert config.texts("facts.relay") == ("c.example", "d.example")
    assert config.texts("facts.disposable") == ()
    assert config.path("screen.ruleset") is None


def test_it_knows_every_file_that_a_setting_names(elsewhere):
    written(elsewhere, '[screen]\nruleset = "r.toml"\ncustomers = "c.txt"\n[facts]\nmmdb = ["a.mmdb", "b.mmdb"]\n')
    assert {path.name for path in load().files} == {"r.toml", "c.txt", "a.mmdb", "b.mmdb"}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[screen]\nworkers = \n", "winnow.toml:2:11", "not valid TOML: invalid value"),
        ("[screen]\nworker = 2\n", "winnow.toml:2: screen.worker", "`screen.worker` is not a setting"),
        ("screen = 2\n", "winnow.toml:1: screen", "`screen` is not a setting"),
        ("[server]\nport = 1\n", "winnow.toml:2: server.port", "`server.port` is not a setting"),
        (f"[screen]\nworkers = {'9' * 5000}\n", "winnow.toml", "not valid TOML: a number too long"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(elsewhere, text, where, what):
    written(elsewhere, text)
    with pytest.raises(InvalidInputError) as caught:
        load()
    assert str(caught.value.where) == where
    assert caught.value.what.startswith(what)
    assert caught.value.fix


def test_a_file_that_cannot_be_read_is_named(elsewhere):
    with pytest.raises(InvalidInputError, match=r"nowhere\.toml: cannot be read: no such file"):
        load(elsewhere / "nowhere.toml")
    (elsewhere / "latin.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(InvalidInputError, match=r"latin\.toml: not a text in UTF-8"):
        load(elsewhere / "latin.toml")


def test_a_file_named_by_the_environment_must_be_there(elsewhere, monkeypatch):
    monkeypatch.setenv("WINNOW_FACTS__MMDB__FILE", str(elsewhere / "nowhere"))
    with pytest.raises(InvalidInputError, match="WINNOW_FACTS__MMDB__FILE"):
        load()


@pytest.mark.parametrize("value", ["0", "-1", "257", "two", "1.5", "²", "9" * 5000, " 1"])
def test_a_count_must_be_a_whole_number_in_range(value):
    config = load(flags={WORKERS: value})
    with pytest.raises(InvalidInputError, match=r"screen\.workers \(flag\): .*is not a whole number from 1 to 256"):
        config.count(WORKERS, most=256)


@pytest.mark.parametrize(("value", "count"), [("1", 1), ("256", 256), ("007", 7)])
def test_a_count_in_range(value, count):
    assert load(flags={WORKERS: value}).count(WORKERS, most=256) == count


def test_names_and_variables_are_distinct_and_every_setting_has_a_meaning():
    assert (
        len({setting.name for setting in SETTINGS}) == len({setting.variable for setting in SETTINGS}) == len(SETTINGS)
    )
    assert all(setting.meaning and setting.variable.startswith("WINNOW_") for setting in SETTINGS)
