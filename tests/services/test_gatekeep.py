"""The gate over a real store: what it answers, what it records, and that nothing slips in between."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, count, repeat
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.gatekeeping import ACTS, ASK, MAILER, agree, consent_of, gatekeeper, opt_out, recipient
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.consent_rows import events_of
from winnow.adapters.db.standings import StoredStandings
from winnow.adapters.db.stops import StoredStops
from winnow.adapters.db.versions import bump
from winnow.bootstrap.gatekeeping import recipient as written
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.govern.ask import Grant, NotKnown
from winnow.core.govern.consent import EXPRESS, Act, Capture, fold
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Cap
from winnow.core.govern.permit import parse_token, verify_token
from winnow.core.govern.stop import Stop, StopScope
from winnow.core.govern.systems import Mode, Standing
from winnow.core.govern.terms import Action, Channel
from winnow.core.govern.told import Told
from winnow.core.lists import ListAction, ListEntry, ListKind, checked
from winnow.core.outcome import ACQUISITION_SCOPES
from winnow.core.policy import policy_hash
from winnow.errors import (
    BrokenLogError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    StoreAwayError,
    UnavailableError,
)
from winnow.services.gatekeep import Asking, spelled
from winnow.services.gatekeep.keeper import Gatekeeper

ME = Asking("wk_test")
ME_TOO = datetime(2026, 11, 22, tzinfo=UTC)
_numbers = count()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    opened = open_service(load(flags={"data.folder": str(tmp_path_factory.mktemp("gate"))}))
    yield opened
    opened.close()


@pytest.fixture
def people():
    """Four people nobody knows yet, but one who agreed."""
    return [recipient(f"person{next(_numbers)}@example.com") for _ in range(4)]


def granted(keeper, people, ask=ASK, asking=ME):
    return [isinstance(each, Grant) for each in keeper.ask(ask, people, asking).results]


def capped(service, most):
    """A gate that lets a person be contacted so often in seven days."""
    plain = gatekeeper(service)._sources.policy
    limits = replace(plain().limits, caps=(Cap("often", most, 7),))
    return gatekeeper(service, policy=lambda: plain()._replace(limits=limits))


def merge(service, one, other):
    consent_of(service).merge((one.address, other.address), "one account", "test", service.clock.now())


def test_who_agreed_is_permitted_and_nobody_else(service, people):
    agree(service, people[:2])
    opt_out(service, people[1:3])
    given_ = gatekeeper(service).ask(ASK, people, ME)
    assert [isinstance(each, Grant) for each in given_.results] == [True, False, False, False]
    assert given_.number == service.log.frontier().size - 1
    in_force = service.live.ruleset().policy
    packs = gatekeeper(service)._sources.policy().packs
    assert given_.kept.terms.policy == policy_hash(in_force, packs)
    shown = gatekeeper(service).permit(given_.id_of(1))
    assert (shown.granted, shown.token, shown.actor, shown.ask) == (False, None, "wk_test", ASK)
    assert [check.question for check in shown.checks if check.answer != "yes"] == ["consent"]
    assert len(shown.checks) == len(given_.results[1].checks) == 11
    held = gatekeeper(service).permit(given_.id_of(0))
    assert held.token == given_.token(0)
    assert all(check.answer == "yes" for check in held.checks)


def test_a_batch_and_single_asks_agree(service, people):
    agree(service, people[::2])
    keeper = gatekeeper(service)
    assert granted(keeper, people) == [granted(keeper, [each])[0] for each in people]


def test_an_opt_out_by_another_spelling_counts(service):
    spelled = [recipient(text) for text in ("be.a@gmail.com", "Bea+news@googlemail.com")]
    agree(service, spelled[:1])
    assert granted(gatekeeper(service), spelled) == [True, True]
    opt_out(service, spelled[1:])
    assert granted(gatekeeper(service), spelled) == [False, False]


def test_a_permit_is_verified_and_used_once(service, people):
    agree(service, people[:1])
    keeper = gatekeeper(service)
    token = keeper.ask(ASK, people, replace(ME, once=True)).token(0)
    wanted = {"address": f"email:{people[0].address.text}", "channel": Channel.EMAIL, "purpose": "marketing"}
    assert keeper.verify(token, wanted, "wk_test").terms.once
    keeper.verify(token, wanted, "wk_test", redeem=True)
    for redeem in (False, True):
        with pytest.raises((BrokenLogError, ConflictError), match="use"):
            keeper.verify(token, wanted, "wk_test", redeem=redeem)
    with pytest.raises(BrokenLogError, match="another address"):
        keeper.verify(token, {**wanted, "address": "email:other@example.com"}, "wk_test")
    used, since = verify_token(parse_token(token), keeper.key, keeper._seal.verify).id, keeper._store.position()
    with pytest.raises(ConflictError):  # two at the same moment, of whom both have looked
        keeper._store.redeem(used, 1, since, "x", ME_TOO)


def stop(service, _):
    now = service.clock.now()
    stops = StoredStops(service.engine, service.journal)
    stops.engage(Stop("stop_gate", StopScope.ALL, "", "us_a", now, "test"), now)


@pytest.mark.parametrize(("happens", "said"), [(opt_out, "opted out"), (stop, "a kill switch")])
def test_no_use_is_noted_after_what_ends_the_permit(tmp_path, happens, said, monkeypatch):
    with closing(open_service(load(flags={"data.folder": str(tmp_path)}))) as service:
        keeper, people = gatekeeper(service), [recipient("ana@example.com")]
        agree(service, people)
        token = keeper.ask(ASK, people, replace(ME, once=True)).token(0)
        real, once = keeper._store.used, iter([happens])

        def used(permit):  # the last look before the use is noted
            found = real(permit)
            for each in once:
                each(service, people)
            return found

        monkeypatch.setattr(keeper._store, "used", used)
        with pytest.raises(BrokenLogError, match=said):
            keeper.verify(token, {}, "wk_test", redeem=True)
        monkeypatch.undo()
        assert not keeper._store.used(verify_token(parse_token(token), keeper.key, keeper._seal.verify).id)


def test_a_use_is_put_off_while_what_it_rests_on_keeps_changing(service, people, monkeypatch):
    agree(service, people[:1])
    keeper = gatekeeper(service)
    token = keeper.ask(ASK, people, replace(ME, once=True)).token(0)
    monkeypatch.setattr(keeper._store, "redeem", lambda *_: False)
    with pytest.raises(UnavailableError, match="kept changing"):
        keeper.verify(token, {}, "wk_test", redeem=True)


def test_an_answer_is_the_one_asked_for_whatever_another_thread_looks_at(service, people):
    agree(service, people)
    keeper = gatekeeper(service)
    one, other = [keeper._opened(keeper.ask(ASK, some, ME).kept.terms.answer) for some in (people[:2], people[2:])]
    seen = chain([one, one], repeat(other))  # between two looks the other thread remembers its own

    class Racing(Gatekeeper):
        _last = property(lambda _: next(seen), lambda _, __: None)

    racing = Racing(keeper._sources, keeper._store, keeper._seal, keeper._clock)
    assert racing.answer(one[0].terms.answer) == one[0]


def test_a_permit_ends_with_an_opt_out(service, people):
    agree(service, people[:2])
    keeper = gatekeeper(service)
    given_ = keeper.ask(ASK, people[:2], ME)
    opt_out(service, people[:1])
    with pytest.raises(BrokenLogError, match="opted out"):
        keeper.verify(given_.token(0), {}, "wk_test")
    assert keeper.verify(given_.token(1), {}, "wk_test", redeem=True).leaf.number == 1
    keeper.verify(given_.token(1), {}, "wk_test", redeem=True)  # not for one use: as often as it likes


@pytest.mark.parametrize(
    "now", [None, (MAILER, Standing(Mode.SHADOW, ("its owner has left",)))], ids=["gone", "shadow"]
)
def test_a_permit_ends_with_the_right_of_its_system_to_act(service, people, now):
    agree(service, people[:1])
    token = gatekeeper(service).ask(ASK, people[:1], ME).token(0)
    assert gatekeeper(service).verify(token, {}, "wk_test").terms.system == "mailer"
    with pytest.raises(BrokenLogError, match="the system may not act any more"):
        gatekeeper(service, system=lambda _: now).verify(token, {}, "wk_test")


def blocked(service, person):
    service.lists.add([entry_for(person.address.text)], "test", service.clock.now())


def entry_for(text):
    entry = ListEntry(f"le_{next(_numbers)}", ListAction.BLOCK, ListKind.EMAIL, text, "us_o", "asked us")
    return checked(entry)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (
            lambda service, one: consent_of(service).erase([consent_of(service).subject(one.address)], "t", ME_TOO),
            "erased",
        ),
        (blocked, "block entry"),
    ],
    ids=["erased", "blocked"],
)
def test_a_permit_of_a_batch_ends_with_what_it_rests_on(service, people, happens, said):
    agree(service, people[:2])
    keeper = gatekeeper(service)
    given_ = keeper.ask(ASK, people[:2], ME)
    happens(service, people[0])
    with pytest.raises(BrokenLogError, match=said):
        keeper.verify(given_.token(0), {"address": spelled(people[0].address)}, "wk_test")
    keeper.verify(given_.token(1), {"address": spelled(people[1].address)}, "wk_test")


def test_a_permit_ends_with_a_consent_that_lapses(service, people):
    now = service.clock.now()
    yes = Told(people[0].address, Act.GRANT, Capture.FORM, Channel.EMAIL, "marketing", EXPRESS, "newsletter@1")
    told = replace(yes, occurred_at=now, expires_at=now + timedelta(minutes=5))
    consent_of(service).record([told], "test", now)
    token = gatekeeper(service).ask(ASK, people[:1], ME).token(0)
    for minutes, holds in ((4, True), (5, False)):
        keeper = gatekeeper(service)
        keeper._clock = SimpleNamespace(now=lambda minutes=minutes: now + timedelta(minutes=minutes))
        if holds:
            keeper.verify(token, {}, "wk_test")
        else:
            with pytest.raises(BrokenLogError, match="lapsed"):
                keeper.verify(token, {}, "wk_test")


def test_what_is_no_contact_is_not_ended_by_a_no_to_contact(service, people):
    opt_out(service, people[:1])
    keeper, score = gatekeeper(service), replace(ASK, action=Action.SCORE, channel=None)
    token = keeper.ask(score, people[:1], ME).token(0)
    assert keeper.verify(token, {}, "wk_test").terms.action is Action.SCORE


@pytest.mark.parametrize(("lasts", "permitted"), [(300, True), (301, False), (86_400, False)])
def test_a_permit_to_call_holds_for_no_hour_at_which_nobody_may_be_called(service, lasts, permitted):
    number = recipient(f"+1415555{next(_numbers):04}", "US")
    agree(service, [number], Channel.PHONE)
    closes = service.clock.now() + timedelta(minutes=5)  # at nine in the evening of theirs

    def hours(_place, _zone, at):
        return frozenset({20 if at < closes else 21})

    keeper = gatekeeper(service, hours=hours)
    keeper._clock = SimpleNamespace(now=lambda: closes - timedelta(minutes=5))
    ask = replace(ASK, channel=Channel.PHONE)
    assert granted(keeper, [number], ask, replace(ME, lasts=timedelta(seconds=lasts))) == [permitted]


def test_an_opt_out_between_deciding_and_recording_is_heeded(service, people, monkeypatch):
    agree(service, people)
    keeper = gatekeeper(service)
    real = keeper._store.record
    calls: list[int] = []

    def slow(answer, since, now):
        calls.append(answer.granted)
        if len(calls) == 1:
            opt_out(service, people[1:2])
        return real(answer, since, now)

    monkeypatch.setattr(keeper._store, "record", slow)
    assert granted(keeper, people) == [True, False, True, True]
    assert calls == [4, 3]


def test_a_merge_with_somebody_who_opted_out_is_heeded_too(service, people, monkeypatch):
    agree(service, people[:2])
    opt_out(service, people[3:])
    keeper = gatekeeper(service)
    real, pair = keeper._store.record, (people[0].address, people[3].address)
    first: list[object] = []

    def slow(answer, since, now):
        if not first:
            first.append(consent_of(service).merge(pair, "the same person wrote from both", "test", now))
        return real(answer, since, now)

    monkeypatch.setattr(keeper._store, "record", slow)
    assert granted(keeper, people[:2]) == [False, True]


def test_what_keeps_changing_is_no_permit(service, people, monkeypatch):
    agree(service, people)
    keeper = gatekeeper(service)
    real = keeper._store.record

    def slow(answer, since, now):
        opt_out(service, people[:1])
        return real(answer, since, now)

    monkeypatch.setattr(keeper._store, "record", slow)
    with pytest.raises(UnavailableError):
        keeper.ask(ASK, people, ME)


def test_a_list_entry_counts_at_once_and_between(service, people, monkeypatch):
    agree(service, people)
    keeper, now = gatekeeper(service), service.clock.now()
    assert granted(keeper, people[:2]) == [True, True]
    blocked = ListEntry("le_gate", ListAction.BLOCK, ListKind.EMAIL, people[0].address.text, "us_o", "asked us")
    service.lists.add([blocked], "test", now)
    given_ = keeper.ask(ASK, people[:2], ME)
    assert [isinstance(each, Grant) for each in given_.results] == [False, True]
    assert given_.results[0].failing[0].owner == "us_o"
    assert blocked.scopes == ACQUISITION_SCOPES
    real = keeper._store.record
    first: list[object] = []

    def slow(answer, since, at):
        if not first:
            first.append(service.lists.remove("le_gate", "test", at))
        return real(answer, since, at)

    monkeypatch.setattr(keeper._store, "record", slow)
    assert granted(keeper, people[:2]) == [True, True]


@pytest.mark.parametrize("source", ["consent", "hits", "hours", "policy", "system", "stops"])
def test_a_source_that_breaks_is_a_refusal_for_all(service, people, source):
    agree(service, people)

    def broken(*_):
        raise RuntimeError(source)

    assert granted(gatekeeper(service, **{source: broken}), people) == [source == "hours"] * 4


def test_a_source_that_breaks_for_one_is_a_refusal_for_that_one(service, people):
    agree(service, people)

    def hits(each):
        if each is people[2]:
            raise ValueError
        return ()

    assert granted(gatekeeper(service, hits=hits), people) == [True, True, False, True]


@pytest.mark.parametrize("source", ["catch_up", "consent", "policy", "stops"])
def test_with_the_store_away_there_is_no_answer(service, people, source):
    def away(*_):
        raise StoreAwayError("gone")

    with pytest.raises(StoreAwayError):
        gatekeeper(service, **{source: away}).ask(ASK, people, ME)


def test_a_system_that_nobody_registered_may_nothing(service, people):
    agree(service, people)
    keeper = gatekeeper(service)
    assert granted(keeper, people, replace(ASK, system="unknown")) == [False] * 4


def test_caps_count_what_was_permitted_before_and_in_the_same_batch(service, people):
    agree(service, people)
    keeper = capped(service, 2)
    assert granted(keeper, [*people[:1] * 3, people[1]]) == [True, True, False, True]
    assert granted(keeper, people[:2] * 2) == [False, True, False, False]
    assert granted(keeper, people, replace(ASK, action=Action.SCORE, channel=None)) == [True] * 4
    given_ = keeper.ask(ASK, people, replace(ME, rehearsal=True))
    assert (given_.number, given_.kept.granted) == (None, 2)
    with pytest.raises(NotFoundError):
        keeper.permit(given_.id_of(0))
    assert granted(keeper, people[2:3] * 2) == [True, True]  # a rehearsal counts for nothing


@pytest.mark.parametrize("linked", [False, True])
def test_two_at_the_same_moment_do_not_both_get_the_last_contact(service, people, monkeypatch, linked):
    agree(service, people)
    if linked:
        merge(service, *people[:2])
    one, other = capped(service, 1), capped(service, 1)
    real = one._store.record
    first: list[object] = []

    def slow(answer, since, now):
        if not first:
            first.append(granted(other, people[:1]))
        return real(answer, since, now)

    monkeypatch.setattr(one._store, "record", slow)
    assert granted(one, people[linked : linked + 2]) == [False, True]
    assert first == [[True]]


def test_a_person_with_several_addresses_has_one_cap(service, people):
    agree(service, people)
    merge(service, people[0], people[1])
    merge(service, people[1], people[2])
    keeper = capped(service, 2)
    assert granted(keeper, people[:1]) == [True]
    assert granted(keeper, people) == [True, False, False, True]
    assert granted(keeper, people[2:]) == [False, True]
    ledger = consent_of(service)
    pair = ledger.subject(people[1].address), ledger.subject(people[2].address)
    ledger.unmerge(pair, "not one after all", "test", service.clock.now())
    assert granted(keeper, people) == [False, False, True, False]


def test_addresses_linked_meanwhile_do_not_get_a_contact_each(service, people, monkeypatch):
    agree(service, people)
    keeper = capped(service, 1)
    real = keeper._store.record
    links = [people[:2], people[1:3]]

    def slow(answer, since, now):
        if links:
            merge(service, *links.pop())
        return real(answer, since, now)

    monkeypatch.setattr(keeper._store, "record", slow)
    assert granted(keeper, people) == [True, False, False, True]
    assert links == []


def test_what_is_about_one_person_is_erased_with_them(service, people):
    agree(service, people[:1])
    keeper = gatekeeper(service)
    alone, many = keeper.ask(ASK, people[:1], ME), keeper.ask(ASK, people, ME)
    assert keeper.permit(alone.id_of(0)).granted
    consent_of(service).erase([consent_of(service).subject(people[0].address)], "test", service.clock.now())
    with pytest.raises(NotFoundError, match="erased"):
        keeper.permit(alone.id_of(0))
    assert people[0].address.text not in json.dumps(many.kept.ask.document)
    assert keeper.permit(many.id_of(3)).granted is False


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (AddressKind.EMAIL, "", NotKnown.NO_ADDRESS),
        (AddressKind.EMAIL, "nobody", NotKnown.NO_ADDRESS),
        (AddressKind.EMAIL, "@", NotKnown.NO_ADDRESS),
        (AddressKind.EMAIL, "ana@bluebird.example,", NotKnown.NO_ADDRESS),
        (AddressKind.PHONE, "12", NotKnown.NO_ADDRESS),
        (AddressKind.PHONE, "12345678", NotKnown.SHARED_NUMBER),
        (AddressKind.PHONE, "+4930123456", NotKnown.NO_WAY),
    ],
)
def test_what_is_no_address_for_it_is_nobodys_permit_and_says_why(service, kind, text, said):
    given_ = gatekeeper(service).ask(replace(ASK, purpose="service"), [written(kind, text)], ME)
    assert {check.what for check in given_.results[0].failing} >= {said.what}
    assert {check.fix for check in given_.results[0].failing} >= {said.fix}
    assert given_.results[0].failing[0].question == "consent"


@pytest.mark.parametrize("blocked", ["a.n.a@gmail.com", "ana+old@googlemail.com", "ana@gmail.com"])
@pytest.mark.parametrize("asked", ["ana@googlemail.com", "A.na+new@gmail.com"])
def test_an_entry_counts_however_either_address_is_written(service, blocked, asked):
    now, one = service.clock.now(), recipient(asked)
    agree(service, [one])
    name = f"le_spelling{next(_numbers)}"
    entry = checked(ListEntry(name, ListAction.BLOCK, ListKind.EMAIL, blocked, "us_o", "asked us"))
    service.lists.add([entry], "test", now)
    keeper = gatekeeper(service)
    assert granted(keeper, [one]) == [False]
    service.lists.remove(name, "test", now)
    assert granted(keeper, [one]) == [True]


@pytest.mark.parametrize("source", ["stops", "policy", "system", "consent", "hits", "hours"])
def test_what_takes_too_long_is_a_refusal_for_all(service, people, source, monkeypatch):
    agree(service, people)
    keeper, passed = gatekeeper(service), [0.0]
    for module in ("facts", "keeper"):
        monkeypatch.setattr(f"winnow.services.gatekeep.{module}.time", SimpleNamespace(monotonic=lambda: passed[0]))
    real = getattr(keeper._sources, source)

    def slow(*given_):
        passed[0] += 5.1  # longer than is waited for one answer about few
        return real(*given_)

    object.__setattr__(keeper._sources, source, slow)
    given_ = keeper.ask(ASK, people, ME)
    assert [isinstance(each, Grant) for each in given_.results] == [source == "hours"] * 4  # nobody asks for them here
    if source != "hours":
        assert NotKnown.TOO_SLOW.what in {check.what for check in given_.results[0].failing}


def test_a_rehearsal_leaves_nothing_that_could_pass_for_a_permit(service, people):
    agree(service, people)
    keeper, before = gatekeeper(service), service.log.frontier().size
    given_ = keeper.ask(ASK, people[:2], replace(ME, rehearsal=True))
    assert [isinstance(each, Grant) for each in given_.results] == [True, True]
    with pytest.raises(BrokenLogError):
        verify_token(parse_token(given_.token(0)), keeper.key, keeper._seal.verify)
    assert service.log.frontier().size == before


@pytest.mark.parametrize("name", ["rulesets", "ai-systems", "sign-offs", "lists"])
def test_what_everybody_is_held_to_may_change_between_answer_and_record(service, people, monkeypatch, name):
    agree(service, people[:2])
    keeper, states = gatekeeper(service), [(MAILER, ACTS), (MAILER, replace(ACTS, mode=Mode.SHADOW))]
    object.__setattr__(keeper._sources, "system", lambda _: states[0])
    real, calls = keeper._store.record, []

    def slow(answer, since, now):
        calls.append(answer.granted)
        if len(calls) == 1:
            states.pop(0)
            with writing(service.engine) as connection:
                bump(connection, name)
        return real(answer, since, now)

    monkeypatch.setattr(keeper._store, "record", slow)
    assert granted(keeper, people[:2]) == [False, False]
    assert calls == [2, 0]


@pytest.mark.parametrize(
    ("most", "asked", "expected"),
    [
        (1, "aa", [True, False]),
        (1, "aba", [True, True, False]),
        (2, "aaab", [True, True, False, True]),
        (1, "na", [False, True]),
        (1, "nan", [False, True, False]),
    ],
)
def test_a_cap_counts_those_before_in_the_same_batch(service, people, most, asked, expected):
    agree(service, people[:2])
    keeper = capped(service, most)
    who = {"a": people[0], "b": people[1], "n": people[3]}
    assert granted(keeper, [who[each] for each in asked]) == expected
    again = granted(keeper, [who[each] for each in "ab"])
    assert again == [asked.count("a") < most, asked.count("b") < most]


def test_nothing_odd_can_be_asked(service, people):
    for asked, asking in (([], ME), (people * 25_001, ME), (people, replace(ME, lasts=timedelta(0)))):
        with pytest.raises(InvalidInputError):
            gatekeeper(service).ask(ASK, asked, asking)
    for wrong in ("pm_none-0", "pm_none"):
        with pytest.raises((NotFoundError, InvalidInputError)):
            gatekeeper(service).permit(wrong)
    given_ = gatekeeper(service).ask(ASK, people, ME)
    with pytest.raises(NotFoundError):
        gatekeeper(service).permit(f"{given_.kept.terms.answer}-4")


def test_the_register_is_asked(service, people):
    agree(service, people)
    shadow = replace(ACTS, mode=Mode.SHADOW, because=("it was put in shadow",))
    given_ = gatekeeper(service, system=lambda _: (MAILER, shadow)).ask(ASK, people, ME)
    assert {check.what for each in given_.results for check in each.failing} == {
        "the system may not act: it was put in shadow"
    }


_events = st.lists(
    st.tuples(
        st.sampled_from([Act.GRANT, Act.GRANT, Act.OPT_OUT, Act.OBJECTION, Act.BAR, Act.ERASED]),
        st.sampled_from([Capture.FORM, Capture.VERBAL, Capture.IMPORT, Capture.LINK]),
        st.sampled_from([Channel.EMAIL, Channel.PHONE, None]),
        st.sampled_from(["marketing", "service", None]),
        st.sampled_from([EXPRESS, "purchase", None]),
        st.sampled_from([None, -400, -1, 0, 40]),
        st.sampled_from([None, -1, 0, 1]),
    ),
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(_events, min_size=1, max_size=6))
def test_many_standings_at_once_are_those_of_one_by_one(service, histories):
    ledger, now = consent_of(service), service.clock.now()
    some = [recipient(f"p{next(_numbers)}@example.com").address for _ in histories]
    for address, events in zip(some, histories, strict=True):
        for act, how, channel, purpose, basis, occurred, expires in events:
            named = act is Act.GRANT
            told = Told(
                *(address, act, how, channel or (Channel.EMAIL if named else None)),
                *(purpose or ("marketing" if named else None), basis or (EXPRESS if named else None)),
                *("w@1" if named else None, None),
                None if occurred is None else now + timedelta(days=occurred),
                None if expires is None else now + timedelta(days=expires),
            )
            ledger.record([told], "test", now)
    at, subjects = service.clock.now(), [ledger.subject(each) for each in some]
    found = StoredStandings(service.engine)(subjects, Channel.EMAIL, "marketing", at)
    with reading(service.engine) as connection:
        known = events_of(connection, subjects)
    for subject, events in known.items():
        one = fold(events, Channel.EMAIL, "marketing", at)
        assert (found[subject].state, found[subject].basis, found[subject].expires_at) == (
            *(one.state, one.basis),
            one.expires_at,
        )
        assert [(each.basis, each.since and each.since.date()) for each in found[subject].grounds] == [
            (each.basis, each.since and each.since.date()) for each in one.grounds
        ]
        assert found[subject].why == one.why
    assert found.keys() == known.keys()
