"""Errors name a way that fits the shell they are read in."""

import re
from pathlib import Path

import pytest

import winnow
from winnow.shells.ways import WAYS, at_command_line, on_pages

BELOW = [
    path for layer in ("core", "services", "adapters") for path in (Path(winnow.__file__).parent / layer).rglob("*.py")
]


@pytest.mark.parametrize(
    ("text", "command", "page"),
    [
        ("see the ids with GET /v1/incidents", "`winnow incident list --all`", "the page /incidents?all=on"),
        ("see the ids with GET /v1/rules/drafts", None, "the page /rules"),
        ("see the ids with GET /v1/nowhere", None, None),
        ("ask again later", None, None),
    ],
)
def test_a_request_becomes_a_command_or_a_page(text, command, page):
    start = text.partition("with ")[0]
    assert at_command_line(text) == (f"{start}with {command}" if command else text)
    assert on_pages(text) == (f"{start}on {page}" if page else text)


def test_every_request_that_an_error_names_is_known():
    named = {found for path in BELOW for found in re.findall(r'fix="[^"]*with GET (/v1[a-z/-]+)"', path.read_text())}
    assert len(named) > 5
    assert named <= WAYS.keys()
