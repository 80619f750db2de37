"""No webhook reaches what only this machine can reach: a table, rebinding names, redirects; connections counted."""

import ipaddress
import socket
import ssl
from contextlib import suppress

import pytest

from tests.support.forbidden import ADDRESSES, SPELLINGS
from tests.support.receivers import Receiver, answers
from winnow.adapters.outbound.client import Client, connected
from winnow.adapters.outbound.guard import Guard
from winnow.adapters.outbound.resolve import system_addresses

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

ALL_PORTS = frozenset(range(1, 1 << 16))
PUBLIC = "8.8.8.8"
#: What is tried without the guard, to see that the traps are real; other names would be asked of the network.
CONTROL = [url for url in SPELLINGS if url.startswith("https://") and "example" not in url and "%" not in url]


class Connections:
    """Counts what the client tries to connect to, and connects to none of it."""

    def __init__(self):
        self.tried = []

    def __call__(self, address, port, _seconds):
        self.tried.append(f"{address} {port}")
        raise ConnectionRefusedError("connection refused")


def reached_without_guard(url):
    """Whether a plain connection to the host of a URL arrives, as the C library reads it."""
    host, _, port = url.split("/")[2].rpartition(":")
    with suppress(OSError, ValueError, UnicodeError), socket.create_connection((host.strip("[]"), int(port)), 1):
        return True
    return False


def test_the_table():
    """Every address, written into the URL and as the answer of a name; every spelling, with the machine's resolver."""
    connections, tls = Connections(), ssl.create_default_context()

    def sent(url, *addresses):
        guard = Guard(lambda *_: addresses, ports=ALL_PORTS)
        return Client(guard, tls, connections).post(url, {}, b"{}", 5)

    told = set()
    for address, _ in ADDRESSES:
        literal = f"[{address}]" if ":" in address else address
        for url in (f"https://{literal}/", f"https://{literal}:8443/", f"http://{literal}/"):
            told.add(sent(url).error.partition(":")[0])
        for answer in ((address,), (PUBLIC, address), (address, PUBLIC), (PUBLIC,) * 9 + (address,)):
            told.add(sent("https://crm.example/", *answer).error.partition(":")[0])
    for url in SPELLINGS:
        told.add(sent(url.replace("PORT", "8443"), "127.0.0.1").error.partition(":")[0])
    assert told == {"refused"}
    assert connections.tried == []
    assert sent("https://crm.example/", PUBLIC).error == "connection refused"
    assert connections.tried == ["8.8.8.8 443"], "the counter counts"
    tries = len(ADDRESSES) * 7 + len(SPELLINGS)
    print(f"{len(ADDRESSES)} addresses and {len(SPELLINGS)} spellings, {tries} attempts: 0 connections")


def test_spellings_against_a_real_listener_and_the_machines_own_resolver():
    client = Client(Guard(system_addresses, ports=ALL_PORTS))
    with Receiver() as on_4, Receiver(host="::1") as on_6:
        control = 0
        for trap in (on_4, on_6):
            for url in SPELLINGS:
                answer = client.post(url.replace("PORT", str(trap.port)), {}, b"{}", 5)
                assert answer.status is None
        guarded = (on_4.accepted, on_6.accepted)
        for trap in (on_4, on_6):
            control += sum(reached_without_guard(url.replace("PORT", str(trap.port))) for url in CONTROL)
    assert guarded == (0, 0)
    assert control >= 15, "without the guard the same spellings arrive"
    print(f"{2 * len(SPELLINGS)} attempts at a listener: 0 accepted; without the guard {control} are")


def test_a_name_that_changes_its_address_between_check_and_use():
    """Rebinding: each answer of the resolver is asked for once; the connection goes to the address that was judged."""
    with Receiver() as trap:
        for first, second in ((PUBLIC, "127.0.0.1"), (PUBLIC, "::1"), ("2606:4700::1111", "127.0.0.1")):
            connections = Connections()
            answers_given: list[str] = []

            def resolve(*_, first=first, second=second, given=answers_given):
                given.append(second if given else first)
                return [given[-1]]

            client = Client(Guard(resolve, ports=ALL_PORTS), connect=connections)
            url = f"https://rebind.example:{trap.port}/"
            errors = [client.post(url, {}, b"{}", 5).error for _ in range(10)]
            assert connections.tried == [f"{first} {trap.port}"]
            assert answers_given == [first] + [second] * 9, "one look-up for one attempt"
            assert errors[0] == "connection refused"
            assert all(
                error.startswith("refused: the URL leads to an address that is not public") for error in errors[1:]
            )
        assert trap.accepted == 0
    print("30 attempts with a rebinding name: 3 to the judged address, 0 to the other")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_the_inside_is_a_failure(status):
    with Receiver(host="127.0.0.2") as trap, Receiver() as outside:
        targets = (trap.url, f"//127.0.0.2:{trap.port}/", f"http://localhost:{trap.port}/")
        # only where the redirect comes from is allowed, as a stand-in for a public receiver
        allow = frozenset({ipaddress.ip_network("127.0.0.1/32")})
        client = Client(Guard(system_addresses, allow, frozenset({outside.port, trap.port})))
        for target in targets:
            outside.behaviour = answers(status, {"Location": target, "Refresh": f"0; url={target}"})
            answer = client.post(outside.url, {}, b"{}", 5)
            assert (answer.status, answer.accepted) == (status, False)
        assert client.post(trap.url, {}, b"{}", 5).error.startswith("refused")
        assert (outside.accepted, trap.accepted) == (len(targets), 0)


def test_what_is_connected_to_is_what_was_judged():
    """The peer's address of every connection, over names with several addresses."""
    peers = []

    def connect(address, port, seconds):
        connection = connected(address, port, seconds)
        peers.append((str(address), connection.getpeername()[0]))
        return connection

    allow = frozenset({ipaddress.ip_network("127.0.0.0/8")})
    for first in ("127.0.0.1", "127.0.0.3", "127.7.7.7"):
        with Receiver(host=first) as receiver:
            guard = Guard(lambda *_, first=first: [first], allow, frozenset({receiver.port}))
            assert Client(guard, connect=connect).post(f"http://localhost:{receiver.port}/", {}, b"{}", 5).accepted
    assert [judged for judged, _ in peers] == [peer for _, peer in peers] == ["127.0.0.1", "127.0.0.3", "127.7.7.7"]
