"""The desk of the webhooks: what is refused when it is made, and that no secret is drawn twice."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tests.support.cases import NOW
from winnow.errors import InvalidInputError
from winnow.services.webhooks import MOST_OVERLAP_HOURS, WebhookDesk


class World:
    def __init__(self):
        here: Any = self
        self.added, self.rotated, numbers = [], [], count(1)
        self.desk = WebhookDesk(
            here, self.check, here, lambda prefix, _: f"{prefix}_1", lambda size: bytes([next(numbers)]) * size
        )

    def now(self):
        return NOW

    @staticmethod
    def check(url):
        if "inside" in url:
            raise InvalidInputError("not public", fix="use a public address")

    def add(self, webhook, secret, *_):
        self.added.append((webhook, secret))

    def webhook(self, _):
        return self.added[0][0]

    def rotate(self, _, secret, until, *__):
        self.rotated.append((secret, until))


def test_a_webhook_gets_a_secret_of_its_own_and_another_at_each_rotation():
    world = World()
    made = world.desk.add("https://crm.example/", ["case.opened", "decision.made", "case.opened"], "wk_1")
    assert (made.webhook.id, made.webhook.created_by) == ("wh_1", "wk_1")
    assert made.webhook.events == "case.opened decision.made"
    assert made.secret not in repr(made)
    again = world.desk.rotate("wh_1", 5, "wk_1")
    assert world.rotated == [(again.secret, NOW + timedelta(hours=5))]
    assert again.secret != made.secret


@pytest.mark.parametrize(
    ("url", "events", "where"),
    [
        ("https://inside.example/", ["*"], "url"),
        ("https://crm.example/", ["all"], "events"),
        ("https://crm.example/", [], "events"),
    ],
)
def test_what_could_not_work_is_refused(url, events, where):
    world = World()
    with pytest.raises(InvalidInputError) as caught:
        world.desk.add(url, events, "wk_1")
    assert caught.value.where == where
    assert world.added == []


@pytest.mark.parametrize("hours", [-1, MOST_OVERLAP_HOURS + 1])
def test_an_old_secret_holds_only_so_long(hours):
    with pytest.raises(InvalidInputError):
        World().desk.rotate("wh_1", hours, "wk_1")
