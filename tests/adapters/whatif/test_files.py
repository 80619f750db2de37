"""A table kept as a file decides as the table did."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings

from tests.support.cases import NOW, certified, entry, lead, ruleset, scored
from tests.support.whatif import DRAFTS, PAIRS, table_of
from winnow.adapters.whatif.files import keep_table, load_table
from winnow.adapters.whatif.outcomes import redecide
from winnow.core.outcome import Outcome
from winnow.core.whatif.past import Truth
from winnow.errors import WinnowError


@given(PAIRS, DRAFTS)
@settings(max_examples=6, deadline=None)
def test_a_kept_table_decides_as_before(pairs, draft):
    table = table_of(pairs, draft, groups=("source", "country"))
    found = redecide(table, draft)
    with TemporaryDirectory() as folder:
        for name in ("kept.parquet", "kept.arrow"):
            path = Path(folder) / name
            assert keep_table(table, path) == len(table.whole)
            again = redecide(load_table(path), draft)
            rows = [row for row in range(len(table)) if row not in table.whole]
            assert again.outcome.tolist() == found.outcome[rows].tolist()
            assert again.score.tolist() == found.score[rows].tolist()
            assert [again.decided_by.at(place) for place in range(len(rows))] == [
                found.decided_by.at(row) for row in rows
            ]


def test_everything_else_comes_back_too(tmp_path):
    pairs = [
        (lead(id="a", country="DE"), scored(Outcome.ACCEPT, list_hits=(entry(kind="cidr", value="192.0.2.0/24"),))[1]),
        (lead(id="b", source=None, form_fill_seconds="soon"), scored(Outcome.TAG)[1]),
        (lead(id="c", source=None), scored(Outcome.TAG, now=NOW.replace(microsecond=7))[1]),
    ]
    more = {
        "outcome": [Outcome.TAG, Outcome.TAG, None],
        "score": [5, 6, None],
        "decided_by": ["score", "score", ""],
        "truth": [Truth.LOST, Truth.JUNK, Truth.UNKNOWN],
    }
    table = table_of(pairs, certified(), groups=("country",), **more)
    assert keep_table(table, tmp_path / "kept.parquet") == 1
    kept = load_table(tmp_path / "kept.parquet")
    assert (kept.refs, kept.ids, kept.signals) == (["0", "2"], ["a", "c"], table.signals)
    assert (kept.truth.tolist(), kept.outcome.tolist(), kept.score.tolist()) == ([4, 0], [1, 255], [5, 0])
    assert kept.now.tolist() == table.now[[0, 2]].tolist()
    assert [kept.source.at(row) for row in (0, 1)] == ["web", None]
    assert [kept.groups["country"].at(row) for row in (0, 1)] == ["DE", None]
    assert kept.bearings[int(kept.bearing[0])].list_hits == table.bearings[int(table.bearing[0])].list_hits
    assert not list(tmp_path.glob("*.partial"))


def test_no_field_of_a_lead_but_its_id_is_in_the_file(tmp_path):
    someone = lead(emails=("ana@acme.example",), message="call Ana Kovac", full_name="Ana Kovac", ip="192.0.2.77")
    keep_table(table_of([(someone, scored(Outcome.ACCEPT, list_hits=(entry(),))[1])], ruleset()), tmp_path / "k.arrow")
    content = (tmp_path / "k.arrow").read_bytes()
    for secret in (b"acme", b"Ana", b"Kovac", b"192.0.2.77"):
        assert secret not in content


@pytest.mark.parametrize("name", ["x.parquet", "x.arrow"])
def test_what_is_no_such_file_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"something else")
    with pytest.raises(WinnowError, match="cannot be read"):
        load_table(path)
    frame = pl.DataFrame({"a": [1]})
    frame.write_ipc(path) if name.endswith("arrow") else frame.write_parquet(path)
    with pytest.raises(WinnowError, match="no file of past leads"):
        load_table(path)
