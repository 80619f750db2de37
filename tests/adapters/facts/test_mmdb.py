"""MMDB files of several publishers are understood; a wrong file is refused with its name."""

import pytest

from tests.adapters.facts.mmdb_file import write
from winnow.adapters.facts.mmdb import Mmdb
from winnow.adapters.facts.records import Record, understood
from winnow.adapters.facts.reference import Reference
from winnow.errors import InvalidInputError


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # nested, as MaxMind and DB-IP write it
        ({"country": {"iso_code": "DE", "geoname_id": 1}}, Record(country="DE")),
        ({"country": {"iso_code": "DE"}, "registered_country": {"iso_code": "US"}}, Record(country="DE")),
        ({"registered_country": {"iso_code": "US"}}, Record(country="US")),
        ({"country": {"names": {"en": "Nowhere"}}}, Record()),
        ({"autonomous_system_number": 3320, "autonomous_system_organization": "DTAG"}, Record(asn=3320)),
        ({"is_anonymous": True, "is_anonymous_vpn": True}, Record("vpn")),
        ({"is_anonymous": True, "is_public_proxy": True}, Record("vpn")),
        ({"is_anonymous": True, "is_hosting_provider": True}, Record("hosting")),
        ({"is_anonymous": True, "is_hosting_provider": True, "is_anonymous_vpn": True}, Record("vpn")),
        ({"is_anonymous": True, "is_tor_exit_node": True, "is_anonymous_vpn": True}, Record("tor")),
        ({"is_anonymous": True, "is_residential_proxy": True}, Record()),
        ({"traits": {"user_type": "cellular", "autonomous_system_number": 1}}, Record("mobile", None, 1)),
        ({"traits": {"user_type": "residential"}}, Record("residential")),
        ({"traits": {"user_type": "business"}}, Record("corporate")),
        ({"traits": {"user_type": "school"}}, Record()),
        ({"connection_type": "Cellular"}, Record("mobile")),
        ({"connection_type": "Cable/DSL"}, Record()),
        # flat, as IPinfo and others write it
        ({"country": "de", "asn": "AS3320"}, Record(None, "DE", 3320)),
        ({"country_code": "FR", "country": "France", "asn": "3215"}, Record(None, "FR", 3215)),
        ({"asn": {"asn": "AS3320", "name": "DTAG"}}, Record(asn=3320)),
        ({"vpn": True, "hosting": True, "relay": False}, Record("vpn")),
        ({"relay": True, "vpn": True}, Record("relay")),
        ({"privacy": {"hosting": True}}, Record("hosting")),
        ({"hosting": "true"}, Record()),
        # nonsense
        ({}, Record()),
        ({"country": 7, "asn": "unknown", "is_tor_exit_node": 1}, Record()),
        ({"asn": "AS" + "9" * 50}, Record()),
        ({"asn": True}, Record()),
        ({"asn": 0}, Record()),
        ({"asn": "", "country": ""}, Record()),
    ],
)
def test_a_row_is_understood(row, expected):
    assert understood(row) == expected


@pytest.fixture
def table(tmp_path):
    rows = {
        "203.0.114.0/24": {"country": {"iso_code": "NZ"}, "is_anonymous_vpn": True},
        "2a00:1000::/32": {"country": {"iso_code": "SE"}, "traits": {"autonomous_system_number": 64500}},
        "203.0.115.0/24": "not a map",
    }
    return write(tmp_path / "table.mmdb", rows, kind="Test-Anonymous-IP")


def test_a_file_is_asked(table):
    mmdb = Mmdb(table)
    assert mmdb.find("203.0.114.77") == Record("vpn", "NZ")
    assert mmdb.find("2a00:1000::1") == Record(None, "SE", 64500)
    assert mmdb.find("203.0.115.1") is None
    assert mmdb.find("8.8.8.8") is None
    assert mmdb.find("nonsense") is None
    assert (mmdb.source.name, mmdb.source.version, mmdb.source.date) == (
        "mmdb/Test-Anonymous-IP", "1790000000", "2026-09-21",
    )  # fmt: skip


def test_the_reference_asks_it(table):
    reference = Reference(mmdb=[table])
    facts = reference.network("203.0.114.1")
    assert (facts.ip_class, facts.country, facts.asn) == ("vpn", "NZ", None)
    assert reference.network("73.10.20.30").ip_class is None
    assert any(source.name == "mmdb/Test-Anonymous-IP" for source in reference.sources())


def test_a_missing_file_is_reported_at_once(tmp_path):
    with pytest.raises(InvalidInputError) as caught:
        Reference(mmdb=[tmp_path / "gone.mmdb"])
    assert str(caught.value).startswith(f"{tmp_path / 'gone.mmdb'}: there is no such MMDB file; give the path")


@pytest.mark.parametrize("content", [b"", b"no table at all", b"\xab\xcd\xefMaxMind.com", bytes(200_000)])
def test_a_corrupt_file_is_reported_at_once(tmp_path, content):
    path = tmp_path / "broken.mmdb"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=r"broken\.mmdb: not a readable MMDB file: .*; give the path"):
        Reference(mmdb=[path])


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InvalidInputError, match="not a readable MMDB file"):
        Reference(mmdb=[tmp_path])


def test_damage_found_while_looking_up_is_not_known(table):
    whole = table.read_bytes()
    row = whole.index(b"country") - 2
    damaged = table.with_name("damaged.mmdb")
    damaged.write_bytes(whole[:row] + b"\xff" * 12 + whole[row + 12 :])
    assert Mmdb(damaged).find("203.0.114.77") is None
