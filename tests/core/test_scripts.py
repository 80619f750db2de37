"""Letters and their scripts."""

import pytest

from winnow.core.scripts import mixes_look_alikes, script_of


@pytest.mark.parametrize(
    ("letter", "script"),
    [
        ("a", "latin"), ("Z", "latin"), ("ñ", "latin"), ("ế", "latin"), ("Ａ", "latin"), ("α", "greek"), ("ἀ", "greek"),
        ("я", "cyrillic"), ("Ա", "armenian"), ("א", "hebrew"), ("ع", "arabic"), ("अ", "devanagari"), ("ก", "thai"),
        ("ა", "georgian"), ("か", "japanese"), ("中", "han"), ("한", "hangul"), ("1", None), (" ", None), ("-", None),
        ("ꓮ", None),
    ],
)  # fmt: skip
def test_a_letter_belongs_to_one_script(letter, script):
    assert script_of(letter) == script


@pytest.mark.parametrize(
    ("word", "mixes"),
    [("", False), ("acme", False), ("асме", False), ("acmе", True), ("αbc", True), ("abc中", False), ("中한", False)],
)
def test_only_scripts_that_look_alike_are_mixed_up(word, mixes):
    assert mixes_look_alikes(word) is mixes
