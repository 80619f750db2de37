"""The pages of what the law changes: whom it touches in numbers, and which leads and permits, for who may see them."""

import pytest

from tests.support.law_to_come import ANA, law_to_come
from tests.support.seeing import Seen, text_of

ON = "on=2099-01-01"


@pytest.fixture(scope="module")
def lawful(tmp_path_factory):
    with law_to_come(tmp_path_factory.mktemp("law"), pages=True) as served:
        yield Seen(served)


def test_whom_it_touches_is_told_in_numbers_to_everybody(lawful):
    page = lawful.get(f"/policy/changes?{ON}", "admin")
    told = text_of(page)
    assert page.status_code == 200
    for words in (
        "may be contacted today and not then 2",
        "permitted, would be refused 2",
        "Of all 5",
        "mailer : 2 contacts",
        "DE: 3 leads",
        "§ 2 begins on Jan 1, 2099",
    ):
        assert words in told, words
    assert "/policy/changes/leads?" not in page.text
    assert f'href="/policy/changes/leads?{ON}"' in lawful.get(f"/policy/changes?{ON}", "reviewer").text


def test_leads_and_permits_are_listed_for_who_may_see_them(lawful):
    leads = lawful.get(f"/policy/changes/leads?{ON}", "reviewer")
    told = text_of(leads)
    assert told.count("may be contacted today and not then") == 2
    assert told.count("the same answer, on other grounds or terms") == 2
    assert 'href="/leads/' in leads.text
    assert ANA not in leads.text
    sends = lawful.get(f"/policy/changes/sends?{ON}", "auditor")
    assert text_of(sends).count("permitted, would be refused") == 2
    assert 'href="/gate/pm_' in sends.text
    assert "Nothing of late" in text_of(lawful.get(f"/policy/changes/leads?{ON}&after=50", "reviewer"))


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        (f"/policy/changes/leads?{ON}", "admin", 403),
        (f"/policy/changes/sends?{ON}", "rep", 403),
        ("/policy/changes/leads", "reviewer", 422),
        ("/policy/changes/leads?on=2020-01-01", "reviewer", 422),
        (f"/policy/changes/sends?{ON}&after=x", "auditor", 200),
    ],
)
def test_who_may_not_and_what_cannot_be_read(lawful, path, role, status):
    assert lawful.get(path, role).status_code == status
