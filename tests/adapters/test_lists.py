"""Lists from CSV files."""

from pathlib import Path

import pytest

from winnow.adapters.lists import lists_in, read_lists, snapshot
from winnow.core.lists import ListAction, ListKind
from winnow.core.outcome import ACQUISITION_SCOPES, Scope
from winnow.errors import InvalidInputError

HEADER = "action,kind,value,owner,reason"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "lists.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_entries_come_canonical_and_in_order(tmp_path):
    path = written(
        tmp_path,
        "id,action,kind,value,owner,reason,scopes,expires_at,source",
        "a1,allow,domain,ACME.example,Mia,partner,,,",
        ',block,cidr,192.0.2.9/24,Mia,"flood, March",sales support,2027-01-31T00:00:00Z,feedback',
    )
    first, second = read_lists(path)
    assert (first.id, first.action, first.value, first.scopes) == (
        "a1",
        ListAction.ALLOW,
        "acme.example",
        ACQUISITION_SCOPES,
    )
    assert (second.id, second.kind, second.value, second.reason) == (
        "line-3",
        ListKind.CIDR,
        "192.0.2.0/24",
        "flood, March",
    )
    assert second.scopes == {Scope.SALES, Scope.SUPPORT}
    assert second.expires_at is not None


@pytest.mark.parametrize(
    ("lines", "where", "what"),
    [
        (["action,kind,value,owner"], "1", "the column `reason` is missing"),
        ([HEADER + ",note"], "1", "unknown column `note`"),
        ([], "1", "the column `action` is missing"),
        ([HEADER, "allow,domain,acme.example,Mia"], "2", "another number of cells than the header"),
        ([HEADER, "allow,domain,acme.example,Mia,x,y"], "2", "another number of cells than the header"),
        ([HEADER, "allow,domain,acme.example,Mia,x", "block,ip,acme,Mia,x"], "3", "`acme` is not a valid ip"),
        ([HEADER, "deny,ip,192.0.2.1,Mia,x"], "2", "`deny` is not known here"),
        ([HEADER, "block,ip,192.0.2.1,,x"], "2", "`owner` is missing"),
        (["id," + HEADER, "a,block,asn,1,Mia,x", "a,block,asn,2,Mia,x"], "3", "a second entry has the id `a`"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, lines, where, what):
    path = written(tmp_path, *lines)
    with pytest.raises(InvalidInputError) as caught:
        read_lists(path)
    assert str(caught.value.where) == f"{path}:{where}"
    assert what in caught.value.what
    assert caught.value.fix


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'action,kind,value,owner,reason\n"a'])
def test_what_is_no_csv_is_refused(tmp_path, content):
    path = tmp_path / "lists.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match="not a CSV file in UTF-8"):
        read_lists(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_lists(tmp_path / "none.csv")


def test_the_snapshot_depends_on_content_only(tmp_path):
    rows = ["id," + HEADER, "a,allow,domain,acme.example,Mia,x", "b,block,ip,192.0.2.1,Mia,x"]
    entries = read_lists(written(tmp_path, *rows))
    assert snapshot(entries) == snapshot(entries[::-1])
    assert snapshot(entries) != snapshot(entries[:1])
    assert snapshot(()) != snapshot(entries)


def test_a_text_is_read_as_a_file_is(tmp_path):
    rows = ["id," + HEADER, "a,allow,domain,acme.example,Mia,x", "b,block,ip,192.0.2.1,Mia,x"]
    text = "\ufeff" + "\r\n".join(rows)
    assert lists_in(text, "line") == read_lists(written(tmp_path, *rows))
    with pytest.raises(InvalidInputError) as caught:
        lists_in(text + "\r\nc,block,domain,nothing,Mia,x", "line")
    assert caught.value.where == "line:4"
