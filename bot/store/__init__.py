"""Rows in, objects out: what the desk remembers, on SQLite or PostgreSQL."""
