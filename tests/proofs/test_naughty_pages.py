"""Proof 13, the browser's part: naughty strings as lead fields stay text on every page that shows them.

All of them, in parts: a page for each takes up to a second on a small machine.
"""

import pytest

from tests.support.browsing import Watched, browsing, chromium, installed, signed_in
from tests.support.naughty import NAUGHTY
from tests.support.serving import Client

pytestmark = [
    pytest.mark.proof,
    pytest.mark.enable_socket,
    pytest.mark.skipif(chromium() is None, reason="no chromium on this machine"),
]

#: Strings go into these fields, each into one lead, so that all are seen in all places.
FIELDS = ("full_name", "company", "message", "job_title")
PARTS = 8


@pytest.fixture(scope="module")
def winnow(tmp_path_factory):
    with installed(tmp_path_factory.mktemp("naughty")) as running:
        yield running


@pytest.fixture(scope="module")
def reviewer(winnow):
    with browsing() as browser, signed_in(browser, winnow, "reviewer") as context:
        yield context


def sent(winnow, strings):
    """Numbers of the leads that hold the strings; some strings are no text that a lead may have."""
    client, numbers = Client(int(winnow.url.rpartition(":")[2]), winnow.key), []
    for string in strings:
        lead = dict.fromkeys(FIELDS, string) | {"email": "review@winnow.example", "source": "naughty"}
        answer = client.send("POST", "/v1/leads", lead)
        if answer.status == 200:
            numbers.append(answer.json["id"])
        else:
            assert answer.status == 422, answer.body
    client.close()
    return numbers


def test_these_are_all_of_them():
    assert len(NAUGHTY) >= 515  # the list that this one takes up has as many


@pytest.mark.parametrize("part", range(PARTS))
def test_naughty_strings_never_do_anything_in_a_browser(winnow, reviewer, part):
    strings, watched = NAUGHTY[part::PARTS], Watched()
    numbers = sent(winnow, strings)
    assert len(numbers) >= len(strings) * 0.8
    page = reviewer.new_page()
    watched.watch(page)
    for number in numbers:
        page.goto(f"/leads/{number}")
        assert page.locator("h1").count() == 1, number
        assert watched.faults == [], number
    for path in ("/leads", f"/queue?case={numbers[0]}", f"/queue?case={numbers[-1]}"):
        page.goto(path)
        assert page.locator("h1").count() == 1
        assert watched.faults == [], path
    page.close()
