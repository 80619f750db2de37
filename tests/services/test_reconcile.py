"""Reports of what a CRM did against what was permitted: every workaround is found, and nobody's address is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.govern.consent import Act, Capture, ConsentEvent
from winnow.core.govern.identity import AddressKind, email_identity
from winnow.core.govern.limits import Limits
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address
from winnow.core.govern.workaround import Permitted
from winnow.services.reconcile import ReconcileDesk, Sight

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Store:
    """Ana was permitted marketing by mail at NOW for an hour."""

    def __init__(self):
        self.asked = []

    def permitted(self, subjects, since, until):
        self.asked.append((since, until))
        ana = Permitted("pm_1-0", NOW, NOW + HOUR, Channel.EMAIL, "marketing")
        return {each: [ana] for each in subjects if each == hash("ana@north.example")}


class Ledger:
    """Bo opted out of marketing by mail an hour before NOW."""

    def events_of(self, subjects):
        said = (None, None, None, "us_1", Capture.LINK, NOW - HOUR, NOW - HOUR)
        bo = ConsentEvent(1, hash("bo@north.example"), Act.OPT_OUT, Channel.EMAIL, "marketing", *said)
        return {each: [bo] for each in subjects if each == bo.subject}


def desk():
    address = lambda text: Address(AddressKind.EMAIL, email_identity(text)) if "@" in text else None  # noqa: E731
    return ReconcileDesk(Store(), Ledger(), address, lambda address: hash(address.text), Limits)


def row(who="ana@north.example", when="2026-11-22T12:30:00+00:00", **more):
    return {"email": who, "sent_at": when, "channel": "E-Mail", "purpose": "marketing", "user": "us_7"} | more


def test_who_went_past_the_gate_is_told_with_when_and_by_whom():
    rows = [
        (2, row()),
        (3, row("Bo@north.example")),
        (4, row(when="2026-11-22T15:30:00+02:00")),
        (5, row(when="2026-11-23T09:00:00+00:00", user="us_8")),
        (6, row(channel="call")),
        (7, row(purpose="")),
    ]
    found = desk().reconcile(rows).document
    assert (found["contacts"], found["permitted"], found["without_permit"]) == (6, 2, 4)
    assert [(each["line"], each["lack"]) for each in found["workarounds"]] == [
        (3, "never"),
        (4, "late"),
        (5, "late"),
        (6, "channel"),
    ]
    assert found["by_user"] == {"us_7": 3, "us_8": 1}
    assert found["by_column"] == {"user": 6}
    assert [(each["by"], each["contacts"], each["without_permit"], each["after_a_no"]) for each in found["users"]] == [
        ("us_7", 5, 3, 1),
        ("us_8", 1, 1, 0),
    ]
    assert found["after_a_no"] == 1
    assert found["by_channel"] == {"email": 3, "phone": 1}
    assert found["by_day"] == {"2026-11-22": 3, "2026-11-23": 1}
    assert "north.example" not in json.dumps(found)


@pytest.mark.parametrize(
    ("sight", "no", "who"),
    [
        (Sight(), None, None),
        (Sight(addresses=True), None, "Bo@north.example"),
        (Sight(noes=True), "the person opted out on 2026-11-22 with one click", None),
    ],
)
def test_whom_it_went_to_and_what_they_had_said_is_for_eyes_that_may_see_it(sight, no, who):
    (found,) = desk().reconcile([(2, row("Bo@north.example"))], sight=sight).document["workarounds"]
    assert found.get("who") == who
    assert ("no" in found) is sight.noes
    assert (no or "no permit was ever given") in found["because"]
    assert ("opted out" in found["because"]) is sight.noes


@pytest.mark.parametrize(
    ("more", "by", "expected", "column"),
    [
        ({}, "", "us_7", "user"),
        ({"sent_via": "Blaster"}, "Sent via", "Blaster", "sent_via"),
        ({}, "sent via", "", ""),
        ({"user": "", "hubspot_owner_id": 471}, "", "471", "hubspot_owner_id"),
    ],
)
def test_who_did_it_is_in_the_column_that_says_so(more, by, expected, column):
    found = desk().reconcile([(2, row("bo@north.example", **more))], by=by)
    assert (dict(found.by_user), dict(found.by_column)) == ({expected: 1}, {column: 1})


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"sent_at": "2026-11-22 12:30"}, "when, with a time zone"),
        ({"sent_at": "yesterday"}, "when, with a time zone"),
        ({"sent_at": None}, "when, with a time zone"),
        ({"email": " "}, "who was contacted"),
        ({"email": "nobody"}, "who was contacted"),
        ({"channel": "pigeon"}, "`pigeon` is no channel"),
        ({"channel": ""}, "through which channel"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_not_taken_for_covered(wrong, what):
    found = desk().reconcile([(2, row() | wrong)])
    assert (found.contacts, found.unread) == (0, 1)
    assert what in found.unreadable[0][1]


def test_a_channel_that_is_not_named_is_the_usual_one():
    found = desk().reconcile([(2, row(channel=""))], Channel.EMAIL)
    assert (found.contacts, found.workarounds) == (1, 0)


def test_a_report_of_any_length_is_looked_up_in_parts_and_lists_no_more_than_can_be_read(monkeypatch):
    monkeypatch.setattr("winnow.services.reconcile.desk.AT_ONCE", 10)
    monkeypatch.setattr("winnow.services.reconcile.report.MOST_LISTED", 5)
    monkeypatch.setattr("winnow.services.reconcile.report.MOST_USERS", 3)
    asks = desk()
    found = asks.reconcile((at, row("bo@north.example", user=f"us_{at % 7}")) for at in range(25))
    assert (found.workarounds, len(found.found), len(asks._store.asked)) == (25, 5, 3)
    assert set(found.by_user) == {"us_0", "us_1", "us_2", "others"}
    assert found.by_user.total() == 25
