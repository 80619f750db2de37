"""What a contact needs: the strictest of the policy and all laws in use, and what is enough for it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.core.govern.limits import ConsentRule, Limits, Purpose, PurposeKind, Told
from winnow.core.govern.packs import EXPRESS, Hours, LawPack, LawRule
from winnow.core.govern.requirement import Requirement, place_of, requirement, suffices
from winnow.core.govern.terms import Answer, Channel, Needed

_DAY = date(2026, 6, 1)
_EMAIL, _PHONE = Channel.EMAIL, Channel.PHONE
_MARKETING = frozenset({PurposeKind.MARKETING})


def rule(name: str, needed: Needed | None, *places: str, **more: object) -> LawRule:
    return LawRule(name, f"Art. {name}", date(2020, 1, 1), frozenset(places or {"DE"}), name, "", needed=needed, **more)  # type: ignore[arg-type]


def pack(name: str, *rules: LawRule) -> LawPack:
    return LawPack(name, name, _DAY, rules)


_MAIL = rule(
    "mail",
    Needed.IMPLIED,
    *("DE", "FR"),
    channels=frozenset({_EMAIL}),
    purposes=_MARKETING,
    implied_days={"purchase": None},
)
_EU = pack("eu", rule("opt", Needed.OPT_OUT, "DE", "FR"), _MAIL)
_CA = pack("canada", rule("casl", Needed.IMPLIED, "CA", implied_days={"purchase": 730, "inquiry": 181}))
_US = pack(
    "us",
    rule("mail", Needed.OPT_OUT, "US", channels=frozenset({_EMAIL}), heed_days=10),
    rule("hours", None, "US", hours=Hours(8, 21)),
)
_CALIFORNIA = pack("california", rule("gpc", Needed.OPT_OUT, "US-CA", signals=frozenset({"gpc"}), heed_days=15))
_ALL = (_EU, _CA, _US, _CALIFORNIA)


def ids(found: Requirement) -> tuple[str, ...]:
    return tuple(each.id for each in found.because)


@pytest.mark.parametrize(
    ("place", "channel", "purpose", "needed", "grounds"),
    [
        ("DE", _EMAIL, "marketing", Needed.IMPLIED, ("eu.mail",)),
        ("de", _EMAIL, "marketing", Needed.IMPLIED, ("eu.mail",)),
        ("DE", _EMAIL, "service", Needed.OPT_OUT, ("eu.opt",)),
        ("DE", _EMAIL, "nobody declared this", Needed.IMPLIED, ("eu.mail",)),
        ("DE", _PHONE, "marketing", Needed.OPT_OUT, ("eu.opt",)),
        ("US", _PHONE, "marketing", Needed.OPT_OUT, ("california.gpc",)),
        ("US-TX", _PHONE, "marketing", Needed.OPT_OUT, ("default",)),
        (None, _EMAIL, "marketing", Needed.IMPLIED, ("eu.mail", "canada.casl", "default.place")),
        ("JP", _EMAIL, "marketing", Needed.IMPLIED, ("eu.mail", "canada.casl", "default.place")),
        ("somewhere", _PHONE, "service", Needed.IMPLIED, ("canada.casl", "default.place")),
    ],
)
def test_the_strictest_holds(
    place: str | None, channel: Channel, purpose: str, needed: Needed, grounds: tuple[str, ...]
) -> None:
    found = requirement(Limits(), _ALL, place, channel, purpose, _DAY)
    assert (found.needed, ids(found)) == (needed, grounds)


def test_relationships_count_only_if_every_law_takes_them_and_for_the_shortest_time() -> None:
    anywhere = requirement(Limits(), _ALL, None, _EMAIL, "marketing", _DAY)
    assert anywhere.implied_days == {"purchase": 730}
    other = pack("other", rule("mail", Needed.IMPLIED, "DE", implied_days={"inquiry": 30}))
    found = requirement(Limits(), (_EU, other), "DE", _EMAIL, "marketing", _DAY)
    assert (found.needed, found.implied_days, ids(found)) == (Needed.EXPRESS, {}, ("eu.mail", "other.mail"))


def test_hours_signals_and_days_come_from_all_that_hold() -> None:
    late = pack("late", rule("hours", None, "US", hours=Hours(10, 22)))
    found = requirement(Limits(), (*_ALL, late), "US-CA", _EMAIL, "marketing", _DAY)
    assert (found.hours, found.heed_days) == (Hours(10, 21), 10)
    assert found.signals == {"gpc"}
    assert [each.id for each in (*found.hours_because, *found.signals_because)] == [
        *("us.hours", "late.hours", "california.gpc"),
    ]
    elsewhere = requirement(Limits(), _ALL, "US-TX", _EMAIL, "marketing", _DAY)
    assert (elsewhere.hours, elsewhere.signals) == (Hours(8, 21), frozenset())
    assert [Hours(8, 21).allow(hour) for hour in (7, 8, 20, 21)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("place", "channel", "purpose", "needed", "ground"),
    [
        ("DE", _EMAIL, "marketing", Needed.EXPRESS, "policy.german"),
        ("FR", _EMAIL, "marketing", Needed.IMPLIED, "eu.mail"),
        ("JP", _EMAIL, "marketing", Needed.OPT_OUT, "policy.japan"),
        ("JP", _PHONE, "marketing", Needed.PROHIBITED, "policy.calls"),
        ("DE", _PHONE, "service", Needed.IMPLIED, "policy.service"),
        ("DE", _EMAIL, "undeclared", Needed.EXPRESS, "policy.german"),
        (None, _EMAIL, "marketing", Needed.EXPRESS, "policy.german"),
        ("DE", Channel.POST, "narrow", Needed.PROHIBITED, "policy.purposes.narrow"),
    ],
)
def test_requirements_of_ones_own(
    place: str | None, channel: Channel, purpose: str, needed: Needed, ground: str
) -> None:
    limits = Limits(
        purposes=(*Limits().purposes, Purpose("narrow", PurposeKind.SERVICE, channels=frozenset({_EMAIL}))),
        consent=(
            ConsentRule("german", Needed.EXPRESS, "", frozenset({_EMAIL}), places=frozenset({"DE"})),
            ConsentRule("japan", Needed.OPT_OUT, "", frozenset({_EMAIL}), places=frozenset({"JP"})),
            ConsentRule("calls", Needed.PROHIBITED, "", frozenset({_PHONE}), frozenset({"marketing"})),
            ConsentRule("service", Needed.IMPLIED, "", purposes=frozenset({"service"}), implied_days={"contract": 9}),
        ),
    )
    found = requirement(limits, (_EU,), place, channel, purpose, _DAY)
    assert (found.needed, found.because[0].id) == (needed, ground)


@pytest.mark.parametrize(
    ("day", "needed"),
    [
        (date(2026, 12, 31), Needed.OPT_OUT),
        (date(2027, 1, 1), Needed.EXPRESS),
        (date(2027, 6, 30), Needed.EXPRESS),
        (date(2027, 7, 1), Needed.OPT_OUT),
    ],
)
def test_a_rule_holds_from_its_first_day_until_before_its_last(day: date, needed: Needed) -> None:
    law = LawRule("x", "", date(2027, 1, 1), frozenset({"DE"}), "", "", date(2027, 7, 1), needed=Needed.EXPRESS)
    assert requirement(Limits(), (pack("p", law),), "DE", _EMAIL, "marketing", day).needed is needed


@pytest.mark.parametrize(
    ("text", "place"),
    [("de", "DE"), (" US_ca ", "US-CA"), ("uk", "GB"), ("EL", "GR"), ("Germany", None), ("", None), (None, None)],
)
def test_places(text: str | None, place: str | None) -> None:
    assert place_of(text) == place


# ── what is enough ───────────────────────────────────────────────────────────────────────────────

_CASL = {"purchase": 730, "negotiation": None}
_JUNE = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("needed", "told", "basis", "since", "answer"),
    [
        (Needed.OPT_OUT, "unknown", "", None, Answer.YES),
        (Needed.OPT_OUT, "expired", "", None, Answer.YES),
        (Needed.OPT_OUT, "granted", EXPRESS, None, Answer.YES),
        (Needed.OPT_OUT, "opted-out", "", None, Answer.NO),
        (Needed.OPT_OUT, "objected", EXPRESS, _JUNE, Answer.NO),
        (Needed.OPT_OUT, "barred", "", None, Answer.NO),
        (Needed.OPT_OUT, "what?", "", None, Answer.UNKNOWN),
        (Needed.IMPLIED, "unknown", "", None, Answer.UNKNOWN),
        (Needed.IMPLIED, "expired", EXPRESS, _JUNE, Answer.NO),
        (Needed.IMPLIED, "granted", EXPRESS, None, Answer.YES),
        (Needed.IMPLIED, "granted", "purchase", _JUNE, Answer.YES),
        (Needed.IMPLIED, "granted", "purchase", date(2024, 5, 31), Answer.NO),
        (Needed.IMPLIED, "granted", "purchase", date(2026, 6, 1), Answer.NO),
        (Needed.IMPLIED, "granted", "purchase", None, Answer.UNKNOWN),
        (Needed.IMPLIED, "granted", "negotiation", None, Answer.YES),
        (Needed.IMPLIED, "granted", "inquiry", _JUNE, Answer.NO),
        (Needed.IMPLIED, "granted", "", _JUNE, Answer.NO),
        (Needed.EXPRESS, "granted", EXPRESS, None, Answer.YES),
        (Needed.EXPRESS, "granted", "purchase", _JUNE, Answer.NO),
        (Needed.EXPRESS, "unknown", "", None, Answer.UNKNOWN),
        (Needed.PROHIBITED, "granted", EXPRESS, _JUNE, Answer.NO),
        (Needed.PROHIBITED, "unknown", "", None, Answer.NO),
    ],
)
def test_what_is_enough(needed: Needed, told: str, basis: str, since: date | None, answer: Answer) -> None:
    asked = Requirement(needed, (), _CASL if needed is Needed.IMPLIED else {})
    assert suffices(asked, told, basis, since, date(2026, 5, 31)) is answer


# ── laws of the law ──────────────────────────────────────────────────────────────────────────────

_PLACES = ("DE", "FR", "US", "US-CA", "CA", "JP")
_BASES = ("purchase", "inquiry", "negotiation")
_days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def _rules(draw: st.DrawFn, number: int) -> LawRule:
    needed = draw(st.none() | st.sampled_from(Needed))
    start = draw(_days)
    return LawRule(
        f"r{number}",
        "",
        start,
        draw(st.frozensets(st.sampled_from(_PLACES), min_size=1)),
        "",
        "",
        until=draw(st.none() | _days.filter(lambda day: day > start)) if start < date(2027, 12, 31) else None,
        channels=draw(st.frozensets(st.sampled_from(Channel), max_size=2)),
        purposes=draw(st.frozensets(st.sampled_from(PurposeKind), max_size=2)),
        needed=needed,
        implied_days=draw(st.dictionaries(st.sampled_from(_BASES), st.none() | st.integers(1, 900), min_size=1))
        if needed is Needed.IMPLIED
        else {},
        signals=draw(st.frozensets(st.just("gpc"))),
    )


@st.composite
def _packs(draw: st.DrawFn) -> list[LawPack]:
    sizes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    return [pack(f"p{i}", *(draw(_rules(n)) for n in range(size))) for i, size in enumerate(sizes)]


_ASKS = st.tuples(
    st.sampled_from([None, *_PLACES]), st.sampled_from(Channel), st.sampled_from(["marketing", "service", "?"]), _days
)
_TOLD = st.tuples(st.sampled_from(Told), st.sampled_from(["", EXPRESS, *_BASES]), st.none() | _days)


def _covered(packs: list[LawPack], place: str | None) -> bool:
    return place is None or any(each.split("-")[0] == place.split("-")[0] for law in packs for each in law.covers)


@settings(max_examples=50)
@given(_packs(), _ASKS, _TOLD)
def test_one_more_pack_never_lowers_what_is_needed(
    packs: list[LawPack],
    ask: tuple[str | None, Channel, str, date],
    told: tuple[Told, str, date | None],
) -> None:
    """Only where no pack said anything so far, and all were applied instead, may the first that does ask for less."""
    place, channel, purpose, on = ask
    fewer = requirement(Limits(), packs[:-1], place, channel, purpose, on)
    more = requirement(Limits(), packs, place, channel, purpose, on)
    if _covered(packs[:-1], place) or not _covered(packs, place):
        assert more.needed >= fewer.needed
        assert more.signals >= fewer.signals
        if suffices(more, *told, on) is Answer.YES:
            assert suffices(fewer, *told, on) is Answer.YES


@settings(max_examples=50)
@given(_packs(), _ASKS, _TOLD)
def test_a_place_or_purpose_nobody_knows_is_as_strict_as_any(
    packs: list[LawPack],
    ask: tuple[str | None, Channel, str, date],
    told: tuple[Told, str, date | None],
) -> None:
    place, channel, purpose, on = ask
    known = requirement(Limits(), packs, place, channel, purpose, on)
    for unknown in (
        requirement(Limits(), packs, None, channel, purpose, on),
        requirement(Limits(), packs, place, channel, None, on),
    ):
        assert unknown.needed >= known.needed
        assert unknown.signals >= known.signals
        if suffices(unknown, *told, on) is Answer.YES:
            assert suffices(known, *told, on) is Answer.YES


@settings(max_examples=25)
@given(_packs(), _ASKS)
def test_naming_a_pack_twice_or_in_another_order_changes_nothing(
    packs: list[LawPack], ask: tuple[str | None, Channel, str, date]
) -> None:
    place, channel, purpose, on = ask
    once = requirement(Limits(), packs, place, channel, purpose, on)
    assert requirement(Limits(), [*packs, *packs], place, channel, purpose, on) == once
    turned = requirement(Limits(), packs[::-1], place, channel, purpose, on)
    assert (turned.needed, turned.implied_days, turned.signals) == (once.needed, once.implied_days, once.signals)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("de", "DE"),
        (" us_ca ", "US-CA"),
        ("UK", "GB"),
        ("uk-eng", "GB-ENG"),
        ("EL", "GR"),
        ("CA-QC", "CA-QC"),
        ("DE-BY", "DE-BY"),
        ("DE-XYZ", "DE-XYZ"),  # parts of countries that have no laws of their own here are not looked at
        ("EU", None),
        ("XX", None),
        ("US-ZZ", None),
        ("CA-12", None),
        ("USA", None),
        ("D", None),
        ("ＤＥ", None),
        ("", None),
        (None, None),
    ],
)
def test_codes_of_places(text: str | None, place: str | None) -> None:
    assert place_of(text) == place


@pytest.mark.parametrize("place", ["EU", "XX", "nowhere", "", None])
def test_a_place_that_is_none_is_held_to_all_laws(place: str | None) -> None:
    no = LawRule("no", "", date(2020, 1, 1), frozenset({"FR"}), "", "", needed=Needed.PROHIBITED)
    packs = (LawPack("a", "", date(2020, 1, 1), (no,)),)
    found = requirement(Limits(packs=("a",)), packs, place, Channel.EMAIL, "marketing", date(2026, 1, 1))
    assert found.needed is Needed.PROHIBITED


def test_rules_of_two_packs_and_of_ones_own_that_contradict_each_other() -> None:
    """The strictest holds whatever the order, and is the only one that is named."""
    each = [
        LawRule("r", "", date(2020, 1, 1), frozenset({"DE"}), str(needed), "", needed=needed,
                implied_days={"purchase": 9} if needed is Needed.IMPLIED else {})
        for needed in (Needed.PROHIBITED, Needed.OPT_OUT, Needed.IMPLIED, Needed.EXPRESS)
    ]  # fmt: skip
    packs = tuple(LawPack(f"p{at}", "", date(2020, 1, 1), (rule,)) for at, rule in enumerate(each))
    own = ConsentRule("own", Needed.OPT_OUT, "anything goes", places=frozenset({"DE"}))
    limits = Limits(consent=(own,))
    for order in (packs, packs[::-1]):
        found = requirement(limits, order, "DE", Channel.EMAIL, "marketing", date(2026, 1, 1))
        assert (found.needed, [because.id for because in found.because]) == (Needed.PROHIBITED, ["p0.r"])
