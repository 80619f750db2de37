"""Sign-off: proposing, arguing, agreeing as a second person, and saying what holds at a moment."""

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
    Basis,
    Circumstances,
    Comment,
    End,
    Filed,
    Kind,
    Proposal,
    Side,
    SignOff,
    Stage,
    barred,
    lacking,
    ladder_content,
    stage_of,
)
from winnow.core.learning.ladder import Rung
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import Incident, incident_of
from winnow.core.people.accounts import Person, SignedIn
from winnow.core.ruleset import Ruleset
from winnow.errors import InvalidInputError, NotAllowedError, NotConfirmedError
from winnow.ports import Clock, Ground, IncidentStore, Page, PeopleStore, SigningStore

#: Whom the log names for what happens by itself.
SYSTEM = "system"
#: Longest text of a comment or reason, in characters; most bytes of JSON of all attachments are the shell's to limit.
LONGEST_TEXT = 4_000

#: The role whose signature a change of policy needs.
_PRIVACY = "privacy-officer"
_DRIFT = frozenset({Guard.SCORE_DRIFT, Guard.SIGNAL_DRIFT})
_PREFIX, _INCIDENT = "prop", "inc"
_DIGITS, _RECENT = 16, 1


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


@dataclass(frozen=True, slots=True)
class LiveGround:
    """What the live ruleset rests on, SHIPPED also when it was gone back to.

    lapsed: why its sign-off does not hold any more, empty when all is well
    """

    basis: Basis
    sign_off: SignOff | None
    lapsed: tuple[str, ...]


class SigningDesk:
    """Where a second person agrees. Only people do any of it, never keys.

    find: what each kind of proposal is about · shadow: how a ruleset differed in shadow, if it ever was there
    """

    def __init__(  # noqa: PLR0913, PLR0917  # each a thing it works with
        self,
        store: SigningStore,
        people: PeopleStore,
        incidents: IncidentStore,
        find: Mapping[Kind, Find],
        shadow: Callable[[str], Mapping[str, object] | None],
        clock: Clock,
        new_id: Callable[[str, datetime], str],
    ) -> None:
        self._store = store
        self._people = people
        self._incidents = incidents
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
        because = _text(wanted.because, "because", "say why it should be so")
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
        said = _text(text, "text", "say something")
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
        privacy = _PRIVACY in by.person.roles
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
        attached = self._store.filed(proposal_id).proposal.attachments
        return self._store.attachment(attached.get(name, name))

    def barred(self, told: Told, person: Person) -> str | None:
        """Why somebody may not sign a proposal, in words; None when they may and it is of use."""
        proposal, signed = told.filed.proposal, {each.signer for each in told.filed.sign_offs}
        if told.filed.end is not None:
            return f"the proposal was {told.filed.end.stage}"
        if Scope.SIGN_OFFS_WRITE not in person.scopes:
            return "your role does not sign"
        if person.id in signed:
            return "you have signed it already"
        if told.legal and signed and told.lacking and _PRIVACY not in person.roles:
            return "a privacy officer has to sign it now"
        return barred(proposal, person.id, self._store.writers(proposal.writer))

    # ── what holds ───────────────────────────────────────────────────────────────────────────────

    def signed(self, kind: Kind, content: str) -> SignOff | None:
        """The sign-off of an exact content that holds now; None when none does."""
        found = (each for each in self._store.about(kind, content) if not self._lacking(each))
        return next((each.ground for each in found), None)

    def holds(self, content: str) -> bool:
        """Whether the content of an AI system has a sign-off that holds; Winnow's own is the live ruleset."""
        if self.signed(Kind.AI_SYSTEM, content) is not None:
            return True
        (last,) = self._store.activations(_RECENT) or (None,)
        if last is None or last.ruleset != content:
            return False
        return last.ground.basis is Basis.SHIPPED or self.signed(Kind.RULESET, content) is not None

    def standing(self) -> LiveGround | None:
        """What the live ruleset rests on, and who signed it; None before the first."""
        (last,) = self._store.activations(_RECENT) or (None,)
        if last is None:
            return None
        kind = Kind.BREAK_GLASS if last.ground.basis is Basis.BREAK_GLASS else Kind.RULESET
        found = [each for each in self._store.about(kind, last.ruleset) if each.ground is not None]
        good = next((each for each in found if not self._lacking(each)), found[0] if found else None)
        shipped = good is None and self._store.regular(last.ruleset)
        return LiveGround(
            Basis.SHIPPED if shipped else last.ground.basis, None if good is None else good.ground, self.lapsed()
        )

    def ground(self, ruleset: Ruleset, _actor: str) -> Ground:
        """What a ruleset may go live on; raises NotAllowedError with everything that is lacking."""
        found = self._store.about(Kind.RULESET, ruleset.hash)
        for each in found:
            if not self._lacking(each) and each.ground is not None:
                return Ground(Basis.SIGNED, each.ground.number)
        if self._store.regular(ruleset.hash):
            return Ground(Basis.ROLLBACK)
        said = self._lacking(found[0]) if found else ("nobody has proposed it",)
        raise NotAllowedError(
            "this ruleset may not be activated: " + "; ".join(said),
            fix="have it proposed, and signed by somebody who did not write it (docs/sign-off.md)",
        )

    def lapsed(self) -> tuple[str, ...]:
        """Why the sign-off of the live ruleset does not hold any more; empty when it does, or there never was one.

        One that nobody ever signed rejects nothing anyway, and break-glass ends by itself.
        """
        (last,) = self._store.activations(_RECENT) or (None,)
        if last is None or last.ground.basis in {Basis.SHIPPED, Basis.BREAK_GLASS}:
            return ()
        found = [each for each in self._store.about(Kind.RULESET, last.ruleset) if each.ground is not None]
        judged = [self._lacking(each, legal=False) for each in found]
        return judged[0] if judged and all(judged) else ()

    def look(self) -> Incident | None:
        """Open an incident, which pauses rejecting, when the live ruleset's sign-off lapsed; None when all is well."""
        reasons = self.lapsed()
        if not reasons:
            return None
        now, live = self._clock.now(), self._store.activations(_RECENT)[0].ruleset
        figures = tuple(f"the sign-off of the live ruleset does not hold: {each}" for each in reasons)
        finding = Finding(
            Guard.SIGN_OFF, None, 0, now.date(), figures, Severity.ALARM, pauses=True, about=live[:_DIGITS]
        )
        incident = incident_of(finding, self._new_id(_INCIDENT, now), now)
        return incident if self._incidents.open(incident, SYSTEM, now) else None

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
        said = _text(because, "because", "say why")
        self._store.end(proposal_id, End(stage, by.id, self._clock.now(), said))
        return self.told(proposal_id)

    def _told(self, filed: Filed, comments: tuple[Comment, ...] = ()) -> Told:
        proposal = filed.proposal
        last = self._store.activations(_RECENT)
        live = bool(last) and proposal.kind is Kind.RULESET and last[0].ruleset == proposal.content
        was = proposal.kind is Kind.RULESET and self._store.regular(proposal.content)
        legal = self._legal(proposal)
        return Told(filed, stage_of(filed, live=live, was_live=was), legal, self._lacking(filed, legal=legal), comments)

    def _legal(self, proposal: Proposal) -> bool:
        """Whether it changes the policy that was agreed to last."""
        if proposal.kind not in {Kind.RULESET, Kind.BREAK_GLASS}:
            return False
        return self._store.policy_of(proposal.terms["ruleset"]) != self._store.policy_in_force()

    def _lacking(self, filed: Filed, *, legal: bool | None = None) -> tuple[str, ...]:
        proposal, now = filed.proposal, self._clock.now()
        seen = Circumstances(
            now,
            gone=self._gone(filed),
            drift=self._drift() if proposal.kind in {Kind.RULESET, Kind.LADDER} else {},
            legal=self._legal(proposal) if legal is None else legal,
        )
        return lacking(filed, seen)

    def _gone(self, filed: Filed) -> frozenset[str]:
        """Those who may no longer answer for it."""
        asked = {each.signer: Scope.SIGN_OFFS_WRITE for each in filed.sign_offs}
        asked[filed.proposal.author] = Scope.PROPOSALS_WRITE
        return frozenset(person for person, scope in asked.items() if not self._may(person, scope))

    def _may(self, person_id: str, scope: Scope) -> bool:
        account = self._people.account(person_id)
        return account is not None and scope in account.person.scopes

    def _drift(self) -> dict[str, datetime]:
        return {each.id: each.opened_at for each in self._incidents.unclosed() if each.guard in _DRIFT}


class LadderSignOffs:
    """Who signed a step up the ladder; see the port SignOffs."""

    def __init__(self, desk: SigningDesk) -> None:
        self._desk = desk

    def signed(self, subject: str, rung: Rung, content: str) -> str | None:
        """Who signed that `subject` may climb to `rung`, for the ruleset with this hash."""
        found = self._desk.signed(Kind.LADDER, ladder_content(subject, rung.value, content))
        return None if found is None else found.signer


def _lasts(wanted: Wanted) -> timedelta:
    most = LONGEST_EMERGENCY if wanted.kind is Kind.BREAK_GLASS else LONGEST
    lasts = wanted.lasts or min(USUAL, most)
    if not timedelta() < lasts <= most:
        what = f"it would last {lasts}, and may last {most} at most"
        raise InvalidInputError(what, where="lasts", fix="choose a shorter time")
    return lasts


def _text(text: str, where: str, fix: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        what = "nothing but blanks" if not said else f"longer than {LONGEST_TEXT:,} characters"
        raise InvalidInputError(what, where=where, fix=fix)
    return said
