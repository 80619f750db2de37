"""A segment that turns to junk is found within days, and a quiet one is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.cel import check
from winnow.core.learning.feedback.spikes import BEFORE, RECENT, Spike, Verdict, drafted, spikes
from winnow.core.outcome import Outcome
from winnow.core.rules import failing_examples
from winnow.core.ruleset_read import rule_from
from winnow.demo.dice import Dice

NOW = datetime(2026, 11, 22, tzinfo=UTC)
YESTERDAY, LONG_AGO = NOW - timedelta(days=1), NOW - RECENT - timedelta(days=1)


def said(segment, value, junk, genuine, at):
    return [Verdict({segment: value}, True, at)] * junk + [Verdict({segment: value}, False, at)] * genuine


QUIET = said("net.ip_class", "mobile", 20, 180, LONG_AGO) + said("net.ip_class", "mobile", 3, 27, YESTERDAY)


def test_a_segment_that_turns_to_junk_is_found():
    verdicts = QUIET + said("mail.spf", "fail", 10, 90, LONG_AGO) + said("mail.spf", "fail", 24, 6, YESTERDAY)
    (spike,) = spikes(verdicts, NOW)
    assert (spike.signal, spike.value, spike.recent, spike.recent_junk) == ("mail.spf", "fail", 30, 24)
    assert (spike.before, spike.before_junk, spike.alone) == (100, 10, True)
    assert spike.chance < 1e-6


def test_a_new_segment_is_compared_with_all_leads():
    verdicts = QUIET + said("mail.spf", "none", 2, 0, LONG_AGO) + said("mail.spf", "none", 20, 2, YESTERDAY)
    (spike,) = spikes(verdicts, NOW)
    assert (spike.before, spike.before_junk, spike.alone) == (202, 22, False)


@pytest.mark.parametrize(
    "verdicts",
    [
        [],
        QUIET,
        QUIET + said("mail.spf", "fail", 80, 20, LONG_AGO) + said("mail.spf", "fail", 24, 6, YESTERDAY),  # always junk
        QUIET + said("mail.spf", "fail", 5, 45, LONG_AGO) + said("mail.spf", "fail", 7, 0, YESTERDAY),  # too few
        said("mail.spf", "fail", 24, 6, YESTERDAY),  # nothing to compare with
        QUIET + said("mail.spf", "fail", 24, 6, NOW + timedelta(days=1)),
        QUIET + said("mail.spf", "fail", 24, 6, NOW - RECENT - BEFORE - timedelta(days=1)),
    ],
)
def test_what_is_no_spike_is_not_called_one(verdicts):
    assert spikes(verdicts, NOW) == ()


def test_all_segments_count_that_might_have_been_named():
    turned = QUIET + said("mail.spf", "fail", 10, 90, LONG_AGO) + said("mail.spf", "fail", 20, 10, YESTERDAY)
    quiet = [each for number in range(98) for each in said("source", str(number), 0, 10, YESTERDAY)]
    small = [each for number in range(500) for each in said("source", f"small {number}", 0, 7, YESTERDAY)]
    (alone,), (among,), (too,) = (spikes(turned + more, NOW) for more in ([], quiet, quiet + small))
    assert among.chance == pytest.approx(alone.chance * 100 / 2)
    assert too.chance == pytest.approx(among.chance)


def test_a_quiet_year_of_looking_every_day_names_nothing():
    lots = Dice.named("spikes")
    verdicts = [
        Verdict({"net.ip_class": lots.pick("abcdefgh")}, lots.chance(0.15), NOW - timedelta(days=lots.random() * 200))
        for _ in range(6_000)
    ]
    assert not any(spikes(verdicts, NOW - timedelta(days=day)) for day in range(100))


@pytest.mark.parametrize(
    "value", ["fail", 'it\'s \\ "odd"', "line\nbreak", "zoë ☂", "flag \U000e0067\U000e007f", "\u200e"]
)
@pytest.mark.parametrize("alone", [True, False])
def test_a_draft_is_a_rule_that_fires_on_the_segment_and_may_not_reject(value, alone):
    spike = Spike("mail.spf", value, 30, 24, 100, 10, alone, 1e-6)
    document = drafted(spike, NOW, "Over the last 10 decisions it would have fired on 3.")
    rule = rule_from(document)
    assert check(rule.when, {"mail.spf": str}, "when").mentions == {"mail.spf"}
    assert failing_examples(replace(rule, owner="Mia"), {"mail.spf": str}) == ()
    assert (rule.outcome, rule.owner, rule.expires_at) == (Outcome.REVIEW, "", NOW + timedelta(days=30))
    assert "24 of 30" in rule.reason
    assert rule.reason.endswith("fired on 3.")
    assert drafted(spike, NOW, "")["id"] == rule.id
