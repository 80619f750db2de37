import csv
import json

import pytest

from winnow.demo import COLUMNS, rows, stream, write
from winnow.errors import InvalidInputError, WinnowError


def test_csv_round_trip(tmp_path):
    path = tmp_path / "leads.csv"
    assert write(path, leads=400) == 400
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        read = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert read == list(rows(leads=400))
    assert [entry.name for entry in tmp_path.iterdir()] == ["leads.csv"]


def test_jsonl_keeps_types_and_leaves_out_what_is_not_known(tmp_path):
    path = tmp_path / "leads.jsonl"
    write(path, leads=400)
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for lead, entry in zip(stream(leads=400), read, strict=True):
        assert entry["received_at"] == lead.received_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        for name in COLUMNS:
            if name != "received_at":
                value = getattr(lead, name)
                assert entry.get(name) == (None if value == "" else value)


def test_cells_are_plain_text():
    allowed = {"form_honeypot": {"", "true", "false"}, "consent_given": {"", "true", "false"}, "synthetic": {"yes"}}
    for row in rows(leads=400):
        assert tuple(row) == COLUMNS
        assert all(type(cell) is str for cell in row.values())
        assert all(row[name] in texts for name, texts in allowed.items())
        assert row["received_at"].endswith("Z")
        assert not row["form_fill_seconds"] or float(row["form_fill_seconds"]) >= 0


@pytest.mark.parametrize(("leads", "calls"), [(0, [0]), (999, [999]), (2500, [1000, 2000, 2500])])
def test_progress_is_told(tmp_path, leads, calls):
    told: list[int] = []
    write(tmp_path / "leads.csv", leads=leads, progress=told.append)
    assert told == calls


def test_an_interrupted_writer_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("precious")

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, leads=1500, progress=stop)
    assert path.read_text() == "precious"
    assert [entry.name for entry in tmp_path.iterdir()] == ["leads.csv"]


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("leads.parquet", InvalidInputError, "is neither a .csv nor a .jsonl file; choose one of these two endings"),
        ("none/leads.csv", WinnowError, "cannot be written: No such file or directory; choose a folder that exists"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(tmp_path, name, error, message):
    with pytest.raises(error) as refusal:
        write(tmp_path / name, leads=1)
    assert message in str(refusal.value)
