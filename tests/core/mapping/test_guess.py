"""Guesses are right or not made, and say why."""

import pytest

from winnow.core.mapping import Guess, Take, guess
from winnow.core.mapping.synonyms import SYNONYMS, field_by_name, is_outcome_like, normalised


def guessed(**columns: object) -> Guess:
    """A guess from columns of values; a text stands for one value."""
    values = [[each] if isinstance(each, str) else list(each) for each in columns.values()]  # type: ignore[call-overload]  # a text or several
    return guess(list(columns), [list(row) for row in zip(*values, strict=True)])


def of(column: str, *values: str) -> Guess:
    return guess([column], [[value] for value in values])


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("E-Mail", "email"),
        ("e_mail_Address", "email address"),
        ("emailAddress", "email address"),
        ("Email Address ", "email address"),
        ("Prénom", "prenom"),
        ("utm_source", "utm source"),
        ("USER-AGENT", "user agent"),
        ("", ""),
    ],
)
def test_normalised(column, words):
    assert normalised(column) == words


TAKEN = [
    ("E-Mail", ("a@b.example", "c@d.example"), "emails", Take(("E-Mail",))),
    ("Email Address", ("a@b.example", ""), "emails", Take(("Email Address",))),
    ("correo", ("a@b.example",), "emails", Take(("correo",))),
    ("emails.0", ("a@b.example",), "emails", Take(("emails.0",))),
    ("Telefonnummer", ("+49 30 1234567",), "phones", Take(("Telefonnummer",))),
    ("Mobile", ("555-0100 ext 5",), "phones", Take(("Mobile",))),
    ("Vorname", ("Ana",), "first_name", Take(("Vorname",))),
    ("Surname", ("Kovač",), "last_name", Take(("Surname",))),
    ("Firma", ("Acme GmbH",), "company", Take(("Firma",))),
    ("comment", ("Hello there",), "message", Take(("comment",))),
    ("IP", ("203.0.113.7", "::1"), "ip", Take(("IP",))),
    ("User Agent", ("Mozilla/5.0",), "user_agent", Take(("User Agent",))),
    ("Country", ("India", "DE"), "country", Take(("Country",))),
    ("locale", ("en-US", "de"), "language", Take(("locale",))),
    ("tz", ("Europe/Berlin", "UTC"), "timezone", Take(("tz",))),
    ("web site", ("https://a.example/x", "b.example"), "website", Take(("web site",))),
    ("Lead Source", ("Google",), "source", Take(("Lead Source",))),
    ("dmarc", ("PASS", "none"), "dmarc", Take(("dmarc",))),
    ("honeypot", ("0", "no"), "form_honeypot", Take(("honeypot",))),
    ("form_fill_seconds", ("3.5",), "form_fill_seconds", Take(("form_fill_seconds",))),
    ("pasted fields", ("3",), "form_pasted_fields", Take(("pasted fields",))),
    ("utm_source", ("ads",), "utm.source", Take(("utm_source",))),
    ("utm.custom_thing", ("ads",), "utm.custom_thing", Take(("utm.custom_thing",))),
    ("custom.size", ("20",), "custom.size", Take(("custom.size",))),
    ("Prospect ID", ("a", "b"), "id", Take(("Prospect ID",))),
    ("created_at", ("2026-01-01T00:00:00Z", "2026-01-01"), "received_at", Take(("created_at",))),
    ("timestamp", ("1767225600",), "received_at", Take(("timestamp",), reading="unix-seconds")),
    ("timestamp", ("1767225600000",), "received_at", Take(("timestamp",), reading="unix-milliseconds")),
    ("date", ("2/24/2015 22:55", "3/1/2015 2:00"), "received_at", Take(("date",), format="%m/%d/%Y %H:%M")),
    ("date", ("20-10-2017", "01-02-2018"), "received_at", Take(("date",), format="%d-%m-%Y")),
    ("Datum", ("01.02.2026",), "received_at", Take(("Datum",), format="%d.%m.%Y")),
]


@pytest.mark.parametrize(("column", "values", "target", "take"), TAKEN)
def test_what_is_recognised(column, values, target, take):
    found = of(column, *values)
    assert dict(found.mapping.takes) == {target: take}
    assert [(pair.target, pair.column) for pair in found.pairs] == [(target, column)]
    assert found.pairs[0].why
    assert found.unused == ()


LEFT = [
    ("email", ("yes", "no"), "its name says emails, but 0 of 2 values look like e-mail addresses"),
    ("email", ("a@b.example", "none", "n/a"), "1 of 3 values"),
    ("email", ("", " "), "all its cells are empty so far"),
    ("phone", ("call me maybe",), "phone numbers"),
    ("ip", ("732758368.8",), 'IP addresses; if they are addresses written as numbers, say as = "ipv4-number" in a map'),
    ("ip", ("here",), "its name says ip, but 0 of 1 values are IP addresses"),
    ("id", ("a", "a"), "only 1 of 2 values differ"),
    ("date", ("01/02/2026",), "could be %m/%d/%Y or %d/%m/%Y; say which in a map"),
    ("date", ("next week",), "values such as `next week` are in no format known here"),
    ("date", ("1",), "in no format known here"),
    ("timestamp", ("1850-01-01",), "in no format known here"),
    ("country", ("north", "south"), "are countries"),
    ("message", ("123",), "are texts"),
    ("form_fill_seconds", ("-1", "x"), "are numbers"),
    ("source", ("x" * 600,), "are short texts"),
    ("name", ("a@b.example",), "look like names"),
    ("Email Opt Out", ("no",), "its name is not one of those known here"),
    ("company size", ("20",), "its name is not one of those known here"),
    ("", ("x",), "its name is not one of those known here"),
    ("items.0", ("x",), "its name is not one of those known here"),
    ("custom.Bad Name", ("x",), "its name is not one of those known here"),
    ("Converted", ("1",), "tells what became of the lead"),
    ("class", ("1",), "tells what became of the lead"),
    ("y", ("no",), "tells what became of the lead"),
    ("Lead Quality", ("High",), "tells what became of the lead"),
    ("custom.is_spam", ("1",), "tells what became of the lead"),
    ("leadStatus", ("open",), "tells what became of the lead"),
    ("won_date", ("2026-01-01",), "tells what became of the lead"),
]


@pytest.mark.parametrize(("column", "values", "why"), LEFT)
def test_what_is_left_alone(column, values, why):
    found = of(column, *values)
    assert dict(found.mapping.takes) == {}
    assert found.pairs == ()
    assert [each.column for each in found.unused] == [column]
    assert why in found.unused[0].why


def test_a_few_mistakes_of_people_do_not_hide_a_column():
    found = of("email", *["a@b.example"] * 19, "asdf")
    assert found.mapping.takes == {"emails": Take(("email",))}
    assert found.pairs[0].why == "19 of 20 values look like e-mail addresses"


def test_all_addresses_are_taken_in_order():
    found = guessed(email="a@b.example", work_email="c@d.example", company="Acme")
    assert found.mapping.takes["emails"] == Take(("email", "work_email"))
    assert [pair.column for pair in found.pairs] == ["email", "work_email", "company"]


def test_two_columns_for_one_field_are_both_left():
    found = guessed(created_at="2026-01-01", timestamp="2026-01-01")
    assert found.mapping.takes == {}
    assert [(each.column, each.why) for each in found.unused] == [
        ("created_at", "could be received_at, but so could `timestamp`; say which in a map"),
        ("timestamp", "could be received_at, but so could `created_at`; say which in a map"),
    ]


def test_the_fields_own_name_wins():
    found = guessed(firm="x", company="Acme", organisation="Acme Group")
    assert found.mapping.takes == {"company": Take(("company",))}
    assert [each.column for each in found.unused] == ["firm", "organisation"]
    assert "claimed by `company`" in found.unused[1].why


def test_no_rows_no_guess():
    found = guess(["email", "id"], [])
    assert found.mapping.takes == {}
    assert len(found.unused) == 2


def test_no_name_stands_for_two_fields_and_none_for_an_outcome():
    names = [name for target, others in SYNONYMS.items() for name in (normalised(target.replace(".", " ")), *others)]
    assert [name for name in names if name != normalised(name)] == []
    assert len(names) == len(set(names))
    assert [name for name in field_by_name() if is_outcome_like(name)] == []
