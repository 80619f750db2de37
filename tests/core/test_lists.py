"""Which entry matches, and which one wins."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.lists import ListAction, ListEntry, ListIndex, ListKind, checked, winner
from winnow.core.outcome import ACQUISITION_SCOPES, Outcome, Scope
from winnow.errors import InvalidRulesetError

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ALLOW, BLOCK = ListAction.ALLOW, ListAction.BLOCK


def entry(
    action: ListAction = BLOCK,
    kind: ListKind = ListKind.DOMAIN,
    value: str = "acme.example",
    *,
    name: str = "e1",
    scopes: frozenset[Scope] = ACQUISITION_SCOPES,
    source: str = "person",
    expires_at: datetime | None = None,
    owner: str = "Mia",
    reason: str = "because",
) -> ListEntry:
    return ListEntry(name, action, kind, value, owner, reason, scopes, source, NOW, expires_at)


@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        ("email", " Ana@Acme.Example ", "ana@acme.example"),
        ("domain", "@ACME.example.", "acme.example"),
        ("domain", "bücher.example", "xn--bcher-kva.example"),
        ("host", "Mail.Acme.example", "mail.acme.example"),
        ("phone", "+49 (30) 123-456", "+4930123456"),
        ("phone", "+1234567", "+1234567"),
        ("phone", "+49 30 123456 X", "+4930123456"),
        ("phone", "+123456789012345", "+123456789012345"),
        ("ip", "192.0.2.7", "192.0.2.7"),
        ("ip", "2001:DB8:0::1", "2001:db8::1"),
        ("cidr", "192.0.2.77/24", "192.0.2.0/24"),
        ("asn", "AS64500", "64500"),
        ("asn", "as64500", "64500"),
        ("company", "ACME, Inc.", "acme"),
        ("company", "Co", "co"),
        ("device", " d-1 ", "d-1"),
        ("message", "00ABCDEF01234567", "00abcdef01234567"),
    ],
)
def test_value_becomes_canonical(kind: str, value: str, canonical: str) -> None:
    assert checked(entry(kind=ListKind(kind), value=value)).value == canonical


@pytest.mark.parametrize(
    ("kind", "value", "fix"),
    [
        ("email", "ana", "write it like `ana@example.com`"),
        ("email", "@acme.example", "write it like `ana@example.com`"),
        ("email", "ana@acme@", "write it like `ana@example.com`"),
        ("email", "ana@", "write it like `ana@example.com`"),
        ("domain", "localhost", "write it like `example.com`"),
        ("host", "", "write it like `mail.example.com`"),
        ("phone", "030 123456", "write it with the country code"),
        ("phone", "+123456", "write it with the country code"),
        ("phone", "+1234567890123456", "write it with the country code"),
        ("ip", "192.0.2.0/24", "use kind `cidr` for a network"),
        ("cidr", "192.0.2.0/33", "write it like `192.0.2.0/24`"),
        ("asn", "ACME", "write the number"),
        ("company", "!!!", "give the company's name"),
        ("device", "  ", "give the device id"),
        ("message", "abc", "give the 16 hexadecimal digits"),
        ("message", "hello", "give the 16 hexadecimal digits"),
        ("message", "zzzzzzzzzzzzzzzz", "give the 16 hexadecimal digits"),
    ],
)
def test_value_that_matches_nothing_is_refused(kind: str, value: str, fix: str) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        checked(entry(kind=ListKind(kind), value=value, name="e9"))
    assert caught.value.what == f"list entry `e9`: `{value}` is not a valid {kind}"
    assert fix in str(caught.value.fix)


@pytest.mark.parametrize(
    ("bad", "what", "fix"),
    [
        (entry(owner=""), "list entry `e1` has no owner or no reason", "say who answers for it and why it exists"),
        (entry(reason=""), "list entry `e1` has no owner or no reason", "say who answers for it and why it exists"),
        (entry(source="ai"), "list entry `e1` has the source `ai`", "use one of feedback, import, person, rule"),
        (entry(scopes=frozenset()), "list entry `e1` has no scope", "name at least one, such as sales"),
    ],
)
def test_entry_nobody_answers_for_is_refused(bad: ListEntry, what: str, fix: str) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        checked(bad)
    assert (caught.value.what, caught.value.fix) == (what, fix)


@pytest.mark.parametrize(
    ("action", "source", "effect"),
    [
        (ALLOW, "person", Outcome.ACCEPT),
        (ALLOW, "rule", Outcome.ACCEPT),
        (BLOCK, "person", Outcome.REJECT),
        (BLOCK, "import", Outcome.REJECT),
        (BLOCK, "feedback", Outcome.REVIEW),
        (BLOCK, "rule", Outcome.REVIEW),
    ],
)
def test_only_a_persons_block_rejects(action: ListAction, source: str, effect: Outcome) -> None:
    assert entry(action, source=source).effect is effect


def test_entry_lapses_at_the_moment_it_expires() -> None:
    expiring = entry(expires_at=NOW)
    assert not expiring.active(NOW)
    assert expiring.active(NOW - timedelta(seconds=1))
    assert entry().active(NOW)


def keys(**values: str) -> list[tuple[ListKind, str]]:
    return [(ListKind(kind), value) for kind, value in values.items()]


def test_index_finds_exact_entries_and_the_networks_around_an_address() -> None:
    entries = [
        entry(kind=ListKind.DOMAIN, value="acme.example", name="d1"),
        entry(kind=ListKind.DOMAIN, value="acme.example", name="d2"),
        entry(kind=ListKind.DOMAIN, value="acme.example", name="d3"),
        entry(kind=ListKind.IP, value="192.0.2.7", name="i1"),
        entry(kind=ListKind.CIDR, value="192.0.2.0/24", name="n24"),
        entry(kind=ListKind.CIDR, value="192.0.2.0/24", name="n24b"),
        entry(kind=ListKind.CIDR, value="192.0.0.0/16", name="n16"),
        entry(kind=ListKind.CIDR, value="198.51.100.0/24", name="other"),
        entry(kind=ListKind.CIDR, value="2001:db8::/32", name="n6"),
        entry(kind=ListKind.CIDR, value="::/0", name="all6"),
    ]
    index = ListIndex(entries)
    assert [hit.id for hit in index.hits(keys(domain="acme.example"))] == ["d1", "d2", "d3"]
    assert [hit.id for hit in index.hits(keys(ip="192.0.2.7"))] == ["i1", "n24", "n24b", "n16"]
    assert [hit.id for hit in index.hits(keys(ip="2001:db8::9"))] == ["n6", "all6"]
    assert index.hits(keys(email="ana@acme.example", host="acme.example", asn="1")) == ()
    assert index.hits(keys(ip="203.0.113.5")) == ()
    assert index


def test_empty_index_is_false_and_one_network_or_entry_makes_it_true() -> None:
    both = [entry(name="a"), entry(name="b"), entry(name="c", kind=ListKind.PHONE)]
    assert {each.id for each in ListIndex(both).of_kind(ListKind.DOMAIN)} == {"a", "b"}
    assert {each.id for each in ListIndex(both).of_kind(ListKind.PHONE)} == {"c"}
    assert not ListIndex()
    assert ListIndex([entry(kind=ListKind.CIDR, value="192.0.2.0/24")])
    assert ListIndex([entry()])
    assert ListIndex([entry()]).hits(keys(ip="192.0.2.7")) == ()


SPECIFICITY = [
    (ListKind.EMAIL, "a@b.example"),
    (ListKind.IP, "192.0.2.7"),
    (ListKind.HOST, "b.example"),
    (ListKind.DOMAIN, "b.example"),
    (ListKind.CIDR, "192.0.2.0/24"),
    (ListKind.CIDR, "192.0.0.0/16"),
    (ListKind.ASN, "64500"),
]


@pytest.mark.parametrize("narrow", range(len(SPECIFICITY)))
@pytest.mark.parametrize("wide", range(len(SPECIFICITY)))
def test_allow_beats_block_at_the_same_or_a_narrower_specificity(narrow: int, wide: int) -> None:
    allow = entry(ALLOW, *SPECIFICITY[narrow], name="allow")
    block = entry(BLOCK, *SPECIFICITY[wide], name="block")
    expected = allow if narrow <= wide else block
    assert winner([allow, block], Scope.SALES, NOW) is expected
    assert winner([block, allow], Scope.SALES, NOW) is expected


@pytest.mark.parametrize(
    "pair",
    [
        (ListKind.EMAIL, ListKind.PHONE),
        (ListKind.PHONE, ListKind.DEVICE),
        (ListKind.DEVICE, ListKind.MESSAGE),
        (ListKind.DOMAIN, ListKind.COMPANY),
    ],
)
def test_some_kinds_are_equally_narrow(pair: tuple[ListKind, ListKind]) -> None:
    assert entry(kind=pair[0]).specificity == entry(kind=pair[1]).specificity


@pytest.mark.parametrize(
    ("hits", "scope", "winning"),
    [
        ([], Scope.SALES, None),
        ([entry(name="a")], Scope.SALES, "a"),
        ([entry(name="a")], Scope.SUPPORT, None),
        ([entry(name="a", scopes=frozenset({Scope.SUPPORT}))], Scope.SUPPORT, "a"),
        ([entry(name="a", expires_at=NOW)], Scope.SALES, None),
        ([entry(ALLOW, name="a", expires_at=NOW), entry(name="b")], Scope.SALES, "b"),
        ([entry(ALLOW, name="a", scopes=frozenset({Scope.BILLING})), entry(name="b")], Scope.SALES, "b"),
        ([entry(ALLOW, name="a")], Scope.SALES, "a"),
        ([entry(name="b"), entry(name="a")], Scope.SALES, "a"),
        ([entry(name="a", source="rule"), entry(name="b")], Scope.SALES, "b"),
        ([entry(name="b"), entry(kind=ListKind.EMAIL, value="x@acme.example", name="z")], Scope.SALES, "z"),
        (
            [
                entry(kind=ListKind.CIDR, value="192.0.0.0/16", name="a"),
                entry(kind=ListKind.CIDR, value="192.0.2.0/24", name="b"),
            ],
            Scope.SALES,
            "b",
        ),
    ],
)
def test_winner_is_active_in_scope_and_narrowest(hits: list[ListEntry], scope: Scope, winning: str | None) -> None:
    found = winner(hits, scope, NOW)
    assert (found.id if found else None) == winning


ENTRIES = st.builds(
    entry,
    action=st.sampled_from(ListAction),
    kind=st.sampled_from([ListKind.EMAIL, ListKind.DOMAIN, ListKind.ASN]),
    name=st.text("abc", min_size=1, max_size=2),
    source=st.sampled_from(["person", "rule"]),
    expires_at=st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
)


@given(st.lists(ENTRIES, max_size=6, unique_by=lambda each: each.id), st.randoms(use_true_random=False))
def test_order_of_look_up_never_matters(hits: list[ListEntry], shuffler: object) -> None:
    shuffled = list(hits)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    assert winner(hits, Scope.SALES, NOW) == winner(shuffled, Scope.SALES, NOW)


@given(st.lists(ENTRIES, max_size=6, unique_by=lambda each: each.id))
def test_an_allow_entry_for_the_person_beats_every_block(hits: list[ListEntry]) -> None:
    allow = entry(ALLOW, ListKind.EMAIL, "ana@acme.example", name="zz")
    found = winner([*hits, allow], Scope.SALES, NOW)
    assert found is not None
    assert found.action is ALLOW
