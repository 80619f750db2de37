"""Policy, laws and AI systems as people call them: the words behind the codes."""

from collections.abc import Mapping
from typing import Final

from winnow.core.govern.limits import PurposeKind, Told
from winnow.core.govern.risk import QUESTIONS, Risk
from winnow.core.govern.signing import Stage
from winnow.core.govern.systems import Mode, Status
from winnow.core.govern.terms import Action, Channel, Needed
from winnow.shells.web.navigation import N_

CHANNELS: Final[Mapping[str, str]] = {
    Channel.EMAIL: N_("e-mail"),
    Channel.PHONE: N_("phone"),
    Channel.SMS: N_("text message"),
    Channel.CHAT: N_("chat"),
    Channel.POST: N_("letter"),
    Channel.ADS: N_("advertising networks"),
}
ACTIONS: Final[Mapping[str, str]] = {
    Action.CONTACT: N_("contact people"),
    Action.SCORE: N_("score people"),
    Action.SEGMENT: N_("sort people into groups"),
    Action.ENRICH: N_("add data about people"),
    Action.REJECT: N_("turn people away"),
    Action.SHARE: N_("hand people's data on"),
    Action.TRAIN: N_("learn from people's data"),
}
#: What a system may do just now: a word, and what it means.
MODES: Final[Mapping[str, tuple[str, str]]] = {
    Mode.LIVE: (N_("may act"), N_("What it concludes has effect.")),
    Mode.SHADOW: (N_("shadow only"), N_("It may conclude, and nothing comes of it.")),
    Mode.OFF: (N_("off"), N_("It may do nothing.")),
}
STATUSES: Final[Mapping[str, str]] = {
    Status.DRAFT: N_("draft"),
    Status.SHADOW: N_("in shadow"),
    Status.LIVE: N_("live"),
    Status.RETIRED: N_("retired"),
}
RISKS: Final[Mapping[str, str]] = {
    Risk.MINIMAL: N_("can harm little"),
    Risk.LIMITED: N_("people must be told"),
    Risk.HIGH: N_("bears on people's lives"),
}
#: Kind of entry of the log → what happened to a system.
CHANGED: Final[Mapping[str, str]] = {
    "system.added": N_("entered"),
    "system.changed": N_("described anew"),
    "system.reviewed": N_("reviewed"),
    "system.retired": N_("retired"),
}
#: What entries of the register call their parts.
PARTS: Final[Mapping[str, str]] = {
    "name": N_("name"),
    "purpose": N_("what it is for"),
    "purposes": N_("purposes of the policy"),
    "version": N_("version"),
    "owner": N_("who answers for it"),
    "vendor": N_("vendor"),
    "inputs": N_("data it gets"),
    "outputs": N_("what it concludes"),
    "actions": N_("what it may do"),
    "channels": N_("how it reaches people"),
    "answers": N_("answers about what it does"),
    "status": N_("what its owner wants"),
    "next_review": N_("next review"),
}
STAGES: Final[Mapping[str, str]] = {
    Stage.DRAFT: N_("draft"),
    Stage.PROPOSED: N_("waits for a signature"),
    Stage.SIGNED: N_("signed"),
    Stage.LIVE: N_("signed, and live"),
    Stage.RETIRED: N_("was live"),
    Stage.WITHDRAWN: N_("withdrawn"),
    Stage.DECLINED: N_("declined"),
}
PURPOSE_KINDS: Final[Mapping[str, str]] = {
    PurposeKind.MARKETING: N_("to sell what is our own"),
    PurposeKind.PARTNER: N_("to sell what is somebody else's"),
    PurposeKind.SERVICE: N_("what was asked for"),
}
#: What a contact needs: a word, and a sentence.
NEEDS: Final[Mapping[str, tuple[str, str]]] = {
    Needed.OPT_OUT.word: (
        N_("no consent needed"),
        N_("No yes is needed; a no is heeded."),
    ),
    Needed.IMPLIED.word: (N_("a yes or a relationship"), N_("A yes is needed, or a relationship that counts.")),
    Needed.EXPRESS.word: (N_("a yes"), N_("The person has to have said yes.")),
    Needed.PROHIBITED.word: (N_("forbidden"), N_("It is forbidden. Not even a yes is enough.")),
}
#: Relationships that laws take for a yes.
BASES: Final[Mapping[str, str]] = {
    "express": N_("a yes"),
    "express-once-confirmed": N_("a yes that counts once it is confirmed"),
    "purchase": N_("a purchase"),
    "inquiry": N_("an enquiry"),
    "negotiation": N_("talks about a purchase"),
}
TOLD: Final[Mapping[str, str]] = {
    Told.OBJECTED: N_("objected"),
    Told.OPTED_OUT: N_("opted out"),
    Told.BARRED: N_("barred by law"),
    Told.EXPIRED: N_("a yes that has expired"),
    Told.UNKNOWN: N_("nothing known"),
    Told.GRANTED: N_("said yes"),
}
#: What is true of a system → the answer of the risk wizard that says so.
TRAITS: Final[Mapping[str, str]] = {trait: text for question in QUESTIONS for trait, text in question.choices.items()}
