"""Model cards as pages of ours: they bring styles along, which are allowed one by one."""

import re
from base64 import b64encode
from hashlib import sha256

from winnow.shells.web.view import POLICY

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def policy_of(text: str) -> str:
    """Our policy, but for the styles a card brings along: exactly these, known by their hashes; and no script."""
    digests = (sha256(style.encode()).digest() for style in _STYLE.findall(text))
    allowed = " ".join(f"'sha256-{b64encode(each).decode()}'" for each in digests)
    return POLICY.replace("style-src 'self'", f"style-src {allowed}").replace("script-src 'self'", "script-src 'none'")
