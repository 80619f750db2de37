"""Maps as people keep them, and the ones that ship as examples."""

import errno
from datetime import UTC, datetime

import pytest

from tests.support.project import ROOT
from winnow.adapters.files.maps import load_mapping
from winnow.adapters.files.spool import spooled
from winnow.adapters.files.zones import zone_named
from winnow.core.mapping import Take, compile_mapping
from winnow.errors import InvalidInputError, WinnowError

EXAMPLES = sorted((ROOT / "examples" / "maps").glob("*.toml"))


def test_a_map_file(tmp_path):
    path = tmp_path / "map.toml"
    path.write_bytes(b'\xef\xbb\xbfid = "ID"\n')
    mapping = load_mapping(path)
    assert (mapping.takes, mapping.name) == ({"id": Take(("ID",))}, str(path))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'id = "\xff"', "not a text in UTF-8"),
        (b"#" * 1_000_001, "too large for a map"),
        (b'x = "y"', "map.toml:1: `x` is not"),
    ],
)
def test_what_is_no_map(tmp_path, data, what):
    path = tmp_path / "map.toml"
    path.write_bytes(data)
    with pytest.raises(InvalidInputError, match=what):
        load_mapping(path)


def test_a_map_that_is_not_there(tmp_path):
    with pytest.raises(InvalidInputError, match="there is no such file"):
        load_mapping(tmp_path / "map.toml")


def test_zones():
    assert datetime(2026, 7, 1, 2, tzinfo=zone_named("Europe/Berlin")) == datetime(2026, 7, 1, tzinfo=UTC)
    for name in ("Mars/Base", "../etc/passwd", "", "\0", "Europe"):
        with pytest.raises(InvalidInputError, match="is not a time zone known here"):
            zone_named(name)


def test_a_full_disk_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def blocks():
        yield b"x"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(WinnowError, match="cannot keep the input for reading: No space left on device"):
        spooled(blocks())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_compile(path):
    mapping = load_mapping(path)
    read = compile_mapping(mapping, mapping.columns, zone_named)
    assert read([""] * len(mapping.columns), 2).id == "row-2"


def test_there_are_examples():
    assert {path.stem for path in EXAMPLES} >= {"x_education", "ecommerce", "bank_calls", "sms_spam", "olist"}
