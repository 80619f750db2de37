"""Run by Alembic around every migration, on the connection it was handed."""

from alembic import context

from winnow.adapters.db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
