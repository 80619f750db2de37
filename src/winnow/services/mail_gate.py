"""The gate where mail leaves: who may log in and for what, what is answered for a recipient, and what left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, Protocol

from winnow.core.apikeys import ApiKey, Scope, Token, parse_token
from winnow.errors import InvalidInputError, NotAllowedError, NotAuthenticatedError
from winnow.ports import Clock
from winnow.ports.outgoing import Judge, Relayed, RelayStore, Ruling, Sender

#: For how long the same message is not sent to the same address again: as long as servers keep trying (RFC 5321
#: section 4.5.4.1).
REMEMBERED = timedelta(days=5)

_SHOWN = 60


class Use(NamedTuple):
    """What somebody may send mail for: a system of the register, and a purpose of the policy."""

    system: str
    purpose: str

    def __str__(self) -> str:
        return f"{self.system}:{self.purpose}"


class Recognised(Protocol):
    """What knows keys; see KeyRing."""

    def authenticate(self, token: Token | None, scope: Scope, ip: str | None) -> ApiKey:
        """The key of whoever asks; raises NotAuthenticatedError, NotAllowedError or UnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who logged in.

    uses: what their key may be used for · bound: the only one of it for this connection; None: each message says it
    ip: where they are; empty when that is not known
    """

    key: str
    uses: tuple[Use, ...]
    bound: Use | None
    ip: str
    token: Token = field(repr=False)


class MailGate:
    """Answers for a mail server. Everything may raise UnavailableError; then nothing may be sent."""

    def __init__(
        self, keys: Recognised, uses: Sequence[tuple[str, Use]], judge: Judge, relays: RelayStore, clock: Clock
    ) -> None:
        """`uses` are ids of keys, each with something it may be used for; the first of a key is its usual one."""
        self._keys = keys
        self._uses = tuple(uses)
        self._judge = judge
        self._relays = relays
        self._clock = clock

    def login(self, user: str, secret: str, ip: str) -> Login:
        """Who logs in; raises NotAuthenticatedError or NotAllowedError.

        user: id of the key, when each message says what it is for; else `system:purpose`, which then holds for all
        secret: the token of the key
        """
        token = parse_token(secret)
        key = self._keys.authenticate(token, Scope.PERMITS_WRITE, ip or None)
        if token is None:
            raise NotAuthenticatedError("no valid key was sent", fix="use the token of a key as the password")
        uses = tuple(use for known, use in self._uses if known == key.id)
        bound = next((use for use in uses if str(use) == user), None)
        if not uses or (bound is None and user != key.id):
            raise NotAllowedError(
                "the key is not set up for this", fix="name it in smtp_gate.logins, and log in as SYSTEM:PURPOSE"
            )
        return Login(key.id, uses, bound, ip, token)

    def recognise(self, login: Login) -> None:
        """Look whether whoever logged in may still; raises NotAuthenticatedError or NotAllowedError."""
        self._keys.authenticate(login.token, Scope.PERMITS_WRITE, login.ip or None)

    def sender(self, login: Login, system: str | None, purpose: str | None) -> Sender:
        """On whose behalf a message is, by what it says of itself; raises InvalidInputError for what is not allowed."""
        usual = login.bound or login.uses[0]
        said = Use(system or usual.system, purpose or usual.purpose)
        if said not in ((login.bound,) if login.bound else login.uses):
            raise InvalidInputError(
                f"this login may not send mail of system `{said.system[:_SHOWN]}` for `{said.purpose[:_SHOWN]}`",
                fix="log in for it, or leave the header out",
            )
        return Sender(login.key, said.system, said.purpose)

    def ask(self, sender: Sender, address: str, message: str = "") -> Ruling:
        """The answer about a recipient, recorded."""
        return self._judge.ask(sender, address, message)

    def still(self, sender: Sender, address: str) -> Ruling:
        """Whether what was permitted holds at this moment."""
        return self._judge.still(sender, address)

    def presented(self, sender: Sender, address: str, token: str, *, use: bool = False) -> Ruling:
        """What a permit from elsewhere is worth; `use`: this is the use of it."""
        return self._judge.presented(sender, address, token, use=use)

    def left_before(self, address: str, message: bytes) -> bool:
        """Whether the very same message left for this address in the last days."""
        return self._relays.left(address, message, self._clock.now() - REMEMBERED)

    def left(self, sender: Sender, permit: str, address: str, message: bytes) -> None:
        """Record that a message left."""
        self._relays.add(Relayed(sender, permit, address, message, self._clock.now()))


#: Makes the address that one click on "unsubscribe" is posted to, for a recipient and a purpose.
Link = Callable[[str, str], str | None]


def uses_of(texts: Sequence[str], where: str) -> tuple[tuple[str, Use], ...]:
    """Who may use what, from texts such as `wk_AB12=sdr-mailer:marketing`; raises InvalidInputError."""
    found = []
    for text in texts:
        key, _, use = text.partition("=")
        system, _, purpose = use.partition(":")
        if not (key.strip() and system.strip() and purpose.strip()):
            fix = "write it like wk_AB12=sdr-mailer:marketing: id of the key, system, purpose"
            raise InvalidInputError(f"`{text[:_SHOWN]}` says not who may send for what", where=where, fix=fix)
        found.append((key.strip(), Use(system.strip(), purpose.strip())))
    return tuple(found)
