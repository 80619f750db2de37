"""Proof 13, the browser's part: naughty strings as lead fields stay text on every page that shows them.

Every eighth of them: a page for each takes a second here.
"""

import pytest

from tests.support.browsing import Watched, browsing, chromium, installed, signed_in
from tests.support.naughty import NAUGHTY
from tests.support.serving import Client

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

#: Strings go into these fields, each into one lead, so that all are seen in all places.
FIELDS = ("full_name", "company", "message", "job_title")


@pytest.mark.skipif(chromium() is None, reason="no chromium on this machine")
def test_naughty_strings_never_do_anything_in_a_browser(tmp_path):
    watched = Watched()
    with installed(tmp_path) as winnow, browsing() as browser, signed_in(browser, winnow, "reviewer") as context:
        client, numbers = Client(int(winnow.url.rpartition(":")[2]), winnow.key), []
        for string in NAUGHTY[::8]:
            lead = dict.fromkeys(FIELDS, string) | {"email": "review@winnow.example", "source": "naughty"}
            answer = client.send("POST", "/v1/leads", lead)
            if answer.status == 200:
                numbers.append(answer.json["id"])
            else:
                assert answer.status == 422, answer.body
        client.close()
        assert len(numbers) >= len(NAUGHTY[::8]) * 0.8
        page = context.new_page()
        watched.watch(page)
        for number in numbers:
            page.goto(f"/leads/{number}")
            assert page.locator("h1").count() == 1, number
            assert watched.faults == [], number
        page.goto("/queue")
        assert page.locator("h1").count() == 1
        assert watched.faults == []
    print(f"{len(numbers)} leads, each on its page, and the queue: no dialog, no violation, no failed script")
