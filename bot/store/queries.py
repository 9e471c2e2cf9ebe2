"""The SQL beside this file, as functions: `load("audit").trail(session.connection, subject=…)`.

`name^` answers one row or nothing, `name` many rows, both at once. `name!` answers nothing and therefore
travels with the next question or the commit: a use case costs two or three round trips, not ten.
One text serves both databases; a name repeated in `sql/<database>/<noun>.sql` replaces it there.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import aiosql
from aiosql.utils import VAR_REF

from bot.store.rows import instant
from bot.store.session import Connection, Parameters, Row

HERE = Path(__file__).with_name("sql")
DIALECTS = ("sqlite", "postgresql")
_CODE = re.compile(r"[\x21-\x7e]{0,200}")


class OneTrip:
    """aiosql's adapter for both databases: a statement and its rows at once."""

    is_aio_driver = True

    def __init__(self, variants: Mapping[tuple[str, str], str] | None = None) -> None:
        self._variants = variants or {}

    def process_sql(self, _name: str, _operation: object, sql: str) -> str:
        return sql

    def _text(self, connection: Connection, name: str, sql: str) -> str:
        return self._variants.get((connection.dialect, name), sql)

    async def select(
        self, conn: Connection, name: str, sql: str, parameters: Parameters, record_class: Any = None
    ) -> AsyncIterator[Row]:
        del record_class
        for row in await conn.rows(self._text(conn, name, sql), _plain(parameters)):
            yield row

    async def select_one(
        self, conn: Connection, name: str, sql: str, parameters: Parameters, record_class: Any = None
    ) -> Row | None:
        del record_class
        rows = await conn.rows(self._text(conn, name, sql), _plain(parameters))
        return rows[0] if rows else None

    async def select_value(self, conn: Connection, name: str, sql: str, parameters: Parameters) -> Any:
        row = await self.select_one(conn, name, sql, parameters)
        return None if row is None else next(iter(row.values()))

    async def insert_returning(self, conn: Connection, name: str, sql: str, parameters: Parameters) -> Any:
        return await self.select_value(conn, name, sql, parameters)

    async def insert_update_delete(
        self, conn: Connection, name: str, sql: str, parameters: Parameters
    ) -> None:
        conn.later(self._text(conn, name, sql), _plain(parameters))


def load(noun: str) -> Any:
    """Give the named queries of `sql/<noun>.sql`, each in the words of the database it is asked on."""
    variants: dict[tuple[str, str], str] = {}
    for dialect in DIALECTS:
        path = HERE / dialect / f"{noun}.sql"
        if path.exists():
            own = _parsed(path, OneTrip())
            variants.update({(dialect, name): getattr(own, name).sql for name in _names(own)})
    return _parsed(HERE / f"{noun}.sql", OneTrip(variants))


def statement(queries: Any, name: str, connection: Connection, **parameters: Any) -> tuple[str, Parameters]:
    """Give a named query as text and parameters, to be said at the end of a transaction."""
    adapter: OneTrip = queries.driver_adapter
    return adapter._text(connection, name, getattr(queries, name).sql), _plain(parameters)  # noqa: SLF001


def _parsed(path: Path, adapter: OneTrip) -> Any:
    return aiosql.from_path(path, lambda: adapter)  # type: ignore[arg-type, return-value]


def _names(queries: Any) -> list[str]:
    return [name for name in queries.available_queries if not name.endswith("_cursor")]


def _plain(parameters: Parameters) -> Parameters:
    """Say values as both databases store them: instants and days as text, truth as 0 or 1."""
    return {name: value if type(value) in _AS_IT_IS else _value(value) for name, value in parameters.items()}


_AS_IT_IS = frozenset({str, int, type(None)})


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value


@cache
def in_percent_style(sql: str) -> str:
    """Turn `:name` into `%(name)s`, the style psycopg reads."""
    doubled = sql.replace("%", "%%")
    return VAR_REF.sub(
        lambda found: f"{found['lead']}%({found['var_name']})s" if found["var_name"] else found.group(0),
        doubled,
    )


def codes(facts: Mapping[str, Any]) -> str:
    """Write ids and codes as JSON. Raises ValueError for anything a person could have written as a sentence."""
    return json.dumps({name: _code(name, value) for name, value in facts.items()}, sort_keys=True)


def _code(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        told = [_code(name, each) for each in value]
        return told if isinstance(value, list | tuple) else sorted(told)
    raise ValueError(f"{name} holds more than ids and codes; words belong in a sealed column")
