"""Whatever a file contains, every row of it is decided or reported, and what comes out can be opened safely."""

import csv
import io
import json
import re
import time
from pathlib import Path

import pytest

from tests.support.command import winnow
from tests.support.leads_files import csv_text, decisions, jsonl_text, leads, written
from tests.support.naughty import NAUGHTY, STORABLE
from winnow.core.mapping.model import FIELD_KINDS, Kind

#: Every field that takes any text; a country or a number that is none makes its row unreadable, and says so.
FIELDS = [name for name, kind in FIELD_KINDS.items() if kind in {Kind.TEXT, Kind.TEXTS, Kind.WORD}]
MAP = "".join(f'{name} = "{name}"\n' for name in FIELDS) + '[utm]\nterm = "utm"\n[custom]\nany = "any"\n'
COLUMNS = [*FIELDS, "utm", "any"]

#: What a spreadsheet may take for a formula; an apostrophe in front makes it a text.
FORMULA = re.compile(r"[\s\"]*[=+\-@\t\r＝＋－＠]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def rows(texts: tuple[str, ...]) -> list[dict[str, str]]:
    """Each text in every field of one lead, and then each in every field beside other ones."""
    everywhere = [dict.fromkeys(COLUMNS, text) for text in texts]
    beside = [
        {name: texts[(place + shift * 37) % len(texts)] for shift, name in enumerate(COLUMNS)}
        for place in range(len(texts))
    ]
    return everywhere + beside


@pytest.fixture(scope="module")
def mapping(tmp_path_factory):
    return written(tmp_path_factory.mktemp("map") / "map.toml", MAP)


def test_there_are_many_naughty_texts_and_fields():
    assert len(STORABLE) >= 515
    assert len(FIELDS) >= 20


@pytest.mark.parametrize(("kind", "form"), [("csv", "csv"), ("jsonl", "jsonl")])
def test_naughty_texts_in_every_field(tmp_path, mapping, kind, form):
    given = rows(STORABLE)
    text = csv_text(given, COLUMNS) if kind == "csv" else jsonl_text(given)
    source, out = written(tmp_path / f"leads.{kind}", text), tmp_path / f"out.{form}"
    done = winnow("-q", "screen", source, "--map", mapping, "-o", out, "--json")
    summary = json.loads(done.data)
    assert (done.code, done.messages) == (0, "")
    assert (summary["decided"], summary["unreadable"]) == (len(given), 0)
    found = decisions(out)
    assert len(found) == len(given)
    ids = [row["id"].replace("\0", "\ufffd").strip() for row in given]
    mark = "'" if form == "csv" else ""  # in front of what a spreadsheet would run
    assert [one for one, row in zip(ids, found, strict=True) if one and row["lead_id"] not in {one, mark + one}] == []
    if form == "csv":
        cells = [cell for row in found for name, cell in row.items() if name != "score"]
        assert [cell for cell in cells if FORMULA.match(cell)] == []


def test_halves_of_surrogate_pairs_are_reported(tmp_path):
    halves = [text for text in NAUGHTY if text not in STORABLE]
    lines = "".join(f"{json.dumps({'id': str(place), 'message': text})}\n" for place, text in enumerate(halves))
    source = written(tmp_path / "leads.jsonl", f'{{"id": "good", "message": "m"}}\n{lines}')
    done = winnow(
        "-q",
        "screen",
        source,
        "--map",
        written(tmp_path / "m.toml", 'id = "id"\nmessage = "message"\n'),
        "--json",
        "-o",
        tmp_path / "o.csv",
    )
    summary = json.loads(done.data)
    assert (done.code, summary["decided"], summary["unreadable"]) == (0, 1, len(halves))


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\u202eevil", "[bold]x[/]", "a\rb", "=1+1", "\x9b31m", "🧑🏿‍🚀"])
def test_a_naughty_id_can_be_explained_without_touching_the_terminal(tmp_path, text):
    source = written(tmp_path / "leads.csv", csv_text([{"id": text, "email": "ana@acme.de", "message": text}]))
    done = winnow("explain", source, "--id", text)
    assert done.code == 0
    assert not CONTROL.search(done.text + done.messages)
    assert "[bold]" in done.text or "[bold]" not in text


@pytest.mark.parametrize("text", ["\x1b[31mred", "[/nothing]", "\x9b31m", ":smile:"])
def test_neither_does_a_naughty_column_or_file(tmp_path, text):
    source = tmp_path / f"{text.replace('/', '')}.csv"
    source.write_text(
        csv_text([{"id": "1", "email": "ana@acme.de", text: "x"}, {"id": "2", "email": "b@acme.de", text: "y"}]),
        encoding="utf-8",
    )
    done = winnow("screen", source, "-o", tmp_path / "out.csv")
    assert done.code == 0
    assert not CONTROL.search(done.text + done.messages)
    wrong = winnow("explain", source, "--id", text)
    assert wrong.code == 2
    assert not CONTROL.search(wrong.messages)


@pytest.mark.parametrize(
    ("content", "decided", "unreadable"),
    [
        (b"id,email\n1,a\0b@acme.de\n2,\0\n", 2, 0),
        (b"id,email,name\n1,a@acme.de,caf\xe9\n2,b@acme.de,\xc3\xa9\n", 1, 1),
        ("id,email,name\n1,a@acme.de,é\n".encode() + b"2,b@acme.de,\xff\n", 1, 1),
        ("id,email,name\n1,a@acme.de,é\n".encode("utf-16"), 1, 0),
        ("id,email,name\n1,a@acme.de,é\n".encode("utf-8-sig"), 1, 0),
        (b"id;email\r\n1;a@acme.de\r\n\r\n2;b@acme.de", 2, 0),
        (b"id,email\r1,a@acme.de\r2,b@acme.de\r", 2, 0),
        (b'id,email\n1,"a@acme.de\n2,b@acme.de\n3,c@acme.de\n', None, None),
    ],
)
def test_bytes_of_every_sort(tmp_path, content, decided, unreadable):
    source = tmp_path / "leads.csv"
    source.write_bytes(content)
    done = winnow("-q", "screen", source, "-o", tmp_path / "out.csv", "--json")
    assert done.code == 0
    summary = json.loads(done.data)
    assert summary["read"] == summary["decided"] + summary["unreadable"] > 0
    assert (summary["decided"], summary["unreadable"]) == (decided, unreadable) or decided is None
    assert len(decisions(tmp_path / "out.csv")) == summary["decided"]


def test_a_million_columns_are_refused_at_once(tmp_path):
    header = ",".join(f"c{number}" for number in range(1_000_000))
    for name, content in (
        ("a.csv", f"{header}\n{header}\n"),
        ("b.jsonl", json.dumps(dict.fromkeys(header.split(","), 1))),
    ):
        source = written(tmp_path / name, content)
        began = time.monotonic()
        done = winnow("-q", "screen", source, "-o", tmp_path / "out.csv")
        assert done.code == 2
        assert f"where: {source}" in done.messages
        assert len(done.messages) < 1000
        assert time.monotonic() - began < 20


def test_as_many_columns_as_may_be_do_not_flood_the_terminal(tmp_path):
    names = ["email", *(f"c{number}" for number in range(9_999))]
    source = written(tmp_path / "wide.csv", f"{','.join(names)}\na@acme.de{',' * 9_999}\n")
    done = winnow("screen", source, "-o", tmp_path / "out.csv")
    assert done.code == 0
    assert "and 9,969 more" in done.messages
    assert len(done.messages) < 5000


def test_a_line_without_an_end_costs_that_line_only(tmp_path):
    good = csv_text(list(leads())[:20])
    source = tmp_path / "long.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        file.write(good)
        file.write("x," * 1_500_000 + "\n")
        file.write("".join(good.splitlines(keepends=True)[1:]))
    done = winnow("-q", "screen", source, "-o", tmp_path / "out.csv", "--json")
    summary = json.loads(done.data)
    assert (done.code, summary["decided"], summary["unreadable"]) == (0, 40, 1)
    (rejected,) = decisions(tmp_path / "out.csv.rejected-rows.csv")
    assert "this line has 3,000,001 bytes" in rejected["reason"]
    assert len(rejected["raw"]) <= 200


def test_reports_of_unreadable_rows_can_be_opened_safely(tmp_path):
    body = "".join(
        f"{text.replace(chr(10), ' ').replace(chr(13), ' ')}\n"
        for text in STORABLE
        if text.strip() and '"' not in text and "," not in text
    )
    source = written(tmp_path / "leads.csv", f"id,email\n1,a@acme.de\n{body}")
    mapping = written(tmp_path / "map.toml", 'id = "id"\nemail = "email"\n[csv]\ndelimiter = ","\n')
    done = winnow("-q", "screen", source, "--map", mapping, "-o", tmp_path / "out.csv", "--json")
    assert done.code == 0
    assert json.loads(done.data)["unreadable"] > 400
    text = (tmp_path / "out.csv.rejected-rows.csv").read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not any(FORMULA.match(cell) for cell in cells)
    assert Path(tmp_path / "out.csv").exists()
