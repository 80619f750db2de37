"""Write a migration for what tables.py has and the newest edition has not: `new_migration.py "what changed"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from winnow.adapters.db.connections import make_engine, sqlite_url, writing
from winnow.adapters.db.schema import upgrade

MIGRATIONS = Path(__file__).parent.parent / "src/winnow/adapters/db/migrations"

with tempfile.TemporaryDirectory() as folder:
    engine = make_engine(sqlite_url(Path(folder) / "scratch.sqlite"))
    numbered = list((MIGRATIONS / "versions").glob("[0-9]*.py"))
    if numbered:
        upgrade(engine)
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.revision(config, " ".join(sys.argv[1:]), autogenerate=True, rev_id=f"{len(numbered) + 1:04d}")
