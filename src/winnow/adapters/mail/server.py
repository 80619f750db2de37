"""Where letters are handed in: known without what hands them in, which only an installation with a server loads."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum

#: Seconds in which the server must have taken a letter, from the look-up of its name on.
SECONDS = 20.0


class Security(StrEnum):
    """How the connection to the server is kept from others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in.

    sender: the address they come from · tls: verifies certificates and host names
    """

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = SECONDS
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
