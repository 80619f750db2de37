"""A path in a TOML file leads to the line its author has to mend."""

import contextlib
import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.toml_text import MOST_CHARACTERS, located, need_tame, parsed
from winnow.errors import InvalidRulesetError, Place

TEXT = """\
id = "x"
policy.owner = "Mia"

[thresholds]  # bands
tag = 0
"review" = 1

[thresholds.by_source."trade fair"]
tag = 5

[scorecard]
caps = { form = 1 }
[[ scorecard.features ]] # first
signal = "a"
bins = [
  { points = 1 },
  [1],
]
[[scorecard.features]]
signal = "b"

[[rules]]
id = "r1"
when = 'x'
[[rules.examples]]
fires = true
[[rules.examples]]
fires = false
[rules.examples.values]
a = 1
[[rules]]
id = "r2"
[[rules.examples]]
fires = true
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (None, "f.toml"),
        ("", "f.toml"),
        ("id", "f.toml:1: id"),
        ("policy.owner", "f.toml:2: policy.owner"),
        ("note", "f.toml: note"),
        ("thresholds", "f.toml:4: thresholds"),
        ("thresholds.tag", "f.toml:5: thresholds.tag"),
        ("thresholds.review", "f.toml:6: thresholds.review"),
        ("thresholds.reject", "f.toml:4: thresholds.reject"),
        ("thresholds.by_source.trade fair.tag", "f.toml:9: thresholds.by_source.trade fair.tag"),
        ("scorecard.caps.form", "f.toml:12: scorecard.caps.form"),
        ("scorecard.features[0]", "f.toml:13: scorecard.features[0]"),
        ("scorecard.features[0].signal", "f.toml:14: scorecard.features[0].signal"),
        ("scorecard.features[0].bins[0].points", "f.toml:15: scorecard.features[0].bins[0].points"),
        ("scorecard.features[0].unknown", "f.toml:13: scorecard.features[0].unknown"),
        ("scorecard.features[1].signal", "f.toml:20: scorecard.features[1].signal"),
        ("scorecard.features[2].signal", "f.toml:11: scorecard.features[2].signal"),
        ("rules[0].when", "f.toml:24: rules[0].when"),
        (Place("rules[0].when", 2, 7), "f.toml:24: rules[0].when:2:7"),
        ("rules[0].examples[1].fires", "f.toml:28: rules[0].examples[1].fires"),
        ("rules[0].examples[1].values.a", "f.toml:30: rules[0].examples[1].values.a"),
        ("rules[1].examples[0].fires", "f.toml:34: rules[1].examples[0].fires"),
        ("rules[1].when", "f.toml:31: rules[1].when"),
        ("rules[7].when", "f.toml: rules[7].when"),
    ],
)
def test_a_path_leads_to_its_line(path, expected):
    assert tomllib.loads(TEXT.replace("  [1],\n", "  { points = 2 },\n"))
    assert located(TEXT, "f.toml", path) == expected


def test_a_file_is_read_as_toml():
    assert parsed('a = 1\n[b]\nc = "x"', "f.toml") == {"a": 1, "b": {"c": "x"}}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = \n", "f.toml:1:5"),
        ("a = 1\nb 2", "f.toml:2:3"),
        ("a = 1\na = 2\n", "f.toml:2:6"),
        ("a", "f.toml"),
        ("a = " + "1" * 5000, "f.toml"),
        ("a = " + "[" * 5000, "f.toml"),
    ],
)
def test_what_is_no_toml_is_refused_with_line_and_column(text, place):
    with pytest.raises(InvalidRulesetError) as caught:
        parsed(text, "f.toml")
    assert str(caught.value.where) == place
    assert re.fullmatch(r"not valid TOML: [a-z].*", caught.value.what)
    assert "(at line" not in caught.value.what
    assert caught.value.fix == "mend the syntax there"


@given(st.text(st.sampled_from("a.[]=\"'{}0 \n#"), max_size=40), st.text(st.sampled_from("a.[]0"), max_size=9))
def test_any_text_is_read_or_refused_and_any_path_told(text, path):
    assert located(text, "f.toml", path).startswith("f.toml")
    with contextlib.suppress(InvalidRulesetError):
        assert isinstance(parsed(text, "f.toml"), dict)


def test_a_text_that_would_take_the_parser_long_is_refused():
    need_tame("a" + ".a" * 250 + " = 1\n" * 9, "f.toml")
    for text, place in (("x = 1\na" + ".a" * 251 + " = 1", "f.toml:2"), ("#" * (MOST_CHARACTERS + 1), "f.toml")):
        with pytest.raises(InvalidRulesetError) as caught:
            need_tame(text, "f.toml")
        assert str(caught.value.where) == place
