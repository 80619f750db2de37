"""Who may send mail through the gate, and for what."""

import pytest

from tests.support.mail_gate import BILLS, KEY, NOW, OUTREACH, TOKEN, FakeJudge, FakeRelays, Keys
from winnow.errors import InvalidInputError, NotAllowedError, NotAuthenticatedError
from winnow.services.mail_gate import MailGate, Use, uses_of


class Clock:
    def now(self):
        return NOW


@pytest.fixture
def gate():
    return MailGate(
        Keys(), [(KEY, OUTREACH), (KEY, BILLS), ("wk_OTHER", Use("x", "y"))], FakeJudge(), FakeRelays(), Clock()
    )


@pytest.mark.parametrize(
    ("user", "bound", "system", "purpose", "expected"),
    [
        (str(OUTREACH), OUTREACH, None, None, OUTREACH),
        (str(OUTREACH), OUTREACH, "outreach", "marketing", OUTREACH),
        (str(OUTREACH), OUTREACH, "billing", "service", None),
        (str(BILLS), BILLS, None, None, BILLS),
        (KEY, None, None, None, OUTREACH),
        (KEY, None, "billing", "service", BILLS),
        (KEY, None, "billing", None, None),
        (KEY, None, "x", "y", None),
    ],
)
def test_a_login_sends_what_it_is_set_up_for(gate, user, bound, system, purpose, expected):
    login = gate.login(user, TOKEN, "127.0.0.1")
    assert login.bound == bound
    if expected is None:
        with pytest.raises(InvalidInputError):
            gate.sender(login, system, purpose)
    else:
        sender = gate.sender(login, system, purpose)
        assert (sender.actor, sender.system, sender.purpose) == (KEY, *expected)


@pytest.mark.parametrize("user", ["x:y", "wk_OTHER", "", "outreach", "outreach:service"])
def test_a_login_for_something_else_is_refused(gate, user):
    with pytest.raises(NotAllowedError):
        gate.login(user, TOKEN, "")


@pytest.mark.parametrize("secret", ["", "wk_AB12", TOKEN + "x"])
def test_a_wrong_secret_is_refused(gate, secret):
    with pytest.raises(NotAuthenticatedError):
        gate.login(KEY, secret, "")


def test_a_token_is_not_shown(gate):
    assert "0123" not in repr(gate.login(KEY, TOKEN, ""))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ()),
        (["wk_1=a:b", " wk_1 = c : d "], (("wk_1", Use("a", "b")), ("wk_1", Use("c", "d")))),
        (["wk_1=a"], None),
        (["a:b"], None),
        (["=a:b"], None),
        (["wk_1=:b"], None),
    ],
)
def test_what_keys_may_be_used_for_is_read(texts, expected):
    if expected is None:
        with pytest.raises(InvalidInputError, match="here"):
            uses_of(texts, "here")
    else:
        assert uses_of(texts, "here") == expected
