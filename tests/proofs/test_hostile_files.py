"""A gigabyte without a line break is refused or reported within a few megabytes of memory."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.proof

# The peak of this process alone: what getrusage tells may still be that of the process that started it.
READ = """
import re, resource, sys
from pathlib import Path
from winnow.adapters.files.source import open_source
from winnow.core.mapping import BadRow
from winnow.errors import InvalidInputError

def peak():
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

try:
    with open_source(sys.argv[1]) as source:
        rows = [("bad" if isinstance(row, BadRow) else "good", row.line) for row in source.rows()]
except InvalidInputError as problem:
    rows = problem.what
print(rows[-3:] if isinstance(rows, list) else rows, peak() < 150_000_000 or peak())
"""


ROWS = b"id,name\n" + b"1,Ana\n" * 20_000


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (b"", b"", "this is not plain text, or it is UTF-16 without a mark"),
        (b"x" * 100_000, b"", "the first line is no header: it has no end"),
        (ROWS, b"\n2,Bo\n", "[('good', 20001), ('bad', 20002), ('good', 20003)]"),
        (ROWS + b'1,"Ana', b"\n2,Bo\n", "[('good', 20001), ('bad', 20002), ('good', 20003)]"),
    ],
)
def test_one_line_of_a_gigabyte(tmp_path, before, after, told):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.write(before)
        file.seek(1 << 30, 1)  # a hole, which reads as NUL bytes and takes no space
        file.write(after or b"x")
    run = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    assert told in run.stdout
    assert run.stdout.endswith("True\n")
