"""Where people propose, argue, agree as a second person, and look at what was proposed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from winnow.core.apikeys import Scope
from winnow.core.canonical import content_hash
from winnow.core.govern.signing import (
    ATTACHMENTS,
    LONGEST,
    LONGEST_EMERGENCY,
    USUAL,
    Comment,
    End,
    Filed,
    Kind,
    Proposal,
    Side,
    Stage,
    barred,
    stage_of,
)
from winnow.core.govern.words import checked_text
from winnow.core.people.accounts import Person, SignedIn
from winnow.errors import InvalidInputError, NotAllowedError, NotConfirmedError, NotFoundError
from winnow.ports import Clock, Page, SigningStore
from winnow.services.signing.held import PRIVACY, HeldSignOffs

#: Longest text of a comment or reason, in characters; most bytes of JSON of all attachments are the shell's to limit.
LONGEST_TEXT = 4_000

_PREFIX = "prop"


@dataclass(frozen=True, slots=True)
class Content:
    """What a proposal may be about, as it stands: its name for people, the hash of its content, who wrote that."""

    subject: str
    hash: str
    writer: str
    terms: Mapping[str, str] = field(default_factory=dict)


#: Finds what somebody names; raises NotFoundError.
Find = Callable[[str, Mapping[str, str]], Content]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to propose.

    name: of a ruleset its hash or the beginning of it, of a system its id · terms: further ones, as the kind needs
    lasts: how long a sign-off is to hold; None: as long as usual
    """

    kind: Kind
    name: str
    because: str
    lasts: timedelta | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    attached: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A proposal as people look at it; `lacking` says why it does not count as signed, empty when it does."""

    filed: Filed
    stage: Stage
    legal: bool
    lacking: tuple[str, ...]
    comments: tuple[Comment, ...] = ()


class SigningDesk:
    """Where a second person agrees. Only people do any of it, never keys.

    find: what each kind of proposal is about · shadow: how a ruleset differed in shadow, if it ever was there
    """

    def __init__(  # each a thing it works with
        self,
        store: SigningStore,
        held: HeldSignOffs,
        find: Mapping[Kind, Find],
        shadow: Callable[[str], Mapping[str, object] | None],
        clock: Clock,
        new_id: Callable[[str, datetime], str],
    ) -> None:
        self._store = store
        self._held = held
        self._find = find
        self._shadow = shadow
        self._clock = clock
        self._new_id = new_id

    # ── what people do ───────────────────────────────────────────────────────────────────────────

    def propose(self, wanted: Wanted, by: SignedIn) -> Told:
        """Ask for a second person's agreement to exactly this.

        Raises NotConfirmedError, NotAllowedError, NotFoundError, and InvalidInputError for what cannot be proposed.
        """
        self._need(by, Scope.PROPOSALS_WRITE)
        because = checked_text(wanted.because, LONGEST_TEXT, "because", "say why it should be so")
        lasts = _lasts(wanted)
        if wanted.kind not in self._find:
            raise InvalidInputError(f"nothing of the kind `{wanted.kind}` is signed here", where="kind")
        content = self._find[wanted.kind](wanted.name, wanted.terms)
        attached = self._attached(wanted, content)
        now = self._clock.now()
        proposal = Proposal(
            id=self._new_id(_PREFIX, now),
            kind=wanted.kind,
            subject=content.subject,
            content=content.hash,
            writer=content.writer,
            author=by.id,
            at=now,
            because=because,
            lasts=lasts,
            attachments={name: content_hash(document) for name, document in attached.items()},
            terms=content.terms,
        )
        self._store.propose(proposal, attached)
        return self.told(proposal.id)

    def comment(self, proposal_id: str, side: Side, text: str, by: SignedIn) -> Told:
        """Say something about a proposal, which stays."""
        said = checked_text(text, LONGEST_TEXT, "text", "say something")
        self._store.comment(proposal_id, by.id, side.value, said, self._clock.now())
        return self.told(proposal_id)

    def sign(self, proposal_id: str, digest: str, by: SignedIn) -> Told:
        """Agree, as a second person, to the proposal with this hash.

        Raises NotConfirmedError unless they proved just now who they are, NotAllowedError for whoever wrote or
        proposed it, NotFoundError, and ConflictError when it is ended, signed by them or another than they read.
        """
        self._need(by, Scope.SIGN_OFFS_WRITE)
        proposal = self._store.filed(proposal_id).proposal
        wrong = barred(proposal, by.id, self._store.writers(proposal.writer))
        if wrong is not None:
            raise NotAllowedError(wrong, fix="ask a colleague who may sign")
        privacy = PRIVACY in by.person.roles
        self._store.sign(proposal_id, digest, by.id, self._clock.now(), privacy=privacy)
        return self.told(proposal_id)

    def decline(self, proposal_id: str, because: str, by: SignedIn) -> Told:
        """Refuse a proposal, as somebody who could have signed it."""
        self._need(by, Scope.SIGN_OFFS_WRITE)
        if self._store.filed(proposal_id).proposal.author == by.id:
            raise NotAllowedError("you proposed it", fix="withdraw it instead")
        return self._end(proposal_id, Stage.DECLINED, because, by)

    def withdraw(self, proposal_id: str, because: str, by: SignedIn) -> Told:
        """Take one's own proposal back."""
        if self._store.filed(proposal_id).proposal.author != by.id:
            raise NotAllowedError("somebody else proposed it", fix="decline it instead, if you may sign")
        return self._end(proposal_id, Stage.WITHDRAWN, because, by)

    # ── what can be seen ─────────────────────────────────────────────────────────────────────────

    def page(
        self, before: str | None, limit: int, *, kind: Kind | None = None, waiting: bool | None = None
    ) -> Page[Told]:
        """Proposals, the newest first, without what was said about them; `waiting`: see SigningStore.page."""
        found = self._store.page(before, limit, kind=kind, waiting=waiting)
        return Page(tuple(self._told(each) for each in found.items), found.next)

    def told(self, proposal_id: str) -> Told:
        """One proposal with the argument about it; raises NotFoundError."""
        return self._told(self._store.filed(proposal_id), tuple(self._store.comments(proposal_id)))

    def about(self, kind: Kind, content: str) -> tuple[Told, ...]:
        """Everything that was proposed about an exact content, the newest first."""
        return tuple(self._told(each) for each in self._store.about(kind, content))

    def attachment(self, proposal_id: str, name: str) -> Mapping[str, object]:
        """What is attached to a proposal under a name; raises NotFoundError."""
        digest = self._store.filed(proposal_id).proposal.attachments.get(name)
        if digest is None:
            raise NotFoundError("nothing of that name is attached", fix="see what is, with the proposal itself")
        return self._store.attachment(digest)

    def barred(self, told: Told, person: Person) -> str | None:
        """Why somebody may not sign a proposal, in words; None when they may and it is of use."""
        proposal, signed = told.filed.proposal, {each.signer for each in told.filed.sign_offs}
        if told.filed.end is not None:
            return f"the proposal was {told.filed.end.stage}"
        if Scope.SIGN_OFFS_WRITE not in person.scopes:
            return "your role does not sign"
        if person.id in signed:
            return "you have signed it already"
        if told.legal and signed and told.lacking and PRIVACY not in person.roles:
            return "a privacy officer has to sign it now"
        return barred(proposal, person.id, self._store.writers(proposal.writer))

    # ── inside ───────────────────────────────────────────────────────────────────────────────────

    def _need(self, by: SignedIn, scope: Scope) -> None:
        if scope not in by.scopes:
            raise NotAllowedError("your role does not allow this", fix=f"ask for a role with `{scope}`")
        if not by.session.confirmed(self._clock.now()):
            raise NotConfirmedError("this needs your password once more", fix="prove anew who you are, then try again")

    def _attached(self, wanted: Wanted, content: Content) -> dict[str, Mapping[str, object]]:
        wrong = sorted(wanted.attached.keys() - set(ATTACHMENTS))
        if wrong:
            raise InvalidInputError(
                f"`{wrong[0][:40]}` cannot be attached", where="attached", fix=f"use {', '.join(ATTACHMENTS)}"
            )
        seen = self._shadow(content.terms["ruleset"]) if "ruleset" in content.terms else None
        return {**({} if seen is None else {"shadow": seen}), **wanted.attached}

    def _end(self, proposal_id: str, stage: Stage, because: str, by: SignedIn) -> Told:
        said = checked_text(because, LONGEST_TEXT, "because", "say why")
        self._store.end(proposal_id, End(stage, by.id, self._clock.now(), said))
        return self.told(proposal_id)

    def _told(self, filed: Filed, comments: tuple[Comment, ...] = ()) -> Told:
        proposal, last = filed.proposal, self._held.live()
        live = last is not None and proposal.kind is Kind.RULESET and last.ruleset == proposal.content
        was = proposal.kind is Kind.RULESET and self._store.regular(proposal.content)
        legal = self._held.legal(proposal)
        lacking = self._held.lacking(filed, legal=legal)
        return Told(filed, stage_of(filed, live=live, was_live=was, legal=legal), legal, lacking, comments)


def _lasts(wanted: Wanted) -> timedelta:
    most = LONGEST_EMERGENCY if wanted.kind is Kind.BREAK_GLASS else LONGEST
    lasts = wanted.lasts or min(USUAL, most)
    if not timedelta() < lasts <= most:
        what = f"it would last {lasts}, and may last {most} at most"
        raise InvalidInputError(what, where="lasts", fix="choose a shorter time")
    return lasts
