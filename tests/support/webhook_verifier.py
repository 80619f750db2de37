"""Verifies a Standard Webhooks signature by hand, to have a second opinion on what the library signs."""

import base64
import hashlib
import hmac

TOLERANCE_SECONDS = 300


def verified(headers, body: bytes, secret: str, *, now) -> bool:
    moment = headers["webhook-timestamp"]
    if abs(now.timestamp() - int(moment)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret[len("whsec_") :], validate=True)
    signed = b".".join([headers["webhook-id"].encode(), moment.encode(), body])
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return any(hmac.compare_digest(f"v1,{expected}", each) for each in headers["webhook-signature"].split(" "))
