"""Links that only Winnow can make."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.govern.links import Joining, Leaving, joining, joining_token, leaving, leaving_token
from winnow.core.govern.terms import Channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEPPER = b"p" * 32
OUT = Leaving(47, Channel.EMAIL, "marketing")
IN = Joining(47, (Channel.EMAIL, Channel.ADS), "marketing", "news@1", NOW, NOW + timedelta(days=7))


@pytest.mark.parametrize("link", [OUT, Leaving(47, None, None)])
def test_a_link_to_unsubscribe_says_what_it_is_for(link):
    token = leaving_token(link, PEPPER)
    assert leaving(token, PEPPER) == link
    assert joining(token, PEPPER) is None
    assert token.replace("-", "").replace("_", "").replace(".", "").isalnum()


def test_a_link_to_confirm_says_what_it_is_for():
    token = joining_token(IN, PEPPER)
    assert joining(token, PEPPER) == IN
    assert leaving(token, PEPPER) is None


@pytest.mark.parametrize("token", ["", ".", "a.b", "ü.b", "x" * 3_000, leaving_token(OUT, b"q" * 32)])
def test_what_was_not_made_here_is_none(token):
    assert leaving(token, PEPPER) is None
    assert joining(token, PEPPER) is None


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_a_link_that_was_changed_is_none(place, letter):
    token = leaving_token(OUT, PEPPER)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    assert leaving(changed, PEPPER) is None or changed == token
