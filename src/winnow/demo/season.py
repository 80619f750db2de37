"""The leads of a demo installation: a quarter of a year up to this moment, the last day of it a busy one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from winnow.demo.record import DemoLead
from winnow.demo.stream import DAYS, stream

#: Leads of a demo installation unless somebody wants more or fewer.
SEASON_LEADS = 3_000

#: How long the oldest case has waited that nobody has looked at.
RUSH = timedelta(hours=23, minutes=20)

#: What an advertisement has brought since yesterday, besides the usual: by story, at SEASON_LEADS leads. Mostly what
#: people are needed for, since it is their queue that is to be seen.
_RUSH_OF: Mapping[str, int] = {
    "throwaway_but_real": 16,
    "pasted_everything": 36,
    "coworking_founder": 12,
    "privacy_minded": 8,
    "short_note": 10,
    "buyer": 12,
    "disposable_signup": 12,
    "seo_pitch": 26,
    "link_spam": 14,
    "test_entry": 12,
    "lookalike_sender": 6,
    "tor_visitor": 2,
}
#: So many leads are written for the rush to choose from.
_CHOICE = 2_500


def season(now: datetime, *, leads: int = SEASON_LEADS, seed: int) -> list[DemoLead]:
    """The leads in the order in which they came, the last ones just before `now`; the same for the same arguments.

    leads: about how many the 92 days up to the end of today (UTC) hold without the rush
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    usual = stream(leads=leads, seed=seed, start=midnight - timedelta(days=DAYS - 1))
    told = [each for each in usual if each.received_at < now]
    told += _rush(now, min(1.0, leads / SEASON_LEADS), seed)
    told.sort(key=lambda each: each.received_at)
    return [replace(each, id=f"demo-{number:07d}") for number, each in enumerate(told, 1)]


def _rush(now: datetime, share: float, seed: int) -> Iterator[DemoLead]:
    left = Counter({story: ceil(number * share) for story, number in _RUSH_OF.items()})
    begin = (now - RUSH).replace(microsecond=0) + timedelta(seconds=1)
    for each in _thinned(stream(leads=ceil(_CHOICE * share), seed=seed + 1, start=begin, days=1)):
        if left[each.story] and each.received_at < now:
            left[each.story] -= 1
            yield each


def _thinned(leads: Iterator[DemoLead]) -> Iterator[DemoLead]:
    """The same leads in an order that does not favour the early ones: every seventh, then the next of each seven."""
    told = list(leads)
    for start in range(7):
        yield from told[start::7]
