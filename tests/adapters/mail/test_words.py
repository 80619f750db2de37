"""Letters say what is to be said, as text and as HTML, and nothing in them is taken for more than text."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from winnow.adapters.mail.words import WrittenLetters
from winnow.core.people.accounts import Person
from winnow.core.review.digest import QueueOfDay

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA = Person("us_1", "ana@x.example", "Ana <b>&", frozenset({"reviewer"}), NOW, "us_1", joined_at=NOW)
WORDS = WrittenLetters("https://w.example", ZoneInfo("Europe/Zagreb"))
QUEUE = QueueOfDay(
    1_064,
    12,
    NOW,
    (("web", 1_000), ("", 60), ("evil.example", 1), ("<b>", 1), ("x\n\nhttp://evil.example", 1), ("sixth", 1)),
    (("form.fill_seconds", 900), ("rule.links", 3)),
)


def digest(queue=QUEUE, person=ANA):
    return WORDS.digest(person, queue, "https://w.example/off/t", NOW)


def test_the_digest_says_how_much_waits_where_from_and_why():
    letter = digest()
    assert (letter.to, letter.subject) == ("ana@x.example", "1,064 leads wait for review")
    assert letter.unsubscribe == "https://w.example/off/t"
    for text in (letter.text, letter.html):
        for said in (
            *("1,064 leads wait for review, 12 of them overdue.", "The oldest came 2026-11-22 13:00 CET."),
            *("web: 1,000", "without a source: 60", "and 1 more", "https://w.example/queue"),
            *("the time it took to fill in the form: 900", "the rule `links`: 3"),
        ):
            assert said in text


def test_what_a_stranger_can_name_is_no_link_and_no_markup():
    letter = digest()
    for text in (letter.text, letter.html):
        assert "evil" not in text
        assert text.count("a source with an unusual name: 1") == 3
    assert "Ana &lt;b&gt;&amp;" in letter.html
    assert "<b>" not in letter.html
    assert "Hello Ana <b>&," in letter.text


def test_what_there_is_not_is_not_told():
    letter = digest(QueueOfDay(1, by_source=(("web", 1),)))
    assert letter.subject == "1 lead waits for review"
    for text in (letter.text, letter.html):
        for said in ("overdue", "oldest", "more", "Why they wait"):
            assert said not in text.replace("no more", "")


@pytest.mark.parametrize("name", ["invitation", "reset"])
def test_a_letter_with_a_link_says_until_when_it_is_good(name):
    letter = getattr(WORDS, name)(replace(ANA, name="Ana"), "t" * 52, NOW, NOW)
    for text in (letter.text, letter.html):
        assert f"https://w.example/join/{'t' * 52}" in text
        assert "2026-11-22 13:00 CET" in text
        assert "Hello Ana," in text
    assert letter.unsubscribe is None
    assert "t" * 52 not in letter.subject
