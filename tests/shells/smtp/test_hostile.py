"""What hostile or broken programs try on the gate for mail, and what broken servers behind it answer."""

import socket
import threading
import time
import tracemalloc
from contextlib import contextmanager, suppress

import pytest

from tests.support.mail import MailHost, certificate
from tests.support.mail_gate import serving
from winnow.ports.outgoing import Reply
from winnow.shells.smtp.incoming import Incoming
from winnow.shells.smtp.replies import lines, summed

pytestmark = pytest.mark.enable_socket

MESSAGE = b"From: ai@bluebird.example\r\nSubject: hello\r\n\r\nShall we talk?\r\n"


@pytest.fixture
def sink():
    with MailHost() as host:
        yield host


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("RCPT TO:<>", "553 501"),
        ("RCPT TO:<postmaster>", "553"),
        ("RCPT TO:<bo@north.example> NOTIFY=NEVER", "555"),
        ("RCPT TO:<bo@north.example,cy@north.example>", "553 501"),
        ("RCPT TO:<bo@north.example> <cy@north.example>", "553 501 555"),
        ("RCPT TO:<bo;cy@north.example>", "553 501"),
        ("RCPT TO:<bo\u200b@north.example>", "553 501"),
        ('RCPT TO:<"bo cy"@north.example>', "553 501"),
        ("RCPT TO:bo@north.example", "501 553 250"),
        ("MAIL FROM:<a@b.example> AUTH=<>", "503 555"),
    ],
)
def test_an_address_that_is_not_one_plain_person_reaches_nobody_else(sink, command, codes):
    with serving(sink.port) as gate, gate.client() as client:
        client.log_in()
        client.say("MAIL FROM:<ai@bluebird.example>")
        assert client.say(command)[:3] in codes.split()
        assert {address for _, _, address in gate.judge.asked} <= {"bo@north.example"}


def test_mail_that_must_not_be_answered_has_no_sender_and_keeps_none(sink):
    with serving(sink.port) as gate, gate.client() as client:
        client.log_in()
        assert client.begin("ana@north.example", sender="")[0].startswith("250")
        assert client.data(MESSAGE).startswith("250")
    assert sink.to == ["ana@north.example"]


def test_another_spelling_of_a_name_is_asked_about_as_it_is_written(sink):
    with serving(sink.port) as gate, gate.client() as client:
        gate.judge.refused = {"ANA@north.example"}
        client.log_in()
        one, two = client.begin("ana@north.example", "ANA@north.example")
    assert (one[:3], two[:3]) == ("250", "550")


# ── before anybody has logged in ─────────────────────────────────────────────────────────────────


def test_what_is_slipped_in_before_the_encryption_is_never_carried_out(tmp_path, sink):
    to_serve, to_trust = certificate(tmp_path)
    with serving(sink.port, tls=to_serve) as gate, gate.client() as client:
        client.say("EHLO tool.example")
        client.send(b"STARTTLS\r\nEHLO thief.example\r\nMAIL FROM:<thief@x.example>\r\n")
        assert client.answer().startswith("220")
        with suppress(OSError):
            client._socket = to_trust.wrap_socket(client._socket, server_hostname="127.0.0.1")
            client._lines = client._socket.makefile("rb")
            assert client.say("NOOP").startswith("250"), "the first answer is to the first word under encryption"
            assert client.say("MAIL FROM:<x@y.example>")[:3] in {"530", "503"}
    assert not gate.judge.asked


def test_strangers_hold_no_connection_however_they_linger(sink):
    with serving(sink.port, stranger=0.4, idle=30.0) as gate:
        talking, silent, known = gate.client(), gate.client(), gate.client()
        known.log_in()
        until, answer = time.monotonic() + 20, ""
        while not answer.startswith("421") and time.monotonic() < until:
            time.sleep(0.05)
            answer = talking.say("NOOP")
        assert answer.startswith("421 4.4.2 nobody has logged in")
        assert silent.answer().startswith("421 4.4.2")
        assert known.say("NOOP").startswith("250")
        for each in (talking, silent, known):
            each.close()


def test_a_command_that_comes_letter_by_letter_is_not_waited_for(sink):
    with serving(sink.port, idle=0.4) as gate, gate.client() as client:
        client.log_in()
        began = time.monotonic()
        with suppress(OSError):
            for letter in b"MAIL FROM:<" + b"x" * 1_000:
                client.send(bytes([letter]))
                time.sleep(0.02)
        assert client.answer() == ""
        assert time.monotonic() - began < 15


def test_commands_sent_together_are_answered_one_by_one(sink):
    with serving(sink.port) as gate, gate.client() as client:
        gate.judge.refused = {"bo@north.example"}
        client.log_in()
        client.send(
            b"MAIL FROM:<ai@bluebird.example>\r\nRCPT TO:<ana@north.example>\r\nRCPT TO:<bo@north.example>\r\n"
            b"DATA\r\n" + MESSAGE + b".\r\nMAIL FROM:<ai@bluebird.example>\r\nRCPT TO:<bo@north.example>\r\n"
            b"DATA\r\nQUIT\r\n"
        )
        assert [client.answer()[:3] for _ in range(9)] == [
            *("250", "250", "550", "354", "250"),
            *("250", "550", "503", "221"),
        ]
    assert sink.to == ["ana@north.example"]


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("blank", [b" ", b"\t"])
def test_a_header_cannot_go_on_with_a_field_of_the_gate(sink, blank):
    with serving(sink.port) as gate, gate.client() as client:
        client.log_in()
        client.begin("ana@north.example")
        assert client.data(blank + b"evil=1\r\n" + MESSAGE).startswith("554 5.6.0 the header begins with a blank")
    assert not sink.letters
    assert not gate.relays.kept


def test_whom_a_message_names_in_its_header_does_not_get_it(sink):
    head = b"To: bo@north.example\r\nCc: cy@north.example\r\nBcc: di@north.example\r\n"
    with serving(sink.port) as gate, gate.client() as client:
        client.log_in()
        client.begin("ana@north.example")
        assert client.data(head + MESSAGE).startswith("250")
    assert sink.to == ["ana@north.example"]
    assert sink.letters[0]["Bcc"] == "di@north.example", "what a tool writes in the header stays as it is"


def test_fifty_megabytes_take_no_memory(tmp_path):
    line = (b"x" * 998 + b"\r\n") * 60
    tracemalloc.start()
    try:
        with Incoming(60_000_000, tmp_path) as incoming:
            for _ in range(50_000_000 // len(line)):
                incoming.feed(line)
            assert incoming.feed(b".\r\n") == b""
            assert sum(map(len, incoming.parts(b"", 0))) > 49_000_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


# ── the server behind it ─────────────────────────────────────────────────────────────────────────


@contextmanager
def dying(after: bytes):
    """A server that hangs up in the middle: once it has read so much of a session."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_die, args=(listener, after))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # which wakes whoever waits for the next connection
            thread.join(20)


def _die(listener, after):
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"220 ready\r\n")
                received, told_to_begin = b"", False
                while after not in received and (part := connection.recv(65_536)):
                    received += part
                    word = b"354 go on" if part.startswith(b"DATA") else b"250 ok"
                    if after not in received and not told_to_begin:
                        connection.sendall(word + b"\r\n")
                    told_to_begin = told_to_begin or word.startswith(b"354")


@pytest.mark.parametrize("after", [b"EHLO", b"MAIL", b"RCPT", b"DATA", b"Shall", b"\r\n.\r\n"])
def test_a_server_that_dies_is_put_off_and_nothing_is_taken_for_sent(after):
    with dying(after) as port, serving(port) as gate, gate.client() as client:
        client.log_in()
        (answer,) = client.begin("ana@north.example")
        if answer.startswith("250"):
            answer = client.data(MESSAGE)
        assert answer.startswith("451 4.4.")
        assert not gate.relays.kept
        assert client.say("NOOP").startswith("250")


OK, LATER, NEVER = Reply(250, "2.0.0 ok"), Reply(452, "4.2.2 full"), Reply(550, "5.1.1 nobody")


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([LATER], b"452 4.2.2 full"),
        ([OK, OK], b"250 2.0.0 sent to 2 recipients"),
        ([OK, LATER], b"451 4.0.0 sent to 1 of 2; send again, and only the others get it: 4.2.2 full"),
        ([OK, NEVER], b"554 5.0.0 sent to 1 of 2, the others were refused: 5.1.1 nobody"),
        ([NEVER, LATER, OK], b"451 4.0.0 sent to 1 of 3; send again, and only the others get it: 4.2.2 full"),
        ([NEVER, NEVER], b"554 5.0.0 sent to 0 of 2, the others were refused: 5.1.1 nobody"),
    ],
)
def test_the_one_answer_to_a_message_for_several(replies, expected):
    assert lines(summed(replies)) == expected


def test_some_refused_at_the_end_are_told_and_the_others_get_it_once(sink):
    answers = iter([None, "452 4.2.2 full", "550 5.1.1 gone", None, "550 5.1.1 gone"])
    sink.on_data = lambda: next(answers)
    with serving(sink.port) as gate, gate.client() as client:
        client.log_in()
        everybody = "ana@north.example", "bo@north.example", "cy@north.example"
        client.begin(*everybody)
        assert client.data(MESSAGE).startswith("451 4.0.0 sent to 1 of 3")
        client.begin(*everybody)
        assert client.data(MESSAGE).startswith("554 5.0.0 sent to 2 of 3, the others were refused: 5.1.1 gone")
    assert sink.to == ["ana@north.example", "bo@north.example"]
