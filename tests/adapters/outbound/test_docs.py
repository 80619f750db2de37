"""What docs/webhooks.md tells receivers is what they get."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.outbox import SECRET
from tests.support.project import ROOT
from winnow.adapters.outbound.client import MOST_OF_AN_ANSWER
from winnow.adapters.outbound.sign import signed_headers
from winnow.config import load
from winnow.core.deliveries import DATA, SCHEDULE, EventType, event, webhook_secret

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def table(header):
    """The cells of the table whose first header this is."""
    lines = PAGE[PAGE.index(f"| {header} |") :].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_event_is_listed_with_what_it_names():
    listed = {kind.strip("`"): tuple(data.replace("`", "").split(", ")) for kind, _, data in table("`type`")}
    assert listed == {kind.value: DATA[kind] for kind in EventType}


def test_the_example_is_an_event():
    (example,) = re.findall(r"```json\n(.*?)\n```", PAGE, flags=re.DOTALL)
    made = event(EventType.DECISION_MADE, NOW, {"decision": 1207, "lead": 1180}, installation="any")
    assert example.encode() == made.body


def test_the_schedule_is_the_one_in_use():
    assert len(table("attempt")) == len(SCHEDULE)
    passed = 0
    for (number, _, since), wait in zip(table("attempt"), SCHEDULE, strict=True):
        passed += int(wait.total_seconds())
        assert since == f"{passed // 3600:02}:{passed // 60 % 60:02}:{passed % 60:02}", number


def test_the_limits_are_those_in_use(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load()
    assert f"within {settings.text('webhooks.timeout_seconds')} seconds" in PAGE
    assert f"on port {settings.text('webhooks.ports')}." in PAGE
    assert f"{MOST_OF_AN_ANSWER >> 10} KB" in PAGE
    (written,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    (tmp_path / "winnow.toml").write_text(written)
    assert load().texts("webhooks.ports") == ("443", "8080")


def test_receivers_can_copy_the_verification(monkeypatch):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(code.strip().splitlines()) <= 12
    namespace: dict[str, Any] = {}
    exec(code, namespace)  # a receiver would
    verify = namespace["verify"]
    monkeypatch.setattr(time, "time", NOW.timestamp)
    body = event(EventType.WEBHOOK_TEST, NOW, {"webhook": "wh_1"}, installation="any").body
    headers = signed_headers((webhook_secret(bytes(24)), SECRET), "msg_1", NOW, body)
    assert verify(headers, body, SECRET)
    assert not verify(headers, body + b" ", SECRET)
    assert not verify(headers, body, webhook_secret(b"x" * 24))
    for seconds, fits in ((-301, False), (-299, True), (299, True), (301, False)):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: NOW.timestamp() + seconds)
        assert verify(headers, body, SECRET) is fits


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_explained(name):
    assert any(cells[0] == f"`{name}`" for cells in table("header"))
