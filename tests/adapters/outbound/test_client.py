"""What is sent, to which address, how long it may take, and what is told about failures."""

import ipaddress
import json
import socket
import ssl
import threading
import time
from datetime import UTC, datetime

import pytest

from tests.support.certificates import Authority
from tests.support.receivers import Receiver, answers, drips, floods, hangs, resets, says
from winnow.adapters.outbound import client as client_module
from winnow.adapters.outbound.client import Client
from winnow.adapters.outbound.guard import Guard
from winnow.adapters.outbound.resolve import system_addresses

pytestmark = pytest.mark.enable_socket

LOOPBACK = frozenset({ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")})
BODY = json.dumps({"type": "webhook.test"}).encode()
HEADERS = {"Content-Type": "application/json", "webhook-id": "msg_1"}
PATIENCE = 0.3
#: Seconds after which a busy machine has noticed that it is over; those that hang do so for longer.
LATE = 20.0
NO_TLS = ssl.create_default_context()  # made once: reading the machine's authorities takes a while


def client_for(*receivers, addresses=("127.0.0.1",), **parts):
    ports = frozenset(receiver.port for receiver in receivers)
    return Client(Guard(lambda *_: addresses, LOOPBACK, ports), **{"tls": NO_TLS, **parts})


def posted(receiver, url=None, timeout=5.0, **parts):
    return client_for(receiver, **parts).post(url or receiver.url, HEADERS, BODY, timeout)


def test_one_post_with_its_headers_and_body():
    with Receiver(answers(204, body=b"")) as receiver:
        answer = posted(receiver)
    assert (answer.status, answer.error, answer.accepted) == (204, None, True)
    assert 0 < answer.seconds < 5
    (request,) = receiver.requests
    assert (request.line, request.body) == ("POST /hook?from=winnow HTTP/1.1", BODY)
    expected = HEADERS | {"Host": f"127.0.0.1:{receiver.port}", "Connection": "close", "Content-Length": str(len(BODY))}
    assert request.headers == {name.lower(): value for name, value in expected.items()} | {
        "accept-encoding": "identity"
    }


def test_the_address_connected_to_is_the_one_that_was_checked(monkeypatch):
    """Once judged, nothing is looked up again: the machine's own resolver is not even asked."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up again"))
    with Receiver() as receiver:
        asked = []

        def resolve(host, port, _seconds):
            asked.append((host, port))
            return ["127.0.0.1"]

        guard = Guard(resolve, LOOPBACK, frozenset({receiver.port}))
        answer = Client(guard, NO_TLS).post(f"http://crm.example:{receiver.port}/", HEADERS, BODY, 5)
    assert answer.status == 200
    assert asked == [("crm.example", receiver.port)]
    assert receiver.requests[0].headers["host"] == f"crm.example:{receiver.port}"


@pytest.mark.parametrize(
    ("behaviour", "status", "told"),
    [
        (answers(500), 500, None),
        (answers(302, {"Location": "http://127.0.0.1/"}), 302, None),
        (hangs, None, "no whole answer within 0.3 s"),
        (drips(b"HTTP/1.1 200 OK\r\nX: ", 0.02), None, "no whole answer within 0.3 s"),
        (drips(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 0.02), 200, "no whole answer within 0.3 s"),
        (drips(b"HTTP/1.1 200 OK\r\n\r\n", 0.02), 200, "no whole answer within 0.3 s"),
        (resets, None, "connection reset by peer"),
        (says(b""), None, "remote end closed connection without response"),
        (says(b"SSH-2.0-OpenSSH\r\n"), None, "the answer is not HTTP"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfive!"), 200, "the answer ended early"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfi"), 200, "the answer ended early"),
        (floods(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), None, "the answer is not HTTP"),
        (floods(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 999), None, "the answer is too long"),
        (floods(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"), None, "the answer is too long"),
    ],
)
def test_failures_are_told_and_bounded(behaviour, status, told):
    with Receiver(behaviour) as receiver:
        began = time.monotonic()
        answer = posted(receiver, timeout=PATIENCE)
        took = time.monotonic() - began
    assert (answer.status, answer.error) == (status, told)
    assert not answer.accepted
    assert took < LATE
    assert 0 < answer.seconds <= took


@pytest.mark.parametrize(
    "behaviour",
    [
        floods(b"HTTP/1.1 200 OK\r\n\r\n", b"y" * 9999),
        floods(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"y" * 9999),
        floods(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", b"y" * 9999),
    ],
)
def test_of_a_long_answer_only_the_beginning_is_read(behaviour, monkeypatch):
    read = []
    into = socket.socket.recv_into

    def counted(*given):
        read.append(into(*given))
        return read[-1]

    monkeypatch.setattr(socket.socket, "recv_into", counted)
    with Receiver(behaviour) as receiver:
        answer = posted(receiver)
    assert answer.accepted
    # the receiver reads the request in this process too, by a few hundred bytes
    assert (1 << 16) - 1 <= sum(read) <= (1 << 16) + 1000


def test_a_receiver_that_does_not_read_is_given_up_in_time():
    over = threading.Event()
    with Receiver(rude=lambda _: over.wait(60)) as receiver:
        began = time.monotonic()
        answer = client_for(receiver).post(receiver.url, HEADERS, bytes(30_000_000), PATIENCE)
    assert answer.error == "no whole answer within 0.3 s"
    assert time.monotonic() - began < LATE
    over.set()


def test_an_address_that_does_not_take_the_connection_leaves_time_for_the_next():
    with Receiver() as receiver:
        tried = []

        def connect(address, port, seconds):
            tried.append((str(address), round(seconds, 1)))
            if len(tried) < 3:
                raise TimeoutError
            return client_module.connected(address, port, seconds)

        answer = posted(
            receiver,
            f"http://crm.example:{receiver.port}/",
            timeout=3,
            addresses=("127.0.0.3", "127.0.0.2", "127.0.0.1"),
            connect=connect,
        )
    assert answer.accepted
    assert tried == [("127.0.0.3", 1.0), ("127.0.0.2", 1.5), ("127.0.0.1", 3.0)]


def test_nobody_listens():
    with Receiver() as receiver:
        pass
    assert posted(receiver).error == "connection refused"
    assert posted(receiver, f"http://crm.example:{receiver.port}/", addresses=()).error == "the name has no address"


def test_names_that_cannot_be_looked_up(monkeypatch):
    client = Client(Guard(system_addresses))

    def told(problem):
        def look_up(*_, **__):
            raise problem

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return client.post("https://crm.example/", HEADERS, BODY, 5).error

    assert told(socket.gaierror(-2, "Name or service not known")) == "the name cannot be resolved"
    assert told(UnicodeError("label too long")) == "label too long"
    stuck = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: stuck.wait(60) and [])
    began = time.monotonic()
    assert client.post("https://crm.example/", HEADERS, BODY, PATIENCE).error == "no whole answer within 0.3 s"
    assert time.monotonic() - began < LATE
    stuck.set()


def test_the_system_resolver_tells_all_addresses():
    assert set(system_addresses("127.0.0.1", 443, 5)) == {"127.0.0.1"}
    assert set(system_addresses("localhost", 443, 5)) <= {"127.0.0.1", "::1"}


DATE = "Sun, 22 Nov 2026 08:30:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 120 "}, 120),
        ({"Retry-After": "9" * 4000}, 999_999_999),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Sun, 22 Nov 2026 08:31:30 GMT", "Date": DATE}, 90),
        ({"Retry-After": "Sun, 22 Nov 2026 08:29:00 GMT", "Date": DATE}, 0),
        ({"Retry-After": "Sun, 22 Nov 2026 08:31:30 GMT"}, None),  # measured against what?
        ({"Retry-After": "Sun, 22 Nov 2026 08:31:30", "Date": DATE}, None),
        ({"Retry-After": "Sun, 99 Nov 2026 08:31:30 GMT", "Date": DATE}, None),
    ],
)
def test_retry_after_in_all_its_forms(headers, seconds):
    with Receiver(answers(503, headers)) as receiver:
        assert posted(receiver).retry_after == seconds


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize(
    ("names", "host", "told"),
    [
        (("crm.example",), "crm.example", None),
        (("*.crm.example",), "hooks.crm.example", None),
        (("127.0.0.1",), "127.0.0.1", None),
        (("::1",), "[::1]", None),
        (("127.0.0.1",), "crm.example", "the certificate is not valid: hostname mismatch"),
        (("other.example",), "crm.example", "the certificate is not valid: hostname mismatch"),
    ],
)
def test_the_certificate_must_be_for_the_host_of_the_url(authority, names, host, told):
    """Also though the connection goes to an address: what was judged and who answers must fit together."""
    address = "::1" if ":" in host else "127.0.0.1"
    with Receiver(host=address, tls=authority.serving(*names)) as receiver:
        url = f"https://{host}:{receiver.port}/hook"
        answer = posted(receiver, url, addresses=(address,), tls=authority.trusting())
    assert (answer.error or "").startswith(told or "")
    assert answer.accepted == (told is None)
    assert len(receiver.requests) == (told is None)


def test_certificates_nobody_should_trust(authority, tmp_path):
    expired = authority.serving("crm.example", until=datetime(2021, 1, 1, tzinfo=UTC))
    strange = Authority(tmp_path).serving("crm.example")
    for context, told in ((expired, "certificate has expired"), (strange, "unable to get local issuer certificate")):
        with Receiver(tls=context) as receiver:
            answer = posted(receiver, f"https://crm.example:{receiver.port}/", tls=authority.trusting())
        assert answer.error == f"the certificate is not valid: {told}"
        assert receiver.requests == []


def test_plain_http_and_silence_behind_an_https_url(authority):
    with Receiver(rude=says(b"HTTP/1.1 200 OK\r\n\r\n")) as receiver:
        answer = posted(receiver, f"https://crm.example:{receiver.port}/", tls=authority.trusting())
    assert answer.error == "no TLS connection: wrong version number"
    with Receiver(rude=hangs) as receiver:
        answer = posted(receiver, f"https://crm.example:{receiver.port}/", timeout=PATIENCE, tls=authority.trusting())
    assert answer.error == "no whole answer within 0.3 s"


def test_slow_drip_through_tls(authority):
    with Receiver(drips(b"HTTP/1.1 200 OK\r\nX: ", 0.02), tls=authority.serving("crm.example")) as receiver:
        answer = posted(receiver, f"https://crm.example:{receiver.port}/", timeout=PATIENCE, tls=authority.trusting())
    assert answer.error == "no whole answer within 0.3 s"


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with Receiver() as receiver, Receiver() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert posted(receiver).accepted
    assert (receiver.accepted, proxy.accepted) == (1, 0)


def test_many_threads_share_a_client():
    with Receiver() as receiver:
        client = client_for(receiver)
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(client.post(receiver.url, HEADERS, BODY, 5)))
            for _ in range(24)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [answer.status for answer in found] == [200] * 24
    assert receiver.accepted == len(receiver.requests) == 24, "each on a connection of its own"
