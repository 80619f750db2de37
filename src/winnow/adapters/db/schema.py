"""The edition of the tables, and bringing an older one up to it."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from winnow.adapters.db.connections import reading, writing
from winnow.errors import InvalidInputError

_MIGRATIONS = "winnow.adapters.db.migrations"


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest edition, in one transaction; nothing happens when they are there."""
    if current(engine) == newest():
        return
    with writing(engine) as connection:
        _with_scripts(lambda config: command.upgrade(config, "head"), connection)


def upgrade_to(edition: str | None, connection: Connection) -> None:
    """Bring the tables to an edition, the newest if None, within a transaction; raises InvalidInputError if unknown."""
    try:
        _with_scripts(lambda config: command.upgrade(config, edition or "head"), connection)
    except CommandError:
        what = f"its tables are of edition `{edition}`, which this version does not know"
        raise InvalidInputError(what, fix="upgrade Winnow") from None


def current(engine: Engine) -> str | None:
    """The edition of the tables; None for an empty database."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The edition this version of Winnow works with."""
    with as_file(files(_MIGRATIONS)) as folder:
        return ScriptDirectory(str(folder)).get_current_head()


def _with_scripts(action, connection: Connection) -> None:  # type: ignore[no-untyped-def]
    with as_file(files(_MIGRATIONS)) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        action(config)
