"""Wiring of what goes out: where it may go, how it is signed, what is still to be sent."""

from winnow.adapters.db.outbox import SqlOutbox
from winnow.adapters.db.webhooks import unsealing
from winnow.adapters.outbound.client import Client
from winnow.adapters.outbound.guard import Guard, allowed_networks, allowed_ports
from winnow.adapters.outbound.resolve import system_addresses
from winnow.adapters.outbound.sign import signed_headers
from winnow.bootstrap.service import Service
from winnow.config import Config
from winnow.services.deliver import Deliverer, Limits

_MOST_SECONDS = 120

#: Seconds between two looks into an outbox that had nothing.
IDLE_SECONDS = 0.5


def guard(config: Config) -> Guard:
    """What this deployment lets webhooks reach; raises InvalidInputError for settings that cannot be read."""
    networks = allowed_networks(config.texts("webhooks.allow_networks"))
    return Guard(system_addresses, networks, allowed_ports(config.texts("webhooks.ports")))


def outbound(config: Config) -> Client:
    """The one way out."""
    return Client(guard(config))


class Delivering:
    """Sends what waits in the outbox of a service, for one thread."""

    def __init__(self, service: Service) -> None:
        config = service.config
        timeout = config.count("webhooks.timeout_seconds", most=_MOST_SECONDS)
        outbox = SqlOutbox(service.engine, unsealing(service.vault))
        client = outbound(config)
        self._deliverer = Deliverer(outbox, client.post, signed_headers, service.clock, Limits(timeout=timeout))

    def step(self) -> float:
        """Start what is due and note what was answered; returns in how many seconds to look again."""
        self._deliverer.run_once()
        return 0.0 if self._deliverer.in_flight else IDLE_SECONDS

    def close(self) -> None:
        """Wait for what is on its way, one time-out at most."""
        self._deliverer.close()
