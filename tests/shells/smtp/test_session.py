"""Programs that send mail, before a real server that takes it: who is refused, who is not, and what leaves."""

import threading
import time
from contextlib import suppress

import pytest

from tests.support.mail import MailHost, certificate
from tests.support.mail_gate import BILLS, KEY, serving
from winnow.shells.smtp.fields import Existing

pytestmark = pytest.mark.enable_socket

MESSAGE = b"From: ai@bluebird.example\r\nTo: ana@north.example\r\nSubject: hello\r\n\r\nShall we talk?\r\n"


@pytest.fixture
def sink():
    with MailHost() as host:
        yield host


@pytest.fixture
def gate(sink):
    with serving(sink.port) as served:
        yield served


@pytest.fixture
def client(gate):
    with gate.client() as client:
        yield client


def test_who_may_be_written_to_gets_the_message_and_who_opted_out_does_not(gate, client, sink):
    gate.judge.refused = {"bo@north.example"}
    assert client.log_in().startswith("235")
    ana, bo = client.begin("ana@north.example", "bo@north.example")
    assert ana.startswith("250")
    assert bo == "550 5.7.1 the person opted out; ask us_7, who answers for the policy; reference pm_1-2"
    assert client.data(MESSAGE).startswith("250")
    assert sink.to == ["ana@north.example"]
    assert [(each.permit, each.address) for each in gate.relays.kept] == [("pm_1-1", "ana@north.example")]


def fields(letter):
    return {name.lower(): value for name, value in letter.items()}


def test_the_way_to_unsubscribe_is_each_ones_own_and_what_was_meant_for_the_gate_stays_here(client, sink):
    client.log_in()
    client.begin("ana@north.example", "bo@north.example")
    raw = b"X-Winnow-System: outreach\r\nx-winnow-purpose: marketing\r\n" + MESSAGE
    assert client.data(raw) == "250 2.0.0 sent to 2 recipients"
    one, two = (fields(letter) for letter in sink.letters)
    assert sink.to == ["ana@north.example", "bo@north.example"]
    assert one["list-unsubscribe"] == "<https://winnow.example/u/ana.marketing>"
    assert two["list-unsubscribe"] == "<https://winnow.example/u/bo.marketing>"
    assert one["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert "pm_1-1" in one["received"]
    assert "pm_1-2" in two["received"]
    assert not [name for name in one if name.startswith("x-winnow")]
    assert sink.letters[0].get_content() == "Shall we talk?\r\n"


@pytest.mark.parametrize(
    ("existing", "expected"),
    [("replace", "<https://winnow.example/u/ana.marketing>"), ("keep", "<https://tool.example/out>")],
)
def test_a_way_to_unsubscribe_that_is_there_is_kept_or_replaced(sink, existing, expected):
    with serving(sink.port, existing=Existing(existing)) as served, served.client() as client:
        client.log_in()
        client.begin("ana@north.example")
        client.data(b"List-Unsubscribe: <https://tool.example/out>\r\n" + MESSAGE)
    assert [value for name, value in sink.letters[0].items() if name == "List-Unsubscribe"] == [expected]


def test_mail_for_a_purpose_without_link_gets_none(sink):
    with serving(sink.port, link=lambda *_: None) as served, served.client() as client:
        client.log_in(str(BILLS))
        client.begin("ana@north.example")
        assert client.data(MESSAGE).startswith("250")
    assert "list-unsubscribe" not in fields(sink.letters[0])


def test_without_an_answer_of_the_gate_nobody_is_written_to_and_the_client_keeps_the_message(gate, client, sink):
    gate.judge.breaks = {"ana@north.example"}
    client.log_in()
    assert client.begin("ana@north.example")[0].startswith("451 4.7.1")
    gate.judge.breaks = set()
    assert client.say("RCPT TO:<ana@north.example>").startswith("250")
    gate.judge.breaks = {"ana@north.example"}
    assert client.data(MESSAGE).startswith("451 4.7.1")
    assert not sink.letters


@pytest.mark.parametrize("fault", ["late", "link", "link with a line in it"])
def test_whatever_fails_puts_the_recipient_off(sink, fault):
    links = {"link": lambda *_: 1 / 0, "link with a line in it": lambda *_: "https://x.example/\r\nBcc: all"}
    more = {"link": links[fault]} if fault in links else {"answer": 0.05}
    with serving(sink.port, **more) as served, served.client() as client:
        client.log_in()
        if fault == "late":
            served.judge.on_still = lambda _: time.sleep(0.5)
        client.begin("ana@north.example")
        assert client.data(MESSAGE).startswith("451 4.7.1")
    assert not sink.letters


def test_an_opt_out_between_the_answer_and_the_message_holds(gate, client, sink):
    client.log_in()
    client.begin("ana@north.example")
    gate.judge.refused = {"ana@north.example"}
    assert client.data(MESSAGE).startswith("550 5.7.1 the person opted out")
    assert not sink.letters


def test_when_one_of_several_is_lost_nothing_is_sent_and_the_next_try_reaches_the_others(gate, client, sink):
    client.log_in()
    client.begin("ana@north.example", "bo@north.example", "cy@north.example")
    gate.judge.refused = {"bo@north.example"}
    assert client.data(MESSAGE).startswith("451 4.7.1 nothing was sent")
    assert not sink.letters
    answers = client.begin("ana@north.example", "bo@north.example", "cy@north.example")
    assert [answer[:3] for answer in answers] == ["250", "550", "250"]
    assert client.data(MESSAGE) == "250 2.0.0 sent to 2 recipients"
    assert sink.to == ["ana@north.example", "cy@north.example"]


def test_who_is_lost_while_others_are_sent_is_not_written_to_and_nobody_gets_it_twice(gate, client, sink):
    client.log_in()
    everybody = ("ana@north.example", "bo@north.example", "cy@north.example")
    client.begin(*everybody)

    def opts_out_late(_):
        if sink.letters:  # the first one has left
            gate.judge.refused = {"bo@north.example"}

    gate.judge.on_still = opts_out_late
    assert client.data(MESSAGE).startswith("451 4.0.0 sent to 2 of 3")
    assert sink.to == ["ana@north.example", "cy@north.example"]
    assert [answer[:3] for answer in client.begin(*everybody)] == ["250", "550", "250"]
    assert client.data(MESSAGE).startswith("250")
    assert sink.to == ["ana@north.example", "cy@north.example"]


def test_what_the_next_server_answers_is_what_the_client_is_answered(gate, client, sink):
    client.log_in()
    sink.on_rcpt = lambda address: "550 5.1.1 no such mailbox" if "bo" in address else None
    ana, bo = client.begin("ana@north.example", "bo@north.example")
    assert (ana[:3], bo) == ("250", "550 5.1.1 no such mailbox")
    sink.on_data = lambda: "452 4.2.2 mailbox full"
    assert client.data(MESSAGE) == "452 4.2.2 mailbox full"
    sink.on_data = lambda: "554 5.7.0 we think this is spam"
    client.begin("ana@north.example")
    assert client.data(MESSAGE) == "554 5.7.0 we think this is spam"
    assert not gate.relays.kept


def test_without_the_next_server_mail_is_put_off():
    with serving(1) as served, served.client() as client:
        client.log_in()
        assert client.begin("ana@north.example")[0].startswith("451 4.4.1")


def test_that_it_left_is_answered_even_where_it_cannot_be_recorded(gate, client, caplog):
    gate.relays.away = True
    client.log_in()
    client.begin("ana@north.example")
    assert client.data(MESSAGE).startswith("250")
    assert "could not be recorded" in caplog.text
    assert "ana@" not in caplog.text


def test_nobody_sends_without_logging_in_nor_after_the_key_was_revoked(gate, client):
    client.say("EHLO tool.example")
    assert client.say("MAIL FROM:<ai@bluebird.example>").startswith("530")
    client.log_in()
    gate.keys.revoked = True
    assert client.say("MAIL FROM:<ai@bluebird.example>").startswith("535")
    gate.keys.away = True
    assert client.say("MAIL FROM:<ai@bluebird.example>").startswith("451")


@pytest.mark.parametrize("user", ["outreach:service", "wk_OTHER", "", "outreach:marketing "])
def test_a_login_is_good_for_what_it_is_set_up_for(client, user):
    assert client.log_in(user).startswith("535")


def test_after_three_wrong_passwords_the_connection_ends(client):
    assert [client.log_in(secret="wk_AB12_x")[:3] for _ in range(3)] == ["535"] * 3
    assert client.answer() == ""


# ── what the header says ─────────────────────────────────────────────────────────────────────────


def test_a_login_by_the_keys_name_lets_each_message_say_what_it_is_for(gate, client, sink):
    client.log_in(KEY)
    ana, bo = client.begin("ana@north.example", "bo@north.example")
    assert (ana[:3], bo[:9]) == ("250", "452 4.5.3")
    raw = b"X-Winnow-System: billing\r\nX-Winnow-Purpose: service\r\nX-Winnow-Reason: your bill is due\r\n" + MESSAGE
    assert client.data(raw).startswith("250")
    assert gate.judge.asked == [("billing", "service", "ana@north.example")]
    assert gate.judge.reasons == ["your bill is due"]
    gate.judge.refused = {"ana@north.example"}
    client.begin("ana@north.example")
    assert client.data(MESSAGE).startswith("550 5.7.1 the person opted out")
    assert len(sink.letters) == 1


@pytest.mark.parametrize(
    ("user", "head", "answer"),
    [
        (KEY, b"X-Winnow-Purpose: service\r\n", "550 5.7.1 this login may not"),
        ("outreach:marketing", b"X-Winnow-System: billing\r\nX-Winnow-Purpose: service\r\n", "550 5.7.1 this login"),
        (KEY, b"X-Winnow-System: billing\r\nx-winnow-SYSTEM: outreach\r\n", "554 5.6.0 a field"),
        (KEY, b"X-Winnow-Permit: forged\r\n", "550 5.7.1 the permit does not hold"),
        ("outreach:marketing", b"X-Winnow-Permit: forged\r\n", "550 5.7.1 the permit does not hold"),
        (KEY, b"Received: by x\r\n" * 51, "554 5.4.6"),
    ],
)
def test_a_header_that_may_not_say_so_is_refused(client, sink, user, head, answer):
    client.log_in(user)
    client.begin("ana@north.example")
    assert client.data(head + MESSAGE).startswith(answer)
    assert not sink.letters


@pytest.mark.parametrize("user", [KEY, "outreach:marketing"])
@pytest.mark.parametrize("token", [b"wpt_aa\r\n\tbb", b"=?utf-8?q?wpt=5Faa?=\r\n =?utf-8?q?bb?="])
def test_a_permit_in_the_header_is_enough_and_folded_as_mailers_do(gate, client, user, token):
    gate.judge.tokens = {"wpt_aabb": "ana@north.example"}
    client.log_in(user)
    client.begin("ana@north.example")
    assert client.data(b"X-Winnow-Permit: " + token + b"\r\n" + MESSAGE).startswith("250")
    assert [each.permit for each in gate.relays.kept] == ["pm_9-0"]
    assert gate.judge.used == ["wpt_aabb"]


def test_a_permit_is_for_one_recipient(client, sink):
    client.log_in()
    client.begin("ana@north.example", "bo@north.example")
    assert client.data(b"X-Winnow-Permit: wpt_aabb\r\n" + MESSAGE).startswith("550 5.7.1 a permit is for one")
    assert not sink.letters


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "bo%north.example@relay.example",
        "north.example!bo@relay.example",
        '"bo@north.example"@relay.example',
        "bo@[127.0.0.1]",
        "bo",
        "bo@north.example@relay.example",
        "b" * 250 + "@north.example",
    ],
)
def test_an_address_that_some_servers_take_for_another_one_is_not_taken(gate, client, address):
    client.log_in()
    assert client.begin(address)[0][:3] in {"553", "501", "555"}
    assert not gate.judge.asked


@pytest.mark.parametrize(
    "address", ['"bo"@north.example', "@relay.example:bo@north.example", "bo@north.example\x0b", "bo@north.example (a)"]
)
def test_the_address_that_is_judged_is_the_one_that_is_passed_on(gate, client, sink, address):
    client.log_in()
    assert client.begin(address)[0].startswith("250")
    client.data(MESSAGE)
    assert [asked[2] for asked in gate.judge.asked] == sink.to == ["bo@north.example"]


def test_an_address_outside_ascii_is_taken_when_it_was_announced(client, sink):
    client.log_in()
    assert client.begin("žana@north.example")[0].startswith("553 5.6.7")
    client.say("RSET")
    assert client.begin("žana@north.example", more=" SMTPUTF8")[0].startswith("250")
    client.data(MESSAGE)
    assert sink.to == ["žana@north.example"]


def test_an_address_outside_ascii_is_not_sent_where_it_is_not_taken():
    with MailHost(enable_SMTPUTF8=False) as host, serving(host.port) as served, served.client() as client:
        client.log_in()
        assert client.begin("žana@north.example", more=" SMTPUTF8")[0].startswith("553 5.6.7 the mail server behind")


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "trick",
    [b"\n.\r\n", b"\r\n.\n", b"\r.\r\n", b"\n.\n", b"\r.\r", b"\r\n.\r", b"\r\r\n.\r\r\n", b"\r\n\x00.\r\n", b"\0\r\n"],
)
def test_a_second_message_cannot_be_smuggled_within_the_first(gate, client, sink, trick):
    client.log_in()
    client.begin("ana@north.example")
    smuggled = b"MAIL FROM:<x@y.example>\r\nRCPT TO:<bo@north.example>\r\nDATA\r\nhidden\r\n"
    assert client.data(MESSAGE + b"x" + trick + smuggled).startswith("554 5.6.0")
    assert not sink.letters
    assert len(gate.judge.asked) == 1


@pytest.mark.parametrize("line", [b"NOOP\n", b"NO\rOP\r\n", b"RCPT TO:<bo@x.example>\nNOOP\r\n", b"NOOP \0\r\n"])
def test_a_command_ends_with_crlf_and_with_nothing_else(client, line):
    client.log_in()
    client.send(line)
    assert client.answer().startswith("521 5.5.2")
    assert client.answer() == ""


def test_dots_and_bytes_arrive_as_they_were_sent(client, sink):
    client.log_in()
    client.begin("ana@north.example", "bo@north.example", more=" BODY=8BITMIME")
    assert client.data(MESSAGE + "..\r\n..ž\r\n\r\n..end\r\n".encode()).startswith("250")
    for letter in sink.letters:
        assert letter.get_payload(decode=True).endswith("\r\n.\r\n.ž\r\n\r\n.end\r\n".encode())


def test_a_message_with_lines_that_are_too_long_or_too_many_bytes_is_not_taken(sink):
    with serving(sink.port, most_bytes=300_000) as served, served.client() as client:
        assert "SIZE 300000" in client.say("EHLO tool.example")
        client.log_in()
        assert client.say("MAIL FROM:<ai@bluebird.example> SIZE=300001").startswith("552")
        client.begin("ana@north.example")
        assert client.data(b"x" * 1200 + b"\r\n").startswith("500 5.5.2")
        client.begin("ana@north.example")
        assert client.data((b"x" * 70 + b"\r\n") * 5000).startswith("552 5.3.4")
        client.begin("ana@north.example")
        assert client.data((b"x: " + b"y" * 70 + b"\r\n") * 3900).startswith("552 5.3.4 the header")
        client.begin("ana@north.example")
        assert client.data(MESSAGE + (b"x" * 70 + b"\r\n") * 4000).startswith("250")
    assert len(sink.letters) == 1


def test_what_never_ends_is_cut_off(sink):
    with serving(sink.port, most_bytes=10_000, block=0.2, idle=0.3) as served:
        with served.client() as client:
            client.log_in()
            client.begin("ana@north.example")
            assert client.say("DATA").startswith("354")
            assert client.answer().startswith("421 4.4.2")
        with served.client() as client:
            client.log_in()
            client.begin("ana@north.example")
            client.say("DATA")
            with suppress(OSError):
                client.send(b"x" * 1_000_000)
                while client.answer():
                    pass
    assert not sink.letters


# ── encryption, limits, the end ──────────────────────────────────────────────────────────────────


def test_both_sides_are_encrypted(tmp_path):
    to_serve, to_trust = certificate(tmp_path)
    with (
        MailHost(starttls=to_serve, require_starttls=True) as host,
        serving(host.port, tls=to_serve, tls_to=to_trust) as served,
        served.client() as client,
    ):
        assert "STARTTLS" in client.say("EHLO tool.example")
        client.starttls(to_trust)
        assert client.log_in().startswith("235")
        client.begin("ana@north.example")
        assert client.data(MESSAGE).startswith("250")
        assert host.secured == [True]


def test_a_login_before_the_encryption_does_not_count_after_it(tmp_path, sink):
    to_serve, to_trust = certificate(tmp_path)
    with serving(sink.port, tls=to_serve) as served, served.client() as client:
        client.log_in()
        client.starttls(to_trust)
        client.say("EHLO tool.example")
        assert client.say("MAIL FROM:<ai@bluebird.example>").startswith("530")


def test_from_elsewhere_a_password_is_taken_under_encryption_only(gate, monkeypatch):
    monkeypatch.setattr("winnow.shells.smtp.session.is_this_machine", lambda _: False)
    with gate.client() as other:
        assert other.log_in().startswith("538 5.7.11")
        assert "AUTH" not in other.say("EHLO tool.example")


def test_more_connections_or_recipients_than_allowed_are_put_off(sink):
    with serving(sink.port, most_connections=1, most_recipients=2) as served, served.client() as client:
        with served.client() as other:
            assert other.greeting.startswith("421 4.3.2 too many")
        client.log_in()
        answers = client.begin("ana@north.example", "ana@north.example", "bo@north.example", "cy@north.example")
        assert [answer[:3] for answer in answers] == ["250", "250", "250", "452"]
        assert len(served.judge.asked) == 2


def test_told_to_stop_it_ends_what_is_under_way_and_says_goodbye(gate, sink):
    with gate.client() as idle, gate.client() as busy:
        busy.log_in()
        busy.begin("ana@north.example")
        assert busy.say("DATA").startswith("354")
        stopped = gate.stop()
        assert idle.answer().startswith("421 4.3.2")
        busy.send(MESSAGE + b".\r\n")
        assert busy.answer().startswith("250")
        assert busy.answer().startswith("421 4.3.2")
        stopped.result(20)
    assert sink.to == ["ana@north.example"]


def test_who_hangs_up_while_a_message_is_passed_on_does_not_have_it_sent_twice(gate, sink):
    holding, going_on = threading.Event(), threading.Event()

    def hold():
        holding.set()
        assert going_on.wait(20)

    sink.on_data = hold
    with gate.client() as client:
        client.log_in()
        client.begin("ana@north.example")
        client.say("DATA")
        client.send(MESSAGE + b".\r\n")
        assert holding.wait(20)
    going_on.set()
    until = time.monotonic() + 20
    while not gate.relays.kept:
        assert time.monotonic() < until
        time.sleep(0.02)
    with gate.client() as client:
        client.log_in()
        client.begin("ana@north.example")
        assert client.data(MESSAGE) == "250 2.0.0 it was sent before"
    assert len(sink.letters) == 1


def test_nobodys_address_is_in_the_log(gate, client, caplog):
    caplog.set_level("DEBUG")
    gate.judge.breaks = {"ana@north.example"}
    client.log_in()
    client.begin("ana@north.example", "bo@north.example")
    client.data(MESSAGE)
    client.say("VRFY bo@north.example")
    assert "north.example" not in caplog.text
    assert "AB12" not in caplog.text
