"""`winnow queue digest`: the mail about the queue, shown or handed to a real mail server."""

import pytest

from tests.support.api import running_api
from tests.support.command import winnow
from tests.support.mail import MailHost
from tests.support.reviewing import DOUBTFUL

pytestmark = pytest.mark.enable_socket

PASSWORD = b"seven quiet lighthouses\n"


@pytest.fixture
def where(tmp_path):
    """An installation with a lead that waits, a reviewer and a rep."""
    data = ("--data", tmp_path / "data")
    with running_api(tmp_path / "data") as api:
        api.post("/v1/leads", {"id": "l1", "source": "web", "email": "needle@bluebird.example", **DOUBTFUL})
    for name, role in (("rea", "reviewer"), ("rob", "rep")):
        made = winnow("user", "create", f"{name}@x.example", "--role", role, "--password-stdin", *data, stdin=PASSWORD)
        assert made.code == 0
    return data


def mail(host):
    return {
        "WINNOW_MAIL__SERVER": "127.0.0.1",
        "WINNOW_MAIL__PORT": str(host.port),
        "WINNOW_MAIL__SECURITY": "none",
        "WINNOW_MAIL__FROM": "winnow@w.example",
        "WINNOW_MAIL__ADDRESS_OF_PAGES": "https://w.example",
    }


def test_it_is_shown_without_sending_anything(where):
    shown = winnow("queue", "digest", "--dry-run", *where)
    assert shown.messages == "to 1: rea@x.example\n"
    assert shown.text.startswith("1 lead waits for review\n\nHello rea,\n")
    assert "- web: 1" in shown.text
    assert "needle" not in shown.text
    assert winnow("queue", "digest", "--dry-run", "--to", "rob@x.example", *where).text.count("Hello rob,") == 1


def test_it_is_sent_once_a_day_and_to_one_person_whenever_somebody_says_so(where):
    with MailHost() as host:
        assert winnow("queue", "digest", *where, env=mail(host)).messages == "to be sent: 1\n"
        assert winnow("queue", "digest", *where, env=mail(host)).messages == "to be sent: 0\n"
        assert host.to == ["rea@x.example"]
        again = winnow("queue", "digest", "--to", "rea@x.example", *where, env=mail(host))
        assert again.messages == "sent to rea@x.example\n"
        assert host.to == ["rea@x.example"] * 2
        host.on_data = lambda: "554 looks like spam"
        refused = winnow("queue", "digest", "--to", "rea@x.example", *where, env=mail(host))
        assert refused.code == 1
        assert "554 looks like spam" in refused.messages
        winnow("user", "create", "new@x.example", "--role", "rep", *where, env=mail(host))
        host.on_data = lambda: None
        winnow("queue", "digest", *where, env=mail(host))  # sends whatever waits
        assert host.to[-1] == "new@x.example"


def test_without_a_mail_server_it_says_what_is_missing(where):
    refused = winnow("queue", "digest", *where)
    assert refused.code == 2
    assert "mail.server" in refused.messages


def test_a_clear_queue_sends_nothing(tmp_path):
    with MailHost() as host:
        sent = winnow("queue", "digest", "--data", tmp_path, env=mail(host))
    assert (sent.code, sent.messages) == (0, "the queue is clear; nothing is sent\n")
    assert host.letters == []


def test_secrets_are_not_shown():
    given = {"WINNOW_MAIL__PASSWORD": "needle", "WINNOW_OIDC__CLIENT_SECRET": "needle"}
    for more in ((), ("--json",)):
        shown = winnow("config", "show", *more, env={**given, "COLUMNS": "300"})
        assert "needle" not in shown.text
        assert shown.text.count("(secret)") == 2
