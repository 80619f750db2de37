"""Stops and incidents as people call them: the words behind the codes, and who did what."""

from collections.abc import Callable, Mapping
from typing import Final

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.govern.stop import SYSTEM, StopScope
from winnow.core.govern.terms import Action
from winnow.core.monitor.finding import Guard, Severity
from winnow.core.monitor.incident import Incident, Kind, Link, State, Step
from winnow.services.guards import GUARDS as BY_GUARDS
from winnow.shells.web.log_words import actors_in
from winnow.shells.web.navigation import N_
from winnow.shells.web.wording import Words

#: What a guard has noticed; of Guard.PERSON the kind says more.
GUARDS: Final[Mapping[str, str]] = {
    Guard.CONVERSION: N_("Fewer accepted leads convert"),
    Guard.GENUINE: N_("Fewer accepted leads turn out genuine"),
    Guard.SCORE_DRIFT: N_("Scores are spread otherwise than before"),
    Guard.SIGNAL_DRIFT: N_("A signal is spread otherwise than before"),
    Guard.REJECT_RATE: N_("Much more is rejected than before"),
    Guard.OVERRIDES: N_("People decide otherwise more often"),
    Guard.CALIBRATION: N_("Chances of junk no longer fit what leads turn out to be"),
    Guard.QUEUE: N_("The queue is behind"),
    Guard.SOURCE_JUNK: N_("A source brings more junk"),
    Guard.CERTIFICATE: N_("The certificate for automatic rejecting has lapsed"),
    Guard.CERTIFICATE_END: N_("The certificate for automatic rejecting ends soon"),
    Guard.SIGN_OFF: N_("The sign-off of the live ruleset does not hold any more"),
    Guard.BREAK_GLASS: N_("A ruleset was put in force by break-glass"),
    Guard.LOG: N_("The decision log is behind what was signed"),
    Guard.PERSON: N_("Something a person has seen"),
}
KINDS: Final[Mapping[str, str]] = {
    Kind.WRONG_DECISIONS: N_("Leads were decided wrongly"),
    Kind.CONSENT: N_("People were contacted without their yes"),
    Kind.PRIVACY: N_("Data got where it must not"),
    Kind.BIAS: N_("Some people are treated worse than others"),
    Kind.AI_SYSTEM: N_("An AI system did what it must not"),
    Kind.SECURITY: N_("Somebody got in, or may have"),
    Kind.LOG: N_("Something is wrong with the decision log"),
    Kind.OUTAGE: N_("Something did not work"),
    Kind.OTHER: N_("Something else"),
}
#: How bad: a word, and what it means.
SEVERITIES: Final[Mapping[str, tuple[str, str]]] = {
    Severity.NOTICE: (N_("notice"), N_("Somebody should look.")),
    Severity.ALARM: (N_("alarm"), N_("What is automatic should not go on like this.")),
    Severity.SEVERE: (N_("severe"), N_("People were harmed, or a law may be broken.")),
}
STATES: Final[Mapping[str, str]] = {
    State.OPEN: N_("open"),
    State.CONTAINED: N_("contained"),
    State.FIXED: N_("fixed"),
    State.CLOSED: N_("closed"),
}
STEPS: Final[Mapping[str, tuple[str, str]]] = {
    Step.CONTAINED: (N_("It is contained"), N_("It does no more harm.")),
    Step.FIXED: (N_("It is fixed"), N_("Its cause is gone.")),
}
LINKS: Final[Mapping[str, str]] = {
    Link.STOP: N_("Stop"),
    Link.ROLL_BACK: N_("Roll-back to a ruleset"),
    Link.UNLEARNING: N_("Unlearning"),
}
#: What is stopped, with the name of it where there is one.
STOPPED: Final[Mapping[str, str]] = {
    StopScope.ALL: N_("everything automatic"),
    StopScope.SOURCE: N_("leads of source %(name)s"),
    StopScope.SCORECARD: N_("scorecard %(name)s"),
    StopScope.RULE: N_("rule %(name)s"),
    StopScope.ACTION: N_("the action “%(name)s”"),
    StopScope.SYSTEM: N_("AI system %(name)s"),
}
#: Actions within such a sentence, and where one is chosen.
ACTIONS: Final[Mapping[str, str]] = {
    Action.CONTACT: N_("contacting people"),
    Action.SCORE: N_("scoring"),
    Action.SEGMENT: N_("sorting people into groups"),
    Action.ENRICH: N_("adding data about people"),
    Action.REJECT: N_("rejecting"),
    Action.SHARE: N_("handing data on"),
    Action.TRAIN: N_("learning from data"),
}
_BY: Final[Mapping[str, str]] = {
    BY_GUARDS: N_("the guards"),
    SYSTEM: N_("Winnow itself"),
    "command line": N_("somebody at the command line"),
}
_DIGITS = 12


def title_of(incident: Incident) -> str:
    """What an incident is about, still to be translated."""
    if incident.guard is Guard.PERSON:
        return KINDS.get(incident.about, GUARDS[Guard.PERSON])
    return GUARDS[incident.guard]


def stopped(words: Words, scope: StopScope, target: str) -> str:
    """What a stop is of, in words."""
    name = words.gettext(ACTIONS[target]) if scope is StopScope.ACTION and target in ACTIONS else target
    shown = name[:_DIGITS] if scope is StopScope.SCORECARD else name
    said = words.gettext(STOPPED[scope])
    return said % {"name": shown} if scope is not StopScope.ALL else said


def who_in(service: Service, desks: Desks, me: str, words: Words) -> Callable[[str], str]:
    """What turns whoever did something into a name for one page."""
    name_of = actors_in(service, desks, me, words.gettext("you"))
    return lambda who: words.gettext(_BY[who]) if who in _BY else name_of(who)
