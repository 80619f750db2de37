"""Sign-off: what was proposed, what was agreed to and by whom, and whether that still holds; all of it plain data.

A proposal never changes. Whoever wants something else proposes something else, so a signature is always about the
very content that somebody read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from winnow.core.canonical import content_hash


class Kind(StrEnum):
    """What is proposed: a ruleset with its policy, an AI system, a step up the ladder, one act in an emergency."""

    RULESET = "ruleset"
    AI_SYSTEM = "ai-system"
    LADDER = "ladder"
    BREAK_GLASS = "break-glass"


class Stage(StrEnum):
    """How far something has come; DRAFT: it was never proposed."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SIGNED = "signed"
    LIVE = "live"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class Side(StrEnum):
    """From where somebody looks at a proposal when they argue about it."""

    SALES = "sales"
    LEGAL = "legal"
    TECH = "tech"


class Basis(StrEnum):
    """What an activation rests on.

    SHIPPED: the first start of an installation, with the ruleset that comes with Winnow
    FILE: the same, with a file of whoever has the machine; nobody signed it, so it rejects nothing
    SIGNED: a valid sign-off · ROLLBACK: an earlier one, the sign-off given then counts
    BREAK_GLASS: two people in an emergency · RETURN: that is over, and the one before is back
    """

    SHIPPED = "shipped"
    FILE = "file"
    SIGNED = "signed"
    ROLLBACK = "rollback"
    BREAK_GLASS = "break-glass"
    RETURN = "return"


#: What may be attached to a proposal, and so is covered by a signature.
ATTACHMENTS = ("simulation", "bias", "card", "shadow")

#: How long a sign-off lasts unless its proposal says otherwise, and at most; what is granted in an emergency at most.
USUAL, LONGEST, LONGEST_EMERGENCY = timedelta(days=180), timedelta(days=366), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something somebody wants a second person to agree to.

    subject: what it is about, for people: the hash of a ruleset, the id of a system, the ladder's name of something
    content: hash of the exact content · writer: who wrote that content · author: who proposes it
    lasts: how long a sign-off of it lasts · attachments: name → hash of what is attached
    terms: what else is agreed to, such as the rung of a step up
    """

    id: str
    kind: Kind
    subject: str
    content: str
    writer: str
    author: str
    at: datetime
    because: str
    lasts: timedelta
    attachments: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, object]:
        """Everything that a signature covers, as plain data."""
        return {
            "kind": self.kind.value,
            "subject": self.subject,
            "content": self.content,
            "writer": self.writer,
            "author": self.author,
            "because": self.because,
            "lasts_seconds": int(self.lasts.total_seconds()),
            "attachments": dict(self.attachments),
            "terms": dict(self.terms),
        }

    @property
    def hash(self) -> str:
        """SHA-256 of all that."""
        return content_hash(self.document)


@dataclass(frozen=True, slots=True)
class SignOff:
    """A second person's agreement; `number` is that of its leaf in the log, `hash` that of the proposal they read.

    privacy: they signed as a privacy officer
    """

    number: int
    proposal: str
    hash: str
    signer: str
    privacy: bool
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a proposal."""

    number: int
    proposal: str
    author: str
    side: Side
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class End:
    """A proposal came to nothing: WITHDRAWN by its author or DECLINED by somebody who could have signed."""

    stage: Stage
    by: str
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A proposal with what became of it."""

    proposal: Proposal
    sign_offs: tuple[SignOff, ...] = ()
    end: End | None = None

    @property
    def ground(self) -> SignOff | None:
        """The signature that holds longest; None when there is none or the proposal was ended."""
        if self.end is not None:
            return None
        return max(self.sign_offs, key=lambda each: (each.expires_at, -each.number), default=None)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a sign-off is judged by besides itself.

    gone: ids of people who may no longer answer for what they proposed or signed
    demoted: of those who signed as privacy officers and are none any more
    drift: open incidents of the guards that watch for drift: id → when it was opened
    legal: it changes the policy, so a privacy officer has to sign, too
    """

    now: datetime
    gone: Collection[str] = ()
    demoted: Collection[str] = ()
    drift: Mapping[str, datetime] = field(default_factory=dict)
    legal: bool = False


def lacking(filed: Filed, seen: Circumstances) -> tuple[str, ...]:
    """Why something does not count as signed, in words; empty when it does. People are named by their ids."""
    if filed.end is not None:
        return (f"the proposal was {filed.end.stage}",)
    if not filed.sign_offs:
        return ("nobody has signed it",)
    current = [each for each in filed.sign_offs if seen.now < each.expires_at]
    standing = [each for each in current if each.signer not in seen.gone]
    found = []
    if not current:
        found.append(f"the sign-off ended on {max(each.expires_at for each in filed.sign_offs):%Y-%m-%d %H:%M} UTC")
    elif not standing:
        found.append(f"who signed it may not do so any more: {', '.join(sorted(each.signer for each in current))}")
    elif seen.legal and not any(each.privacy and each.signer not in seen.demoted for each in standing):
        found.append("it changes the policy, and no privacy officer has signed it")
    if filed.proposal.author in seen.gone:
        found.append(f"who proposed it may not do so any more: {filed.proposal.author}")
    last = max(each.at for each in filed.sign_offs)
    drifted = sorted(name for name, opened_at in seen.drift.items() if opened_at > last)
    found += [f"leads are not what they were when it was signed: incident {each} is open" for each in drifted]
    return tuple(found)


def stage_of(filed: Filed, *, live: bool, was_live: bool, legal: bool) -> Stage:
    """How far a proposal has come; it stays PROPOSED until it has every signature that it needs.

    live, was_live: whether what it is about decides now, or did · legal: it changes the policy
    """
    if filed.end is not None:
        return filed.end.stage
    if not filed.sign_offs:
        return Stage.PROPOSED
    if was_live and not live:
        return Stage.RETIRED
    if legal and not any(each.privacy for each in filed.sign_offs):
        return Stage.PROPOSED
    return Stage.LIVE if live else Stage.SIGNED


def barred(proposal: Proposal, signer: str, writers: Collection[str]) -> str | None:
    """Why somebody may not sign a proposal, in words; None when they may.

    writers: everybody who may have written the content, such as the owners of the key that put it in
    """
    if signer == proposal.author:
        return "you proposed it, so somebody else has to sign it"
    if signer == proposal.writer or signer in writers:
        return "you wrote it, so somebody else has to sign it"
    return None


def policy_part_hash(document: Mapping[str, object]) -> str:
    """SHA-256 of everything under `policy` of a ruleset as plain tables."""
    return content_hash(document.get("policy"))


def ladder_content(subject: str, rung: str, ruleset: str) -> str:
    """What a step up the ladder is known by: what climbs, to where, and the ruleset it was seen in."""
    return content_hash({"subject": subject, "rung": rung, "ruleset": ruleset})
