"""Triggers: what the database itself refuses, whoever asks and however, also where foreign keys are switched off.

A guard says when a row may not be written. Its condition is written once and means the same to both databases; what
refuses raises an integrity error with the guard's words.

They are made anew whenever tables are brought to the newest edition, so a change of them needs one, if an empty one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from winnow.adapters.db.connections import reading
from winnow.adapters.db.signing_guards import GUARDS as _OF_SIGNING
from winnow.errors import WinnowError


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger before each row, or before the statement that empties a table.

    event: INSERT, UPDATE, DELETE or TRUNCATE · forbids: the condition in SQL, of NEW and OLD, under which it refuses
    only: the one database that needs it; empty is both
    """

    name: str
    table: str
    event: str
    forbids: str
    says: str
    only: str = ""

    def made(self, dialect: str) -> str:
        """The statement that makes it; one that is there is replaced."""
        whole = self.event == "TRUNCATE"
        when = f"BEFORE {self.event} ON {self.table} FOR EACH {'STATEMENT' if whole else 'ROW'}"
        if dialect == "sqlite":
            refuses = f"BEGIN SELECT RAISE(ABORT, '{self.says}'); END"
            return f"CREATE TRIGGER {self.name} {when} WHEN ({self.forbids}) {refuses}"
        row = "NULL" if whole else "OLD" if self.event == "DELETE" else "NEW"
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
            f"BEGIN IF ({self.forbids}) THEN RAISE EXCEPTION '{self.says}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {row}; END $guard$; "
            f"CREATE TRIGGER {self.name} {when} EXECUTE FUNCTION {self.name}(); "
            f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name}"
        )


#: All there are.
GUARDS: tuple[Guard, ...] = tuple(Guard(*each) for each in _OF_SIGNING)


def make_guards(connection: Connection) -> None:
    """Make all of them, in place of those that are there."""
    dialect = connection.dialect.name
    for name, table in connection.execute(_ANY[dialect]).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}" + ("" if dialect == "sqlite" else f" ON {table}"))
    for guard in _of(dialect):
        connection.exec_driver_sql(guard.made(dialect))


def standing(connection: Connection) -> dict[str, str]:
    """The triggers that are there and switched on, as the database tells them: name → what it does."""
    return {row.name: row.said for row in connection.execute(_STANDING[connection.dialect.name])}


def need_guards(engine: Engine) -> None:
    """Raise WinnowError when one is missing or says something else: then nobody knows what was let through."""
    with reading(engine) as connection:
        there, dialect = standing(connection), connection.dialect.name
    for guard in _of(dialect):
        if not _same(there.get(guard.name, ""), guard.made(dialect)):
            what = f"the guard `{guard.name}` of the table `{guard.table}` is missing or was changed"
            raise WinnowError(what, fix="restore a backup, and find out who did it")


def drop_functions(connection: Connection) -> None:
    """Remove what PostgreSQL keeps of the guards once their tables are gone."""
    if connection.dialect.name == "postgresql":
        for guard in _of("postgresql"):
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {guard.name}()")


_OF_POSTGRESQL = (
    " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
)
#: All triggers, switched off ones too, with their tables; and those that are on, with what they do: always, also where
#: a session plays the replica (`session_replication_role`) so that foreign keys and other triggers are off.
_ANY = {
    "sqlite": text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT t.tgname, c.relname" + _OF_POSTGRESQL),
}
_STANDING = {
    "sqlite": text("SELECT name, sql AS said FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT t.tgname AS name, p.prosrc AS said" + _OF_POSTGRESQL + " AND t.tgenabled = 'A'"),
}


def _of(dialect: str) -> Sequence[Guard]:
    return [guard for guard in GUARDS if guard.only in ("", dialect)]


def _same(there: str, made: str) -> bool:
    """Whether what a database tells of a guard, which may be the middle of the statement, is what made it."""
    return bool(there) and there.strip() in made
