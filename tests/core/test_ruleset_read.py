"""Whoever writes a ruleset learns of every mistake: what, in which line, and how to mend it."""

from datetime import UTC, datetime

import pytest

from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import ACQUISITION_SCOPES, Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.rules import Rule, RuleExample
from winnow.core.ruleset import ReferenceSource, Ruleset
from winnow.core.ruleset_read import list_entry_from, rule_from, rules_from_toml, ruleset_from, ruleset_from_toml
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, PairTable, Scorecard
from winnow.core.tables import Table
from winnow.core.thresholds import Bands, Certificate, Thresholds
from winnow.errors import InvalidRuleError, InvalidRulesetError

TEXT = """\
id = "full"
note = "n"
lists_snapshot = "s"

[policy]
owner = "Mia"
off_limits = ["message", "custom.religion", "utm.term"]
[[policy.hard_stops]]
id = "forged"
signal = "mail.dmarc"
test = "is"
value = "fail"
outcome = "reject"
text = "forged"
owner = "Mia"
scopes = ["sales"]

[thresholds]
tag = 0
review = 1000
reject = 3000
[thresholds.by_source.fair]
tag = 100
review = 1100
[thresholds.certificate]
precision_bound = 0.996
labels = 600
threshold = 3000
scorecard_hash = "h"
expires_at = 2027-01-31T00:00:00Z

[scorecard]
id = "card"
kind = "learned"
owner = "Mia"
note = "c"
base = -1000
caps = { form = 2000, net = 2000, mail = 500, pair = 300 }
[[scorecard.features]]
signal = "form.fill_seconds"
bins = [
  { below = 3, points = 900, text = "fast", why = "scripts" },
  { points = 0 },
]
unknown = { points = -1, text = "not known" }
[[scorecard.features]]
signal = "net.ip_class"
bins = [{ is = "tor", points = 800, text = "tor" }]
other = { points = 5, text = "other" }
[[scorecard.pairs]]
first = "form.fill_seconds"
second = "net.ip_class"
points = [[7, 0, 0], [0, 0, 0], [0, 0, 0]]
text = "both"

[[rules]]
id = "r1"
when = 'mail.spf == "fail"'
text = "t"
owner = "Mia"
reason = "why"
points = 5
family = "mail"
daily_cap = 9
expires_at = "2027-01-31T02:00:00+02:00"
[[rules.examples]]
values = { "mail.spf" = "fail" }
[[rules.examples]]
values = {}
fires = false

[[rules]]
id = "r2"
when = '''net.asn > 5 &&
        form.honeypot'''
text = "t"
owner = "Mia"
reason = "why"
outcome = "reject"
deterministic = true
signed_off_by = "Bo"

[[lists]]
id = "e1"
action = "block"
kind = "domain"
value = "Acme.Example"
owner = "Mia"
reason = "why"
source = "import"
created_at = 2026-01-31T00:00:00Z
scopes = ["support"]
[[lists]]
id = "e2"
action = "allow"
kind = "ip"
value = "192.0.2.7"
owner = "Mia"
reason = "why"

[[references]]
name = "free mail"
version = "1"
date = "2026-10-01"
"""
EXPIRY = datetime(2027, 1, 31, tzinfo=UTC)
NOTHING = Bin(0, "")


def test_a_full_file_is_read_in_full():
    seconds = NumericFeature("form.fill_seconds", (3.0,), (Bin(900, "fast", "scripts"), NOTHING), Bin(-1, "not known"))
    kind = CategoryFeature("net.ip_class", ("tor",), (Bin(800, "tor"),), Bin(5, "other"), NOTHING)
    assert ruleset_from_toml(TEXT, "f.toml") == Ruleset(
        id="full",
        note="n",
        lists_snapshot="s",
        policy=Policy(
            "Mia",
            frozenset({"message", "custom.religion", "utm.term"}),
            (
                HardStop(
                    "forged",
                    "mail.dmarc",
                    Operator.IS,
                    "fail",
                    Outcome.REJECT,
                    "forged",
                    "Mia",
                    frozenset({Scope.SALES}),
                ),
            ),
        ),
        thresholds=Thresholds(
            Bands(0, 1000, 3000), {"fair": Bands(100, 1100)}, Certificate(0.996, 600, 3000, "h", EXPIRY)
        ),
        scorecard=Scorecard(
            "card",
            -1000,
            (seconds, kind),
            {"form": 2000, "net": 2000, "mail": 500, "pair": 300},
            "Mia",
            "learned",
            (PairTable("form.fill_seconds", "net.ip_class", ((7, 0, 0), (0, 0, 0), (0, 0, 0)), "both"),),
            "c",
        ),
        rules=(
            Rule(
                "r1",
                'mail.spf == "fail"',
                "t",
                "Mia",
                "why",
                points=5,
                family="mail",
                daily_cap=9,
                expires_at=EXPIRY,
                examples=(RuleExample({"mail.spf": "fail"}, fires=True), RuleExample({}, fires=False)),
            ),
            Rule(
                "r2",
                "net.asn > 5 &&\n        form.honeypot",
                "t",
                "Mia",
                "why",
                outcome=Outcome.REJECT,
                deterministic=True,
                signed_off_by="Bo",
            ),
        ),
        lists=(
            ListEntry(
                "e1",
                ListAction.BLOCK,
                ListKind.DOMAIN,
                "acme.example",
                "Mia",
                "why",
                frozenset({Scope.SUPPORT}),
                "import",
                datetime(2026, 1, 31, tzinfo=UTC),
            ),
            ListEntry("e2", ListAction.ALLOW, ListKind.IP, "192.0.2.7", "Mia", "why"),
        ),
        references=(ReferenceSource("free mail", "1", "2026-10-01"),),
    )


LEAST = {"id": "x", "thresholds": {"tag": 0, "review": 1}, "scorecard": {"id": "c", "owner": "Mia", "base": -1}}


def test_the_least_there_may_be():
    assert ruleset_from(LEAST) == Ruleset(
        "x", Policy(), Scorecard("c", -1, (), {}, "Mia"), Thresholds(Bands(0, 1)), note=""
    )


def test_what_is_left_out_has_its_usual_value():
    rule = {"id": "r", "when": "form.honeypot", "text": "t", "owner": "Mia", "reason": "w", "outcome": "tag"}
    read = ruleset_from({**LEAST, "rules": [rule], "references": [{"name": "n", "version": "1"}]})
    assert read.rules == (Rule("r", "form.honeypot", "t", "Mia", "w", outcome=Outcome.TAG),)
    assert read.rules[0].scopes == ACQUISITION_SCOPES
    assert read.references == (ReferenceSource("n", "1", ""),)


STOP = "[[policy.hard_stops]]"
FEATURE = "[[scorecard.features]]"
SCOPES_FIX = "use sales, marketing, support, billing, portal"

#: what in the file is replaced, by what, and what its author is told; `{line}` is where the replacement stands
MISTAKES = [
    # the whole
    ('id = "full"', "id = 5", "1: id: `5` is not a text in quotes; give a text in quotes"),
    ('note = "n"', 'nota = "n"', "2: nota: `nota` is not known here; did you mean `note`?"),
    ('id = "full"\n', "", " `id` is missing; add id = a text in quotes"),
    ('note = "n"', 'note = "n', "2:10: not valid TOML: illegal character '\\n'; mend the syntax there"),
    # policy
    ('owner = "Mia"\noff', 'ownr = "Mia"\noff', "6: policy.ownr: `ownr` is not known here; did you mean `owner`?"),
    (
        '"message", ',
        '"mesage", ',
        "7: policy.off_limits: `mesage` cannot be off-limits; did you mean `message`?",
    ),
    (
        '"message", ',
        '"id", ',
        "7: policy.off_limits: `id` cannot be off-limits; name a field of the lead, `custom.NAME` or `utm.NAME`",
    ),
    (
        '"message", ',
        '"religion", ',
        "7: policy.off_limits: `religion` cannot be off-limits; name a field of the lead, `custom.NAME` or `utm.NAME`",
    ),
    (
        'test = "is"',
        'test = "equals"',
        "11: policy.hard_stops[0].test: `equals` is not known here; use one of is, is_not, at_least, at_most",
    ),
    (
        'value = "fail"\nout',
        "value = [1]\nout",
        "12: policy.hard_stops[0].value: expected a text, a number, true or false; add value = …",
    ),
    (
        'value = "fail"\nout',
        "value = inf\nout",
        "12: policy.hard_stops[0].value: expected a text, a number, true or false; add value = …",
    ),
    (
        'value = "fail"\nout',
        "out",
        "8: policy.hard_stops[0].value: expected a text, a number, true or false; add value = …",
    ),
    (
        'outcome = "reject"\ntext',
        'outcome = "block"\ntext',
        "13: policy.hard_stops[0].outcome: `block` is not known here; use one of accept, tag, review, reject",
    ),
    (
        'outcome = "reject"\ntext',
        'outcome = "tag"\ntext',
        "8: policy.hard_stops[0]: hard stop `forged` has the outcome tag; a stop must be review or reject",
    ),
    (
        'text = "forged"',
        'text = ""',
        "8: policy.hard_stops[0]: hard stop `forged` lacks an owner, a text or a scope; give all three",
    ),
    (
        'scopes = ["sales"]',
        'scopes = ["sale"]',
        f"16: policy.hard_stops[0].scopes: `sale` is not a scope; {SCOPES_FIX}",
    ),
    (
        'scopes = ["sales"]',
        'scope = ["sales"]',
        "16: policy.hard_stops[0].scope: `scope` is not known here; did you mean `scopes`?",
    ),
    (
        '"mail.dmarc"',
        '"mail.dmark"',
        "10: policy.hard_stops[0].signal: `mail.dmark` is not a signal; did you mean `mail.dmarc`?",
    ),
    (
        "[thresholds]\n",
        f'{STOP}\nid="forged"\nsignal="mail.spf"\ntest="is"\nvalue=1\noutcome="review"\ntext="t"\nowner="M"\n[thresholds]\n',
        "19: policy.hard_stops[1].id: `forged` is there twice; give each its own id",
    ),
    # thresholds
    ("tag = 0\n", "", "18: thresholds: `tag` is missing; add tag = a whole number"),
    ("tag = 0", 'tag = "0"', "19: thresholds.tag: `0` is not a whole number; give a whole number"),
    ("reject = 3000", "rejekt = 3000", "21: thresholds.rejekt: `rejekt` is not known here; did you mean `reject`?"),
    (
        "review = 1000",
        "review = -1",
        "18: thresholds: thresholds are out of order: tag 0, review -1, reject 3000; make them tag ≤ review ≤ reject",
    ),
    (
        "review = 1100",
        "review = 99",
        "22: thresholds.by_source.fair: thresholds are out of order: tag 100, review 99, reject None; "
        "make them tag ≤ review ≤ reject",
    ),
    (
        "review = 1100",
        "review = 1100\nlabels = 1",
        "25: thresholds.by_source.fair.labels: `labels` is not known here; use one of reject, review, tag",
    ),
    (
        "reject = 3000",
        "reject = 1000",
        "18: thresholds: evidence of family `form` alone could reach reject (-1000 + 2000 ≥ 1000); "
        "lower the family's cap or raise the reject threshold",
    ),
    (
        "tag = 0",
        "tag = -1000",
        "18: thresholds: a lead nothing is known about (-1000 points) would not be accepted (tag from -1000); "
        "lower scorecard.base or raise the tag threshold",
    ),
    (
        "expires_at = 2027-01-31T00:00:00Z",
        "",
        "25: thresholds.certificate: a certificate must expire; add expires_at",
    ),
    (
        "precision_bound = 0.996",
        "precision_bound = nan",
        "26: thresholds.certificate.precision_bound: `nan` is not a number; give a finite number",
    ),
    (
        "labels = 600",
        "labels = 6.5",
        "27: thresholds.certificate.labels: `6.5` is not a whole number; give a whole number",
    ),
    (
        "labels = 600",
        "labels = 600\nowner = 1",
        "28: thresholds.certificate.owner: `owner` is not known here; "
        "use one of coverage, expires_at, fresh_labels, issued_at, labels, precision_bound, scorecard_hash, threshold, "
        "wrong",
    ),
    (
        "reject = 3000\n",
        "reject = 3000\nblind_share = 0.2\n",
        "22: thresholds.blind_share: a blind share of 0.2; give 0.02 to 0.05, or leave it out for 0.03",
    ),
    # scorecard
    ("base = -1000", "base = -1e3", "37: scorecard.base: `-1000.0` is not a whole number; give a whole number"),
    ("form = 2000", "form = -1", "32: scorecard: the cap of family `form` is -1; use 0 or more points"),
    ("form = 2000, ", "", "32: scorecard: scorecard `card` has no cap for family `form`; add one under caps"),
    ("form = 2000", 'form = "x"', "38: scorecard.caps.form: `x` is not a whole number; give a whole number"),
    (
        'signal = "net.ip_class"',
        'signal = "form.fill_seconds"',
        "32: scorecard: scorecard `card` uses a signal twice; merge the features of one signal",
    ),
    (
        'signal = "form.fill_seconds"',
        'signal = "form.seconds"',
        "32: scorecard: pair `form.fill_seconds` × `net.ip_class` needs both signals as features",
    ),
    (
        'signal = "net.ip_class"',
        'signal = "net.asn"\n[[scorecard.features]]\nsignal = "net.ip_class"',
        "46: scorecard.features[1]: feature `net.asn` has 0 cuts and 0 bins; "
        "give ascending cuts and exactly one bin more than cuts",
    ),
    (
        "{ below = 3,",
        "{ below = inf,",
        "41: scorecard.features[0].bins[0].below: `inf` is not a number; give a finite number",
    ),
    ("{ below = 3,", "{", "41: scorecard.features[0].bins[0]: `below` is missing; add below = a number"),
    (
        "{ points = 0 }",
        "{ below = 4, points = 0 }",
        "41: scorecard.features[0].bins[1].below: `below` is not known here; use one of points, text, why",
    ),
    (
        "{ points = 0 }",
        "{ points = 7 }",
        "41: scorecard.features[0].bins[1]: points without a reason; add text = what a rep should read",
    ),
    (
        "unknown = { points = -1,",
        "unknown = { points = 1,",
        "32: scorecard: `form.fill_seconds` adds 1 points when unknown; "
        "unknown is not guilty: give the unknown bin 0 points or fewer",
    ),
    (
        'is = "tor"',
        "is = true",
        "46: scorecard.features[1]: signal `net.ip_class` is never `True`; give a text in quotes",
    ),
    (
        'value = "fail"\nout',
        "value = 3\nout",
        "12: policy.hard_stops[0].value: signal `mail.dmarc` is never `3`; give a text in quotes",
    ),
    (
        '[{ is = "tor", points = 800, text = "tor" }]',
        '[{ is = "tor", points = 1, text = "t" }, { is = "tor", points = 1, text = "t" }]',
        "46: scorecard.features[1]: feature `net.ip_class` has 2 values and 2 bins; "
        "give exactly one bin for each value, each value once",
    ),
    (
        '[{ is = "tor", points = 800, text = "tor" }]',
        '[{ is = "tor", points = 1, text = "t" }, { below = 3, points = 1, text = "t" }]',
        "48: scorecard.features[1].bins[1].is: expected a text, a number, true or false; add is = …",
    ),
    (
        '[{ is = "tor", points = 800, text = "tor" }]\nother = { points = 5, text = "other" }',
        '[{ below = 3, points = 1, text = "t" }, { points = 2, text = "t" }]',
        "47: scorecard.features[1].signal: signal `net.ip_class` is measured as str; give its bins `is` values",
    ),
    (
        "{ below = 3, points = 900,",
        "{ is = 3, points = 900,",
        "41: scorecard.features[0].bins[1].is: expected a text, a number, true or false; add is = …",
    ),
    (
        "points = [[7, 0, 0], [0, 0, 0], [0, 0, 0]]",
        "points = [[7, 0, 0], [0, 0.5, 0], [0, 0, 0]]",
        "53: scorecard.pairs[0].points: expected rows of whole numbers; write [[0, 1], [2, 3]]",
    ),
    (
        "points = [[7, 0, 0], [0, 0, 0], [0, 0, 0]]",
        "points = 7",
        "53: scorecard.pairs[0].points: expected rows of whole numbers; write [[0, 1], [2, 3]]",
    ),
    (
        "points = [[7, 0, 0], [0, 0, 0], [0, 0, 0]]",
        "points = [[7, 0, 0]]",
        "32: scorecard: pair `form.fill_seconds` × `net.ip_class` is not 3 × 3; give points for every two bin codes",
    ),
    ('text = "both"', 'txt = "both"', "50: scorecard.pairs[0]: `text` is missing; add text = a text in quotes"),
    # rules
    ("when = 'mail.spf == \"fail\"'\n", "", "56: rules[0]: `when` is missing; add when = a text in quotes"),
    (
        "points = 5\nfam",
        'points = 5\noutcome = "tag"\nfam',
        "62: rules[0].points: a rule gives either points or an outcome; set exactly one of `points` and `outcome`",
    ),
    (
        "daily_cap = 9",
        "dayly_cap = 9",
        "64: rules[0].dayly_cap: `dayly_cap` is not known here; did you mean `daily_cap`?",
    ),
    (
        'expires_at = "2027-01-31T02:00:00+02:00"',
        'expires_at = "2027-01-31T02:00:00"',
        "65: rules[0].expires_at: `2027-01-31T02:00:00` is not a date and time with an offset; "
        "write 2027-01-31T00:00:00Z",
    ),
    (
        'values = { "mail.spf" = "fail" }',
        'values = { "mail.spf" = [1] }',
        "67: rules[0].examples[0].values.mail.spf: expected a text, a number, true or false; add mail.spf = …",
    ),
    (
        "fires = false",
        'fires = "no"',
        "70: rules[0].examples[1].fires: `no` is not true or false; give true or false",
    ),
    (
        "fires = false",
        "firse = false",
        "70: rules[0].examples[1].firse: `firse` is not known here; did you mean `fires`?",
    ),
    (
        "mail = 500, ",
        "",
        "56: rules[0]: rule `r1` gives points in family `mail`, which has no cap; add mail under scorecard.caps",
    ),
    ('id = "r2"', 'id = "r1"', "73: rules[1].id: a second rule has the id `r1`; give each rule its own id"),
    (
        'signed_off_by = "Bo"',
        "",
        "72: rules[1].signed_off_by: a second person must sign off a rule that rejects; "
        "set signed_off_by to someone other than the owner, or ask for review",
    ),
    # lists
    (
        'kind = "domain"',
        'kind = "domains"',
        "86: lists[0].kind: `domains` is not known here; "
        "use one of email, phone, device, message, ip, host, domain, company, cidr, asn",
    ),
    ('action = "block"', 'action = "deny"', "85: lists[0].action: `deny` is not known here; use one of allow, block"),
    (
        'value = "Acme.Example"',
        'value = "acme"',
        "83: lists[0]: list entry `e1`: `acme` is not a valid domain; write it like `example.com`",
    ),
    (
        'source = "import"',
        'source = "ai"',
        "83: lists[0]: list entry `e1` has the source `ai`; use one of feedback, import, person, rule",
    ),
    (
        'scopes = ["support"]',
        "scopes = []",
        "83: lists[0]: list entry `e1` has no scope; name at least one, such as sales",
    ),
    (
        'scopes = ["support"]',
        "expire = 1",
        "92: lists[0].expire: `expire` is not known here; did you mean `expires_at`?",
    ),
    ('id = "e2"', 'id = "e1"', "94: lists[1].id: `e1` is there twice; give each its own id"),
    # references
    ('version = "1"', "version = 1", "103: references[0].version: `1` is not a text in quotes; give a text in quotes"),
    ('date = "2026-10-01"', 'data = "x"', "104: references[0].data: `data` is not known here; did you mean `date`?"),
]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES, ids=[row[1][:40] or row[0][:40] for row in MISTAKES])
def test_a_mistake_is_named_with_its_line_and_the_way_to_mend_it(old, new, message):
    assert old in TEXT
    with pytest.raises(InvalidRulesetError) as caught:
        ruleset_from_toml(TEXT.replace(old, new, 1), "f.toml")
    assert str(caught.value) == f"f.toml:{message}"


def test_a_mistake_in_a_condition_shows_the_very_spot():
    with pytest.raises(InvalidRuleError) as caught:
        ruleset_from_toml(TEXT.replace("form.honeypot'''", "form.honypot'''"), "f.toml")
    assert str(caught.value.where) == f"f.toml:{line_of('when = ', nth=1)}: rules[1].when:2:9"
    assert caught.value.excerpt is not None
    shown, caret = caught.value.excerpt.splitlines()
    assert shown[caret.index("^") :] == "form.honypot"


def line_of(start: str, nth: int) -> int:
    """The line of the file that starts so, counted from 1."""
    return [number for number, each in enumerate(TEXT.splitlines(), 1) if each.startswith(start)][nth]


@pytest.mark.parametrize("left_out", [(), ("signals",)])
def test_a_scorecard_alone_is_no_ruleset(left_out):
    tables = {"signals": "[[signals]]", "scorecard": "[scorecard]"}
    text = "\n".join(line for name, line in tables.items() if name not in left_out)
    with pytest.raises(InvalidRulesetError, match=r"^scorecard\.toml: a scorecard alone is no ruleset"):
        ruleset_from_toml(text, "scorecard.toml")


def test_the_rules_of_a_file_are_read_alone():
    whole = ruleset_from_toml(TEXT, "f.toml")
    assert [rule.id for rule in rules_from_toml(TEXT, "f.toml").rules] == [rule.id for rule in whole.rules]
    assert rules_from_toml("", "f.toml") == ((), ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[rules]]\nid = 7", "f.toml:2: rules[0].id: `7` is not a text in quotes; give a text in quotes"),
        ("rules = 7", "f.toml:1: rules: expected a list of tables; write [[rules]]"),
        ("[[rules]", "f.toml:1:8: not valid TOML"),
    ],
)
def test_rules_alone_are_refused_with_their_place(text, message):
    with pytest.raises(InvalidRulesetError) as caught:
        rules_from_toml(text, "f.toml")
    assert str(caught.value).startswith(message)


def test_a_list_entry_is_read_alone():
    fields = {"id": "e", "action": "allow", "kind": "asn", "value": "AS64500", "owner": "Mia", "reason": "w"}
    assert list_entry_from(Table(fields)) == ListEntry("e", ListAction.ALLOW, ListKind.ASN, "64500", "Mia", "w")


@pytest.mark.parametrize("text", ["", "[a]", "id = [", "\0", "\ufeff", "id = 'x'\n[[scorecard]]", "policy = 7"])
def test_no_text_gets_past_the_error_taxonomy(text):
    with pytest.raises(InvalidRulesetError, match=r"^f\.toml"):
        ruleset_from_toml(text, "f.toml")


def test_one_rule_is_read_like_those_of_a_ruleset():
    table = {"id": "a", "when": "form.honeypot", "text": "t", "owner": "o", "reason": "r", "points": 5}
    assert rule_from(table) == Rule("a", "form.honeypot", "t", "o", "r", points=5)
    with pytest.raises(InvalidRulesetError, match="`colour` is not known here"):
        rule_from({**table, "colour": "red"})
