"""The settings of mail and of the OpenID provider, and what is wrong with them."""

import pytest

from winnow.adapters.mail.server import Security
from winnow.bootstrap.mailing import hour_of, mail_server, pages_of
from winnow.bootstrap.oidc import make_oidc
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.errors import InvalidInputError

MAIL = {"mail.server": "mx.example", "mail.from": "w@x.example", "mail.address_of_pages": "https://w.example/"}
OIDC = {"oidc.issuer": "https://login.example", "oidc.client_id": "winnow"}


def test_without_a_server_there_is_no_mail():
    assert mail_server(load()) is None
    assert mail_server(load(flags={"mail.from": "w@x.example"})) is None


def test_a_server_is_read_and_its_password_shown_to_nobody():
    server = mail_server(load(flags={**MAIL, "mail.user": "w", "mail.password": "needle"}))
    assert (server.host, server.port, server.security) == ("mx.example", 587, Security.STARTTLS)
    assert (server.sender, server.user, server.password) == ("w@x.example", "w", "needle")
    assert "needle" not in repr(server)
    assert pages_of(load(flags=MAIL)) == "https://w.example"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mail.from", "nobody"),
        ("mail.from", " "),
        ("mail.address_of_pages", "winnow.example"),
        ("mail.address_of_pages", "ftp://w.example"),
        ("mail.address_of_pages", "https://u@w.example"),
        ("mail.address_of_pages", "https://w.example/?a"),
        ("mail.port", "0"),
        ("mail.security", "some"),
    ],
)
def test_settings_of_mail_that_do_not_fit_are_named(name, text):
    with pytest.raises(InvalidInputError) as caught:
        mail_server(load(flags={**MAIL, name: text}))
    assert name in str(caught.value.where)


def test_without_an_address_of_pages_letters_would_have_no_links():
    with pytest.raises(InvalidInputError, match="no links"):
        mail_server(load(flags={name: text for name, text in MAIL.items() if "pages" not in name}))


@pytest.mark.parametrize(("host", "good"), [("mx.example", False), ("localhost", True)])
def test_no_password_goes_through_a_network_in_the_clear(host, good):
    config = load(flags={**MAIL, "mail.server": host, "mail.security": "none", "mail.user": "w"})
    if good:
        assert mail_server(config)
    else:
        with pytest.raises(InvalidInputError, match="in the clear"):
            mail_server(config)


@pytest.mark.parametrize(("text", "hour"), [("0", 0), ("23", 23), ("7", 7), (" ", None)])
def test_the_hour_is_read(text, hour):
    assert hour_of(load(flags={"mail.digest_at": text})).at == hour


@pytest.mark.parametrize(
    ("name", "text"), [("mail.digest_at", "24"), ("mail.digest_at", "-1"), ("mail.time_zone", "Mars/X")]
)
def test_an_hour_that_is_none(name, text):
    with pytest.raises(InvalidInputError) as caught:
        hour_of(load(flags={name: text}))
    assert caught.value.where == name


@pytest.fixture
def oidc(tmp_path):
    def made(**more):
        named = {name.replace("__", "."): value for name, value in more.items()}
        service = open_service(load(flags={"data.folder": str(tmp_path), **OIDC, **named}))
        try:
            return make_oidc(service)
        finally:
            service.engine.dispose()

    return made


def test_a_provider_is_asked_over_tls(oidc):
    assert oidc()
    assert oidc(oidc__issuer="http://localhost:8080", oidc__allow_networks="127.0.0.0/8")
    assert oidc(oidc__roles_claim="groups", oidc__roles="it=admin", oidc__allow_new="yes")


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"oidc__issuer": "http://login.example"}, "oidc.issuer"),
        ({"oidc__issuer": "login.example"}, "oidc.issuer"),
        ({"oidc__issuer": "https://u@login.example"}, "oidc.issuer"),
        ({"oidc__issuer": "https://login.example:x"}, "oidc.issuer"),
        ({"oidc__client_id": " "}, "oidc.client_id"),
        ({"oidc__allow_new": "yes"}, "oidc.roles"),
        ({"oidc__roles_claim": "groups"}, "oidc.roles"),
        ({"oidc__roles_claim": "groups", "oidc__roles": "it=king"}, "roles"),
        ({"oidc__allow_networks": "x"}, "oidc.allow_networks"),
    ],
)
def test_settings_of_a_provider_that_do_not_fit_are_named(oidc, more, where):
    with pytest.raises(InvalidInputError) as caught:
        oidc(**more)
    assert caught.value.where == where
