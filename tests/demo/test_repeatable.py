import os
import subprocess
import sys
from hashlib import sha256

import pytest

from winnow.demo import customers, rows

#: What the first 2,000 leads are on every machine and Python version. A change of stories, words or shares
#: changes it, and with it everybody's sample file: say so in CHANGELOG.md.
DIGEST = "be91818fa17270fa771c310e9963ed9f0f2758d66c56edab4a929ed6ce2f31a4"

_PROGRAM = """
import sys
from hashlib import sha256
from winnow.demo import rows
digest = sha256()
for row in rows(leads=2_000):
    digest.update(repr(row).encode())
print(digest.hexdigest())
"""


def _told(**environment):
    inherited = {name: value for name, value in os.environ.items() if name not in environment}  # noqa: TID251  # of the process that is started
    command = [sys.executable, "-X", "utf8=0", "-c", _PROGRAM]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env={**inherited, **environment}
    ).stdout.strip()


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
        {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu"},
    ],
)
def test_the_stream_is_the_same_everywhere(environment):
    assert _told(**environment) == DIGEST


def test_another_seed_gives_other_leads_and_other_customers():
    def told(seed):
        leads = "".join(row["email"] + row["message"] for row in rows(leads=200, seed=seed))
        return sha256(leads.encode()).hexdigest(), tuple(customers(leads=200, seed=seed))

    first, again, other = told(7), told(7), told(8)
    assert first == again
    assert first[0] != other[0]
    assert first[1] != other[1]
