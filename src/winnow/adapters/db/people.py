"""People's accounts in the database; who they are and what proves them is sealed, and every change is in the log.

What the log says of a change names people by their ids only.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, insert, or_, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.people_tables import one_time_links, sessions, users
from winnow.adapters.db.vault import Vault
from winnow.core.people.accounts import Account, Person
from winnow.core.people.tokens import Purpose
from winnow.errors import ConflictError, NotFoundError

_ADDRESS = "address of a person"
_SHOWN = 40


class StoredPeople:
    """The accounts behind an engine; see the port PeopleStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, vault: Vault, journal: Journal) -> None:
        self._engine = engine
        self._vault = vault
        self._journal = journal

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def all(self) -> Sequence[Person]:
        """Everybody, those who came first at the front."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(users).order_by(users.c.created_at, users.c.id))
            return tuple(person_of(row, self._vault) for row in rows)

    def account(self, person_id: str) -> Account | None:
        """An account by its id."""
        with reading(self._engine) as connection:
            return self._account(connection.execute(select(users).where(users.c.id == person_id)).one_or_none())

    def account_of(self, email: str) -> Account | None:
        """An account by its mail address, folded."""
        wanted = users.c.address == self._vault.hashed(_ADDRESS, email)
        with reading(self._engine) as connection:
            return self._account(connection.execute(select(users).where(wanted)).one_or_none())

    def invited(self, link: bytes, purpose: Purpose, now: datetime) -> Person | None:
        """Whose link it is, if it is good and its owner not disabled."""
        joined = select(users).join(one_time_links, one_time_links.c.person == users.c.id)
        wanted = joined.where(_good(link, purpose, now), users.c.disabled_at.is_(None))
        with reading(self._engine) as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else person_of(row, self._vault)

    # ── Accounts come and go ─────────────────────────────────────────────────────────────────────

    def first(self, person: Person, password: str, now: datetime) -> bool:
        """Keep the very first account, with its password's hash; False when there is one already."""
        with writing(self._engine) as connection:
            locked_head(connection)  # of two who come at the same moment, the second sees the first
            if connection.execute(select(users.c.id).limit(1)).first() is not None:
                return False
            self._add(connection, person, person.id, now, password)
        return True

    def add(self, person: Person, actor: str, now: datetime, password: str | None = None) -> None:
        """Keep an account; raises ConflictError when the address has one."""
        with writing(self._engine) as connection:
            locked_head(connection)
            taken = users.c.address == self._vault.hashed(_ADDRESS, person.email)
            if connection.execute(select(users.c.id).where(taken)).first() is not None:
                raise ConflictError("this mail address has an account", where="email", fix="give that one other roles")
            self._add(connection, person, actor, now, password)

    def set_roles(self, person_id: str, roles: frozenset[str], actor: str, now: datetime) -> Person:
        """Give other roles; raises NotFoundError, and ConflictError when nobody would be left to let others in."""
        with writing(self._engine) as connection:
            before = self._locked(connection, person_id)
            after = replace(before, roles=roles)
            self._need_another(connection, before, after)
            _change(connection, person_id, roles=" ".join(sorted(roles)))
            document = {"roles": sorted(roles), "before": sorted(before.roles)}
            self._note(connection, Change("person.roles", actor, person_id, document), now)
        return after

    def disable(self, person_id: str, actor: str, now: datetime) -> Person:
        """End an account, its sessions and links; raises as `set_roles` does."""
        with writing(self._engine) as connection:
            before = self._locked(connection, person_id)
            after = before if before.disabled_at else replace(before, disabled_at=now)
            self._need_another(connection, before, after)
            if after is not before:
                _change(connection, person_id, disabled_at=micros(now))
                _forget(connection, person_id, sessions, one_time_links)
                self._note(connection, Change("person.disabled", actor, person_id, None), now)
        return after

    def enable(self, person_id: str, actor: str, now: datetime) -> Person:
        """Take that back; raises NotFoundError."""
        with writing(self._engine) as connection:
            before = self._locked(connection, person_id)
            if before.disabled_at is not None:
                _change(connection, person_id, disabled_at=None)
                _forget(connection, person_id, sessions)  # one may have begun at the very moment of the disabling
                self._note(connection, Change("person.enabled", actor, person_id, None), now)
        return replace(before, disabled_at=None)

    # ── What proves them ─────────────────────────────────────────────────────────────────────────

    def invite(
        self, person_id: str, link: bytes, purpose: Purpose, actor: str, *, now: datetime, until: datetime
    ) -> None:
        """Keep the digest of a link to choose a password with, in place of earlier ones."""
        with writing(self._engine) as connection:
            self._locked(connection, person_id)
            _forget(connection, person_id, one_time_links)
            row = (link, purpose.value, person_id, micros(now), micros(until))
            names = ("digest", "purpose", "person", "created_at", "expires_at")
            connection.execute(insert(one_time_links), dict(zip(names, row, strict=True)))
            kind = "person.invited" if purpose is Purpose.INVITATION else "person.reset"
            self._note(connection, Change(kind, actor, person_id, {"until": until.isoformat()}), now)

    def join(self, link: bytes, purpose: Purpose, password: str, now: datetime) -> Person | None:
        """Use a link up, keep the password and end all sessions; None when the link is good for nothing."""
        with writing(self._engine) as connection:
            used = delete(one_time_links).where(_good(link, purpose, now)).returning(one_time_links.c.person)
            person_id = connection.execute(used).scalar_one_or_none()
            if person_id is None:
                return None
            person = self._locked(connection, person_id)
            if person.disabled_at is not None:
                return None
            self._set_password(connection, person, password, person_id, now)
        return replace(person, joined_at=person.joined_at or now)

    def set_password(self, person_id: str, password: str, actor: str, now: datetime) -> None:
        """Keep another password and end all sessions."""
        with writing(self._engine) as connection:
            self._set_password(connection, self._locked(connection, person_id), password, actor, now)

    def rehash(self, person_id: str, before: str, password: str) -> None:
        """Keep another hash of the same password, unless another password was chosen meanwhile."""
        with writing(self._engine) as connection:
            self._locked(connection, person_id)
            row = connection.execute(select(users).where(users.c.id == person_id)).one()
            account = self._account(row)
            if account is not None and account.password == before:
                _change(connection, person_id, password=self._sealed_password(person_id, password))

    def set_secret(self, person_id: str, secret: bytes | None, actor: str, now: datetime) -> None:
        """Keep the secret of an authenticator that has to be tried first; None: no code is asked for any more."""
        with writing(self._engine) as connection:
            before = self._locked(connection, person_id)
            sealed = None if secret is None else self._vault.seal_own(secret, f"secret {person_id}")
            _change(connection, person_id, secret=sealed, step=None)
            if before.two_steps:
                self._note(connection, Change("person.one_step", actor, person_id, None), now)

    def use_step(self, person_id: str, step: int, now: datetime) -> bool:
        """Note that the code of a step was used; False when it, or a later one, was before."""
        with writing(self._engine) as connection:
            locked_head(connection)
            first = self._person(connection, person_id)
            unused = or_(users.c.step.is_(None), users.c.step < step)
            used = update(users).where(users.c.id == person_id, users.c.secret.is_not(None), unused).values(step=step)
            if not connection.execute(used).rowcount:
                return False
            if first is not None and not first.two_steps:
                self._note(connection, Change("person.two_steps", person_id, person_id, None), now)
        return True

    # ── Inside of transactions ───────────────────────────────────────────────────────────────────

    def _add(self, connection: Connection, person: Person, actor: str, now: datetime, password: str | None) -> None:
        profile = json.dumps({"email": person.email, "name": person.name}).encode()
        row = {
            "id": person.id,
            "address": self._vault.hashed(_ADDRESS, person.email),
            "profile": self._vault.seal_own(profile, f"person {person.id}"),
            "roles": " ".join(sorted(person.roles)),
            "password": None if password is None else self._sealed_password(person.id, password),
            "created_at": micros(person.created_at),
            "created_by": person.created_by,
            "joined_at": None if password is None else micros(now),
        }
        connection.execute(insert(users), row)
        self._note(connection, Change("person.added", actor, person.id, {"roles": sorted(person.roles)}), now)

    def _set_password(self, connection: Connection, person: Person, password: str, actor: str, now: datetime) -> None:
        joined = micros(person.joined_at or now)
        _change(connection, person.id, password=self._sealed_password(person.id, password), joined_at=joined)
        _forget(connection, person.id, sessions, one_time_links)
        kind = "person.joined" if person.joined_at is None else "person.password"
        self._note(connection, Change(kind, actor, person.id, None), now)

    def _sealed_password(self, person_id: str, password: str) -> bytes:
        return self._vault.seal_own(password.encode(), f"password {person_id}")

    def _locked(self, connection: Connection, person_id: str) -> Person:
        """A person as they are, while nobody else changes anybody."""
        locked_head(connection)
        found = self._person(connection, person_id)
        if found is None:
            raise NotFoundError(f"nobody has the id `{person_id[:_SHOWN]}`", fix="list the people")
        return found

    def _person(self, connection: Connection, person_id: str) -> Person | None:
        row = connection.execute(select(users).where(users.c.id == person_id)).one_or_none()
        return None if row is None else person_of(row, self._vault)

    def _need_another(self, connection: Connection, before: Person, after: Person) -> None:
        """Refuse what would leave nobody who lets others in."""
        if not before.lets_others_in or after.lets_others_in:
            return
        rows = connection.execute(select(users).where(users.c.id != before.id))
        if not any(person_of(row, self._vault).lets_others_in for row in rows):
            raise ConflictError(
                "this is the last administrator", fix="let somebody else be one first, and have them sign in"
            )

    def _account(self, row: "Row[Any] | None") -> Account | None:
        if row is None:
            return None
        password = None if row.password is None else self._vault.open_own(row.password, f"password {row.id}").decode()
        secret = None if row.secret is None else self._vault.open_own(row.secret, f"secret {row.id}")
        return Account(person_of(row, self._vault), password, secret)

    def _note(self, connection: Connection, change: Change, now: datetime) -> None:
        self._journal.note(connection, change, now)


def person_of(row: "Row[Any]", vault: Vault) -> Person:
    """The person of a row of `users`."""
    profile = json.loads(vault.open_own(row.profile, f"person {row.id}"))
    return Person(
        id=row.id,
        email=profile["email"],
        name=profile["name"],
        roles=frozenset(row.roles.split()),
        created_at=moment(row.created_at),
        created_by=row.created_by,
        joined_at=None if row.joined_at is None else moment(row.joined_at),
        disabled_at=None if row.disabled_at is None else moment(row.disabled_at),
        two_steps=row.step is not None,
        digest=row.digest,
    )


def _good(link: bytes, purpose: Purpose, now: datetime) -> Any:  # noqa: ANN401  # a condition of SQLAlchemy
    of_link = one_time_links.c.digest == link, one_time_links.c.purpose == purpose.value
    return of_link[0] & of_link[1] & (one_time_links.c.expires_at > micros(now))


def _change(connection: Connection, person_id: str, **values: object) -> None:
    connection.execute(update(users).where(users.c.id == person_id).values(**values))


def _forget(connection: Connection, person_id: str, *tables: Table) -> None:
    for table in tables:
        connection.execute(delete(table).where(table.c.person == person_id))
