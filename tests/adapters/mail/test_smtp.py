"""Letters reach a real mail server, over TLS unless told otherwise; what failed says whether to try again."""

import socket
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.support.mail import MailHost, certificate
from tests.support.receivers import Receiver, hangs
from winnow.adapters.mail.server import MailServer, Security
from winnow.adapters.mail.smtp import SmtpPost, message_of
from winnow.ports.mail import Letter, Sending

pytestmark = pytest.mark.enable_socket

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LETTER = Letter(
    "ana@x.example", "3 leads wait — für Sie", "Text: ä\n.\nend", "<p>ä</p>", NOW, "https://w.example/off/t"
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


def server(host, security=Security.NONE, **more):
    return MailServer("127.0.0.1", host.port, security, "winnow@w.example", **more)


def sent(host, letter=LETTER, **more):
    return SmtpPost(server(host, **more)).send(letter)


def test_a_letter_arrives_as_it_was_written():
    with MailHost() as host:
        assert sent(host) == Sending()
    (letter,) = host.letters
    assert host.to == ["ana@x.example"]
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "ana@x.example",
        "Winnow <winnow@w.example>",
        LETTER.subject,
    )
    assert letter["Date"].datetime == NOW
    assert letter["Message-ID"].endswith("@w.example>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://w.example/off/t>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = letter.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content().strip() == LETTER.html


def test_one_that_is_no_list_mail_has_no_way_to_unsubscribe():
    assert message_of(replace(LETTER, unsubscribe=None), "w@w.example")["List-Unsubscribe"] is None


@pytest.mark.parametrize(("security", "how"), [(Security.STARTTLS, "starttls"), (Security.TLS, "tls")])
def test_over_tls_to_a_host_that_proves_itself(certificates, security, how):
    own, trusted = certificates
    with MailHost(**{how: own}) as host:
        assert sent(host, security=security, tls=trusted) == Sending()
        doubted = sent(host, security=security)
    assert host.secured == [True]
    assert doubted.again
    assert "cannot be used" in doubted.error


def test_a_host_without_starttls_gets_nothing_in_the_clear():
    with MailHost() as host:
        refused = sent(host, security=Security.STARTTLS, user="u", password="p")
    assert refused.again
    assert host.letters == []


@pytest.mark.parametrize(("password", "ok"), [("right", True), ("wrong", False)])
def test_with_a_password(certificates, password, ok):
    own, trusted = certificates
    with MailHost(starttls=own, password="right") as host:
        sending = sent(host, security=Security.STARTTLS, tls=trusted, user="winnow", password=password, seconds=3.0)
    assert (sending.error is None, len(host.letters)) == (ok, int(ok))
    assert sending.again is not ok  # somebody corrects the setting
    assert "right" not in repr(server(host, password="right"))


@pytest.mark.parametrize(
    ("where", "answer", "again", "unknown"),
    [
        ("on_rcpt", "550 no such mailbox", False, False),
        ("on_rcpt", "451 try again later", True, False),
        ("on_data", "554 looks like spam", False, False),
        ("on_data", "452 no room", True, False),
    ],
)
def test_what_is_refused_for_good_is_not_tried_again(where, answer, again, unknown):
    with MailHost() as host:
        setattr(host, where, lambda *_: answer)
        sending = sent(host)
    assert (sending.again, sending.unknown) == (again, unknown)
    assert answer in sending.error
    assert host.letters == []


def test_when_the_answer_to_the_whole_letter_is_missing_nobody_knows():
    with MailHost() as host:
        host.on_data = lambda: time.sleep(0.8)
        sending = sent(host, seconds=0.4)
        host.wait_for(1)  # it was taken all the same
    assert (sending.again, sending.unknown) == (True, True)


def test_where_nobody_listens_it_is_tried_again():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        unused = MailServer("127.0.0.1", taken.getsockname()[1], Security.NONE, "winnow@w.example")
        sending = SmtpPost(unused).send(LETTER)
    assert (sending.again, sending.unknown) == (True, False)
    assert SmtpPost(replace(unused, host="no-such-host.invalid")).send(LETTER).again


def test_a_host_that_says_nothing_is_not_waited_for():
    with Receiver(hangs) as silent:
        began = time.monotonic()
        sending = SmtpPost(MailServer("127.0.0.1", silent.port, Security.NONE, "w@w.example", seconds=0.3)).send(LETTER)
    assert time.monotonic() - began < 20  # the other side would hang for 30
    assert (sending.again, sending.unknown) == (True, False)
    assert "in time" in str(sending.error)


@pytest.mark.parametrize(
    "to", ["ana@x.example\r\nBcc: eve@x.example", "a,b@x.example", "änä@x.example", "<a>@x", "a b@x", "@"]
)
def test_an_address_that_is_more_than_one_is_written_to_by_nobody(to):
    with MailHost() as host:
        sending = sent(host, replace(LETTER, to=to))
    assert sending == Sending("the address cannot be written to")
    assert host.letters == []


def test_a_subject_stays_in_its_line():
    with pytest.raises(ValueError, match=r"linefeed|newline|header"):
        message_of(replace(LETTER, subject="x\nBcc: eve@x.example"), "w@w.example")
