"""Must-show 5: stored decisions are derived again byte for byte, by a new process in another world.

The other process has another hash seed, another language and another time zone. It reads the database from disk, and
derives each decision from what is stored of it and from nothing else; meanwhile another ruleset is live.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from tests.support.databases import KINDS, new_database
from tests.support.naughty import STORABLE
from tests.support.served import serving
from tests.support.signing import put_live
from winnow.adapters.rulesets import read_ruleset
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.demo.stream import stream

FEW, MANY = 250, 10_000
_BATCH = 250

#: Written apart, so that nothing of this process gets into the other but the folder and the address.
OTHER_PROCESS = """
import hashlib, json, locale, sys, time
from winnow.bootstrap.searching import make_search
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.services.search import Asked

folder, store = sys.argv[1:]
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
service = open_service(load(flags={"data.folder": folder, "store.url": store}))
search = make_search(service)
numbers, before, other = [], None, []
while True:
    page = search.page(Asked({}), before, 200)
    numbers += [each.id for each in page.decisions]
    if page.next is None:
        break
    before = page.next
stored, derived = hashlib.sha256(), hashlib.sha256()
for number in numbers:
    found = service.replay.again(number)
    stored.update(found.stored)
    derived.update(found.derived)
    if not found.same:
        other.append(number)
rulesets = {json.loads(service.ledger.decided(number)[2].decision)["ruleset"]["hash"] for number in numbers[:: 50]}
print(json.dumps({
    "decisions": len(numbers), "other": other, "stored": stored.hexdigest(), "derived": derived.hexdigest(),
    "rulesets": len(rulesets), "hash": hash("a"), "zone": time.strftime("%z"),
}))
"""
WORLDS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "LANG": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "4242", "LC_ALL": "C.utf8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Chatham"},
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_decisions_are_derived_again_elsewhere(kind, tmp_path):
    _derived_again(FEW, kind, tmp_path, WORLDS[1:])


@pytest.mark.proof
def test_ten_thousand_decisions_are_derived_again_elsewhere(tmp_path):
    found = _derived_again(MANY, "sqlite", tmp_path, WORLDS)
    print(
        f"\nreplay: {found[0]['decisions']:,} stored decisions of {found[0]['rulesets']} rulesets derived again in "
        f"{len(found)} other processes, 0 differ; SHA-256 over all of them {found[0]['derived'][:16]}…"
    )


def _derived_again(count, kind, folder, worlds):
    store = "" if kind == "sqlite" else new_database(kind, folder)
    with serving(folder / "data", store=store, serve__sandbox="yes") as served:
        _decide(served, count)
    found = [_elsewhere(folder / "data", store, world) for world in worlds]
    for each in found:
        assert each["decisions"] == count
        assert each["other"] == []
        assert each["stored"] == each["derived"]
        assert each["rulesets"] >= 2
    assert len({each["stored"] for each in found}) == 1
    assert len({each["hash"] for each in found}) == len(found)
    assert found[-1]["zone"] not in {"+0000", ""}
    return found


def _decide(served, count):
    """Leads of the demo and of hostile senders, with entries of a list, and another ruleset from half-way on."""
    now = served.service.clock.now()
    entry = ListEntry("e1", ListAction.BLOCK, ListKind.DOMAIN, "acme.example", "o", "r", expires_at=now + timedelta(1))
    served.service.lists.add([entry], "tests", now)
    leads = list(islice(_leads(), count))
    for start in range(0, count, _BATCH // 2):
        if start >= count // 2 and served.service.live.ruleset().id == "starter-1":
            put_live(served.service, read_ruleset(Path("tests/support/small.toml")), "tests", now)
            served.service.live._checked = 0.0
        some = leads[start : start + _BATCH // 2]
        answer = served("POST", "/v1/leads", json={"leads": some})
        assert answer.status_code == 200, answer.text


def _leads():
    texts = [text for text in STORABLE if "\0" not in text and len(text) < 2_000]
    for number, demo in enumerate(stream(leads=MANY, seed=11)):
        known = {name: value for name, value in asdict(demo).items() if value not in (None, "")}
        campaign = {
            name.removeprefix("utm_"): known.pop(name) for name in ("utm_source", "utm_campaign") if name in known
        }
        for ours in ("received_at", "synthetic", "story", "label"):
            known.pop(ours, None)
        if number % 3 == 0:
            known |= {"message": texts[number % len(texts)], "company": texts[(number * 7) % len(texts)]}
        yield {**known, "id": f"demo-{number}", "utm": campaign}


def _elsewhere(folder, store, world):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251  # of the process that is started
    arguments = [sys.executable, "-c", OTHER_PROCESS, str(folder), store]
    done = subprocess.run(arguments, env=kept | world, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)
