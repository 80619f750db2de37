"""What authors read when a condition is refused; docs/rules.md is the table of expected messages."""

import re
import tomllib

import pytest

from tests.support.project import ROOT
from winnow.core.cel import check
from winnow.core.rules import Rule, RuleBook, RuleExample
from winnow.core.signals.registry import SIGNALS
from winnow.errors import InvalidRuleError

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
TYPES = {signal.name: signal.kind for signal in SIGNALS}


def fenced(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


DOCUMENTED = [message for block in fenced("text") for message in block.strip().split("\n\n")]


def refusal(source, **types):
    with pytest.raises(InvalidRuleError) as caught:
        check(source, types or TYPES)
    return caught.value


@pytest.mark.parametrize("message", DOCUMENTED)
def test_a_refused_condition_gives_the_documented_message(message):
    source = message.splitlines()[1].removeprefix("    ")
    assert str(refusal(source)) == message


@pytest.mark.parametrize("source", fenced("cel"))
def test_a_documented_condition_is_accepted(source):
    assert check(source, TYPES).mentions


def test_the_documented_rule_is_accepted():
    (text,) = fenced("toml")
    (table,) = tomllib.loads(text)["rules"]
    examples = tuple(RuleExample(**example) for example in table.pop("examples"))
    book = RuleBook([Rule(**table, examples=examples)], tuple(TYPES), TYPES)
    assert book.reads == {"email.disposable", "velocity.network_hour"}


@pytest.mark.parametrize(
    ("source", "line", "column", "excerpt"),
    [
        ("true ||\n  form.x > 3 ||\nfalse", 2, 3, "      form.x > 3 ||\n      ^"),
        ("true ||\r\n  nope\r\n", 2, 3, "      nope\n      ^"),
        ("true\t|| nope", 1, 9, "    true || nope\n            ^"),
        ("'日本' == 1", 1, 6, "    '日本' == 1\n           ^"),
        ("'e\u0301' == 1", 1, 6, "    'e\u0301' == 1\n        ^"),
        ("", 1, 1, "    \n    ^"),
        ("\n", 2, 1, "    \n    ^"),
        ("'\x1b[31m' == 1", 1, 2, "    '\ufffd[31m' == 1\n     ^"),
    ],
)
def test_the_caret_stands_under_the_spot(source, line, column, excerpt):
    error = refusal(source)
    assert (error.where.line, error.where.column) == (line, column)
    assert error.excerpt == excerpt
    assert str(error).endswith(f"{error.fix}\n{excerpt}")


def test_only_the_part_around_the_spot_of_a_long_line_is_shown():
    error = refusal("true || " * 60 + "nope")
    shown, caret = error.excerpt.splitlines()
    assert len(shown) == 4 + 50 + len("nope")
    assert shown[caret.index("^") :] == "nope"


def test_the_name_given_to_a_condition_is_the_place():
    with pytest.raises(InvalidRuleError, match=r"^rules\[3\]\.when:1:1: there is no signal `nope`; "):
        check("nope", TYPES, "rules[3].when")


@pytest.mark.parametrize("name", ["x" * 41, "a\x1b[31mb", "a\u202eb"])
def test_users_words_are_shortened_and_disarmed(name):
    what = refusal(f"'x'.matches('({name}')".replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")).what
    assert what.isprintable()
    assert len(what) < 200


@pytest.mark.parametrize(
    ("source", "fix"),
    [
        ("velocity.ip_huor > 1", "did you mean `velocity.ip_hour` or `velocity.domain_hour`"),
        ("FORM.HONEYPOT", "did you mean `form.honeypot`"),
        ("zzz.qqq", "docs/signals.md lists the signals there are"),
        ("x" * 1900, "signals are written `family.property`; texts stand in quotes"),
        ("mail.spf.reverse()", "look into a text with `startsWith`, `endsWith`, `contains` or `matches`"),
        (
            "mail.spf.exists(x, true)",
            "a rule has no loops, so that its time is bounded; list the cases with `||` or `in`",
        ),
        ("mail.spf.int() > 1", "write `int(number)`"),
        ("foo()", "use one of contains, double, endsWith, has, int, matches, size, startsWith"),
        ("(not email.free)", "write `!` instead"),
        ("email.free AND email.role", "write `&&` instead"),
        ("2 * text.shouting > 0.0", "write `2.0`"),
        ("net.asn == 1.5.5", "write it like `12`, `1.5`, `1e-3` or `0x1f`"),
        ("net.asn == 0x", "write it like `12`, `1.5`, `1e-3` or `0x1f`"),
        ("net.asn in [1,]", "write a signal, a number, a text in quotes or `(`"),
        ("email.suffix.contains('a',)", "write a signal, a number, a text in quotes or `(`"),
        ("email.suffix.", "write the name of a signal or function after the dot"),
        ("'a'.b", "write `b(…)` to call a function"),
        ("email.free ? true : false ? 1 : 2", "make both of one type"),
        ("'x' == rb'x'", "only `r` may stand before the quotes, for a raw text; there are no bytes"),
        ("email.suffix == 'a\nb'", "add ' at its end"),
        ('email.suffix == """a" "', 'add """ at its end'),
        ("email.suffix == '\\U00110000'", "write a Unicode character, at most `\\U0010ffff`"),
        ("email.suffix == '\\400'", "write `\\\\` for a backslash, or put `r` before the opening quote"),
        ("has('x')", "write it like `has(form.fill_seconds)`"),
        ("mail.spf.has(net.asn)", "write it like `has(form.fill_seconds)`"),
        ("has(nope.nope)", "docs/signals.md lists the signals there are"),
        ("text.shouting % 2.0 > 1.0", "it works on int"),
        ("text.shouting / -0.0 > 1.0", "divide by another number"),
        ("email.free + email.role", "it works on int and double and string"),
        ("email.free == 1", "a bool is compared with `true` or `false`, or stands alone"),
        ("mail.spf", "compare it, for example with `== '…'`"),
        ("-'a' == 'b'", "use `!` to turn a condition round"),
        ("!email.free.x", "`email.free` is a single value without parts"),
    ],
)
def test_the_fix(source, fix):
    assert refusal(source).fix == fix
