"""The whole way out, from the outbox to receivers on loopback, on a fake clock."""

import ipaddress
import ssl
from datetime import datetime, timedelta
from typing import Self

from tests.support.outbox import FakeClock, add_webhook, make_tables, unseal
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.delivery_records import DeliveryRecords
from winnow.adapters.db.outbox import SqlOutbox
from winnow.adapters.outbound.client import Client
from winnow.adapters.outbound.guard import Guard
from winnow.adapters.outbound.sign import signed_headers
from winnow.core.deliveries import State
from winnow.services.deliver import Deliverer, Limits

LOOPBACK = frozenset({ipaddress.ip_network("127.0.0.0/8")})
TLS = ssl.create_default_context()


class Outbound:
    """`timeout` is in real seconds; everything between two attempts passes on the fake clock."""

    def __init__(self, url: str, receivers, *, timeout: float = 0.3) -> None:
        self.engine, self.clock = make_engine(url), FakeClock()
        make_tables(self.engine)
        for id_, receiver in receivers.items():
            add_webhook(self.engine, id_, receiver.url)
        self.records = DeliveryRecords(self.engine)
        ports = frozenset(receiver.port for receiver in receivers.values())
        client = Client(Guard(lambda *_: ["127.0.0.1"], LOOPBACK, ports), TLS)
        limits = Limits(threads=8, each=4, timeout=timeout, patience=0.05)
        self.deliverer = Deliverer(SqlOutbox(self.engine, unseal), client.post, signed_headers, self.clock, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.deliverer.close()
        self.engine.dispose()

    def send_all_due(self) -> int:
        """Send what is due at the present moment of the fake clock."""
        made = 0
        while True:
            settled = self.deliverer.run_once()
            made += settled
            if not settled and not self.deliverer.in_flight:
                return made

    def walk(self) -> list[datetime]:
        """Move the clock from due time to due time until nothing waits; when each attempt was made."""
        times = []
        while due := self.records.oldest_due():
            if due > self.clock.time:
                self.clock.time = due - timedelta(microseconds=1)
                assert self.send_all_due() == 0, "not a microsecond early"
                self.clock.time = due
            assert self.send_all_due() == 1
            times.append(due)
        return times

    def state(self, id_: int = 1) -> State:
        return self.records.record(id_).state
