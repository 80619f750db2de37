"""What leads tell about contact is recorded with their decisions, and costs those that tell nothing nothing."""

from dataclasses import replace
from datetime import timedelta

from tests.support.screening import NOW, Desk, a_lead
from winnow.adapters.db import turn
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.log import Journal
from winnow.core.govern.consent import Capture, State, fold
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Limits, Wording
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import told_by
from winnow.ports import Submitted
from winnow.ports.consent import Address

LIMITS = Limits(wordings=(Wording("news", frozenset({Channel.EMAIL, Channel.ADS}), "marketing", "May we?"),))
YES = {"consent_given": True, "consent_wording": "news", "occurred_at": NOW - timedelta(hours=1)}


def submitted(desk, *leads):
    assessed = desk.submitted(*leads).leads
    return Submitted([replace(each, told=told_by(each.lead, None, LIMITS, believed=True)) for each in assessed])


def state(ledger, number, channel=Channel.EMAIL):
    subject = ledger.subject(Address(AddressKind.EMAIL, f"person{number}@bluebird.example"))
    return fold(ledger.events_of([subject]).get(subject, ()), channel, "marketing", NOW).state


def test_leads_are_recorded_with_what_they_tell(store, vault):
    desk, ledger = Desk(store, vault), StoredConsent(store, vault, Journal(vault))
    leads = [a_lead(1, **YES), a_lead(2), a_lead(3, consent_given=False), a_lead(4, gpc=True, **YES)]
    group = submitted(desk, *leads)

    (recorded,) = desk.record(group)

    # The log holds each decision, and behind it what its lead tells: two yeses, nothing, a no, two yeses and a no.
    assert [each.id for each in recorded] == [0, 3, 4, 6]
    assert [state(ledger, number) for number in (1, 2, 3, 4)] == [
        State.GRANTED,
        State.UNKNOWN,
        State.OPTED_OUT,
        State.GRANTED,
    ]
    assert state(ledger, 4, Channel.ADS) is State.OPTED_OUT
    subject = ledger.subject(Address(AddressKind.EMAIL, "person4@bluebird.example"))
    assert [(event.number, event.how) for event in ledger.history(subject)] == [
        (7, Capture.FORM),
        (8, Capture.FORM),
        (9, Capture.SIGNAL),
    ]

    (again,) = desk.record(group)
    assert all(each.again for each in again)
    assert ledger.count() == 6


def test_many_leads_at_once_and_a_lead_of_somebody_linked(store, vault):
    desk, ledger = Desk(store, vault), StoredConsent(store, vault, Journal(vault))
    one, other = (Address(AddressKind.EMAIL, f"person{number}@bluebird.example") for number in (1, 99))
    ledger.merge((one, other), "one account", "us_1", NOW)
    desk.record(submitted(desk, *[a_lead(number, consent_given=False) for number in range(1, 25)]))
    assert [state(ledger, number) for number in (1, 24, 99, 98)] == [
        State.OPTED_OUT,
        State.OPTED_OUT,
        State.OPTED_OUT,
        State.UNKNOWN,
    ]


def test_leads_that_tell_nothing_ask_nothing_of_the_ledger(store, vault, monkeypatch):
    asked = []
    monkeypatch.setattr(turn, "ConsentRows", lambda *parts: asked.append(parts))
    desk = Desk(store, vault)
    desk.record(desk.submitted(a_lead(1), a_lead(2, **YES)))
    assert asked == []
