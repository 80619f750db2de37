"""The gate as people call it: what it asks, what it answers, and what contacts without a permit lack."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from winnow.core.govern.ask import Check, Question
from winnow.core.govern.terms import Answer
from winnow.core.govern.workaround import Lack
from winnow.ports.gate import GateAnswer
from winnow.shells.web.navigation import N_

QUESTIONS: Final[Mapping[str, str]] = {
    Question.STOP: N_("Kill switch"),
    Question.SYSTEM: N_("AI system"),
    Question.PURPOSE: N_("Purpose"),
    Question.DATA: N_("Data"),
    Question.OFF_LIMITS: N_("Off limits"),
    Question.INFERENCE: N_("Conclusions"),
    Question.EXPLANATION: N_("Explanation"),
    Question.CONSENT: N_("Consent"),
    Question.LISTS: N_("Block lists"),
    Question.HOURS: N_("Calling hours"),
    Question.FREQUENCY: N_("How often"),
}
#: Answer → a word, and the dot beside it.
ANSWERS: Final[Mapping[str, tuple[str, str]]] = {
    Answer.YES: (N_("yes"), "on"),
    Answer.NO: (N_("no"), "off"),
    Answer.UNKNOWN: (N_("not known"), "quiet"),
}
LACKS: Final[Mapping[str, str]] = {
    Lack.NEVER.name.lower(): N_("no permit was ever given for this person"),
    Lack.CHANNEL.name.lower(): N_("the only permits were for other channels"),
    Lack.PURPOSE.name.lower(): N_("the only permits for this channel were for other purposes"),
    Lack.EARLY.name.lower(): N_("it took place before a permit was given"),
    Lack.LATE.name.lower(): N_("the last permit before it had expired"),
    Lack.SINCE.name.lower(): N_("the person had said no since the permit was given"),
}


def refusals_of(answer: GateAnswer) -> list[tuple[Check, int]]:
    """What stood in the way in an answer, and of how many persons; what stopped the most first."""
    counts = Counter(check for failing in answer.refused.values() for check in failing)
    order = list(Question)
    return sorted(counts.items(), key=lambda each: (-each[1], order.index(each[0].question)))
