"""docs/verify_permit.py, which stands alone, agrees with Winnow about every permit."""

import importlib.util
import sys
from datetime import timedelta

import pytest

from tests.core.govern.test_permit import NOW, OTHER, SIGNER, token
from tests.support.project import ROOT
from winnow.core.govern.identity import PROVIDERS, email_identity, phone_identity

_spec = importlib.util.spec_from_file_location("verify_permit", ROOT / "docs" / "verify_permit.py")
assert _spec is not None and _spec.loader is not None  # noqa: PT018
verifier = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(verifier)

AT = (NOW + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(*arguments: str, text: str = "", at: str = AT, key: str = str(SIGNER.key)) -> int:
    return int(verifier.main([text or token(2), "--key", key, "--at", at, *arguments]))


def test_a_permit_holds_for_what_it_says(capsys):
    same = ("--channel", "email", "--purpose", "marketing", "--system", "mailer", "--action", "contact")
    assert run("--email", " Person2@Example.com", *same) == 0
    assert capsys.readouterr().out == "ok: mailer may contact for marketing until 2026-11-22T08:40:00Z\n"


@pytest.mark.parametrize("count", [1, 2, 3, 8, 9, 100])
def test_it_follows_every_proof(count):
    people = [f"email:{number}@example.com" for number in range(count)]
    for place in {0, count // 2, count - 1}:
        assert run("--email", f"{place}@example.com", text=token(place, people)) == 0
        assert run("--email", f"{place + 1}@example.com", text=token(place, people)) == 4


@pytest.mark.parametrize(
    "given",
    [
        {"at": "2026-11-22T08:29:59Z"},
        {"at": "2026-11-22T08:40:00Z"},
        {"text": token(signer=OTHER)},
        {"text": token(1, refused={1: ("consent",)})},
        {"text": token()[:-4]},
        {"text": "wpt_AAAA"},
        {"text": "nothing"},
        {"key": str(SIGNER.key)[:-2] + "A="},
        {"key": "x+y"},
    ],
)
def test_anything_else_does_not_hold(given, capsys):
    assert run(**given) == 4
    assert capsys.readouterr().err.startswith("REFUSED")


@pytest.mark.parametrize("word", ["--channel", "--purpose", "--system", "--action"])
def test_it_is_good_for_nothing_else(word):
    assert run(word, "other") == 4


def test_terms_of_a_later_time_are_not_guessed_at(monkeypatch, capsys):
    monkeypatch.setattr("winnow.core.govern.permit.VERSION", 2)
    assert run(text=token()) == 4
    assert "newer" in capsys.readouterr().err


def test_a_token_comes_through_a_pipe_too(monkeypatch):
    monkeypatch.setattr(sys, "stdin", type("Pipe", (), {"read": staticmethod(lambda: token() + "\n")}))
    assert run("--phone", "+49 30 1", text="-") == 4
    assert run(text="-") == 0


def test_it_knows_the_same_providers():
    assert {domain: (each.domain, each.ignored) for domain, each in PROVIDERS.items()} == verifier.PROVIDERS
    assert {each.tag for each in PROVIDERS.values()} == {"+"}


@pytest.mark.parametrize(
    "address",
    [
        "Ana@Bluebird.example",
        "a.n.a+news@gmail.com",
        "a.na@googlemail.com",
        "x_y-z+1@pm.me",
        "ana+1@outlook.com",
        "a+b@me.com",
    ],
)
def test_addresses_are_spelled_as_winnow_does(address):
    assert verifier.email(address) == f"email:{email_identity(address)}"
    assert verifier.phone("+49 (30) 123-456") == f"phone:{phone_identity('+49 30 123456')}"
