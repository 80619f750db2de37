"""A real mail server on this machine that keeps what it is given, or refuses it as it is told to."""

import gc
import ssl
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.support.serving import free_port


class MailHost:
    """A server; `letters` are what it took, `to` the addresses they were for.

    on_rcpt, on_data: what it answers instead of taking it, or what happens then
    """

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, **more: Any
    ) -> None:
        self.letters: list[EmailMessage] = []
        self.to: list[str] = []
        self.secured: list[bool] = []
        self.on_rcpt: Callable[[str], str | None] = lambda _: None
        self.on_data: Callable[[], str | None] = lambda: None
        self.port, self._always, self._secures = free_port(), tls is not None, bool(tls or starttls)
        if "password" in more:
            expected = more.pop("password")
            more |= {"auth_required": True, "authenticator": _asking(expected)}
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ssl_context=tls, tls_context=starttls, ready_timeout=20, **more
        )

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        refusal = self.on_rcpt(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 ok"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        refusal = self.on_data()
        if refusal is None:
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
            self.to += envelope.rcpt_tos
            self.secured.append(self._always or session.ssl is not None)
        return refusal or "250 taken"

    def wait_for(self, count: int, patience: float = 20.0) -> list[EmailMessage]:
        until = time.monotonic() + patience
        while len(self.letters) < count:
            assert time.monotonic() < until, f"{len(self.letters)} letters came"
            time.sleep(0.02)
        return self.letters

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
        if not self._secures:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # of a connection it secured it forgets the bare one
            gc.collect()


def _asking(expected: str) -> Callable[..., AuthResult]:
    def ask(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == expected.encode(), handled=False)  # the server answers for it

    return ask


def certificate(folder: Path, host: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server needs to prove that it is the host, and a client to believe it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "t")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=path)
