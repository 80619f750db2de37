"""The one door to reference data: what lists, tables and plans say about a single value.

Nothing here depends on other leads, the clock, the locale or the hash seed; each value is worked out
once and remembered within bounds. Tables are loaded when the first value of their kind arrives, so
that a file without telephone numbers never pays for numbering plans.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winnow.core.facts import EmailFacts, NetworkFacts, PhoneFacts
from winnow.core.ruleset import ReferenceSource

if TYPE_CHECKING:
    from winnow.adapters.facts.agents import Agents
    from winnow.adapters.facts.mail import Mail
    from winnow.adapters.facts.mmdb import Mmdb
    from winnow.adapters.facts.networks import Addresses
    from winnow.adapters.facts.phones import Phones


class Reference:
    """Answers about e-mail addresses, IP addresses, user agents and telephone numbers.

    mmdb: files to ask about IP addresses, the most trusted first; opened at once, so that a wrong path is known early
    extra_disposable, extra_relay, extra_free: domains to add, stronger than every shipped list
    extra_networks: networks in CIDR notation with their class (one of IP_CLASSES), for example a co-working
        space as `corporate`
    """

    def __init__(
        self,
        *,
        mmdb: Sequence[Path] = (),
        extra_disposable: Iterable[str] = (),
        extra_relay: Iterable[str] = (),
        extra_free: Iterable[str] = (),
        extra_networks: Mapping[str, str] | None = None,
    ) -> None:
        self._settings: dict[str, Any] = {
            "mmdb": tuple(mmdb),
            "extra_disposable": tuple(extra_disposable),
            "extra_relay": tuple(extra_relay),
            "extra_free": tuple(extra_free),
            "extra_networks": dict(extra_networks or {}),
        }
        if any(self._settings.values()):
            self._check()

    def __getstate__(self) -> dict[str, Any]:
        """Only the settings travel to another process; the tables are loaded anew there."""
        return self._settings

    def __setstate__(self, settings: dict[str, Any]) -> None:
        self._settings = settings

    def email(self, address: str) -> EmailFacts:
        """What is known about an e-mail address."""
        return self._mail.facts(address)

    def network(self, ip: str) -> NetworkFacts | None:
        """What is known about an IP address in text form; None when the text is none."""
        return self._addresses.facts(ip)

    def agent_class(self, user_agent: str) -> str | None:
        """One of AGENT_CLASSES; None when the user agent names no program known."""
        return self._agents.classify(user_agent)

    def phone(self, number: str, country: str | None) -> PhoneFacts | None:
        """What is known about a telephone number; None when nobody can tell which country's it is.

        country: ISO 3166-1 alpha-2 as stated, for numbers written without a calling code
        """
        return self._phones.facts(number, country)

    def sources(self) -> tuple[ReferenceSource, ...]:
        """Name, version and date of every list, always in the same order; loads all tables."""
        return (
            *self._mail.sources(),
            *self._addresses.sources(),
            *self._agents.sources(),
            *self._phones.sources(),
        )

    def _check(self) -> None:
        """Load what the user's own settings go into, so that a mistake there shows now."""
        if self._settings["mmdb"] or self._settings["extra_networks"]:
            _ = self._addresses
        if any(self._settings[name] for name in ("extra_disposable", "extra_relay", "extra_free")):
            _ = self._mail

    # The imports inside are what makes a table load late.

    @cached_property
    def _mail(self) -> "Mail":
        from winnow.adapters.facts.domains import Domains  # noqa: PLC0415  # loaded late, see above
        from winnow.adapters.facts.mail import Mail  # noqa: PLC0415  # loaded late, see above

        return Mail(
            Domains(
                disposable=self._settings["extra_disposable"],
                relay=self._settings["extra_relay"],
                free=self._settings["extra_free"],
            )
        )

    @cached_property
    def _addresses(self) -> "Addresses":
        from winnow.adapters.facts.networks import Addresses  # noqa: PLC0415  # loaded late, see above

        return Addresses(self._tables(), self._settings["extra_networks"])

    @cached_property
    def _agents(self) -> "Agents":
        from winnow.adapters.facts.agents import Agents  # noqa: PLC0415  # loaded late, see above

        return Agents()

    @cached_property
    def _phones(self) -> "Phones":
        from winnow.adapters.facts.phones import Phones  # noqa: PLC0415  # loaded late, see above

        return Phones()

    def _tables(self) -> "list[Mmdb]":
        if not self._settings["mmdb"]:
            return []
        from winnow.adapters.facts.mmdb import Mmdb  # noqa: PLC0415  # loaded late, see above

        return [Mmdb(Path(path)) for path in self._settings["mmdb"]]
