"""The store: one schema on SQLite and PostgreSQL; the only room where SQL is written."""
