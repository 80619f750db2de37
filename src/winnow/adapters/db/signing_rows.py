"""Proposals and sign-offs as rows, and read from rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.signing_tables import attachments, proposals, sign_offs
from winnow.core.canonical import content_hash
from winnow.core.govern.signing import Basis, End, Filed, Kind, Proposal, SignOff, Stage
from winnow.errors import NotFoundError
from winnow.ports import Activation, Ground

#: Kinds whose content is a ruleset, or whose sign-off is about one that must be there.
_OF_RULESETS = frozenset({Kind.RULESET, Kind.BREAK_GLASS, Kind.LADDER})
_SHOWN = 60


def attach(connection: Connection, document: Mapping[str, object]) -> None:
    """Keep a document, once, by the hash of what is in it."""
    row = {"hash": content_hash(document), "document": json.dumps(document, ensure_ascii=False, allow_nan=False)}
    if connection.execute(select(attachments.c.hash).where(attachments.c.hash == row["hash"])).first() is not None:
        return
    new_row = (postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert)(attachments)
    connection.execute(new_row.values(row).on_conflict_do_nothing())


def proposal_row(proposal: Proposal) -> dict[str, object]:
    """The row of a new proposal."""
    return {
        "id": proposal.id,
        "kind": proposal.kind.value,
        "content": proposal.content,
        "ruleset": proposal.terms.get("ruleset") if proposal.kind in _OF_RULESETS else None,
        "hash": proposal.hash,
        "author": proposal.author,
        "writer": proposal.writer,
        "document": json.dumps(proposal.document, ensure_ascii=False),
        "at": micros(proposal.at),
    }


def sign_off_row(made: SignOff, proposal: Proposal) -> dict[str, object]:
    """The row of a signature."""
    return {
        "id": made.number,
        "proposal": proposal.id,
        "author": proposal.author,
        "writer": proposal.writer,
        "hash": made.hash,
        "signer": made.signer,
        "privacy": made.privacy,
        "at": micros(made.at),
        "expires_at": micros(made.expires_at),
    }


def one(connection: Connection, proposal_id: str) -> Filed:
    """A proposal with its sign-offs; raises NotFoundError."""
    row = connection.execute(select(proposals).where(proposals.c.id == proposal_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no proposal `{proposal_id[:_SHOWN]}`", fix="see the ids with GET /v1/proposals")
    return filed_of(connection, [row])[0]


def filed_of(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Filed, ...]:
    """Proposals with their sign-offs, in the order of the rows."""
    ids = [row.id for row in rows]
    found = connection.execute(select(sign_offs).where(sign_offs.c.proposal.in_(ids)).order_by(sign_offs.c.id)).all()
    return tuple(
        Filed(_proposal(row), tuple(_sign_off(each) for each in found if each.proposal == row.id), _end(row))
        for row in rows
    )


def _proposal(row: Row[Any]) -> Proposal:
    said = json.loads(row.document)
    return Proposal(
        id=row.id,
        kind=Kind(row.kind),
        subject=said["subject"],
        content=row.content,
        writer=row.writer,
        author=row.author,
        at=moment(row.at),
        because=said["because"],
        lasts=timedelta(seconds=said["lasts_seconds"]),
        attachments=said["attachments"],
        terms=said["terms"],
    )


def _sign_off(row: Row[Any]) -> SignOff:
    until = moment(row.expires_at)
    return SignOff(row.id, row.proposal, row.hash, row.signer, row.privacy, moment(row.at), until)


def _end(row: Row[Any]) -> End | None:
    if row.ended_at is None:
        return None
    return End(Stage(row.ended_as), row.ended_by, moment(row.ended_at), row.ended_because)


def activation_of(row: Row[Any]) -> Activation:
    """A change of the live ruleset out of its row."""
    return Activation(row.id, row.ruleset, moment(row.at), row.actor, Ground(Basis(row.basis), row.sign_off))
