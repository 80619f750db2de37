"""How events of consent are folded: what outweighs what, at which times, and why it is said to be so."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.govern.consent import EXPRESS, ONCE_CONFIRMED, VERBAL_DAYS, Act, Capture, ConsentEvent, State, fold
from winnow.core.govern.terms import Channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EMAIL, NEWS = Channel.EMAIL, "marketing"


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def event(act: Act, at: float | None = -1, *, number: int = 0, how=Capture.FORM, told: float = 0, **fields):
    usual = {"channel": EMAIL, "purpose": NEWS, "basis": EXPRESS if act is Act.GRANT else None, "wording": "w@1"}
    values = {"evidence": None, "captured_by": "us_1", "expires_at": None, **usual, **fields}
    occurred = None if at is None else day(at)
    return ConsentEvent(
        number=number, subject=1, act=act, how=how, occurred_at=occurred, received_at=day(told), **values
    )


def folded(*events, now: float = 0, channel=EMAIL, purpose=NEWS):
    numbered = [each if each.number else replace_number(each, place) for place, each in enumerate(events, 1)]
    return fold(numbered, channel, purpose, day(now))


def replace_number(each, number):
    return each._replace(number=number)


GRANT, OUT, OBJECTION, BAR, LIFTED = Act.GRANT, Act.OPT_OUT, Act.OBJECTION, Act.BAR, Act.BAR_LIFTED
DOI, VERBAL, SMS = Capture.DOUBLE_OPT_IN, Capture.VERBAL, Channel.SMS


def confirmed(at: float | None = -1, **fields):
    return event(GRANT, at, **{"how": DOI, **fields})


def aloud(at: float | None = -1, **fields):
    return event(GRANT, at, **{"how": VERBAL, **fields})


CASES = {
    "nothing": ((), State.UNKNOWN),
    "a yes": ((event(GRANT),), State.GRANTED),
    "a form after a no": ((event(OUT, -2), event(GRANT, -1)), State.OPTED_OUT),
    "a form after a no, and a link": ((event(OUT, -3), event(GRANT, -2), confirmed()), State.GRANTED),
    "a link, and a form after a no": ((confirmed(-3), event(OUT, -2), event(GRANT, -1)), State.OPTED_OUT),
    "a link of another purpose": ((event(OUT, -3), event(GRANT, -2), confirmed(purpose="service")), State.OPTED_OUT),
    "a link of another channel": ((event(OUT, -3), event(GRANT, -2), confirmed(channel=SMS)), State.OPTED_OUT),
    "a link of tomorrow": ((event(OUT, -3), event(GRANT, -2), confirmed(1, told=2)), State.OPTED_OUT),
    "a link without a wording": ((event(OUT, -3), confirmed(wording=None)), State.OPTED_OUT),
    "a form after a no, and a link before an erasure": (
        (event(OUT, -4), confirmed(-3), event(Act.ERASED, -2), event(GRANT, -1)),
        State.OPTED_OUT,
    ),
    "a form that has to be confirmed": ((event(GRANT, basis=ONCE_CONFIRMED),), State.UNKNOWN),
    "one that is": ((event(GRANT, -2, basis=ONCE_CONFIRMED), confirmed()), State.GRANTED),
    "one that was before": ((confirmed(-3, expires_at=day(-2)), event(GRANT, basis=ONCE_CONFIRMED)), State.EXPIRED),
    "one that lapsed": ((event(GRANT, -2, basis=ONCE_CONFIRMED, expires_at=day(-1)),), State.EXPIRED),
    "one that a file tells of": (
        (event(GRANT, basis=ONCE_CONFIRMED, how=Capture.IMPORT), confirmed(-2)),
        State.GRANTED,
    ),
    "one beside a purchase": ((event(GRANT, basis=ONCE_CONFIRMED), event(GRANT, basis="purchase")), State.GRANTED),
    "a yes after a no": ((event(OUT, -2), confirmed()), State.GRANTED),
    "a no after a yes": ((event(GRANT, -2), event(OUT, -1)), State.OPTED_OUT),
    "a no that was told late": ((confirmed(), event(OUT, -2, told=0)), State.GRANTED),
    "a no told late that is hardly older": ((confirmed(), event(OUT, -1.001)), State.OPTED_OUT),
    "a no told after, by a clock that is behind": ((confirmed(0), event(OUT, -0.001, told=-0.001)), State.OPTED_OUT),
    "a no told after, at no known time": ((confirmed(0), event(OUT, None, told=-0.5)), State.OPTED_OUT),
    "a no told before, by a clock that is ahead": ((event(OUT, 0.001, told=0.001), confirmed(0)), State.OPTED_OUT),
    "a yes that says it is older than it is": ((event(OUT, -1, told=-1), confirmed(-2)), State.OPTED_OUT),
    "a yes of the future": ((event(OUT, 0), confirmed(5, told=-0.001)), State.OPTED_OUT),
    "a no of the future": ((confirmed(-1, told=-1), event(OUT, 400)), State.OPTED_OUT),
    "both at once": ((event(OUT, -1), confirmed()), State.OPTED_OUT),
    "a no at an unknown time": ((event(OUT, None, told=-1), confirmed(-2)), State.OPTED_OUT),
    "a yes after a no of an unknown time was told": ((event(OUT, None, told=-2), confirmed()), State.GRANTED),
    "a yes at an unknown time": ((event(OUT, -9), confirmed(None)), State.OPTED_OUT),
    "a yes that was told before it happened": ((event(OUT, -3, told=-3), confirmed(5, told=-4)), State.OPTED_OUT),
    "a form without a wording": ((event(OUT, -2), event(GRANT, -1, wording=None)), State.OPTED_OUT),
    "an import": ((event(OUT, -2), event(GRANT, -1, how=Capture.IMPORT)), State.OPTED_OUT),
    "a sync": ((event(OUT, -2), event(GRANT, -1, how=Capture.SYNC)), State.OPTED_OUT),
    "a merge": ((event(OUT, -2), event(GRANT, -1, how=Capture.MERGE)), State.OPTED_OUT),
    "an enrichment": ((event(OUT, -2), event(GRANT, -1, how=Capture.ENRICHMENT)), State.OPTED_OUT),
    "a rep's edit": ((event(OUT, -2), event(GRANT, -1, how=Capture.REP)), State.OPTED_OUT),
    "a purchase": ((event(OUT, -2), event(GRANT, -1, basis="purchase")), State.OPTED_OUT),
    "what was said, of a mailbox": ((event(OUT, -2), aloud()), State.OPTED_OUT),
    "what was said without a no": ((aloud(),), State.GRANTED),
    "what was said, then confirmed": ((event(OUT, -3), aloud(-2), confirmed(-1)), State.GRANTED),
    "an objection and what was said": ((event(OBJECTION, -2), aloud()), State.OBJECTED),
    "an objection and a form": ((event(OBJECTION, -2), event(GRANT, -1)), State.OBJECTED),
    "an objection and a link": ((event(OBJECTION, -2), confirmed()), State.GRANTED),
    "an objection and a no": ((event(OUT, -1), event(OBJECTION, -2)), State.OBJECTED),
    "an import alone": ((event(GRANT, -1, how=Capture.IMPORT),), State.GRANTED),
    "a yes that expired": ((event(GRANT, -2, expires_at=day(-1)),), State.EXPIRED),
    "a yes that expires now": ((event(GRANT, -2, expires_at=day(0)),), State.EXPIRED),
    "a yes of tomorrow": ((event(GRANT, 1, told=2),), State.EXPIRED),
    "a no, and a yes that expired": ((event(OUT, -3), confirmed(-2, expires_at=day(-1))), State.OPTED_OUT),
    "a bar": ((event(GRANT), event(BAR, -2)), State.BARRED),
    "a bar that a yes does not lift": ((event(BAR, -3), event(GRANT, -1)), State.BARRED),
    "a bar that expired": ((event(BAR, -3, expires_at=day(-1)), event(GRANT)), State.GRANTED),
    "a bar that was lifted": ((event(BAR, -3), event(LIFTED, -2), event(GRANT)), State.GRANTED),
    "a bar lifted before it came": ((event(BAR, -2), event(LIFTED, -3)), State.BARRED),
    "a bar lifted at an unknown time": ((event(BAR, -3), event(LIFTED, None)), State.BARRED),
    "a no does not expire": ((event(OUT, -3, expires_at=day(-1)),), State.OPTED_OUT),
    "a no outranks a bar": ((event(BAR, -1), event(OUT, -2)), State.OPTED_OUT),
    "lifting a bar lifts no no": ((event(OUT, -3), event(LIFTED, -1)), State.OPTED_OUT),
    "erased": ((event(GRANT, -2), event(Act.ERASED, -1)), State.UNKNOWN),
    "erased after a no": ((event(OUT, -3), event(GRANT, -2), event(Act.ERASED, -1)), State.OPTED_OUT),
    "a yes since": ((event(Act.ERASED, -2), event(GRANT, -1)), State.GRANTED),
    "a yes without a basis": ((event(GRANT, -1, basis=None),), State.UNKNOWN),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES)
def test_how_things_stand(events, state):
    assert folded(*events).state is state


#: Of a telephone number: whoever is heard at it shows that it is theirs.
NUMBERS = {
    "what was said": ((event(OUT, -2), aloud()), State.GRANTED),
    "what was said a month ago": ((event(OUT, -32), aloud(-30)), State.OPTED_OUT),
    "a form": ((event(OUT, -2), event(GRANT, -1)), State.OPTED_OUT),
    "a form, then said": ((event(OUT, -3), event(GRANT, -2), aloud()), State.GRANTED),
    "a form, said a month ago": ((event(OUT, -40), event(GRANT, -39), aloud(-38)), State.GRANTED),
    "said, then a form": ((event(OUT, -40), aloud(-39), event(GRANT, -38)), State.OPTED_OUT),
    "an objection, what was said": ((event(OBJECTION, -2), aloud()), State.OBJECTED),
    "an objection, a form, then said": ((event(OBJECTION, -3), event(GRANT, -2), aloud()), State.GRANTED),
    "an objection between": ((event(GRANT, -3), event(OBJECTION, -2), aloud()), State.OBJECTED),
    "an objection lifted, a no, what was said": (
        (event(OBJECTION, -5), event(GRANT, -4), aloud(-3), event(OUT, -2), aloud()),
        State.GRANTED,
    ),
    "said at an unknown time": ((event(OUT, -2), aloud(None)), State.OPTED_OUT),
}


@pytest.mark.parametrize(("events", "state"), NUMBERS.values(), ids=NUMBERS)
def test_how_things_stand_for_a_number(events, state):
    spoken = [each._replace(channel=None if each.act is OBJECTION else SMS) for each in events]
    assert folded(*spoken, channel=SMS).state is state


@pytest.mark.parametrize(
    ("no", "others", "state"),
    [
        ("old-news", {"service"}, State.OPTED_OUT),
        ("service", {"service"}, State.UNKNOWN),
        ("old-news", None, State.UNKNOWN),
        (NEWS, None, State.OPTED_OUT),
    ],
)
def test_a_no_to_a_purpose_that_is_no_more_is_one_to_what_goes_by_another_name_now(no, others, state):
    made = event(OUT, purpose=no, number=1)
    assert fold([made], EMAIL, NEWS, NOW, others).state is state
    assert fold([made], SMS, NEWS, NOW, others).state is State.UNKNOWN


def test_lifting_the_bar_of_an_old_purpose_lifts_no_other():
    events = [event(BAR, -3, number=1), event(LIFTED, -2, number=2, purpose="old-news")]
    assert fold(events, EMAIL, NEWS, NOW, {"service"}).state is State.BARRED


@pytest.mark.parametrize(
    ("fields", "channel", "purpose", "state"),
    [
        ({"channel": None}, Channel.SMS, NEWS, State.OPTED_OUT),
        ({"purpose": None}, EMAIL, "service", State.OPTED_OUT),
        ({}, Channel.SMS, NEWS, State.UNKNOWN),
        ({}, EMAIL, "service", State.UNKNOWN),
        ({"act": OBJECTION}, Channel.SMS, NEWS, State.OBJECTED),
        ({"act": OBJECTION}, EMAIL, "service", State.UNKNOWN),
        ({"act": GRANT, "channel": None, "basis": EXPRESS}, EMAIL, NEWS, State.UNKNOWN),
        ({"act": GRANT, "purpose": None, "basis": EXPRESS}, EMAIL, NEWS, State.UNKNOWN),
    ],
)
def test_what_an_event_reaches(fields, channel, purpose, state):
    made = event(fields.pop("act", OUT), **fields)
    assert folded(made, channel=channel, purpose=purpose).state is state


def test_what_is_said_aloud_lapses_after_thirty_days_whatever_is_recorded():
    spoken = event(GRANT, -1, how=Capture.VERBAL, expires_at=day(300))
    found = folded(spoken)
    assert (found.provisional, found.expires_at) == (True, day(VERBAL_DAYS - 1))
    assert folded(spoken, now=VERBAL_DAYS - 1).state is State.EXPIRED
    assert folded(event(GRANT, -1, how=Capture.VERBAL, expires_at=day(3)), now=3).state is State.EXPIRED


def test_after_a_no_only_what_came_later_and_from_the_person_is_a_ground():
    found = folded(
        event(GRANT, -9),
        event(OUT, -5),
        event(GRANT, -4, how=Capture.IMPORT),
        event(GRANT, -3, how=Capture.VERBAL),
        event(GRANT, -2, basis=ONCE_CONFIRMED),
        confirmed(-1, expires_at=day(9)),
        event(GRANT, -1),
    )
    assert (found.state, found.provisional, found.because) == (State.GRANTED, False, (2, 7))
    assert [(ground.number, ground.basis) for ground in found.grounds] == [
        (7, EXPRESS), (5, EXPRESS), (6, EXPRESS), (4, EXPRESS),
    ]  # fmt: skip


def test_the_strongest_ground_comes_first():
    found = folded(
        event(GRANT, -9, basis="purchase"),
        event(GRANT, -8, how=Capture.VERBAL),
        event(GRANT, -7, expires_at=day(9)),
        event(GRANT, -6, how=Capture.IMPORT),
    )
    assert [ground.number for ground in found.grounds] == [3, 2, 4, 1]
    assert (found.basis, found.expires_at, found.denied) == (EXPRESS, day(9), False)


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ((), "nothing was ever recorded about this address"),
        (
            (event(OUT, channel=Channel.SMS),),
            "nobody ever recorded that the person agreed to this, or refused it",
        ),
        ((event(Act.ERASED),), "what was known of this person was erased, and they have not agreed since"),
        (
            (event(OUT, how=Capture.LINK),),
            "the person opted out on 2026-11-21 with one click on unsubscribe (email, marketing), "
            "and nothing the person did since takes it back",
        ),
        (
            (event(OBJECTION, None, how=Capture.REPLY, purpose=None),),
            "the person objected on or before 2026-11-22, when it was received, "
            "in a reply that was recorded (every channel, every purpose), "
            "and has not agreed in writing since",
        ),
        (
            (event(BAR, how=Capture.IMPORT),),
            "a law or a register barred it on 2026-11-21 as an imported file says (email, marketing), "
            "and that was neither lifted nor has it expired",
        ),
        ((event(GRANT),), "the person agreed on 2026-11-21 with a form"),
        (
            (event(OUT, -2), confirmed()),
            "the person agreed on 2026-11-21 with the link of a mail, after an earlier no",
        ),
        (
            (event(OUT, -3, how=Capture.LINK), event(GRANT, -2), event(GRANT, wording="news@9f")),
            "the person opted out on 2026-11-19 with one click on unsubscribe (email, marketing); "
            "a yes was given on 2026-11-21 with a form (`news`), and waits for confirmation",
        ),
        (
            (event(OBJECTION, -3, how=Capture.LINK), aloud()),
            "the person objected on 2026-11-19 with one click on unsubscribe (every channel, marketing); "
            "a yes was given on 2026-11-21 by word of mouth (`w`), and waits for confirmation",
        ),
        (
            (event(BAR, -3, how=Capture.IMPORT), event(GRANT)),
            "a law or a register barred it on 2026-11-19 as an imported file says (email, marketing), "
            "and that was neither lifted nor has it expired",
        ),
        (
            (event(GRANT, basis=ONCE_CONFIRMED),),
            "a yes was given on 2026-11-21 with a form (`w`), and waits for confirmation",
        ),
        (
            (event(GRANT, -3, expires_at=day(-2)), event(GRANT, basis=ONCE_CONFIRMED)),
            "what the person agreed to on 2026-11-19 with a form lapsed on 2026-11-20; "
            "a yes was given on 2026-11-21 with a form (`w`), and waits for confirmation",
        ),
        ((aloud(),), "the person agreed on 2026-11-21 by word of mouth, provisional, until 2026-12-21"),
        (
            (event(GRANT, basis="purchase", expires_at=day(9)),),
            "there was a relationship (purchase) on 2026-11-21 with a form, until 2026-12-01",
        ),
        (
            (event(GRANT, expires_at=day(-0.5)),),
            "what the person agreed to on 2026-11-21 with a form lapsed on 2026-11-22",
        ),
        ((event(GRANT, 3, told=3),), "what the person agreed to on 2026-11-25 with a form is not in force yet"),
    ],
)
def test_why_it_is_so(events, why):
    assert folded(*events).why == why


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────

DAYS = st.one_of(st.none(), st.integers(-60, 3))
EVENTS = st.builds(
    lambda act, at, told, how, channel, purpose, basis, wording, ends: event(
        act,
        at,
        told=told,
        how=how,
        channel=channel,
        purpose=purpose,
        basis=basis if act is GRANT else None,
        wording=wording,
        expires_at=None if ends is None else day(ends),
    ),
    st.sampled_from(Act),
    DAYS,
    st.integers(-60, 2),
    st.sampled_from(Capture),
    st.sampled_from([None, EMAIL, Channel.SMS]),
    st.sampled_from([None, NEWS, "service"]),
    st.sampled_from([EXPRESS, ONCE_CONFIRMED, "purchase"]),
    st.sampled_from([None, "w@1"]),
    DAYS,
)
HISTORIES = st.lists(EVENTS, max_size=8).map(
    lambda events: [replace_number(each, number) for number, each in enumerate(events)]
)
PERSONAL = {Capture.DOUBLE_OPT_IN, Capture.VERBAL}


@given(HISTORIES, st.randoms(use_true_random=False), st.integers(-60, 60))
def test_the_order_in_which_events_are_given_does_not_matter(events, shuffled, now):
    mixed = [*events, *events[:2]]
    shuffled.shuffle(mixed)
    first, second = fold(events, EMAIL, NEWS, day(now)), fold(mixed, EMAIL, NEWS, day(now))
    assert (first.state, first.basis, first.expires_at) == (second.state, second.basis, second.expires_at)


@given(HISTORIES, EVENTS.filter(lambda each: each.act in {OUT, OBJECTION, BAR}), st.integers(-60, 60))
def test_another_no_never_allows_more(events, denial, now):
    before = fold(events, EMAIL, NEWS, day(now)).state
    after = fold([*events, replace_number(denial, 99)], EMAIL, NEWS, day(now)).state
    assert after >= before


@given(HISTORIES, EVENTS.filter(lambda each: each.how not in PERSONAL and each.act is not LIFTED), st.integers(-60, 60))
def test_nothing_but_an_act_of_the_person_ever_takes_a_no_back(events, other, now):
    before = fold(events, EMAIL, NEWS, day(now)).state
    after = fold([*events, replace_number(other, 99)], EMAIL, NEWS, day(now)).state
    assert before < State.OPTED_OUT or after >= State.OPTED_OUT


@given(HISTORIES, st.integers(-60, 60))
def test_a_sentence_and_what_it_rests_on_are_always_there(events, now):
    found = fold(events, EMAIL, NEWS, day(now))
    assert found.why
    assert found.state is State.UNKNOWN or found.because
    assert set(found.because) <= {each.number for each in events}
    assert bool(found.grounds) == (found.state is State.GRANTED)


@given(HISTORIES, EVENTS.filter(lambda each: each.act is GRANT), st.integers(-60, 60))
def test_what_waits_is_a_yes_that_a_link_would_make_count(events, yes, now):
    """Whoever reads the mails of the address makes it count with one click: nothing else was missing."""
    found = fold([*events, replace_number(yes, 99)], EMAIL, NEWS, day(now))
    click = confirmed(now, told=now, number=100)
    after = fold([*events, replace_number(yes, 99), click], EMAIL, NEWS, day(now))
    assert not found.waits or after.state in {State.GRANTED, State.BARRED}
    assert not found.waits or found.state is not State.GRANTED


def test_states_have_words():
    assert [state.word for state in State] == ["granted", "unknown", "expired", "barred", "opted-out", "objected"]
