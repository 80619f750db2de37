"""How many addresses said yes to what, on both databases."""

from datetime import UTC, datetime

from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.consent_counts import GrantCounts
from winnow.adapters.db.log import Journal
from winnow.core.govern.consent import EXPRESS, Act, Capture
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA, BEA = (Address(AddressKind.EMAIL, f"{name}@bluebird.example") for name in ("ana", "bea"))


def told(about, act, purpose="marketing", channel=Channel.EMAIL):
    basis, wording = (EXPRESS, "news@1") if act is Act.GRANT else (None, None)
    return Told(
        about, act, Capture.FORM, channel=channel, purpose=purpose, basis=basis, wording=wording, occurred_at=NOW
    )


def test_addresses_are_counted_once_for_each_channel_and_purpose(store, vault):
    ledger = StoredConsent(store, vault, Journal(vault))
    assert GrantCounts(store)() == {}
    ledger.record([told(ANA, Act.GRANT), told(BEA, Act.GRANT), told(ANA, Act.GRANT)], "us_1", NOW)
    ledger.record([told(ANA, Act.GRANT, "news"), told(BEA, Act.OPT_OUT, "news")], "us_1", NOW)
    ledger.record([told(BEA, Act.OBJECTION, None, None)], "us_1", NOW)
    assert GrantCounts(store)() == {(Channel.EMAIL, "marketing"): 2, (Channel.EMAIL, "news"): 1}
