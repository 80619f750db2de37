"""One reason of a decision: what was found, how much it weighed, and who or what said so."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of evidence.

    code: stable dotted name, e.g. `form.fill_seconds`; documented in docs/reasons.md
    family: evidence family the points are capped by, e.g. `form`
    points: 1/1000 of a logit towards junk (negative: towards genuine); 0 when it weighs nothing by itself
    text: the reason in words a sales rep understands
    source: what produced it: `scorecard`, `rule:ID`, `list:ID`, `policy:ID`, `customer`, `override`, `system`,
        `blind`
    """

    code: str
    family: str
    points: int
    text: str
    source: str


#: The code and the source of the reason that tells of the blind sample. It is part of the record; whoever decides such
#: a lead must not see it, which is why it is no `system` reason.
BLIND_SAMPLE = "system.blind_sample"
BLIND = "blind"

#: The code of the reason that says what the kill switch has stopped.
STOPPED = "system.stopped"

#: What each family of evidence is about, in words that fit anybody; the order is that of documents.
FAMILIES = {
    "form": "how the form was filled in",
    "email": "the e-mail address",
    "mail": "what the mail system says about the sender",
    "net": "where the message came from",
    "velocity": "how much came from the same place shortly before",
    "source": "what the same form or campaign brought earlier",
    "customer": "whether the person is a customer",
    "identity": "who the person says they are",
    "text": "what the message looks like",
    "pair": "signals of several families together",
    "rule": "rules that read several families",
}


@dataclass(frozen=True, slots=True)
class ReasonKind:
    """A kind of reason that comes from no single signal.

    code: its code; a word in capitals stands for a name
    meaning: what it means for a rep
    plain: the same in plain words for the person concerned
    """

    code: str
    meaning: str
    plain: str

    def covers(self, code: str) -> bool:
        """Whether a reason with this code is of this kind."""
        parts = re.split(r"[A-Z]+", self.code)
        return re.fullmatch(".+".join(map(re.escape, parts)), code, re.DOTALL) is not None


#: Every kind of reason besides those of the signals, which are in docs/signals.md.
REASON_KINDS = (
    ReasonKind(
        "policy.ID",
        "A hard stop of the policy: it holds whatever the score. `(could not be checked)` means that what it asks "
        "about is unknown, so that a person decides.",
        "A limit that the organisation has set for itself held your message back.",
    ),
    ReasonKind(
        "customer.known",
        "A known customer or an open deal: never rejected for sales, and support, billing and portal stay open.",
        "You are known as a customer, so nothing automatic turns you away.",
    ),
    ReasonKind(
        "override",
        "A person decided about this lead earlier, and said why. Stands until it expires.",
        "A person decided about your message.",
    ),
    ReasonKind(
        "list.allow",
        "An allow entry matched: somebody vouches for the sender, and said why.",
        "You, your company or your network is on a list of senders who are let through.",
    ),
    ReasonKind(
        "list.block",
        "A block entry matched. Its owner answers for it; an entry that a machine made only asks for review.",
        "Your address, company or network is on a list of senders who are held back. You may ask who put it there and "
        "why.",
    ),
    ReasonKind(
        "rule.ID",
        "A rule of your organisation applied. Its text says what it found, and its owner answers for it.",
        "A fixed rule of the organisation applied to your message.",
    ),
    ReasonKind(
        "SIGNAL*SIGNAL",
        "Two signals together weigh more, or less, than each of them alone.",
        "Two observations were looked at together.",
    ),
    ReasonKind(
        "cap.FAMILY",
        "Takes points back: one kind of evidence may add only so much, however much of it there is.",
        "Several observations of one kind were counted only in part, so that they do not weigh too much.",
    ),
    ReasonKind(
        "system.not_assessed",
        "A look-up failed. The lead goes to a person, whatever its score.",
        "Something could not be looked up, so a person decides.",
    ),
    ReasonKind(
        "system.failed",
        "A signal or a rule could not be worked out. It counts as unknown, and nothing is rejected on what is left.",
        "One of our checks did not work. It was not counted, and you are not turned away because of it.",
    ),
    ReasonKind(
        "system.paused",
        "Something asks to reject, but rejecting without a person is paused, for the reason given.",
        "The automatic assessment is not allowed to turn you away by itself, so a person decides.",
    ),
    ReasonKind(
        STOPPED,
        "Somebody has stopped what would have decided: everything, one source, one action, the scorecard or a rule. "
        "The text says which, why, and the number of the stop.",
        "The automatic assessment, or a part of it, was switched off when your message came, so it did not decide.",
    ),
    ReasonKind(
        "system.not_certified",
        "The score asks to reject, but nobody has shown that this is right often enough. A person decides.",
        "The automatic assessment is not allowed to turn you away by itself, so a person decides.",
    ),
    ReasonKind(
        BLIND_SAMPLE,
        "Would have been rejected; a lot gave it to a person instead, so that wrong rejections stay countable. Not to "
        "be shown to whoever decides about the lead.",
        "By chance a person decides about your message in place of the automatic assessment.",
    ),
)
