"""Decisions are written completely, and no spreadsheet runs what a lead brought in."""

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given

from tests.support.cases import FACTS, LEADS, certified, entry, facts, lead, ruleset
from tests.support.naughty import NAUGHTY, STORABLE
from winnow.adapters.files import decisions as module
from winnow.adapters.files import parquet_reader
from winnow.adapters.files.cells import csv_cell
from winnow.adapters.files.decisions import COLUMNS, FORMATS, csv_header, decision_format, format_csv, format_jsonl
from winnow.core.decide import Decision, decide
from winnow.core.document import decision_document
from winnow.core.explain import deciding_reasons
from winnow.core.mapping.clean import storable
from winnow.core.outcome import Outcome
from winnow.core.reasons import Reason
from winnow.errors import InvalidInputError, MissingExtraError

DECISION = decide(lead(form_fill_seconds=1.0), facts(), ruleset())


def read_back(line: str) -> dict[str, str]:
    (row,) = csv.DictReader(StringIO(csv_header() + line, newline=""), strict=True)
    assert None not in row
    return row


def test_one_line_of_csv():
    reasons = (
        Reason("a.b", "a", -310, "Went slow", "scorecard"),
        Reason("c.d", "c", 1310, 'Went "fast",\nvery', "scorecard"),
    )
    row = read_back(
        format_csv(replace(DECISION, reasons=reasons, outcome=Outcome.REVIEW, score=-310, unknown=("x.y", "z")))
    )
    assert tuple(row) == COLUMNS
    assert row == {
        "lead_id": "lead-1",
        "outcome": "review",
        "probability": f"{DECISION.probability:.4f}",
        "score": "-310",
        "threshold_band": "review",
        "decided_by": "score",
        "deciding_reason": 'Went "fast", very',
        "reasons": 'c.d +1310 Went "fast", very | a.b -310 Went slow',
        "scopes": "sales=review marketing=review support=accept billing=accept portal=accept",
        "unknown": "x.y z",
        "ruleset_hash": DECISION.ruleset_hash,
    }


@given(LEADS, FACTS)
def test_csv_says_what_explain_says(one, known):
    decision = decide(one, known, certified())
    row = read_back(format_csv(decision))
    deciding = deciding_reasons(decision)
    assert row["deciding_reason"] == (csv_text(deciding[0].text) if deciding else "")
    assert row["reasons"].count(" | ") >= len(decision.reasons) - 1


def csv_text(text: str) -> str:
    return next(csv.reader([csv_cell(" ".join(storable(text).split()))]))[0]


@given(LEADS, FACTS)
def test_json_is_the_document(one, known):
    decision = decide(one, known, certified())
    document = decision_document(decision)
    document["lead_id"] = storable(decision.lead_id)
    line = format_jsonl(decision)
    assert line.endswith(b"\n")
    assert json.loads(line) == document
    assert list(json.loads(line)) == list(document)
    assert line.count(b"\n") == 1


def test_every_naughty_text_survives_as_id_and_as_reason():
    for text in NAUGHTY:
        reason = Reason("list.block", "list", 0, text, "list:1")
        decision = replace(DECISION, lead_id=text, reasons=(reason,), decided_by="list:1")
        row = read_back(format_csv(decision))
        assert row["lead_id"] in {storable(text), f"'{storable(text)}"}
        words = " ".join(storable(text).split())
        assert row["deciding_reason"] in {words, f"'{words}"}
        document = json.loads(format_jsonl(decision))
        expected = text if text in STORABLE else storable(text)
        assert document["lead_id"] == document["reasons"][0]["text"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        '"=1',
        "'=1",
        "\u00a0=1",
        "−1",
        "\ufeff=1",
        "\tx",
    ],
)
def test_formulas_are_defused(text):
    assert next(csv.reader(StringIO(csv_cell(text), newline="")))[0] == f"'{text}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [("a=1", "a=1"), ("", ""), ("a,b", '"a,b"'), ('a"b', '"a""b"'), ("a\nb", '"a\nb"'), ("Ü -1", "Ü -1"), ("#1", "#1")],
)
def test_other_texts_are_left_as_they_are(text, cell):
    assert csv_cell(text) == cell


def test_reasons_that_begin_like_a_formula():
    row = read_back(
        format_csv(replace(DECISION, reasons=(Reason("=x", "f", 5, "y", "s"), Reason("-z", "f", 4, "y", "s"))))
    )
    assert row["reasons"] == "'=x +5 y | '-z +4 y"


@pytest.mark.parametrize(
    ("decision", "deciding"),
    [
        (replace(DECISION, reasons=()), ""),
        (replace(DECISION, reasons=(), decided_by="rule:gone"), ""),
        (replace(DECISION, reasons=(Reason("a.b", "a", -5, "good", "scorecard"),)), ""),
        (replace(DECISION, reasons=(Reason("a.b", "a", -5, "good", "scorecard"),), outcome=Outcome.ACCEPT), "good"),
        (decide(lead(), facts(list_hits=(entry(),)), ruleset()), None),
    ],
)
def test_the_deciding_reason_may_be_missing(decision: Decision, deciding: str | None):
    expected = deciding_reasons(decision)
    assert read_back(format_csv(decision))["deciding_reason"] == (expected[0].text if expected else "")
    assert deciding is None or (expected[0].text if expected else "") == deciding


def test_what_is_remembered_is_bounded_and_never_mixed_up(monkeypatch):
    monkeypatch.setattr(module, "_REMEMBERED", 10)
    for number in range(100):
        reason = Reason("a.b", "a", 1, f"number {number}", "scorecard")
        decision = replace(DECISION, reasons=(reason, *DECISION.reasons))
        assert f"number {number}" in format_csv(decision)
        assert f"number {number}" in format_jsonl(decision).decode()
        assert len(module._memory.kept) <= 10 + len(decision.reasons)
        assert len(module._memory.ranked) == len(module._memory.json) == len(module._memory.kept)


@pytest.mark.parametrize(
    ("wanted", "output", "name"),
    [
        (None, "-", "csv"),
        (None, "a.jsonl", "jsonl"),
        (None, "a.NDJSON", "jsonl"),
        (None, "a.parquet", "parquet"),
        (None, "a.txt", "csv"),
        ("jsonl", "a.csv", "jsonl"),
    ],
)
def test_the_format_follows_the_wish_or_the_name(wanted, output, name):
    assert decision_format(wanted, output).name == name


def test_a_format_that_is_not_there(monkeypatch):
    with pytest.raises(InvalidInputError, match="`xml` is not a format; use csv, jsonl, parquet"):
        decision_format("xml")

    def missing(name: str):
        raise ImportError(name)

    monkeypatch.setattr(parquet_reader, "import_module", missing)
    with pytest.raises(MissingExtraError):
        decision_format("parquet")


def test_formats():
    assert set(FORMATS) == {"csv", "jsonl", "parquet"}
    written = FORMATS["csv"].header + FORMATS["csv"].lines([DECISION, DECISION])
    assert len(list(csv.DictReader(StringIO(written.decode())))) == 2
    assert FORMATS["jsonl"].header + FORMATS["jsonl"].lines([DECISION]) == format_jsonl(DECISION)
    assert FORMATS["parquet"].line(DECISION) == format_jsonl(DECISION)
