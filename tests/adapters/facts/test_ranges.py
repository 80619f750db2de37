"""Ranges answer like a search through all networks for the narrowest that holds the address."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.facts.ranges import Networks, Ranges, parsed
from winnow.errors import InvalidInputError


@st.composite
def _networks(draw, version):
    bits = 32 if version == 4 else 128
    length = draw(st.integers(bits - 8, bits))
    low = draw(st.integers(0, 255)) >> (bits - length) << (bits - length)
    base = (10 << 24) if version == 4 else (0x2A02 << 112)
    return ipaddress.ip_network((base + low, length))


@given(st.data(), st.sampled_from([4, 6]))
def test_the_narrowest_network_decides(data, version):
    networks = data.draw(st.lists(_networks(version), unique=True, max_size=12))
    rows = [(network, f"{number}") for number, network in enumerate(networks)]
    address = (networks[0][0] if networks else ipaddress.ip_address("10.0.0.0")) + data.draw(st.integers(-3, 300))
    holding = [row for row in rows if address in row[0]]
    expected = max(holding, key=lambda row: row[0].prefixlen)[1] if holding else None
    both = Networks(rows)
    assert (both.v4 if address.version == 4 else both.v6).find(int(address)) == expected


def test_both_ends_belong_to_a_range():
    ranges = Ranges([(10, 19, "a"), (20, 20, "b"), (30, 40, "a")])
    assert [ranges.find(number) for number in (9, 10, 19, 20, 21, 29, 30, 40, 41)] == [
        None, "a", "a", "b", None, None, "a", "a", None,
    ]  # fmt: skip
    assert Ranges([]).find(5) is None


@pytest.mark.parametrize("text", ["", "10.0.0.1/8", "10.0.0.0/33", "nonsense", "10.0.0.0-10.0.0.9"])
def test_a_network_is_written_in_cidr_notation(text):
    with pytest.raises(InvalidInputError, match="is not a network"):
        parsed(text)
