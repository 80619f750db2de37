"""What people see after `screen` and `explain` is kept in golden/, so that every change of it shows in a review.

After a change that is meant: `python -m tests.shells.cli.test_golden_output` writes the files anew.
"""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.command import winnow
from tests.support.leads_files import written

GOLDEN = Path(__file__).with_name("golden")

LEADS = """\
id,received_at,email,full_name,message,form_fill_seconds,form_honeypot,ip
1,2026-08-01T10:00:00Z,ana.kovac@bluebird.de,Ana Kovač,"Could you call me about our twelve shops?",48,no,93.184.216.34
2,2026-08-01T10:01:00Z,xq9z@mailinator.com,Xq Zz,CHEAP SEO http://a.example http://b.example http://c.example,1,yes,5.9.51.177
3,2026-08-01T10:02:00Z,bo@gmail.com,Bo [bold]Smith[/bold],hello :smile:,5,no,
=4,2026-08-01T10:03:00Z,eve@acme.de,Eve,,,,
5,2026-08-01T10:04:00Z,spoof@acme.de,Sam,,,,
6,too,few
"""

RULESET = """\
id = "golden"
note = "Small, so that only what is shown here can change it."

[policy]
owner = "Mia"

[thresholds]
tag = 0
review = 1000

[scorecard]
id = "golden"
kind = "starter"
owner = "Mia"
note = "hand-set"
base = -500

[scorecard.caps]
form = 1500
email = 1500

[[scorecard.features]]
signal = "form.fill_seconds"
bins = [
  { below = 3, points = 900, text = "Form filled in under 3 seconds", why = "nobody types that fast" },
  { points = -300, text = "Form filled in at a person's pace", why = "most people" },
]
unknown = { points = 0, text = "Not known" }

[[scorecard.features]]
signal = "form.honeypot"
bins = [
  { is = true, points = 1800, text = "The hidden field was filled in", why = "people do not see it" },
  { is = false, points = 0, text = "The hidden field was left empty" },
]
other = { points = 0, text = "Another value" }
unknown = { points = 0, text = "Not known" }

[[scorecard.features]]
signal = "email.disposable"
bins = [
  { is = true, points = 1200, text = "Throw-away e-mail address", why = "no answer wanted" },
  { is = false, points = -100, text = "Not a known throw-away address" },
]
other = { points = 0, text = "Another value" }
unknown = { points = 0, text = "Not known" }

[[rules]]
id = "quick-gmail"
when = "email.free && form.fill_seconds < 10.0"
text = "Free address, filled in quickly"
owner = "Mia"
reason = "flood in May"
outcome = "tag"

[[lists]]
id = "e1"
action = "block"
kind = "email"
value = "spoof@acme.de"
owner = "Mia"
reason = "spoofed us twice"
"""

SHOWN = {
    "screen": "screen leads.csv --ruleset ruleset.toml -o decisions.csv",
    "screen-plain": "--plain screen leads.csv --ruleset ruleset.toml -o decisions.csv",
    "explain": "explain leads.csv --id 2 --ruleset ruleset.toml",
    "explain-plain": "--plain explain leads.csv --id 2 --ruleset ruleset.toml",
    "explain-rule": "--plain explain leads.csv --id 3 --ruleset ruleset.toml",
    "explain-list": "--plain explain leads.csv --id 5 --ruleset ruleset.toml",
    "ruleset": "--plain ruleset show ruleset.toml",
}

#: What differs from run to run, or with every edition of some list.
VARIABLE = (
    (r"\b[0-9a-f]{64}\b", "HASH"),
    (r"\b[0-9a-f]{12}\b", "HASH"),
    (r"\d+\.\d s · [\d,]+ leads/s", "TIME"),
    (r" · [\d,]+/s · ", " · RATE · "),
)


def shown(folder: Path) -> Mapping[str, str]:
    """By name: the command, stdout and stderr."""
    written(folder / "leads.csv", LEADS)
    written(folder / "ruleset.toml", RULESET)
    texts = {}
    for name, command in SHOWN.items():
        words = [str(folder / word) if re.search(r"\.(csv|toml)$", word) else word for word in command.split()]
        done = winnow(*words, env={"COLUMNS": "100"})
        assert done.code == 0, done.messages
        text = f"$ winnow {command}\n{done.text}--- stderr\n{done.messages}".replace(f"{folder}/", "")
        for pattern, word in VARIABLE:
            text = re.sub(pattern, word, text)
        texts[name] = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    return texts


@pytest.fixture(scope="module")
def now(tmp_path_factory):
    return shown(tmp_path_factory.mktemp("golden"))


@pytest.mark.parametrize("name", SHOWN)
def test_people_see_what_they_saw_before(now, name):
    assert now[name] == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8"), f"meant so? see {Path(__file__).name}"


def test_nothing_else_is_kept():
    assert {path.stem for path in GOLDEN.iterdir()} == set(SHOWN)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        for each, content in shown(Path(temporary)).items():
            written(GOLDEN / f"{each}.txt", content)
