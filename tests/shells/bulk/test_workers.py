"""Any number of workers gives the same bytes; whatever happens to one of them, the run ends with a message."""

from pathlib import Path

import pytest

from tests.support.command import files_in, winnow
from tests.support.leads_files import decisions, in_small_pieces
from winnow.adapters.customers import read_customers
from winnow.shells.bulk import pool
from winnow.shells.bulk.piece import PieceScreener

SMALL = in_small_pieces(3000)


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def expected(messy, tmp_path):
    folder = tmp_path / "expected"
    folder.mkdir()
    assert winnow("-q", "screen", messy, "-o", folder / "out.csv", env=in_small_pieces(1_000_000)).code == 0
    return results(folder)


def test_the_file_is_worth_the_trouble(messy, expected):
    """Many chunks, out of order, repeated values, rows of both sorts."""
    assert set(expected) == {"out.csv", "out.csv.rejected-rows.csv"}
    assert messy.stat().st_size > 10 * 3000
    assert expected["out.csv"].count(b"velocity.") > 50
    assert expected["out.csv.rejected-rows.csv"].count(b"\n") == 9


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("workers", [1, 2, 3, 7])
@pytest.mark.parametrize("chunk_bytes", [1500, 3000, 20_000])
def test_any_number_of_workers_and_any_size_of_chunks(messy, expected, tmp_path, workers, chunk_bytes):
    folder = tmp_path / "out"
    folder.mkdir()
    small = in_small_pieces(chunk_bytes)
    assert winnow("-q", "screen", messy, "-o", folder / "out.csv", "--workers", workers, env=small).code == 0
    assert results(folder) == expected


@pytest.mark.usefixtures("threads")
def test_a_file_that_turns_out_not_to_be_in_time_order(late, tmp_path, monkeypatch):
    """The same as when that is known before the first lead is decided."""
    monkeypatch.chdir(tmp_path)
    known = winnow("-q", "screen", late, "-o", "-", env=SMALL)
    for workers in (1, 3):
        out = tmp_path / f"{workers}.csv"
        assert winnow("-q", "screen", late, "-o", out, "--workers", workers, env=SMALL).code == 0
        assert out.read_bytes() == known.data


@pytest.mark.parametrize(("source", "form"), [("messy", "csv"), ("lines", "jsonl")])
def test_real_processes(request, tmp_path, source, form):
    path = request.getfixturevalue(source)
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, workers in ((one, 1), (two, 2)):
        folder.mkdir()
        done = winnow("-q", "screen", path, "-o", folder / f"out.{form}", "--workers", workers, env=SMALL)
        assert (done.code, done.messages) == (0, "")
    assert results(one) == results(two)
    assert len(decisions(one / f"out.{form}")) == 88


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("workers", [2, 3])
def test_a_worker_that_dies_is_reported_and_its_work_done_by_the_next_run(
    messy, expected, tmp_path, monkeypatch, workers
):
    folder = tmp_path / "out"
    folder.mkdir()
    command = ("-q", "screen", messy, "-o", folder / "out.csv", "--workers", workers)
    screened, calls = PieceScreener.screened, []

    def dying(self, chunk):
        calls.append(chunk)
        if len(calls) == 6:
            raise EOFError  # as if its wire had been cut
        return screened(self, chunk)

    monkeypatch.setattr(PieceScreener, "screened", dying)
    died = winnow(*command, env=SMALL)
    assert died.code == 1
    assert "a worker process died" in died.messages
    assert "run the same command again to resume" in died.messages
    assert "out.csv" not in files_in(folder)
    assert winnow(*command, env=SMALL).code == 0
    assert results(folder) == expected


@pytest.mark.usefixtures("threads")
def test_a_defect_in_a_worker_is_named_and_asked_to_be_reported(messy, tmp_path, monkeypatch):
    monkeypatch.setattr(PieceScreener, "screened", lambda *_: 1 / 0)
    broken = winnow("-q", "screen", messy, "-o", tmp_path / "out.csv", "--workers", 2)
    assert broken.code == 1
    assert "a worker process failed: ZeroDivisionError: division by zero" in broken.messages
    assert "please report this as a defect" in broken.messages


@pytest.mark.usefixtures("threads")
def test_what_a_user_can_mend_is_told_as_without_workers(messy, tmp_path, monkeypatch):
    customers = tmp_path / "customers.txt"
    customers.write_text("acme.example\n", encoding="utf-8")
    monkeypatch.setattr(pool, "make_screener", lambda *_: customers_gone(customers))
    broken = winnow("-q", "screen", messy, "-o", tmp_path / "out.csv", "--workers", 2, "--customers", customers)
    assert broken.code == 2
    assert f"where: {customers}" in broken.messages
    assert "defect" not in broken.messages


def customers_gone(path: Path) -> object:
    path.unlink(missing_ok=True)
    return read_customers(path)
