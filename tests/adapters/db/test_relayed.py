"""Mail that left, and permits it left under, on both databases: found again, in the log, and nobody's address in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent_rows import subject_of_address
from winnow.adapters.db.log import Journal
from winnow.adapters.db.mail_tables import relayed_mail
from winnow.adapters.db.permit_tables import contacts, permit_answers
from winnow.adapters.db.permits import PERIOD
from winnow.adapters.db.permitted import StoredPermitted
from winnow.adapters.db.relayed import StoredRelays
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address
from winnow.core.govern.workaround import Permitted
from winnow.ports.outgoing import Relayed, Sender

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

NOW = datetime(2026, 11, 22, 8, 30, 0, 125, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = Relayed(Sender("wk_1", "mailer", "marketing"), "pm_1-0", "Ana@North.example", b"d" * 32, NOW)


@pytest.fixture
def stored(store, vault):
    return StoredRelays(store, vault, Journal(vault))


def test_the_same_message_is_known_for_the_same_address_and_for_a_time(stored):
    assert not stored.left(ANA.address, ANA.message, NOW - HOUR)
    stored.add(ANA)
    stored.add(replace(ANA, address="bo@north.example", permit="pm_2-0"))
    assert stored.left(ANA.address, ANA.message, NOW - HOUR)
    assert not stored.left(ANA.address, ANA.message, NOW + HOUR)
    assert not stored.left(ANA.address, b"e" * 32, NOW - HOUR)
    assert not stored.left("cy@north.example", ANA.message, NOW - HOUR)
    assert not stored.left("ana@north.example", ANA.message, NOW - HOUR), "another mailbox to some servers"


def test_what_left_is_an_entry_of_the_log_without_anybodys_address(stored, store):
    stored.add(ANA)
    with reading(store) as connection:
        (row,) = connection.execute(select(relayed_mail)).all()
        (event,) = connection.execute(text("SELECT id, kind, actor, about FROM events")).all()
    assert tuple(event) == (row.id, "mail.relayed", "wk_1", "pm_1-0")
    assert (row.permit, row.system, row.purpose) == ("pm_1-0", "mailer", "marketing")
    assert "north" not in str(tuple(row))


def test_permits_and_mail_that_left_are_found_for_many_at_once(stored, store, vault):
    stored.add(ANA)
    subject = subject_of_address(vault, Address(AddressKind.EMAIL, "ana@north.example"))
    at = int(NOW.timestamp() * 1_000_000) + 125
    answer = {"id": 900, "answer": "pm_9", "at": at, "expires_at": at + 1, "actor": "wk_1", "system": "mailer"}
    answer |= {"action": "contact", "channel": "email", "purpose": "service", "policy": "", "once": False, "asked": 1}
    answer |= {"granted": 1, "subject": None, "record": b""}
    contact = {"period": at // PERIOD, "subject": subject, "answer": 900, "place": 3, "at": at}
    with store.begin() as connection:
        connection.execute(permit_answers.insert(), answer)
        connection.execute(contacts.insert(), contact | {"channel": "email", "purpose": "service"})
    found = dict(StoredPermitted(store).permitted([subject, 5, subject], NOW - 40 * 24 * HOUR, NOW + HOUR))
    assert [each.id for each in found.pop(subject)] == ["pm_9-3", "pm_1-0"]
    assert not found
    assert not StoredPermitted(store).permitted([subject], NOW + HOUR, NOW + 2 * HOUR)
    left = StoredPermitted(store).permitted([subject], NOW - HOUR, NOW + HOUR)[subject][1]
    assert left == Permitted("pm_1-0", NOW, None, Channel.EMAIL, "marketing")
