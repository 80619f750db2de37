"""The examples of docs/client.md do what the page says."""

import doctest

from tests.support.fake_service import KEY
from tests.support.project import ROOT
from winnow.client.attempts import RETRIES, TIMEOUT, TOTAL

PAGE = ROOT / "docs" / "client.md"
ADDRESS, MADE_UP_KEY = "http://127.0.0.1:8420", "wk_your_key"


def test_the_examples_of_the_page_run(service, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8").replace(ADDRESS, service.url).replace(MADE_UP_KEY, KEY)
    page = doctest.DocTestParser().get_doctest(text.replace("```", "\n"), {}, PAGE.name, str(PAGE), 0)
    assert len(page.examples) > 20
    told: list[str] = []
    failed, tried = doctest.DocTestRunner().run(page, out=told.append)
    assert (failed, tried) == (0, len(page.examples)), "".join(told)


def test_the_page_tells_the_defaults():
    assert f"{TIMEOUT:g} seconds, {RETRIES} times and {TOTAL:g} seconds" in PAGE.read_text(encoding="utf-8")
