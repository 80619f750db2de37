"""The law packs that come with Winnow: every rule, on the day before it holds and on its first day."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from winnow.adapters.packs import law_packs, read_pack
from winnow.core.govern.allowed import inference_allowed
from winnow.core.govern.limits import SHIPPED_PACKS, Limits, Purpose, PurposeKind, Told
from winnow.core.govern.packs import EXPRESS, Hours, LawPack, LawRule, chosen
from winnow.core.govern.requirement import Requirement, requirement, suffices
from winnow.core.govern.risk import Trait
from winnow.core.govern.terms import Answer, Channel, Needed
from winnow.errors import InvalidInputError, InvalidRulesetError, WinnowError

PACKS = {pack.id: pack for pack in law_packs()}
RULES = {f"{pack.id}.{rule.id}": rule for pack in law_packs() for rule in pack.rules}
_LIMITS = Limits(purposes=(*Limits().purposes, Purpose("partner", PurposeKind.PARTNER)))
_NOW = date(2026, 11, 22)


def needs(place: str, channel: Channel, purpose: str) -> Callable[[str, date], Requirement]:
    """What a contact needs by one rule alone."""

    def asked(name: str, on: date) -> Requirement:
        home = PACKS[name.partition(".")[0]]
        alone = LawPack(home.id, home.title, home.as_of, (RULES[name],))
        return requirement(_LIMITS, (alone,), place, channel, purpose, on)

    return asked


EMAIL, SMS, PHONE, CHAT, ADS = Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.CHAT, Channel.ADS


@pytest.mark.parametrize(
    ("name", "first", "contact", "needed"),
    [
        ("eu.gdpr-21", date(2018, 5, 25), needs("DE", Channel.POST, "marketing"), Needed.OPT_OUT),
        ("eu.eprivacy-13-2", date(2003, 10, 31), needs("FR", EMAIL, "marketing"), Needed.IMPLIED),
        ("eu.eprivacy-13-1", date(2003, 10, 31), needs("IT", SMS, "partner"), Needed.EXPRESS),
        ("eu.eprivacy-13-calls", date(2003, 10, 31), needs("SE", PHONE, "marketing"), Needed.EXPRESS),
        ("uk.uk-gdpr-21", date(2021, 1, 1), needs("GB", ADS, "marketing"), Needed.OPT_OUT),
        ("uk.pecr-22-3", date(2003, 12, 11), needs("UK", EMAIL, "marketing"), Needed.IMPLIED),
        ("uk.pecr-22-2", date(2003, 12, 11), needs("GB", CHAT, "partner"), Needed.EXPRESS),
        ("uk.pecr-19", date(2003, 12, 11), needs("GB", PHONE, "marketing"), Needed.EXPRESS),
        ("canada.casl-10", date(2014, 7, 1), needs("CA", EMAIL, "marketing"), Needed.IMPLIED),
        ("canada.casl-6", date(2014, 7, 1), needs("CA-QC", SMS, "partner"), Needed.EXPRESS),
        ("canada.crtc-adad", date(2008, 9, 30), needs("CA", PHONE, "marketing"), Needed.EXPRESS),
        ("us-federal.can-spam", date(2004, 1, 1), needs("US", EMAIL, "marketing"), Needed.OPT_OUT),
        ("us-federal.can-spam-one-step", date(2008, 7, 7), needs("US", EMAIL, "partner"), Needed.OPT_OUT),
        ("us-federal.tcpa-consent", date(2013, 10, 16), needs("US-NY", SMS, "marketing"), Needed.EXPRESS),
        ("us-federal.tcpa-ai-voice", date(2024, 2, 8), needs("US", PHONE, "service"), Needed.EXPRESS),
        ("us-federal.tcpa-do-not-call", date(2003, 10, 1), needs("US", PHONE, "marketing"), Needed.OPT_OUT),
        ("california.ccpa-120", date(2023, 1, 1), needs("US-CA", ADS, "marketing"), Needed.OPT_OUT),
    ],
)
def test_consent(name: str, first: date, contact: Callable[[str, date], Requirement], needed: Needed) -> None:
    before, after = contact(name, first - timedelta(days=1)), contact(name, first)
    assert (before.needed, before.because[0].id) == (Needed.OPT_OUT, "default")
    assert (after.needed, after.because[0].id, after.because[0].article) == (needed, name, RULES[name].article)


@pytest.mark.parametrize(
    ("name", "first", "told"),
    [
        ("canada.casl-11", date(2014, 7, 1), lambda rule: rule.heed_days == 10),
        ("us-federal.tcpa-revocation", date(2025, 4, 11), lambda rule: rule.heed_days == 10),
        ("us-federal.tcpa-hours", date(1992, 12, 20), lambda rule: rule.hours == Hours(8, 21)),
        ("us-federal.tcpa-revoke-all", date(2027, 1, 31), lambda rule: rule.heed_days == 10),
        ("california.ccpa-7026", date(2023, 3, 29), lambda rule: rule.heed_days == 15 and rule.channels == {ADS}),
        ("california.ccpa-gpc", date(2023, 3, 29), lambda rule: rule.signals == {"gpc"} and rule.channels == {ADS}),
        ("california.bot-disclosure", date(2019, 7, 1), lambda rule: rule.systems == {"talks"}),
        ("california.ccpa-admt", date(2027, 1, 1), lambda rule: "credit" in rule.systems),
        ("eu.gdpr-7", date(2018, 5, 25), lambda rule: not rule.of_contact),
        ("eu.gdpr-22", date(2018, 5, 25), lambda rule: rule.systems == {"decides-alone"}),
        ("eu.ai-act-5-1-g", date(2025, 2, 2), lambda rule: rule.inputs == {"biometrics"}),
        ("eu.ai-act-50", date(2026, 8, 2), lambda rule: rule.systems == {"talks", "writes"}),
        ("eu.ai-act-50-2-older", date(2026, 12, 2), lambda rule: rule.systems == {"writes"}),
        ("uk.uk-gdpr-22", date(2021, 1, 1), lambda rule: rule.systems == {"decides-alone"}),
        ("uk.uk-gdpr-22a", date(2026, 2, 5), lambda rule: rule.systems == {"decides-alone"}),
        ("eu.ai-act-annex-iii", date(2027, 12, 2), lambda rule: "credit" in rule.systems),
        ("high-risk.ai-act-26", date(2027, 12, 2), lambda rule: "employment" in rule.systems),
        ("high-risk.ai-act-86", date(2026, 8, 2), lambda rule: {"employment", "biometrics"} <= rule.systems),
        ("high-risk.colorado-admt", date(2027, 1, 1), lambda rule: rule.places == {"US-CO"}),
    ],
)
def test_other_rules(name: str, first: date, told: Callable[[LawRule], bool]) -> None:
    rule = RULES[name]
    assert told(rule)
    assert [rule.holds_on(first - timedelta(days=1)), rule.holds_on(first)] == [False, True]
    assert rule.needed is None


def test_rules_that_ended() -> None:
    ended = {name: rule.until for name, rule in RULES.items() if rule.until is not None}
    assert ended == {"uk.uk-gdpr-22": date(2026, 2, 5)}
    for name, until in ended.items():
        assert [RULES[name].holds_on(until - timedelta(days=1)), RULES[name].holds_on(until)] == [True, False]


def test_every_rule_is_in_one_of_the_two_tables() -> None:
    tables = [test_consent, test_other_rules]
    named = [case[0] for each in tables for mark in each.pytestmark for case in mark.args[1]]  # type: ignore[attr-defined]
    assert sorted(named) == sorted(RULES)


def test_every_rule_says_where_it_stands() -> None:
    for name, rule in RULES.items():
        assert rule.source.startswith("https://"), name
        assert rule.text.endswith("."), name
        assert rule.systems <= {trait.value for trait in Trait}, name
        assert rule.infers <= Limits().inferences, name


@pytest.mark.parametrize(
    ("place", "basis", "days", "answer"),
    [
        ("DE", "purchase", 3000, Answer.YES),
        ("DE", "inquiry", 1, Answer.NO),
        ("GB", "negotiation", 3000, Answer.YES),
        ("CA", "purchase", 729, Answer.YES),
        ("CA", "purchase", 730, Answer.NO),
        ("CA", "inquiry", 180, Answer.YES),
        ("CA", "inquiry", 181, Answer.NO),
        ("US", "inquiry", 3000, Answer.YES),
        (None, "purchase", 729, Answer.YES),
        (None, "inquiry", 1, Answer.NO),
        ("JP", "purchase", 730, Answer.NO),
    ],
)
def test_how_long_a_relationship_is_taken_for_a_yes(place: str | None, basis: str, days: int, answer: Answer) -> None:
    packs = chosen(SHIPPED_PACKS, law_packs())
    asked = requirement(_LIMITS, packs, place, EMAIL, "marketing", _NOW)
    assert suffices(asked, Told.GRANTED, basis, _NOW - timedelta(days=days), _NOW) is answer
    assert suffices(asked, Told.GRANTED, EXPRESS, None, _NOW) is Answer.YES


@pytest.mark.parametrize(
    ("inputs", "on", "answer"),
    [
        ({"biometrics"}, date(2025, 2, 2), Answer.NO),
        ({"biometrics"}, date(2025, 2, 1), Answer.YES),
        ({"message"}, date(2025, 2, 2), Answer.YES),
    ],
)
def test_nobody_is_sorted_by_their_face(inputs: set[str], on: date, answer: Answer) -> None:
    lax = Limits(inferences=frozenset())
    assert inference_allowed(lax, "union membership", law_packs(), "DE", inputs, on).answer is answer


def test_the_packs_a_policy_has_if_it_names_none_are_there() -> None:
    assert [pack.id for pack in chosen(SHIPPED_PACKS, law_packs())] == list(SHIPPED_PACKS)
    assert set(PACKS) - set(SHIPPED_PACKS) == {"high-risk"}
    assert PACKS["high-risk"].covers == frozenset()
    assert law_packs() is law_packs()


def test_a_mistake_in_a_pack_has_its_line() -> None:
    text = 'title = "T"\nas_of = 2026-01-01\nplaces = ["DE"]\n[[rules]]\nid = "a"\nneeded = "much"\n'
    with pytest.raises(InvalidRulesetError, match=r"mine\.toml:4: rules\[0\]: `article` is missing"):
        read_pack(text, "mine.toml")


_OWN = """\
title = "Ours"
as_of = 2026-01-01
places = ["DE"]

[[rules]]
id = "a"
article = "§ 1"
effective = 2026-01-01
channels = ["post"]
needed = "express"
text = "A yes."
source = "our lawyers"

[[examples]]
channel = "post"
purpose = "marketing"
place = "DE"
on = 2026-01-01
needed = "express"
"""


def _kept(folder: Path, name: str, content: str | bytes) -> Path:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_packs_of_ones_own_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    folder = _kept(_kept(tmp_path, "ours.toml", _OWN), "notes.txt", "not a pack")
    found = law_packs(folder)
    assert found[:-1] == law_packs()
    used = chosen(["eu", "ours"], found)
    asked = requirement(_LIMITS, used, "DE", Channel.POST, "marketing", _NOW)
    assert (asked.needed, asked.because[0].id) == (Needed.EXPRESS, "ours.a")


@pytest.mark.parametrize(
    ("name", "content", "where", "said"),
    [
        ("ours.toml", "title = ]", "ours.toml:1:9", "not valid TOML"),
        ("ours.toml", _OWN.replace("post", "pots", 1), "ours.toml:9: rules[0].channels", "did you mean `post`?"),
        ("ours.toml", _OWN.replace('needed = "express"\ntext', 'needed = "opt-out"\ntext'), "ours.toml:14: examples[0]",
         "does not hold: it needs opt-out"),
        ("ours.toml", b"\xff\xfe", "ours.toml", "not a text in UTF-8"),
        ("eu.toml", _OWN, "eu.toml", "`eu` cannot be the name"),
        ("policy.toml", _OWN, "policy.toml", "cannot be the name"),
        ("Our Laws.toml", _OWN, "Our Laws.toml", "cannot be the name"),
        ("a.b.toml", _OWN, "a.b.toml", "cannot be the name"),
        ("ours.toml", "a" + ".a" * 300 + " = 1", "ours.toml:1", "more than 250 dots"),
    ],
)  # fmt: skip
def test_one_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, where: str, said: str
) -> None:
    with pytest.raises(WinnowError) as caught:
        law_packs(_kept(tmp_path, name, content))
    told = str(caught.value)
    assert f"{tmp_path}/{where}: " in told
    assert said in told
    assert caught.value.fix


def test_a_folder_or_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="the folder of law packs cannot be read"):
        law_packs(tmp_path / "none")
    (tmp_path / "ours.toml").mkdir()
    with pytest.raises(InvalidInputError, match="the law pack cannot be read"):
        law_packs(tmp_path)
