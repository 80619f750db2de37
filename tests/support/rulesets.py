"""Draws whole rulesets of every shape that may be used."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from tests.support.cases import NOW
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import ACQUISITION_SCOPES, SERVICE_SCOPES, Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.rules import Rule, RuleExample
from winnow.core.ruleset import ReferenceSource, Ruleset
from winnow.core.scorecard import Bin, CategoryFeature, NumericFeature, PairTable, Scorecard
from winnow.core.signals.registry import SIGNALS
from winnow.core.thresholds import Bands, Certificate, Thresholds

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    str.strip
)
NOTES = st.just("") | WORDS
SCOPES = st.frozensets(st.sampled_from(Scope), min_size=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.sampled_from([UTC]))  # noqa: DTZ001  # Hypothesis adds the zone
ELSEWHERE = timezone(timedelta(hours=-3))
CAPS = {"email": 1500, "form": 2000, "net": 2000, "rule": 800, "mail": 1000, "velocity": 1200, "identity": 900}

POINTS = st.integers(-3000, 3000)
KNOWN = st.builds(Bin, POINTS, WORDS, NOTES)
UNKNOWN = st.builds(Bin, st.integers(-500, 0), WORDS, NOTES)
NUMBERS = [signal.name for signal in SIGNALS if signal.kind in {int, float} and signal.family in CAPS]
CATEGORIES = [signal for signal in SIGNALS if signal.kind in {bool, str} and signal.family in CAPS]


@st.composite
def numeric_features(draw: st.DrawFn) -> NumericFeature:
    cuts = sorted(draw(st.sets(st.integers(-50, 50) | st.floats(-50, 50), max_size=3)))
    bins = draw(st.lists(KNOWN, min_size=len(cuts) + 1, max_size=len(cuts) + 1))
    return NumericFeature(draw(st.sampled_from(NUMBERS)), tuple(cuts), tuple(bins), draw(UNKNOWN))


@st.composite
def category_features(draw: st.DrawFn) -> CategoryFeature:
    signal = draw(st.sampled_from(CATEGORIES))
    each: st.SearchStrategy[bool | str] = st.booleans() if signal.kind is bool else WORDS
    values = draw(st.lists(each, unique=True, min_size=1, max_size=3))
    bins = draw(st.lists(KNOWN, min_size=len(values), max_size=len(values)))
    return CategoryFeature(signal.name, tuple(values), tuple(bins), draw(KNOWN), draw(UNKNOWN))


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    features = draw(st.lists(numeric_features() | category_features(), max_size=4, unique_by=lambda each: each.signal))
    pairs = (draw(pair_tables(features[0], features[1])),) if len(features) > 1 and draw(st.booleans()) else ()
    return Scorecard(
        draw(WORDS), -1000, tuple(features), {**CAPS, "pair": 300}, draw(WORDS), "learned", pairs, draw(NOTES)
    )


@st.composite
def pair_tables(
    draw: st.DrawFn, first: NumericFeature | CategoryFeature, second: NumericFeature | CategoryFeature
) -> PairTable:
    rows, columns = len(first.all_bins), len(second.all_bins)
    points = [[draw(st.integers(-9, 9)) for _ in range(columns - 1)] + [draw(st.integers(-9, 0))] for _ in range(rows)]
    points[-1] = [min(0, each) for each in points[-1]]
    return PairTable(first.signal, second.signal, tuple(map(tuple, points)), draw(WORDS))


BANDS = st.builds(
    lambda tag, more, reject: Bands(tag, tag + more, reject),
    st.integers(-999, 500),
    st.integers(0, 500),
    st.none() | st.integers(1001, 5000),
)
CERTIFICATES = st.builds(
    Certificate,
    st.floats(0.99, 1),
    st.integers(400, 9000),
    st.integers(0, 5000),
    st.just("a" * 64),
    MOMENTS | st.just(NOW.astimezone(ELSEWHERE)),
)
THRESHOLDS = st.builds(Thresholds, BANDS, st.dictionaries(WORDS, BANDS, max_size=2), st.none() | CERTIFICATES)

OWN_FIELDS = st.sampled_from(["custom.origin", "utm.term", "source", "occurred_at", "custom.Lead Source"])
DECLARED = st.builds(
    DeclaredSignal,
    st.from_regex(r"own\.[a-z][a-z0-9_]{0,5}", fullmatch=True),
    OWN_FIELDS,
    st.sampled_from(Reading),
    WORDS,
    NOTES,
    st.booleans(),
)

STOPS = st.builds(
    lambda compared, **fields: HardStop(signal=compared[0], value=compared[1], **fields),
    compared=st.tuples(st.just("mail.dmarc"), NOTES)
    | st.tuples(st.just("text.links"), st.integers(-9, 9) | st.floats(-9, 9))
    | st.tuples(st.just("form.honeypot"), st.booleans()),
    id=WORDS,
    test=st.sampled_from(Operator),
    outcome=st.sampled_from([Outcome.REVIEW, Outcome.REJECT]),
    text=WORDS,
    owner=WORDS,
    scopes=SCOPES,
)
POLICIES = st.builds(
    Policy,
    owner=WORDS,
    off_limits=st.frozensets(st.sampled_from(["message", "ip", "custom.religion", "utm.term"])),
    hard_stops=st.lists(STOPS, max_size=2, unique_by=lambda each: each.id).map(tuple),
)

EXAMPLES = (RuleExample({"mail.spf": "fail"}, fires=True), RuleExample({}, fires=False))
RULE = Rule("r", "mail.spf == 'fail'", "text", "Mia", "why", examples=EXAMPLES)
EFFECTS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(dict, points=st.integers(-900, 900).filter(bool)),
    st.builds(
        dict,
        outcome=st.sampled_from([Outcome.TAG, Outcome.REVIEW]),
        scopes=st.just(ACQUISITION_SCOPES) | st.just(SERVICE_SCOPES),
    ),
    st.just({"outcome": Outcome.REJECT, "deterministic": True, "signed_off_by": "Bo"}),
)
RULES = st.builds(
    lambda fields, effect: replace(RULE, **fields, **effect),
    st.fixed_dictionaries(
        {"id": st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}", fullmatch=True)},
        optional={
            "text": WORDS,
            "when": st.just("mail.spf == 'fail' && true"),
            "family": st.just("mail"),
            "expires_at": MOMENTS | st.just(NOW.astimezone(ELSEWHERE)),
            "daily_cap": st.integers(1, 99),
            "examples": st.just(()),
        },
    ),
    EFFECTS,
)

ENTRIES = st.builds(
    lambda kind, **fields: ListEntry(kind=kind[0], value=kind[1], **fields),
    kind=st.sampled_from(
        [
            (ListKind.EMAIL, "ana@acme.example"),
            (ListKind.CIDR, "192.0.2.0/24"),
            (ListKind.ASN, "64500"),
            (ListKind.DOMAIN, "xn--bcher-kva.example"),
            (ListKind.COMPANY, "acme"),
        ]
    ),
    id=WORDS,
    action=st.sampled_from(ListAction),
    owner=WORDS,
    reason=WORDS,
    scopes=SCOPES,
    source=st.sampled_from(["person", "import", "feedback", "rule"]),
    created_at=st.none() | MOMENTS,
    expires_at=st.none() | MOMENTS | st.just(NOW.astimezone(ELSEWHERE)),
)

RULESETS = st.builds(
    Ruleset,
    id=WORDS,
    policy=POLICIES,
    scorecard=scorecards(),
    thresholds=THRESHOLDS,
    rules=st.lists(RULES, max_size=2, unique_by=lambda each: each.id).map(tuple),
    lists=st.lists(ENTRIES, max_size=2, unique_by=lambda each: each.id).map(tuple),
    lists_snapshot=st.just("") | st.just("b" * 64),
    references=st.lists(st.builds(ReferenceSource, WORDS, WORDS, NOTES), max_size=2).map(tuple),
    signals=st.lists(DECLARED, max_size=2, unique_by=lambda each: each.name).map(tuple),
    note=NOTES,
)
