"""The door to reference data: same answers everywhere, tables only when needed, editions on record."""

import os
import pickle
import subprocess
import sys

import pytest

from winnow.adapters.facts import sources
from winnow.adapters.facts.reference import Reference
from winnow.errors import MissingExtraError, WinnowError

_SAMPLE = """
from winnow.adapters.facts.reference import Reference
r = Reference(extra_disposable=("b.org", "a.org"))
print([r.email(a) for a in ("Joe@GMIAL.com", "a@mailinator.com", "İ@münchen.de", "info@duck.com", "x@a.org")])
print([r.network(i) for i in ("52.95.110.1", "2a02:26f7:b000:4000::1", "10.0.0.1")])
print([r.agent_class(u) for u in ("curl/8", "Mozilla/5.0 (X11) Gecko/1 Googlebot/2.1")])
print(r.phone("+7 701 234 5678", None), r.phone("0151 23456789", "DE"))
print(r.sources())
"""


def _run(code: str, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},  # noqa: TID251 - another process, another environment
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    ).stdout


def test_answers_depend_neither_on_hash_seed_nor_on_locale():
    one = _run(_SAMPLE, PYTHONHASHSEED="1", LC_ALL="C", PYTHONUTF8="1")
    other = _run(_SAMPLE, PYTHONHASHSEED="2", LC_ALL="tr_TR.UTF-8", PYTHONUTF8="1")
    assert one == other
    assert "typo_of='gmail.com'" in one


def test_tables_load_only_when_asked():
    code = """
import sys
from winnow.adapters.facts.reference import Reference
r = Reference()
heavy = {"phonenumbers", "maxminddb", "email_validator", "iporigin", "crawleruseragents", "publicsuffixlist"}
print(sorted(heavy & set(sys.modules)))
r.network("8.8.8.8")
print(sorted(heavy & set(sys.modules)))
"""
    assert _run(code).splitlines() == ["[]", "['iporigin']"]


def test_a_copy_in_another_process_answers_the_same():
    reference = Reference(extra_relay=["relay.example.org"], extra_networks={"10.0.0.0/8": "corporate"})
    copy = pickle.loads(pickle.dumps(reference))
    assert copy.email("a@relay.example.org") == reference.email("a@relay.example.org")
    assert copy.email("a@relay.example.org").relay
    assert copy.network("10.0.0.1").ip_class == "corporate"
    assert copy.sources() == reference.sources()


def test_every_list_is_on_record_once():
    recorded = Reference().sources()
    assert len({source.name for source in recorded}) == len(recorded)
    assert all(source.version for source in recorded)
    dated = {source.name: source.date for source in recorded if source.date}
    assert {"publicsuffixlist", "iporigin", "crawler-user-agents", "winnow/relays"} <= dated.keys()
    assert all(len(date) == 10 and date[4] == date[7] == "-" for date in dated.values())


def test_what_the_user_adds_changes_the_record():
    plain, own = Reference().sources(), Reference(extra_free=["example.net"]).sources()
    assert {source.name for source in own} - {source.name for source in plain} == {"added/domains"}
    other = Reference(extra_free=["example.org"]).sources()
    assert own != other


def test_a_missing_list_is_reported():
    with pytest.raises(WinnowError, match=r"reference list `nothing` cannot be read: .*; install winnow-crm again"):
        sources.shipped("nothing")


def test_a_missing_package_is_reported():
    with pytest.raises(MissingExtraError, match="the package `no-such-list`, which carries reference data"):
        sources.packaged("no-such-list")


@pytest.mark.parametrize(
    "name",
    [
        "relays", "not_disposable", "shared_hosts", "not_free", "also_free", "typo_targets", "not_typos", "roles",
        "private_networks", "corporate_networks", "not_hosting", "corporate_asns", "hosting_asns",
        "agents", "agents_of_people",
    ],
)  # fmt: skip
def test_a_shipped_list_is_tidy(name):
    kept = sources.shipped(name)
    assert kept.lines
    assert len(set(kept.lines)) == len(kept.lines)
    assert len(kept.date) == 10
    if name not in ("agents", "agents_of_people"):
        assert all(line == line.lower() and " " not in line for line in kept.lines)
