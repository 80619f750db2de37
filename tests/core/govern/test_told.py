"""What a lead tells about contact by itself."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from winnow.core.govern.consent import EXPRESS, ONCE_CONFIRMED, Act, Capture
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Limits, Purpose, PurposeKind, Reach, Wording
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, says_something, told_by, wording_edition
from winnow.core.lead import Lead

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
NEWS = Wording("news", frozenset({Channel.EMAIL, Channel.SMS}), "marketing", "May we write to you?")
LETTERS = Wording("letters", frozenset({Channel.POST}), "marketing", "May we send you letters?")
PARTNERS = Purpose("partners", PurposeKind.PARTNER)
LIMITS = Limits(wordings=(NEWS, LETTERS))
MAIL = Address(AddressKind.EMAIL, "ana@bluebird.example")
PHONE = Address(AddressKind.PHONE, "+493012345678")


def lead(**fields) -> Lead:
    usual = {"emails": ("Ana@Bluebird.example", "second@bluebird.example"), "phones": ("030 12345678",)}
    return Lead("l1", occurred_at=AT, **{**usual, **fields})


def told(sent, *, e164="+493012345678", limits=LIMITS, believed=True):
    return told_by(sent, e164, limits, believed=believed)


def reach(events):
    return [(each.about.text, each.channel, each.purpose) for each in events]


def test_most_leads_tell_nothing():
    assert not says_something(lead())
    assert told(lead()) == ()


def test_a_yes_to_a_known_wording_is_for_the_first_address_of_each_channel():
    events = told(lead(consent_given=True, consent_wording="news"))
    assert reach(events) == [(MAIL.text, Channel.EMAIL, "marketing"), (PHONE.text, Channel.SMS, "marketing")]
    first = events[0]
    assert (first.act, first.how, first.basis, first.occurred_at) == (Act.GRANT, Capture.FORM, EXPRESS, AT)
    assert first.wording == wording_edition(NEWS) == f"news@{wording_edition(NEWS)[5:]}"


def test_a_yes_to_a_wording_that_asks_for_a_confirmation_counts_once_there_is_one():
    limits = Limits(wordings=(replace(NEWS, confirm=True),))
    events = told(lead(consent_given=True, consent_wording="news"), limits=limits)
    assert {each.basis for each in events} == {ONCE_CONFIRMED}


@pytest.mark.parametrize(("year", "known"), [(1, False), (1970, False), (1989, False), (1990, True), (2026, True)])
def test_a_no_of_a_time_that_cannot_be_true_is_one_of_no_known_time(year, known):
    at = AT.replace(year=year)
    events = told(replace(lead(consent_given=False), occurred_at=at))
    assert {each.occurred_at for each in events} == {at if known else None}


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"consent_wording": None}, {}),
        ({"consent_wording": "other"}, {}),
        ({"consent_wording": "news", "form_honeypot": True}, {}),
        ({"consent_wording": "news"}, {"believed": False}),
        ({"consent_wording": "news", "emails": (), "phones": ()}, {}),
    ],
)
def test_a_yes_that_is_none(fields, known):
    assert told(lead(consent_given=True, **fields), **known) == ()


@pytest.mark.parametrize(("emails", "expected"), [(("ana@bluebird.example",), MAIL.text), ((), PHONE.text)])
def test_letters_go_to_whoever_it_is(emails, expected):
    (event,) = told(lead(consent_given=True, consent_wording="letters", emails=emails))
    assert event.about.text == expected


def test_a_no_to_a_known_wording_is_for_its_channels_and_every_address():
    events = told(lead(consent_given=False, consent_wording="news"), believed=False)
    assert {each.act for each in events} == {Act.OPT_OUT}
    assert len(events) == 2 * 3
    assert {each.wording for each in events} == {wording_edition(NEWS)}


def test_a_no_to_words_nobody_knows_is_for_every_purpose_that_is_not_what_the_person_asked_for():
    sent = lead(consent_given=False, phones=(), consent_wording="Ana Kovač, born in 1980")
    events = told(sent, limits=Limits(purposes=(*Limits().purposes, PARTNERS)))
    assert {(channel, purpose) for _, channel, purpose in reach(events)} == {(None, "marketing"), (None, "partners")}
    assert {each.wording for each in events} == {None}


def test_a_browser_that_asks_not_to_be_sold_is_a_no_to_advertising():
    events = told(lead(gpc=True, phones=("030 12345678", "0049 30 87654321")), e164=None)
    assert {(each.how, each.channel, each.purpose) for each in events} == {(Capture.SIGNAL, Channel.ADS, None)}
    assert [each.about.text for each in events][2:] == ["03012345678", "+493087654321"]
    assert told(lead(gpc=False)) == ()


def test_a_policy_may_take_it_for_a_no_to_more_and_never_to_less():
    covered = Limits(gpc_covers=(Reach(Channel.EMAIL, "marketing"), Reach(Channel.SMS), Reach(Channel.ADS)))
    events = told_by(lead(gpc=True), None, covered, believed=False)
    assert {(each.act, each.how) for each in events} == {(Act.OPT_OUT, Capture.SIGNAL)}
    reaches = [(each.channel, each.purpose) for each in events]
    expected = [(Channel.ADS, None), (Channel.EMAIL, "marketing"), (Channel.SMS, None)]
    assert list(dict.fromkeys(reaches)) == expected
    assert len(reaches) == 3 * len({each.about for each in events})


def test_another_text_is_another_edition():
    assert wording_edition(NEWS) != wording_edition(Wording("news", NEWS.channels, "marketing", "May we call you?"))
