"""Asking for a letter over HTTP, with a real mail server behind it; and the jobs that send it."""

import pytest

from tests.support.mail import MailHost
from tests.support.reviewing import DOUBTFUL
from tests.support.served import serving
from tests.support.signed_in import PASSWORD, Browser, browser_of, new_person
from winnow.core.people.attempts import OF_MAILBOX

pytestmark = pytest.mark.enable_socket

OTHER = "nine loud trombones"


@pytest.fixture(scope="module")
def post():
    with MailHost() as host:
        yield host


@pytest.fixture(scope="module")
def mailing(post, tmp_path_factory):
    with serving(
        tmp_path_factory.mktemp("mailing"),
        mail__server="127.0.0.1",
        mail__port=str(post.port),
        mail__security="none",
        mail__from="winnow@w.example",
        mail__address_of_pages="https://w.example",
        mail__digest_at="0",  # reviewers get the digest at once, whatever the hour
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def empty(post):
    post.letters.clear()
    post.to.clear()


def token_in(letter):
    return letter.get_body(("plain",)).get_content().partition("https://w.example/join/")[2].split()[0]


def browser(served):
    return Browser(served, ip=served.new_ip())


def test_a_forgotten_password_is_replaced_by_mail(mailing, post):
    person, asking = new_person(mailing, "rep"), browser(mailing)
    answer = asking("POST", "/v1/session/reset", {"email": person.email})
    assert answer.status_code == 202
    (letter,) = post.wait_for(1)
    assert post.to == [person.email]
    assert asking.sign_in(person.email).status_code == 200
    joined = asking("POST", "/v1/session/join", {"token": token_in(letter), "password": OTHER})
    assert joined.status_code == 200
    assert asking.sign_in(person.email).status_code == 401
    assert asking.sign_in(person.email, OTHER).status_code == 200


def test_the_answer_is_the_same_for_everybody(mailing, post):
    person = new_person(mailing, "rep")
    known, nobody = (
        browser(mailing)("POST", "/v1/session/reset", {"email": each}) for each in (person.email, "no@x.example")
    )
    assert (known.status_code, known.content) == (nobody.status_code, nobody.content)
    alike = [{name: value for name, value in each.headers.items() if name != "date"} for each in (known, nobody)]
    assert alike[0] == alike[1]
    post.wait_for(1)
    assert post.to == [person.email]


def test_it_is_asked_for_a_few_times_only_and_from_our_pages(mailing):
    asked = [
        browser(mailing)("POST", "/v1/session/reset", {"email": "often@x.example"}) for _ in range(OF_MAILBOX.burst + 1)
    ]
    assert [answer.status_code for answer in asked] == [202] * OF_MAILBOX.burst + [429]
    assert int(asked[-1].headers["retry-after"]) > 0
    elsewhere = browser(mailing)("POST", "/v1/session/reset", {"email": "a@x.example"}, origin="https://evil.example")
    assert elsewhere.status_code == 403


def test_an_invitation_is_sent(mailing, post):
    admin = browser_of(mailing, "admin")
    body = {"email": "new@x.example", "name": "New", "roles": ["rep"]}
    made = admin("POST", "/v1/people", body).json()
    assert made["mailed"] is True
    (letter,) = post.wait_for(1)
    assert (post.to, token_in(letter)) == (["new@x.example"], made["token"])
    joined = browser(mailing)("POST", "/v1/session/join", {"token": made["token"], "password": PASSWORD})
    assert joined.status_code == 200


def test_one_click_on_unsubscribe_ends_the_digest(mailing, post):
    mailing.screened(id="d1", source="web", email="needle@bluebird.example", **DOUBTFUL)
    person = new_person(mailing, "reviewer")
    mailing.state.desks.digest.put_due()
    (letter,) = post.wait_for(1)
    assert post.to == [person.email]
    assert "needle" not in letter.as_string()
    address = letter["List-Unsubscribe"].strip("<>").removeprefix("https://w.example")
    form = {"content-type": "application/x-www-form-urlencoded"}
    gone = mailing("POST", address, key=None, headers=form, content="List-Unsubscribe=One-Click")
    assert gone.status_code == 204
    assert not mailing.state.desks.people.desk.person(person.id).gets_digest
    assert mailing("POST", address[:-1], key=None).status_code == 404


def test_where_no_mail_server_is_set_nothing_is_promised(served):
    answer = browser(served)("POST", "/v1/session/reset", {"email": "ana@x.example"})
    assert (answer.status_code, "sends no letters" in answer.json()["detail"]) == (409, True)
    body = {"email": "new@x.example", "name": "New", "roles": ["rep"]}
    assert browser_of(served, "admin")("POST", "/v1/people", body).json()["mailed"] is False
