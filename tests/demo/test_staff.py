from collections import Counter

from winnow.core.outcome import Outcome
from winnow.core.people.accounts import PEOPLES_ROLES
from winnow.core.review.disposition import REJECT_REASONS
from winnow.demo.dice import Dice
from winnow.demo.staff import STAFF, judged, reported
from winnow.demo.stream import stream

LEADS = list(stream(leads=2_000))
KNOWN = {why.code for why in REJECT_REASONS}


def verdicts(junk):
    told = [each for each in LEADS if (each.label == "junk") is junk and each.story != "student"]
    return [judged(each, Dice.named("verdict", each.id)) for each in told]


def test_every_role_of_people_has_somebody():
    assert {each.role for each in STAFF} == set(PEOPLES_ROLES)
    assert len({each.email for each in STAFF}) == len(STAFF)
    assert all(each.email.endswith(".example") for each in STAFF)


def test_people_are_right_nearly_always_and_not_always():
    junk, genuine = (Counter(each.outcome for each in verdicts(truth)) for truth in (True, False))
    assert 0.9 < junk[Outcome.REJECT] / junk.total() < 1
    assert 0.9 < (genuine[Outcome.ACCEPT] + genuine[Outcome.TAG]) / genuine.total() < 1


def test_what_they_say_can_be_said():
    said = verdicts(True) + verdicts(False)
    reasons = {each.reason for each in said if each.outcome is Outcome.REJECT}
    assert reasons <= KNOWN
    assert len(reasons) > 4
    assert all(each.reason is None for each in said if each.outcome is not Outcome.REJECT)
    assert any(each.note for each in said)


def test_sales_reports_every_deal_and_some_junk():
    reports = {each.id: reported(each, Dice.named("known", each.id)) for each in LEADS}
    deals = [each for each in LEADS if each.label in {"converted", "lost"}]
    assert deals
    assert all(reports[each.id] is not None and reports[each.id].verdict == each.label for each in deals)
    junk = [reports[each.id] for each in LEADS if each.label == "junk"]
    assert 0.4 < sum(each is not None for each in junk) / len(junk) < 0.7
    assert all(each.by_rep for each in junk if each is not None)
