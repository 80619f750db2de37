"""The gate as mail asks it: the same answers as anybody gets, in words; what holds at the last moment holds."""

from dataclasses import replace

import pytest

from tests.support.gatekeeping import MAILER, agree, gatekeeper, opt_out, recipient
from winnow.bootstrap.mail_judge import GateJudge
from winnow.bootstrap.service import open_service
from winnow.bootstrap.stopping import make_stop
from winnow.config import load
from winnow.core.govern.ask import Ask
from winnow.core.govern.limits import Cap
from winnow.core.govern.stop import StopScope
from winnow.core.govern.terms import Action, Channel
from winnow.errors import UnavailableError
from winnow.ports.outgoing import Sender
from winnow.services.gatekeep import Asking

SENDER = Sender("wk_1", "mailer", "marketing")
ANA = "Ana@North.example"


@pytest.fixture
def service(tmp_path):
    service = open_service(load(flags={"data.folder": str(tmp_path)}))
    agree(service, [recipient(ANA)])
    yield service
    service.close()


def judge(service, **changed):
    return GateJudge(gatekeeper(service, **changed), lambda _: MAILER.inputs, "DE")


def test_who_agreed_may_be_written_to_and_others_not(service):
    asked = judge(service)
    assert asked.ask(SENDER, ANA).granted
    assert asked.still(SENDER, ANA).granted
    refused = asked.ask(SENDER, "bo@north.example")
    assert refused.id.startswith("pm_")
    assert "nothing was ever recorded" in refused.refused
    assert "ask the person" in refused.ask


@pytest.mark.parametrize("what", ["opt-out", "stop"])
def test_what_was_acknowledged_after_the_permit_holds(service, what):
    asked = judge(service)
    token = permit(asked)
    assert asked.presented(SENDER, ANA, token).granted
    if what == "opt-out":
        opt_out(service, [recipient(ANA)])
    else:
        make_stop(service).engage(StopScope.ALL, "", "a drill", "us_1")
    assert not asked.still(SENDER, ANA).granted
    assert not asked.presented(SENDER, ANA, token).granted


def test_the_permit_itself_does_not_count_against_the_limit_on_how_often(service):
    policy = gatekeeper(service)._sources.policy()
    once = policy._replace(limits=replace(policy.limits, caps=(Cap("once", 1, 7),)))
    asked = judge(service, policy=lambda: once)
    assert asked.ask(SENDER, ANA).granted
    assert asked.still(SENDER, ANA).granted
    assert "limited to 1 in any 7-day period" in asked.ask(SENDER, ANA).refused


def test_what_cannot_be_read_is_no_refusal_for_good(service):
    with pytest.raises(UnavailableError):
        judge(service, hits=lambda _: 1 / 0).ask(SENDER, ANA)


def test_a_permit_from_elsewhere_is_for_one_person_purpose_and_use(service):
    asked = judge(service)
    token = permit(asked, once=True)
    assert not asked.presented(SENDER, "bo@north.example", token).granted
    assert not asked.presented(Sender("wk_1", "mailer", "service"), ANA, token).granted
    assert not asked.presented(SENDER, ANA, "wpt_forged").granted
    assert asked.presented(SENDER, ANA, token).granted
    assert asked.presented(SENDER, ANA, token, use=True).granted
    used = asked.presented(SENDER, ANA, token, use=True)
    assert "used" in used.refused


def permit(asked, **how):
    ask = Ask("mailer", Action.CONTACT, "marketing", Channel.EMAIL, ("contact",), (), "the newsletter they want")
    return asked._gatekeeper.ask(ask, [recipient(ANA)], Asking("wk_1", **how)).token(0)
