"""The directions that are known beforehand name signals there are, which can have a direction."""

from winnow.core.learning.fitting.directions import FALLING, RISING, directions
from winnow.core.signals.registry import BY_NAME


def test_every_direction_is_of_a_signal_that_can_have_one():
    assert set(BY_NAME) >= RISING | FALLING
    assert [name for name in RISING | FALLING if BY_NAME[name].kind is str] == []
    assert frozenset() == RISING & FALLING


def test_counts_of_earlier_leads_only_rise():
    assert {name for name in BY_NAME if name.startswith("velocity.")} <= RISING


def test_directions_are_about_junk_and_the_signals_at_hand():
    names = ["form.honeypot", "email.valid", "net.ip_class", "campaign.origin"]
    assert directions("junk", names) == (frozenset({"form.honeypot"}), frozenset({"email.valid"}))
    assert directions("converted", names) == (frozenset(), frozenset())
