"""All signals, in the order they are measured, stored and listed."""

from collections.abc import Mapping
from types import MappingProxyType

from winnow.core.signals import email, form, identity, network, text, velocity
from winnow.core.signals.base import Signal

SIGNALS: tuple[Signal, ...] = (
    *form.SIGNALS,
    *email.SIGNALS,
    *network.SIGNALS,
    *velocity.SIGNALS,
    *identity.SIGNALS,
    *text.SIGNALS,
)

BY_NAME: Mapping[str, Signal] = MappingProxyType({signal.name: signal for signal in SIGNALS})
