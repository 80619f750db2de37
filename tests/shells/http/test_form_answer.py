"""The public form answers every post alike, and lets only the pages it knows read the answer."""

import pytest

from winnow.errors import InvalidInputError
from winnow.shells.http.form_answer import PublicForm

PAGE = "https://www.example.com"
OTHER = b"https://evil.example"


def test_the_answer_is_always_the_same():
    form = PublicForm("site")
    assert form.answer(None) == form.answer(OTHER) == form.answer(b"\xff")
    answer = form.answer(None)
    assert answer.status == 202
    assert answer.body.startswith(b"Thank you")
    assert dict(answer.headers)[b"content-type"] == b"text/plain; charset=utf-8"


def test_a_visitor_is_sent_to_the_page_of_thanks():
    answer = PublicForm("site", thanks=f"{PAGE}/thanks?a=1").answer(None)
    assert answer.status == 303
    assert dict(answer.headers)[b"location"] == b"https://www.example.com/thanks?a=1"


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        ([], PAGE.encode(), None),
        ([PAGE], PAGE.encode(), PAGE.encode()),
        ([PAGE], OTHER, None),
        ([PAGE], PAGE.encode() + b".evil.example", None),
        ([PAGE], b"null", None),
        ([PAGE], None, None),
        (["*"], OTHER, b"*"),
        (["*", PAGE], PAGE.encode(), b"*"),
    ],
)
def test_which_pages_may_read_the_answer(origins, origin, allowed):
    form = PublicForm("site", frozenset(origins))
    for answer in (form.answer(origin), form.preflight(origin)):
        headers = dict(answer.headers)
        assert headers.get(b"access-control-allow-origin") == allowed
        assert headers[b"vary"] == b"origin"
        assert b"access-control-allow-credentials" not in headers
    assert (b"access-control-allow-methods" in dict(form.preflight(origin).headers)) is (allowed is not None)
    assert form.preflight(origin).status == 204
    assert form.answer(origin)[::2] == form.answer(None)[::2]


@pytest.mark.parametrize(
    ("origins", "thanks", "where"),
    [
        (["www.example.com"], None, "origins"),
        (["https://www.example.com/"], None, "origins"),
        (["https://www.example.com/page"], None, "origins"),
        (["ftp://www.example.com"], None, "origins"),
        (["null"], None, "origins"),
        ([], "/thanks", "thanks"),
        ([], "javascript:alert(1)", "thanks"),
        ([], "https://a.example/\r\nset-cookie: a=1", "thanks"),
        ([], "https://a.example/é", "thanks"),
        ([], "https://user@a.example/", "thanks"),
        ([], "https://[a/", "thanks"),
        ([], "https:///x", "thanks"),
    ],
)
def test_addresses_that_cannot_be_used(origins, thanks, where):
    with pytest.raises(InvalidInputError) as caught:
        PublicForm("site", frozenset(origins), thanks)
    assert caught.value.where == where
