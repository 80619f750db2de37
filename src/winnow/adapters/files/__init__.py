"""Leads in and decisions out, as files: CSV, JSON lines and Parquet.

A file is read in chunks that end with a row, so that each can be parsed by another process:
`open_source` → `source.chunks()` → `source.parser.rows(chunk)` → cells, which a map makes into leads.
"""
