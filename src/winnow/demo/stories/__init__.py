"""Every story of the trade that the sample data tells."""

from winnow.demo.stories import bots, customers, fraud, genuine, network, odd, pitches
from winnow.demo.stories.base import Story

#: All stories; their order is part of what makes a stream repeatable.
STORIES: tuple[Story, ...] = (
    *genuine.STORIES,
    *network.STORIES,
    *odd.STORIES,
    *customers.STORIES,
    *bots.STORIES,
    *pitches.STORIES,
    *fraud.STORIES,
)

__all__ = ["STORIES", "Story"]
