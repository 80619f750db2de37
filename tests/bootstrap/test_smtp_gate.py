"""Settings of the gate for mail that do not fit are refused before anything listens."""

from dataclasses import replace

import pytest

from tests.support.mail import certificate
from winnow.adapters.mail.server import Security
from winnow.bootstrap.service import open_service
from winnow.bootstrap.smtp_gate import make_smtp_gate, next_server, smtp_settings
from winnow.config import load
from winnow.errors import InvalidInputError

GOOD = {
    "smtp_gate.logins": "wk_1=mailer:marketing",
    "smtp_gate.server": "mail.bluebird.example",
    "mail.address_of_pages": "https://winnow.example",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    service = open_service(load(flags={"data.folder": str(folder)} | GOOD))
    yield service
    service.close()


def test_what_is_not_said_is_as_is_safe():
    settings, server = smtp_settings(load(flags=GOOD)), next_server(load(flags=GOOD))
    assert (settings.host, settings.port, settings.tls, settings.keep) == ("127.0.0.1", 2525, None, False)
    assert (settings.most_bytes, settings.most_connections, settings.most_recipients) == (25_000_000, 50, 100)
    assert (server.host, server.port, server.security) == ("mail.bluebird.example", 587, Security.STARTTLS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_gate.name", "no name"),
        ("smtp_gate.name", "a\r\nb"),
        ("smtp_gate.certificate", "missing.pem"),
        ("smtp_gate.list_unsubscribe", "maybe"),
        ("smtp_gate.most_megabytes", "0"),
        ("smtp_gate.server_security", "perhaps"),
        ("smtp_gate.place", "Germany"),
        ("smtp_gate.logins", "wk_1"),
        ("smtp_gate.logins", " , "),
        ("smtp_gate.server", " "),
        ("mail.address_of_pages", ""),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_by_name(service, monkeypatch, name, value):
    config = load(flags=GOOD | {name: value})
    if not value:
        monkeypatch.setitem(config.values, name, config.values[name].__class__("", "flag"))
    with pytest.raises(InvalidInputError) as refused:
        make_smtp_gate(replace(service, config=config))
    assert name in str(refused.value)


def test_others_cannot_connect_where_nobody_could_log_in():
    with pytest.raises(InvalidInputError, match="under encryption only"):
        smtp_settings(load(flags=GOOD | {"smtp_gate.host": "0.0.0.0"}))


def test_a_password_is_not_sent_in_the_clear():
    flags = GOOD | {"smtp_gate.server_security": "none", "smtp_gate.server_user": "winnow"}
    with pytest.raises(InvalidInputError, match="in the clear"):
        next_server(load(flags=flags))
    assert next_server(load(flags=flags | {"smtp_gate.server": "127.0.0.1"})).user == "winnow"


def test_with_a_certificate_it_may_listen_to_others(tmp_path):
    certificate(tmp_path)
    flags = GOOD | {"smtp_gate.host": "0.0.0.0", "smtp_gate.certificate": str(tmp_path / "127.0.0.1.pem")}
    assert smtp_settings(load(flags=flags)).tls is not None


def test_mail_that_sells_has_a_link_and_mail_that_was_asked_for_has_none(service):
    parts = make_smtp_gate(service)
    assert parts.link("ana@north.example", "marketing").startswith("https://winnow.example/u/")
    assert parts.link("ana@north.example", "undeclared").startswith("https://winnow.example/u/")
    assert parts.link("ana@north.example", "service") is None
