"""A repeated request is recognised as the same one, and no other is taken for it."""

from itertools import combinations

import pytest

from winnow.shells.http.idempotency import fingerprint, idempotency_key, slot
from winnow.shells.http.problem import RefusedRequestError


@pytest.mark.parametrize("header", [b"a", b"!", b"~", b"x" * 255, b'"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_a_key_of_visible_ascii_is_taken_as_it_is(header):
    assert idempotency_key(header) == header.decode()


def test_without_the_header_there_is_no_key():
    assert idempotency_key(None) is None


@pytest.mark.parametrize(
    "header", [b"", b"x" * 256, b"a b", b" a", b"a\n", b"\x7f", b"\0", "é".encode(), b"\xff", b"a\tb"]
)
def test_any_other_key_is_refused(header):
    with pytest.raises(RefusedRequestError) as caught:
        idempotency_key(header)
    assert (caught.value.status, caught.value.kind.slug) == (400, "invalid-idempotency-key")


def test_each_part_makes_another_request():
    requests = [
        ("POST", "/v1/leads", b"{}", "wk_1"),
        ("PUT", "/v1/leads", b"{}", "wk_1"),
        ("POST", "/v1/leads?", b"{}", "wk_1"),
        ("POST", "/v1/leads", b"{} ", "wk_1"),
        ("POST", "/v1/leads", b"{}", "wk_2"),
        ("POST/", "v1/leads", b"{}", "wk_1"),
        ("POST", "/v1/leadswk_", b"{}", "1"),
        ("POST", "/v1/\udcff", b"{}", "wk_1"),
    ]
    prints = [fingerprint(*request) for request in requests]
    assert all(one != other for one, other in combinations(prints, 2))
    assert prints == [fingerprint(*request) for request in requests]
    assert {len(each) for each in prints} == {32}


def test_two_clients_may_choose_the_same_key():
    assert slot("wk_1", "a") == slot("wk_1", "a")
    assert slot("wk_1", "a") != slot("wk_2", "a")
    assert slot("wk_1", "1a") != slot("wk_11", "a")
