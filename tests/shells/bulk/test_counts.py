"""Every row of a file is either decided or reported, whatever it contains and however the file is cut."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.command import files_in, winnow
from tests.support.leads_files import decisions, in_small_pieces, written

ROWS = st.sampled_from(
    [
        ("1,ana@acme.example,5", True),
        ('2,"a ""quoted"" name",7.5', True),
        ('3,"two\nlines",', True),
        ("=1+1,formula,1", True),
        ("4,bo@acme.example,soon", False),
        ("5,too few", False),
        ("6,one,2,too many", False),
        ('7,"open quote,3', False),
        ("8,nul \0 byte,1", True),
        ("", None),
    ]
)
MAP = 'id = "id"\nemail = "email"\nform_fill_seconds = "seconds"\n[csv]\ndelimiter = ","\nquote = \'"\'\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("counts")


def screened(folder, text, name, chunk_bytes):
    out = folder / f"{name}.out.csv"
    written(folder / "map.toml", MAP)
    source = written(folder / name, text)
    ran = winnow(
        *("-q", "screen", source, "--map", folder / "map.toml", "-o", out, "--json"),
        env=in_small_pieces(chunk_bytes),
    )
    assert ran.code == 0
    assert ran.messages == ""
    rejected = folder / f"{out.name}.rejected-rows.csv"
    bad = decisions(rejected) if rejected.exists() else []
    return json.loads(ran.data), decisions(out), bad


@settings(max_examples=20)
@given(st.lists(ROWS, max_size=12), st.sampled_from([50, 120, 10_000]))
def test_read_is_decided_plus_unreadable_in_csv(folder, rows, chunk_bytes):
    broken = [index for index, (_, good) in enumerate(rows) if good is False]
    # An open quote takes what follows with it if a quote closes it there, so it stands last.
    rows = sorted(rows, key=lambda row: '"open' in row[0])
    text = "id,email,seconds\n" + "".join(f"{row}\n" for row, _ in rows)
    summary, good, bad = screened(folder, text, "some.csv", chunk_bytes)
    assert summary["read"] == summary["decided"] + summary["unreadable"]
    assert summary["decided"] == len(good) == sum(good is True for _, good in rows)
    assert summary["unreadable"] == len(bad) == len(broken)
    assert sum(summary["outcomes"].values()) == sum(summary["probability_tenths"]) == summary["decided"]
    assert (summary["rejected_rows"] is None) is not bad


LINES = st.sampled_from(
    [
        ('{"id": 1, "email": "ana@acme.example", "seconds": 5}', True),
        ('{"id": "2", "email": null, "seconds": ""}', True),
        ('{"email": ["a@b.example"], "extra": {"deep": [1]}}', True),
        ('{"id": "\\u0000", "email": "a\\u0000"}', True),
        ('{"id": "half a pair \\ud800"}', False),
        ('{"id": 3, "seconds": "soon"}', False),
        ('{"id": 4', False),
        ("[1, 2]", False),
        ("nonsense", False),
        ("", None),
    ]
)


@settings(max_examples=20)
@given(st.lists(LINES, max_size=12), st.sampled_from([50, 120, 10_000]))
def test_read_is_decided_plus_unreadable_in_json_lines(folder, lines, chunk_bytes):
    text = '{"id": 0, "email": "", "seconds": 1}\n' + "".join(f"{line}\n" for line, _ in lines)
    summary, good, bad = screened(folder, text, "some.jsonl", chunk_bytes)
    assert summary["decided"] == len(good) == 1 + sum(good is True for _, good in lines)
    assert summary["unreadable"] == len(bad) == sum(good is False for _, good in lines)
    assert summary["read"] == sum(good is not None for _, good in lines) + 1


def test_a_file_without_rows_is_screened(folder):
    summary, good, bad = screened(folder, "id,email,seconds\n", "none.csv", 1000)
    assert (summary["read"], good, bad) == (0, [], [])
    assert "none.csv.out.csv" in files_in(folder)
