"""Whom a change of what contacts need touches: who could be reached today and not then, and the other way round."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from winnow.core.govern.changes import NeedChange
from winnow.core.govern.consent import Standing
from winnow.core.govern.gate_person import consented
from winnow.core.govern.terms import Answer, Channel


class Effect(StrEnum):
    """What a change does to one contact, as far as consent goes.

    CLOSED: it may be done today and not then · OPENED: not today, and then it may
    OTHERWISE: the same answer, on other grounds or terms, such as other hours
    """

    CLOSED = "closed"
    OPENED = "opened"
    OTHERWISE = "otherwise"


def effect(need: NeedChange, standing: Standing, now: datetime) -> Effect:
    """What it does to whoever stands like this at `now` (aware): both laws are asked about the same day and person."""
    before, after = (consented(each, standing, now) is Answer.YES for each in (need.before, need.after))
    if before is after:
        return Effect.OTHERWISE
    return Effect.CLOSED if before else Effect.OPENED


def strongest(effects: Sequence[Effect]) -> Effect:
    """Of several the one a person should hear of first: what is closed, then what is opened."""
    return min(effects, key=list(Effect).index)


def placed(needs: Sequence[NeedChange]) -> Mapping[tuple[Channel, str, str | None], int]:
    """The number of the change that is about a channel, a purpose and a place; places without one are not in it."""
    return {(each.channel, each.purpose, place): at for at, each in enumerate(needs) for place in each.places}
