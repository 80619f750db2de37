"""`winnow user` makes, changes and ends accounts, reads passwords from stdin only and never prints one."""

import io
import json

import pytest

from winnow.core.people.passwords import SHORTEST
from winnow.errors import ConflictError, InvalidInputError, NotFoundError
from winnow.shells.cli.app import app

PASSWORD = "seven quiet lighthouses"


@pytest.fixture
def user(tmp_path, capsys, monkeypatch):
    """`user("create", …)`: what the command printed; with `stdin=` what it reads."""

    def run(*words, stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        app(["user", *words, "--data", str(tmp_path)], standalone_mode=False)
        return capsys.readouterr()

    return run


def document(printed):
    return json.loads(printed.out)


def test_an_account_with_a_password(user):
    printed = user("create", "ana@x.example", "--role", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert "active  ana@x.example  ana  (admin)" in printed.err
    assert PASSWORD not in printed.out + printed.err
    (person,) = document(user("list", "--json"))
    assert (person["email"], person["roles"], person["standing"]) == ("ana@x.example", ["admin"], "active")
    assert person["created_by"] == "command line"
    assert "ana@x.example" in user("list").out


def test_without_a_password_a_token_is_the_only_thing_on_stdout(user):
    printed = user("create", "bo@x.example", "--role", "rep", "--role", "reviewer", "--name", "Bo")
    assert len(printed.out.strip()) == 52
    assert "invited" in printed.err
    made = document(user("create", "cleo@x.example", "--role", "rep", "--json"))
    assert made["standing"] == "invited"
    assert len(made["token"]) == 52


def test_roles_disable_enable_reset(user):
    for name in ("ana", "bo"):
        user("create", f"{name}@x.example", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    assert document(user("roles", "BO@x.example", "--role", "rep", "--json"))["roles"] == ["rep"]
    assert document(user("disable", "bo@x.example", "--json"))["standing"] == "disabled"
    assert document(user("enable", "bo@x.example", "--json"))["standing"] == "active"
    assert len(document(user("reset", "bo@x.example", "--json"))["token"]) == 52
    again = user("reset", "bo@x.example", "--password-stdin", "--authenticator", stdin="nine loud trombones")
    assert "bo@x.example" in again.err
    with pytest.raises(ConflictError):
        user("disable", "ana@x.example")


@pytest.mark.parametrize(
    ("words", "stdin", "error"),
    [
        (["create", "ana", "--role", "admin"], "", InvalidInputError),
        (["create", "ana@x.example", "--role", "boss"], "", InvalidInputError),
        (["create", "ana@x.example", "--role", "ingest"], "", InvalidInputError),
        (["create", "ana@x.example", "--role", "admin", "--password-stdin"], "", InvalidInputError),
        (["create", "ana@x.example", "--role", "admin", "--password-stdin"], "x" * (SHORTEST - 1), InvalidInputError),
        (["disable", "nobody@x.example"], "", NotFoundError),
        (["reset", "nobody@x.example"], "", NotFoundError),
    ],
)
def test_what_cannot_be_done_is_said(user, words, stdin, error):
    with pytest.raises(error):
        user(*words, stdin=stdin)
    assert "nobody yet" in user("list").err


def test_the_mail_about_the_queue_is_turned_on_and_off(user):
    user("create", "rea@x.example", "--role", "reviewer", "--password-stdin", stdin=f"{PASSWORD}\n")
    user("create", "ana@x.example", "--role", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert "rea@x.example" in user("digest", "rea@x.example", "off").err
    assert "rea@x.example" in user("digest", "REA@x.example", "on").err
    with pytest.raises(ConflictError):
        user("digest", "ana@x.example", "on")
    with pytest.raises(InvalidInputError):
        user("digest", "rea@x.example", "maybe")
    with pytest.raises(NotFoundError):
        user("digest", "no@x.example", "on")
