"""Settings of the gate for mail that do not fit are refused before anything listens, and what may be mended is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.enrolled import enrol
from tests.support.gatekeeping import MAILER
from tests.support.mail import MailHost, certificate
from tests.support.serving import free_port
from winnow.adapters.mail.server import Security
from winnow.bootstrap.service import open_service
from winnow.bootstrap.smtp_gate import make_smtp_gate, next_server, smtp_settings
from winnow.config import load
from winnow.core.govern.systems import Status
from winnow.core.govern.terms import Channel
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
    enrol(service, MAILER)
    enrol(service, replace(MAILER, id="paused", status=Status.SHADOW))
    enrol(service, replace(MAILER, id="caller", channels=frozenset({Channel.PHONE}), purposes=frozenset({"service"})))
    yield with_logins(service, f"{new_key(service)}=mailer:marketing")
    service.close()


def new_key(service, *scopes, **more):
    return service.key_desk.create("tool", [*scopes] or ["permits:write"], created_by="tests", **more).key.id


def with_logins(service, *logins, **more):
    """The service with other settings."""
    flags = GOOD | {"data.folder": str(service.folder), "smtp_gate.logins": ", ".join(logins)}
    return replace(service, config=load(flags=flags | more))


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
        ("smtp_gate.logins", "wk_nobody=mailer:marketing"),
        ("smtp_gate.logins", " , "),
        ("smtp_gate.server", " "),
        ("mail.address_of_pages", ""),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_by_name(service, monkeypatch, name, value):
    config = with_logins(service, service.config.text("smtp_gate.logins"), **{name: value}).config
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


# ── who could send ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("login", "what", "fix"),
    [
        ("wk_none=mailer:marketing", "there is no key `wk_none`", "winnow token create"),
        ("{good}=none:marketing", "the register of AI systems has no `none`", "winnow system add"),
        (
            "{good}=paused:marketing",
            "no login could send anything: `{good}=paused:marketing`: the system may",
            "paused",
        ),
        ("{reads}=mailer:marketing", "the key may not ask for permits", "--role ai-tool"),
    ],
)
def test_what_could_never_work_keeps_the_gate_from_beginning(service, login, what, fix):
    names = {"good": new_key(service), "reads": new_key(service, "log:read")}
    with pytest.raises(InvalidInputError) as refused:
        make_smtp_gate(with_logins(service, login.format(**names)))
    assert what.format(**names) in refused.value.what
    assert fix in str(refused.value.fix)
    assert refused.value.where == "smtp_gate.logins"


def test_what_may_be_mended_is_told_and_does_not_keep_the_others_from_sending(service):
    good, gone = new_key(service), new_key(service)
    late = new_key(service, expires_at=service.clock.now() + timedelta(hours=1))
    service.key_desk.revoke(gone, "tests")
    uses = [f"{good}=mailer:marketing", f"{gone}=mailer:marketing", f"{good}=paused:marketing"]
    uses += [f"{good}=mailer:undeclared", f"{good}=caller:service", f"{late}=mailer:service"]
    told = [doubt.what for doubt in make_smtp_gate(with_logins(service, *uses)).doubts]
    for name, words in (
        (uses[1], "the key was revoked"),
        (uses[2], "the system may not act"),
        (uses[3], "the system is not registered for `undeclared`"),
        (uses[3], "the policy lets no e-mail leave for `undeclared`"),
        (uses[4], "not registered to contact anybody by e-mail"),
    ):
        assert [each for each in told if each.startswith(f"`{name}`") and words in each], words
    assert len(told) == 5


# ── the server behind it ─────────────────────────────────────────────────────────────────────────


def doubted(service, port, **more):
    names = {"smtp_gate.server": "127.0.0.1", "smtp_gate.server_port": str(port), "smtp_gate.server_security": "none"}
    flags = names | {f"smtp_gate.{name}": value for name, value in more.items()}
    doubt = make_smtp_gate(with_logins(service, service.config.text("smtp_gate.logins"), **flags)).server_doubt()
    return doubt and (doubt.what, doubt.where)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # on this machine nobody listens
@pytest.mark.enable_socket
def test_a_server_that_takes_nothing_is_told_with_what_keeps_it_from_that(service, tmp_path):
    what, where = doubted(service, free_port())
    assert ("cannot be reached" in what, where) == (True, "smtp_gate.server")
    with MailHost() as host:
        assert doubted(service, host.port) is None
        what, where = doubted(service, host.port, server_security="starttls")
        assert ("no encryption with STARTTLS" in what, where) == (True, "smtp_gate.server_security")
    to_serve, _ = certificate(tmp_path)
    with MailHost(starttls=to_serve, require_starttls=True) as host:
        what, where = doubted(service, host.port, server_security="starttls")
        assert ("cannot be trusted" in what, where) == (True, "smtp_gate.server_security")
    with MailHost(password="right", auth_require_tls=False) as host:
        what, where = doubted(service, host.port, server_user="winnow", server_password="wrong")
        assert ("name and password" in what, where) == (True, "smtp_gate.server_user")
        assert "wrong" not in what


@pytest.mark.parametrize("name", ["certificate", "key"])
def test_a_file_of_the_encryption_that_cannot_be_read_is_told_by_its_own_setting(tmp_path, name):
    certificate(tmp_path)
    pem = str(tmp_path / "127.0.0.1.pem")
    flags = GOOD | {"smtp_gate.certificate": pem, "smtp_gate.key": pem, f"smtp_gate.{name}": str(tmp_path / "no.pem")}
    with pytest.raises(InvalidInputError, match=r"no\.pem` cannot be read") as refused:
        smtp_settings(load(flags=flags))
    assert refused.value.where == f"smtp_gate.{name}"
