"""What a mail about the queue says is counts and plain words."""

import pytest

from winnow.core.review.digest import counted_codes, ranked, words_of
from winnow.core.signals.registry import SIGNALS


def test_codes_are_counted_over_cases_the_most_first():
    patterns = [(" b.x a.x ", 2), (" a.x ", 3), ("  ", 7), (" c.x ", 2)]
    assert counted_codes(patterns) == (("a.x", 5), ("b.x", 2), ("c.x", 2))
    assert ranked({"b": 1, "a": 1, "c": 2}.items()) == (("c", 2), ("a", 1), ("b", 1))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("form.fill_seconds", "the time it took to fill in the form"),
        (
            "form.fill_seconds*email.valid",
            "the time it took to fill in the form together with whether the e-mail address is well formed",
        ),
        ("rule.many-links", "the rule `many-links`"),
        ("policy.no-minors", "a hard stop of the policy: `no-minors`"),
        ("cap.form", "several observations of one kind: form"),
        ("list.block", "an entry of the block list"),
        ("system.failed", "a check that failed"),
        ("rule", "`rule`"),
        ("custom.thing", "`custom.thing`"),
    ],
)
def test_a_code_has_plain_words(code, words):
    assert words_of(code) == words


def test_every_signal_is_told_by_its_label():
    assert [signal.name for signal in SIGNALS if words_of(signal.name) != signal.label] == []
