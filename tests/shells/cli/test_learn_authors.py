"""`winnow learn authors`: who stands out is named, and what everybody's labels weigh is written."""

import json

import pytest

from tests.support.command import winnow
from winnow.bootstrap.service import open_service
from winnow.config import load


@pytest.fixture
def labels(tmp_path):
    """Four people who agree, and Eve, who calls everything junk."""
    lines = ["lead,verdict,author,source"]
    for author in ("ana", "bo", "cy", "di"):
        lines += [f"{author}-{n},{'junk' if n % 10 == 0 else 'genuine'},{author},web" for n in range(100)]
    lines += [f"eve-{n},junk,eve,web" for n in range(50)]
    lines += ["solo-1,junk,solo,fair", "ana-1,genuine,ana,web"]
    file = tmp_path / "labels.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_who_stands_out_is_named_and_held(labels, tmp_path):
    out = tmp_path / "weights.csv"
    ran = winnow("learn", "authors", labels, "--json", "-o", out)
    found = json.loads(ran.text)
    assert ran.code == 3
    (eve,) = found["outliers"]
    assert (eve["author"], eve["segment"], eve["junk"], eve["expected"]) == ("eve", "web", 50, 5.0)
    assert found["untested"] == ["solo"]
    assert found["held"] == [
        {"kind": "author", "name": "eve", "truth": True, "why": "contrary", "labels": 50, "before": 50, "after": 0.5}
    ]
    assert (found["labels"], found["counting"]) == (451, 401.5)
    weights = dict(line.split(",") for line in out.read_text().splitlines())
    assert (weights["lead"], weights["ana-1"], weights["eve-1"]) == ("weight", "1", "0.01")
    shown = winnow("learn", "authors", labels)
    assert "eve calls 50 of 50 so on source web; at the others' rate it would be 5" in shown.text
    assert "451 labels count as 402" in shown.text
    assert winnow("learn", "authors", labels, "-o", out).code == 2


def test_the_labels_of_an_empty_service_are_nothing_to_worry_about(tmp_path):
    open_service(load(flags={"data.folder": str(tmp_path / "data")})).close()
    ran = winnow("learn", "authors", "--data", tmp_path / "data")
    assert (ran.code, ran.text) == (0, "0 labels count as 0\n")


def test_caps_that_make_no_sense_are_refused(labels):
    assert winnow("learn", "authors", labels, "--share", "0").code == 2
