"""The gate for mail as it is installed: its command, its settings, the real gate behind it, and a real server."""

import signal
import socket

import pytest

from tests.support.command import start, winnow
from tests.support.enrolled import enrol
from tests.support.gatekeeping import MAILER, agree, opt_out, recipient
from tests.support.mail import MailHost
from tests.support.mail_gate import Client
from tests.support.serving import free_port
from winnow.adapters.db.logged import LoggedEntries, Wanted
from winnow.bootstrap.service import open_service
from winnow.config import load

pytestmark = pytest.mark.enable_socket

MESSAGE = b"From: ai@bluebird.example\r\nSubject: hello\r\n\r\nShall we talk?\r\n"


@pytest.fixture
def service(tmp_path):
    service = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    yield service
    service.close()


def entries(service):
    return [each.kind for each in LoggedEntries(service.engine).page(Wanted(), None, 50).items]


def test_the_command_lets_through_whom_the_gate_permits_and_nobody_else(service):
    enrol(service, MAILER)
    key = service.key_desk.create("mailer", ["permits:write"], created_by="tests")
    agree(service, [recipient("ana@north.example"), recipient("bo@north.example")])
    opt_out(service, [recipient("bo@north.example")])
    port = free_port()
    with MailHost() as sink:
        settings = {
            "SMTP_GATE__PORT": port,
            "SMTP_GATE__LOGINS": f"{key.key.id}=mailer:marketing, {key.key.id}=mailer:service",
            "SMTP_GATE__SERVER": "127.0.0.1",
            "SMTP_GATE__SERVER_PORT": sink.port,
            "SMTP_GATE__SERVER_SECURITY": "none",
            "MAIL__ADDRESS_OF_PAGES": "https://winnow.example",
        }
        environment = {f"WINNOW_{name}": str(value) for name, value in settings.items()}
        with start("smtp-gate", "--data", service.folder, env=environment) as process:
            try:
                assert b"mail is taken on 127.0.0.1" in process.stderr.readline()
                with Client(port) as client:
                    assert client.log_in("mailer:marketing", key.token).startswith("235")
                    ana, bo, cy = client.begin("Ana@North.example", "bo@north.example", "cy@north.example")
                    assert ana.startswith("250")
                    assert "550 5.7.1" in bo
                    assert " pm_" in bo
                    assert "550 5.7.1" in cy
                    assert "nothing was ever recorded" in cy
                    assert client.data(MESSAGE).startswith("250")
            finally:
                process.send_signal(signal.SIGTERM)
                told = process.communicate(timeout=40)[1]
        assert process.returncode == 0, told
    assert sink.to == ["Ana@North.example"]
    assert sink.letters[0]["List-Unsubscribe"].startswith("<https://winnow.example/u/")
    assert entries(service)[:4] == ["mail.relayed", "permit.answered", "permit.answered", "permit.answered"]
    assert b"north.example" not in told


def test_a_port_that_is_taken_and_a_server_that_is_away_are_told_by_the_names_of_their_settings(service):
    enrol(service, MAILER)
    key = service.key_desk.create("mailer", ["permits:write"], created_by="tests").key.id
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        flags = {"SMTP_GATE__PORT": port, "SMTP_GATE__LOGINS": f"{key}=mailer:marketing"}
        flags |= {"SMTP_GATE__SERVER": "127.0.0.1", "SMTP_GATE__SERVER_PORT": free_port()}
        flags["MAIL__ADDRESS_OF_PAGES"] = "https://winnow.example"
        environment = {f"WINNOW_{name}": str(value) for name, value in flags.items()}
        found = winnow("smtp-gate", "--data", service.folder, env=environment)
    assert found.code != 0
    assert "warning: mail cannot be passed on: 127.0.0.1" in found.messages
    assert f"where: smtp_gate.host, smtp_gate.port (127.0.0.1:{port})" in found.messages
