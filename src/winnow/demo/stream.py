"""The stream itself: every story's leads laid out over the hours, told in order of arrival, in constant memory."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import fsum

from winnow.demo.dice import Dice
from winnow.demo.record import DemoLead
from winnow.demo.rhythm import Hour, counts, floods, hours_of, imports, machines, people, raids
from winnow.demo.stage import Stage
from winnow.demo.stories import STORIES, Story
from winnow.errors import InvalidInputError

#: The defaults of every entry point: a quarter of a year of a small company.
LEADS, SEED, START, DAYS = 20_000, 7, datetime(2026, 8, 1, tzinfo=UTC), 92

_IMPORT_SECONDS = 180  # an uploaded file is read within minutes
_DAYS_TO_OUTCOME = (4, 12, 20, 30, 60)  # quantiles of the days until a genuine lead is won or lost
_EAGERNESS = {"web-demo": 1.5, "phone": 1.3, "web-guide": 0.5, "ads-social": 0.5, "affiliate": 0.6}


def stream(*, leads: int = LEADS, seed: int = SEED, start: datetime = START, days: int = DAYS) -> Iterator[DemoLead]:
    """Exactly `leads` sample leads in order of `received_at`, the same for the same arguments everywhere.

    `start` is the first moment (aware; taken as UTC), `days` the length in days. More leads mean a
    bigger company, not a longer time: stories keep their shares and bursts their shape.
    Raises InvalidInputError for numbers that make no stream.
    """
    _check(leads, start, days)
    return _tell(leads, seed, start.astimezone(UTC), days)


def customers(*, leads: int = LEADS, seed: int = SEED) -> Iterator[str]:
    """The demo company's existing customers in the stream of the same arguments: e-mail addresses and domains."""
    _check(leads, START, DAYS)
    for customer in Stage(leads, seed).customers:
        yield customer.company.domain if customer.by_domain else customer.email


def _check(leads: int, start: datetime, days: int) -> None:
    if leads < 0 or days < 1:
        what = f"`{leads}` leads in `{days}` days make no stream"
        raise InvalidInputError(what, fix="ask for at least 0 leads and 1 day")
    if start.tzinfo is None:
        what = f"`{start.isoformat()}` has no time zone"
        raise InvalidInputError(what, fix="give the start with its offset from UTC")


def _tell(leads: int, seed: int, start: datetime, days: int) -> Iterator[DemoLead]:
    stage = Stage(leads, seed)
    hours = hours_of(start, days)
    plan = _plan(stage, leads, seed, hours)
    end = start + timedelta(days=days)
    number = 0
    for index in range(len(hours)):
        dice = Dice.named(seed, "hour", index)
        begin = start + timedelta(hours=index)
        for second, story in _arrivals(dice, [(story, shares[index]) for story, shares in plan]):
            number += 1
            stage.begin(dice, begin + timedelta(seconds=second))
            lead = story.tell(stage)
            lead.id, lead.story = f"demo-{number:07d}", story.name
            lead.label = _truth(dice, story, lead, (end - stage.now).days)
            yield lead


def _plan(stage: Stage, leads: int, seed: int, hours: list[Hour]) -> list[tuple[Story, list[int]]]:
    rhythms: dict[str, Callable[[Hour, Dice], float]] = {
        "people": people([(market.offset, market.weight) for market in stage.markets]),
        "machines": machines,
        "floods": floods,
        "raids": raids,
        "imports": imports,
    }
    return [
        (story, counts(total, hours, rhythms[story.rhythm], Dice.named(seed, "plan", story.name)))
        for story, total in zip(STORIES, _totals(leads), strict=True)
    ]


def _totals(leads: int) -> list[int]:
    """Leads of each story: its share rounded down, the remainder to those rounded most."""
    scale = leads / fsum(story.weight for story in STORIES)
    exact = [story.weight * scale for story in STORIES]
    totals = [int(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: totals[index] - exact[index])
    for index in by_remainder[: leads - sum(totals)]:
        totals[index] += 1
    return totals


def _arrivals(dice: Dice, shares: list[tuple[Story, int]]) -> list[tuple[int, Story]]:
    arrivals = []
    for story, share in shares:
        width = _IMPORT_SECONDS if story.rhythm == "imports" else 3600
        arrivals += [(int(dice.random() * width), story) for _ in range(share)]
    arrivals.sort(key=lambda arrival: arrival[0])
    return arrivals


def _truth(dice: Dice, story: Story, lead: DemoLead, days_left: int) -> str:
    if story.junk:
        return "junk"
    if story.loses == 1:
        return "lost"
    if days_left < dice.along(_DAYS_TO_OUTCOME):
        return "genuine"
    chance = dice.random()
    converts = story.converts * _EAGERNESS.get(lead.source, 1.0)
    if chance < converts:
        return "converted"
    return "lost" if chance < converts + story.loses else "genuine"
