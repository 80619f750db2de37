"""A value that is off limits leaves no trace, neither in what a run leaves behind nor in what it asks."""

import json
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.support.command import Ran, winnow
from tests.support.leads_files import csv_text, decisions, jsonl_text, leads, messy_csv, written
from tests.support.off_limits import WORD, strict_ruleset
from winnow import bootstrap
from winnow.adapters.facts.lookup import BatchFacts
from winnow.core.govern.off_limits_text import MASK

NEEDLE = "n33dle"
OFF_LIMITS = ("custom.faith", "company", "ip", "form_fill_seconds", "received_at", "custom.union")
MAP = """
id = "id"
email = "email"
received_at = "received_at"
company = "company"
ip = "ip"
message = "message"
form_fill_seconds = "form_fill_seconds"
form_pasted_fields = "form_pasted_fields"
custom.faith = "Faith"
"""


def policy(folder: Path) -> Path:
    """The starter ruleset, under which more is off limits."""
    text = winnow("ruleset", "show", "--toml").text
    start = text.index("off_limits = [")
    end = text.index("]", start)
    return written(folder / "rules.toml", f"{text[:start]}off_limits = {list(OFF_LIMITS)}{text[end + 1 :]}")


def hidden(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The needle in every off-limits column, by the map or by its name; one row in seven cannot be read."""
    return [
        {
            **row,
            "company": f"{NEEDLE} Ltd",
            "ip": NEEDLE,
            "form_fill_seconds": f"{NEEDLE} s",
            "received_at": f"{NEEDLE} o'clock",
            "Faith": NEEDLE,
            "Union": f"member of {NEEDLE}",
            "form_pasted_fields": "many" if place % 7 == 3 else "1",
        }
        for place, row in enumerate(rows)
    ]


ROWS = hidden(list(leads())[:40])


@pytest.fixture(params=["csv", "jsonl"])
def source(request, tmp_path):
    if request.param == "csv":
        return written(tmp_path / "leads.csv", messy_csv(ROWS).replace("too,few", f"too,{NEEDLE}"))
    broken = f'{{"id": "x", "Faith": "{NEEDLE}"\n["{NEEDLE}"]\n'
    return written(tmp_path / "leads.jsonl", jsonl_text(ROWS) + broken)


def everything(folder: Path, ran: Ran) -> dict[str, str]:
    """All that a run leaves behind."""
    written_files = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    return {**written_files, "stdout": ran.text, "stderr": ran.messages}


@pytest.mark.parametrize("mapped", [True, False])
def test_the_needle_is_nowhere(source, tmp_path, mapped):
    rules, out = policy(tmp_path), tmp_path / "out"
    out.mkdir()
    mapping = ("--map", written(tmp_path / "map.toml", MAP)) if mapped else ()
    asked: list[str] = []
    checkpoints: list[str] = []
    look_up, save = BatchFacts.facts_for, bootstrap.save_checkpoint

    def noted(facts: BatchFacts, batch: list[object]) -> object:
        asked.extend(map(repr, batch))
        return look_up(facts, batch)  # type: ignore[arg-type]  # the method that was there

    def kept(output: Path, checkpoint: bootstrap.Checkpoint) -> None:
        checkpoints.append(repr(checkpoint))
        save(output, checkpoint)

    with patch.object(BatchFacts, "facts_for", noted), patch.object(bootstrap, "save_checkpoint", kept):
        ran = winnow("screen", source, "-o", out / "out.csv", "--ruleset", rules, *mapping)
    assert ran.code == 0
    assert len(decisions(out / "out.csv")) == len(asked) > 30
    assert checkpoints
    found = everything(out, ran) | {"asked": "".join(asked), "checkpoints": "".join(checkpoints)}
    assert [name for name, text in found.items() if NEEDLE in text] == []


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_neither_is_what_is_called_after_a_category_or_tells_one_in_a_text(tmp_path, kind):
    rows = [
        {**row, "Parteizugehörigkeit": NEEDLE, "is_pregnant": NEEDLE, "message": f"{WORD} is what I begin"}
        for row in ROWS
    ]
    source, out = tmp_path / f"leads.{kind}", tmp_path / "out"
    out.mkdir()
    if kind == "parquet":
        core, arrow = pytest.importorskip("arro3.core"), pytest.importorskip("arro3.io")
        texts = {name: core.Array([row[name] for row in rows], type=core.DataType.string()) for name in rows[0]}
        arrow.write_parquet(core.RecordBatch.from_pydict(texts), source)
    else:
        written(source, csv_text(rows) if kind == "csv" else jsonl_text(rows))
    told: list[str] = []
    look_up = BatchFacts.facts_for

    def noted(facts: BatchFacts, batch: list[object]) -> object:
        told.extend(map(repr, batch))
        return look_up(facts, batch)  # type: ignore[arg-type]  # the method that was there

    with patch.object(BatchFacts, "facts_for", noted):
        ran = winnow("screen", source, "-o", out / "out.csv", "--ruleset", strict_ruleset(tmp_path))
    assert (ran.code, len(told) > 30) == (0, True)
    found = everything(out, ran) | {"asked": "".join(told)}
    assert [name for name, text in found.items() if NEEDLE in text or WORD in text] == []
    assert MASK in found["asked"]


def test_a_cell_that_nobody_may_read_cannot_make_its_row_unreadable(tmp_path):
    """Masking is absence, so the decision is that of the file without the column."""
    rules, mapping = policy(tmp_path), written(tmp_path / "map.toml", MAP)
    full = written(tmp_path / "full.csv", csv_text(ROWS))
    columns = [
        name for name in ROWS[0] if name not in {"company", "ip", "form_fill_seconds", "received_at", "Faith", "Union"}
    ]
    bare = written(tmp_path / "bare.csv", csv_text([{name: row[name] for name in columns} for row in ROWS], columns))
    for source in (full, bare):
        assert winnow("-q", "screen", source, "-o", f"{source}.out.csv", "--ruleset", rules, "--map", mapping).code == 0
    assert (tmp_path / "full.csv.out.csv").read_bytes() == (tmp_path / "bare.csv.out.csv").read_bytes()


def test_what_may_be_shown_of_an_unreadable_row_is_shown(tmp_path):
    rules, mapping = policy(tmp_path), written(tmp_path / "map.toml", MAP)
    source = written(tmp_path / "leads.csv", csv_text(ROWS) + f"too,{NEEDLE}\n")
    assert winnow("-q", "screen", source, "-o", tmp_path / "out.csv", "--ruleset", rules, "--map", mapping).code == 0
    *rows, last = decisions(tmp_path / "out.csv.rejected-rows.csv")
    assert "`many` in column `form_pasted_fields`" in rows[0]["reason"]
    assert rows[0]["raw"].startswith(ROWS[3]["id"])
    assert last["reason"] == f"2 cells where the header has {len(ROWS[0])}"
    assert last["raw"] == "(not shown: the file has off-limits columns)"


def test_people_are_told_what_is_not_looked_at(tmp_path):
    source = written(tmp_path / "leads.csv", csv_text(ROWS))
    ran = winnow("screen", source, "-o", tmp_path / "out.csv", "--ruleset", policy(tmp_path))
    told = "off limits by policy, neither read nor shown: received_at, company, form_fill_seconds, ip, Faith, Union\n"
    assert told in ran.messages
    assert "← ip" not in ran.messages


def test_the_same_holds_for_explain(tmp_path):
    source = written(tmp_path / "leads.csv", csv_text(ROWS))
    command = ("explain", source, "--id", ROWS[0]["id"], "--ruleset", policy(tmp_path))
    read, as_json = winnow(*command), winnow(*command, "--json")
    assert NEEDLE not in read.text + read.messages + as_json.text + as_json.messages
    assert "net.ip_class" in json.loads(as_json.data)["unknown"]
