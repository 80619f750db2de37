"""The policy in force, what the law changes, and a policy that is to come."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from winnow.adapters.rulesets import read_ruleset
from winnow.core.govern.limits import Limits, PolicyExample
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.risk import Trait
from winnow.core.govern.systems import AiSystem, Status
from winnow.core.govern.terms import Channel, Needed
from winnow.core.policy import Policy, policy_hash
from winnow.errors import InvalidInputError, InvalidRulesetError, NotFoundError
from winnow.ports import KnownRuleset
from winnow.services.policy import PolicyDesk

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW_YEAR = date(2027, 1, 1)
PACK = LawPack(
    "law",
    "a law",
    NOW.date(),
    (
        LawRule("mail", "Art. 1", NEW_YEAR, frozenset({"DE"}), "a yes", "", needed=Needed.EXPRESS,
                channels=frozenset({Channel.EMAIL})),
        LawRule("talk", "Art. 2", NEW_YEAR, frozenset({"DE"}), "say so", "", systems=frozenset({"talks"})),
        LawRule("paper", "Art. 3", NEW_YEAR, frozenset({"DE"}), "write it down", ""),
    ),
)  # fmt: skip
LIVE = replace(read_ruleset(None), policy=Policy("Ada", limits=Limits(packs=("law",))))
SYSTEMS = (
    AiSystem("mailer", "Mailer", "mails", "1", channels=frozenset({Channel.EMAIL})),
    AiSystem("caller", "Caller", "calls", "1", channels=frozenset({Channel.PHONE}), traits=frozenset({Trait.TALKS})),
    AiSystem("scorer", "Scorer", "scores", "1"),
    AiSystem("old", "Old", "mails", "1", channels=frozenset({Channel.EMAIL}), status=Status.RETIRED),
)
TEXT = '[policy]\nowner = "Bo"\npacks = ["law"]\n'


class Here:
    """A store of rulesets and a clock that stands."""

    def __init__(self):
        self.kept = {}

    def now(self):
        return NOW

    def add(self, made, author, now):
        self.kept[made.hash] = (made, KnownRuleset(made.hash, made.id, now, author, live=False))

    def known(self, digest):
        if digest not in self.kept:
            raise NotFoundError("none")
        return self.kept[digest][1]


@pytest.fixture
def here():
    return Here()


@pytest.fixture
def desk(here):
    return PolicyDesk(lambda: LIVE, (PACK,), here, here, lambda: SYSTEMS, lambda: {(Channel.EMAIL, "marketing"): 412})


def test_what_is_in_force(desk):
    found = desk.in_force()
    assert (found.policy, found.packs, found.ruleset) == (LIVE.policy, (PACK,), LIVE.hash)
    assert found.hash == policy_hash(LIVE.policy, (PACK,))
    assert (desk.known, desk.today()) == ((PACK,), NOW.date())


def test_what_a_contact_needs_on_a_day(desk):
    asked = ("DE", Channel.EMAIL, "marketing")
    assert desk.needed(*asked, NOW.date()).needed is Needed.OPT_OUT
    then = desk.needed(*asked, NEW_YEAR)
    assert (then.needed, [each.article for each in then.because]) == (Needed.EXPRESS, ["Art. 1"])
    assert desk.needed(None, Channel.EMAIL, None, NEW_YEAR).needed is Needed.EXPRESS


def test_examples_tell_whether_they_hold_as_the_law_is_read_now(here):
    sure = PolicyExample(Channel.EMAIL, "marketing", NEW_YEAR, place="DE", needed=Needed.EXPRESS)
    wrong = replace(sure, needed=Needed.OPT_OUT)
    live = replace(LIVE, policy=replace(LIVE.policy, limits=Limits(packs=("law",), examples=(sure, wrong))))
    desk = PolicyDesk(lambda: live, (PACK,), here, here)
    assert desk.examples() == ((sure, None), (wrong, "it needs express (a yes)"))


def test_what_changes_and_whom_it_touches(desk):
    found = desk.changes(NEW_YEAR)
    assert [each.rule.id for each in found.changes.rules] == ["mail", "paper", "talk"]
    assert [(each.system.id, each.change.rule.id) for each in found.systems] == [("mailer", "mail"), ("caller", "talk")]
    assert [(each.purpose, each.places) for each in found.changes.needs] == [
        *[("marketing", (place,)) for place in ("DE", None)],
        *[("service", (place,)) for place in ("DE", None)],
    ]
    assert found.grants == (412, 412, 0, 0)
    assert desk.changes(date(2026, 12, 31)).systems == ()


def test_without_a_register_and_a_ledger_nothing_is_made_up(here):
    found = PolicyDesk(lambda: LIVE, (PACK,), here, here).changes(NEW_YEAR)
    assert (found.systems, set(found.grants)) == ((), {None})


@pytest.mark.parametrize("on", [NOW.date(), date(2020, 1, 1)])
def test_what_was_does_not_change(desk, on):
    with pytest.raises(InvalidInputError, match="is not to come"):
        desk.changes(on)


def test_a_policy_is_checked_and_compared(desk, here):
    found = desk.check(TEXT)
    assert found.differences == (("owner", "Ada", "Bo"),)
    assert (found.examples, found.hash) == (0, policy_hash(found.policy, (PACK,)))
    assert here.kept == {}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('packs = ["lw"]', "policy.packs: there is no law pack `lw`; did you mean `law`?"),
        (
            'examples = [{ channel = "email", purpose = "marketing", on = 2027-01-01, needed = "opt-out" }]',
            "policy.examples[0]: the example `anywhere · email · marketing · 2027-01-01` does not hold",
        ),
        ('[[policy.hard_stops]]\nid = "s"\nsignal = "made.up"\ntest = "is"\nvalue = true\noutcome = "review"\n'
         'text = "t"\nowner = "o"', "made.up"),
        ("a" + ".a" * 300 + " = 1", "more than 250 dots"),
    ],
)  # fmt: skip
def test_one_that_does_not_hold_is_refused_everywhere(desk, here, more, said):
    text = TEXT.replace('packs = ["law"]', more) if more.startswith("packs") else f"{TEXT}{more}\n"
    for attempt in (lambda: desk.check(text), lambda: desk.draft(text, "mia")):
        with pytest.raises(InvalidRulesetError) as caught:
            attempt()
        assert said in str(caught.value)
    assert here.kept == {}


def test_a_draft_is_the_live_ruleset_with_another_policy(desk, here):
    kept = desk.draft(TEXT, "mia")
    made = here.kept[kept.hash][0]
    assert (kept.author, kept.live, made.policy.owner) == ("mia", False, "Bo")
    assert replace(made, policy=LIVE.policy) == LIVE.unbound
