"""What speaks to a mail server: encrypted and logged in as the server asks for."""

import aiosmtplib

from winnow.adapters.mail.server import MailServer, Security


def client_of(server: MailServer, name: str | None = None) -> aiosmtplib.SMTP:
    """Not connected yet; `name` is what this machine says it is called, None: as it calls itself."""
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=name,
        username=server.user or None,
        password=server.password or None,
        timeout=server.seconds,
        use_tls=server.security is Security.TLS,
        start_tls=server.security is Security.STARTTLS,
        tls_context=server.tls,
    )
