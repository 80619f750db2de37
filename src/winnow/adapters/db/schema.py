"""The edition of the tables, and bringing an older one up to it."""

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.guards import make_guards
from winnow.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config

_MIGRATIONS = "winnow.adapters.db.migrations"
#: Where Alembic notes the edition.
_EDITIONS = "alembic_version"


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest edition, in one transaction; nothing happens when they are there."""
    if current(engine) == newest():
        return
    from alembic import command  # noqa: PLC0415  # a third of a second that a start with the right tables need not wait

    with writing(engine) as connection:
        _with_scripts(lambda config: command.upgrade(config, "head"), connection)
        make_guards(connection)


def upgrade_to(edition: str | None, connection: Connection) -> None:
    """Bring the tables to an edition, the newest if None, within a transaction; raises InvalidInputError if unknown.

    Guards are not made: rows that were kept come in as they were.
    """
    from alembic import command  # noqa: PLC0415  # see above
    from alembic.util import CommandError  # noqa: PLC0415  # as above

    try:
        _with_scripts(lambda config: command.upgrade(config, edition or "head"), connection)
    except CommandError:
        what = f"its tables are of edition `{edition}`, which this version does not know"
        raise InvalidInputError(what, fix="upgrade Winnow") from None


def current(engine: Engine) -> str | None:
    """The edition of the tables; None for an empty database."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(_EDITIONS):
            return None
        return connection.execute(text(f"SELECT version_num FROM {_EDITIONS}")).scalar_one_or_none()  # noqa: S608  # a name of our own


def newest() -> str:
    """The edition this version of Winnow works with: that of the migration with the highest number."""
    names = [each.name for each in (files(_MIGRATIONS) / "versions").iterdir()]
    return max(name.partition("_")[0] for name in names if name[:1].isdigit())


def _with_scripts(action: "Callable[[Config], None]", connection: Connection) -> None:
    from alembic.config import Config  # noqa: PLC0415  # see above

    with as_file(files(_MIGRATIONS)) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        action(config)
