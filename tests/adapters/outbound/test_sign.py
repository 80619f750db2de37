"""Signatures as the specification has them, checked by hand and not with the library that makes them."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.support.webhook_verifier import verified
from winnow.adapters.outbound.sign import signed_headers
from winnow.core.deliveries import rotated, valid_secrets, webhook_secret

NOW = datetime(2026, 11, 22, 8, 30, 59, 999_999, tzinfo=UTC)
OLD, NEW, OTHER = (webhook_secret(bytes([number]) * 32) for number in (1, 2, 3))
BODY = '{"data":{"case":1,"lead":2},"name":"Ünï"}'.encode()


def test_the_example_of_the_specification():
    """The secret, message and signature of the specification's own reference tests."""
    secret, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1_614_265_330, UTC)
    headers = signed_headers((secret,), "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"


@pytest.mark.parametrize(
    ("mine", "theirs", "fits"),
    [
        ((NEW,), NEW, True),
        ((NEW, OLD), NEW, True),
        ((NEW, OLD), OLD, True),
        ((NEW,), OLD, False),
        ((NEW, OLD), OTHER, False),
    ],
)
def test_who_knows_one_of_the_secrets_can_verify(mine, theirs, fits):
    headers = signed_headers(mine, "msg_1", NOW, BODY)
    assert len(headers["webhook-signature"].split(" ")) == len(mine)
    assert verified(headers, BODY, theirs, now=NOW) is fits
    assert not verified(headers, BODY + b" ", theirs, now=NOW)
    assert not verified({**headers, "webhook-id": "msg_2"}, BODY, theirs, now=NOW)
    later = str(int(headers["webhook-timestamp"]) + 1)
    assert not verified({**headers, "webhook-timestamp": later}, BODY, theirs, now=NOW)
    assert not verified(headers, BODY, theirs, now=NOW + timedelta(seconds=301))


def test_a_secret_that_was_rotated_out_signs_no_more():
    stored = rotated(OLD, NEW, NOW)
    for at, fits in ((NOW - timedelta(seconds=1), True), (NOW, False)):
        headers = signed_headers(valid_secrets(stored, at), "msg_1", at, BODY)
        assert verified(headers, BODY, OLD, now=at) is fits
        assert verified(headers, BODY, NEW, now=at)


def test_the_time_is_that_of_the_attempt_wherever_the_clock_stands():
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert signed_headers((NEW,), "msg_1", there, BODY) == signed_headers((NEW,), "msg_1", NOW, BODY)


def test_nothing_is_sent_unsigned():
    for secrets in ((), ("whsec_",), ("whsec_#",), ("whsec_" + base64.b64encode(b"").decode(),)):
        with pytest.raises(Exception, match=r"secret|base64|padding|Incorrect"):
            signed_headers(secrets, "msg_1", NOW, BODY)
