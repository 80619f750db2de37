"""Proposals and sign-offs in the database: added to and never changed, each change a leaf of the decision log."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Engine, and_, exists, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.program_tables import api_keys
from winnow.adapters.db.ruleset_tables import activations, rulesets
from winnow.adapters.db.signing_rows import activation_of, attach, filed_of, one, proposal_row, sign_off_row
from winnow.adapters.db.signing_tables import attachments, proposal_comments, proposals, sign_offs
from winnow.adapters.db.versions import bump
from winnow.core.govern.signing import (
    Basis,
    Comment,
    End,
    Filed,
    Kind,
    Proposal,
    Side,
    SignOff,
    policy_part_hash,
)
from winnow.core.ruleset import Ruleset
from winnow.errors import ConflictError, NotAllowedError, NotFoundError
from winnow.ports import Activation, Page

#: The row of `versions` that counts what may change whether the live ruleset is signed.
VERSION_NAME = "sign-offs"

#: Kinds that may change the policy.
_CHANGING = (Kind.RULESET.value, Kind.BREAK_GLASS.value)
#: What an activation rests on that makes its policy one that was agreed to.
_AGREED = (Basis.SHIPPED.value, Basis.SIGNED.value, Basis.ROLLBACK.value)
_REGULAR = (Basis.SHIPPED.value, Basis.SIGNED.value)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_LINKS = 20
_SHOWN = 60


class StoredSigning:
    """The proposals behind an engine; see the port SigningStore."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def propose(self, proposal: Proposal, attached: Mapping[str, Mapping[str, object]]) -> None:
        """Keep a proposal with its attachments, by name."""
        with writing(self._engine) as connection:
            for document in attached.values():
                attach(connection, document)
            connection.execute(insert(proposals), proposal_row(proposal))
            said = {**proposal.document, "hash": proposal.hash, "content": proposal.content}
            kind = "break-glass.asked" if proposal.kind is Kind.BREAK_GLASS else "proposal.made"
            self._journal.note(connection, Change(kind, proposal.author, proposal.id, said), proposal.at)

    def comment(self, proposal_id: str, author: str, side: str, text: str, now: datetime) -> Comment:
        """Keep what somebody said; raises NotFoundError."""
        with writing(self._engine) as connection:
            one(connection, proposal_id)
            change = Change("proposal.commented", author, proposal_id, {"side": side, "text": text})
            number = self._journal.note(connection, change, now)
            row = {"id": number, "proposal": proposal_id, "author": author, "side": side, "text": text}
            connection.execute(insert(proposal_comments), {**row, "at": micros(now)})
        return Comment(number, proposal_id, author, Side(side), text, now)

    def sign(self, proposal_id: str, digest: str, signer: str, now: datetime, *, privacy: bool) -> SignOff:
        """Keep somebody's agreement; see the port."""
        with writing(self._engine) as connection:
            locked_head(connection)
            filed = one(connection, proposal_id)
            _need_open(filed)
            if digest != filed.proposal.hash:
                what = "what you read is not what is proposed"
                raise ConflictError(what, where="hash", fix="read the proposal again, and send its hash")
            if any(each.signer == signer for each in filed.sign_offs):
                raise ConflictError("you have signed it already", fix="have another person sign, if one is needed")
            until = now + filed.proposal.lasts
            kind = "break-glass.granted" if filed.proposal.kind is Kind.BREAK_GLASS else "proposal.signed"
            said = {"hash": digest, "until": until.isoformat(), "privacy": privacy}
            number = self._journal.note(connection, Change(kind, signer, proposal_id, said), now)
            made = SignOff(number, proposal_id, digest, signer, privacy, now, until)
            try:
                connection.execute(insert(sign_offs), sign_off_row(made, filed.proposal))
            except IntegrityError:
                raise NotAllowedError("you wrote or proposed it", fix="have a second person sign it") from None
            bump(connection, VERSION_NAME)
        return made

    def end(self, proposal_id: str, end: End) -> None:
        """End a proposal; raises NotFoundError, and ConflictError when it is ended, or was live, already."""
        with writing(self._engine) as connection:
            locked_head(connection)
            filed = one(connection, proposal_id)
            _need_open(filed)
            numbers = [each.number for each in filed.sign_offs]
            used = select(activations.c.id).where(activations.c.sign_off.in_(numbers)).limit(1)
            if numbers and connection.execute(used).first() is not None:
                raise ConflictError("it went live by this proposal", fix="roll back to another ruleset")
            change = Change(f"proposal.{end.stage}", end.by, proposal_id, {"because": end.because})
            self._journal.note(connection, change, end.at)
            ended = {"ended_at": micros(end.at), "ended_as": end.stage.value, "ended_by": end.by}
            of_it = update(proposals).where(proposals.c.id == proposal_id)
            connection.execute(of_it.values(**ended, ended_because=end.because))
            bump(connection, VERSION_NAME)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def filed(self, proposal_id: str) -> Filed:
        """A proposal with what became of it; raises NotFoundError."""
        with reading(self._engine) as connection:
            return one(connection, proposal_id)

    def about(self, kind: Kind, content: str) -> Sequence[Filed]:
        """Everything that was proposed about an exact content, the newest first."""
        wanted = select(proposals).where(proposals.c.kind == kind.value, proposals.c.content == content)
        with reading(self._engine) as connection:
            return filed_of(connection, connection.execute(wanted.order_by(proposals.c.id.desc())).all())

    def page(
        self, before: str | None, limit: int, *, kind: Kind | None = None, waiting: bool | None = None
    ) -> Page[Filed]:
        """Proposals, the newest first; ids are in the order of time."""
        query = select(proposals).order_by(proposals.c.id.desc()).limit(limit + 1)
        query = query if before is None else query.where(proposals.c.id < before)
        query = query if kind is None else query.where(proposals.c.kind == kind.value)
        if waiting is not None:
            lacks = _waits(self.policy_in_force())
            query = query.where(lacks if waiting else not_(lacks))
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            items = filed_of(connection, rows[:limit])
        return Page(items, items[-1].proposal.id if len(rows) > limit else None)

    def comments(self, proposal_id: str) -> Sequence[Comment]:
        """What was said about a proposal, in order."""
        query = select(proposal_comments).where(proposal_comments.c.proposal == proposal_id)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(proposal_comments.c.id)).all()
        return tuple(
            Comment(row.id, row.proposal, row.author, Side(row.side), row.text, moment(row.at)) for row in rows
        )

    def attachment(self, digest: str) -> Mapping[str, object]:
        """Something that was attached, by its hash; raises NotFoundError."""
        with reading(self._engine) as connection:
            found = connection.execute(select(attachments.c.document).where(attachments.c.hash == digest)).scalar()
        if found is None:
            raise NotFoundError(f"nothing is attached by the hash `{digest[:_SHOWN]}`", fix="see the proposal")
        return json.loads(found)  # type: ignore[no-any-return]  # a table, as it was stored

    def writers(self, author: str) -> frozenset[str]:
        """Whoever stands behind an author: itself, and for a key those who made it."""
        found = [author]
        with reading(self._engine) as connection:
            while len(found) < _MOST_LINKS:
                made = select(api_keys.c.created_by).where(api_keys.c.id == found[-1])
                by = connection.execute(made).scalar_one_or_none()
                if by is None or by in found:
                    break
                found.append(by)
        return frozenset(found)

    def activations(self, limit: int) -> Sequence[Activation]:
        """The last changes of the live ruleset, the newest first."""
        query = select(activations).order_by(activations.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return tuple(map(activation_of, rows))

    def regular(self, ruleset: str) -> bool:
        """Whether a ruleset was ever live by a sign-off, or as the one that Winnow comes with."""
        found = select(activations.c.id).where(activations.c.ruleset == ruleset, activations.c.basis.in_(_REGULAR))
        with reading(self._engine) as connection:
            return connection.execute(found.limit(1)).first() is not None

    def good_until(self, ruleset: Ruleset) -> datetime | None:
        """Until when a ruleset has the sign-off it needs to reject; long ago for none, None when it needs none."""
        of_it = activations.c.ruleset == ruleset.hash, activations.c.basis == Basis.SHIPPED.value
        with reading(self._engine) as connection:
            if connection.execute(select(activations.c.id).where(*of_it).limit(1)).first() is not None:
                return None
        legal = policy_part_hash(ruleset.document) != self.policy_in_force()
        ends = [_good(each, legal=legal) for each in self.about(Kind.RULESET, ruleset.hash)]
        return max(ends, default=_LONG_AGO)

    def policy_of(self, ruleset: str) -> str | None:
        """Hash of the policy of a ruleset; None when there is no such ruleset."""
        with reading(self._engine) as connection:
            return connection.execute(select(rulesets.c.policy).where(rulesets.c.hash == ruleset)).scalar_one_or_none()

    def policy_in_force(self) -> str | None:
        """Hash of the policy that was last signed, or shipped; None when none ever was."""
        query = (
            select(rulesets.c.policy)
            .join(activations, activations.c.ruleset == rulesets.c.hash)
            .where(activations.c.basis.in_(_AGREED))
            .order_by(activations.c.id.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            return connection.execute(query).scalar_one_or_none()


def _good(filed: Filed, *, legal: bool) -> datetime:
    """Until when a proposal has all the signatures it needs."""
    signed = [] if filed.end else filed.sign_offs
    ends = [max((each.expires_at for each in signed), default=_LONG_AGO)]
    if legal:
        ends.append(max((each.expires_at for each in signed if each.privacy), default=_LONG_AGO))
    return min(ends)


def _waits(policy: str | None) -> ColumnElement[bool]:
    """Of proposals: somebody still has to sign; what has gone live by its signatures waits for nobody."""
    of_it = sign_offs.c.proposal == proposals.c.id
    signed, privacy = exists().where(of_it), exists().where(of_it, sign_offs.c.privacy)
    used = exists().where(of_it, activations.c.sign_off == sign_offs.c.id)
    legal = proposals.c.kind.in_(_CHANGING) & exists().where(
        rulesets.c.hash == proposals.c.ruleset, rulesets.c.policy.is_distinct_from(policy)
    )
    return proposals.c.ended_at.is_(None) & not_(used) & or_(not_(signed), and_(legal, not_(privacy)))


def _need_open(filed: Filed) -> None:
    if filed.end is not None:
        raise ConflictError(f"the proposal was {filed.end.stage}", fix="propose it anew")
