"""Signs what is sent, after the Standard Webhooks specification 1.0.0, "Webhook headers"."""

from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

USER_AGENT = "winnow-webhooks"


def signed_headers(secrets: Sequence[str], event: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of an attempt made `at` that moment, with one signature for each secret.

    During a rotation there are two, so that the receiver may know either secret. Raises ValueError when there is
    none to sign with.
    """
    if not secrets:
        raise ValueError("no secret of the webhook can be read")
    moment = at.astimezone(UTC)  # the library takes any other zone for UTC
    signatures = [Webhook(secret).sign(event, moment, body.decode()) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": event,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
