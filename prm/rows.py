"""Many rows written at once: made ready first, so that the writer's lock is held for the writing alone.

`add` and `change` turn rows into what the database takes, one by one and without asking it;
`write` hands all of it over, in one transaction. A row that others point at is given an id of
`reserve` beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction

PAGE = 1000
Values = tuple[Any, ...]


def reserve(model: type[models.Model], count: int) -> Sequence[int]:
    """Ids for `count` new rows that nobody else will be given, whether they are used or not."""
    if count == 0:
        return []
    table, column = model._meta.db_table, _key(model).column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        return _reserve_embedded(cursor, table, count)


def _reserve_embedded(cursor: Any, table: str, count: int) -> range:
    """SQLite keeps the last id of each table in a table of its own, which has no row before the first."""
    with transaction.atomic(savepoint=False):
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if cursor.rowcount == 0:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


class Rows:
    """Rows to add and columns to change, in the form the database takes."""

    def __init__(self) -> None:
        self._new: dict[tuple[type[models.Model], bool], list[Values]] = {}
        self._changed: dict[tuple[type[models.Model], tuple[str, ...]], list[Values]] = {}

    def add(self, rows: Iterable[models.Model]) -> None:
        """Make new rows ready, as `bulk_create` would write them; later ones may point at earlier ones."""
        for row in rows:
            self._new.setdefault((type(row), row.pk is not None), []).append(ready(row))
            row._state.adding, row._state.db = False, connection.alias

    def change(self, model: type[models.Model], pk: int, **to: Any) -> None:
        """Make a change of columns ready; `to` holds values by the names of fields."""
        names = tuple(sorted(to))
        values = tuple(_value(model, name, to[name]) for name in names)
        self._changed.setdefault((model, names), []).append((*values, pk))

    def write(self) -> None:
        """Write all of it, new rows first; all or nothing."""
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            for (model, has_id), rows in self._new.items():
                _insert(cursor, model, [field.column for field in fields(model, has_id)], rows)
            for (model, names), rows in self._changed.items():
                _update(cursor, model, [_field(model, name).column for name in names], rows)


def ready(row: models.Model) -> Values:
    """A new row's values as the database takes them, in the order of its `fields`."""
    held = fields(type(row), row.pk is not None)
    return tuple(field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in held)


def fields(model: type[models.Model], has_id: bool) -> list[Any]:
    """The fields that a new row is written with, its id among them where it has one already."""
    return [field for field in model._meta.local_concrete_fields if has_id or not field.primary_key]


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _key(model: type[models.Model]) -> Any:
    return model._meta.pk


def _value(model: type[models.Model], name: str, value: Any) -> Any:
    field = _field(model, name)
    return field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection)


def _insert(cursor: Any, model: type[models.Model], columns: list[str], rows: list[Values]) -> None:
    into = f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(map(quoted, columns))}) VALUES"
    if connection.vendor == "postgresql":
        from psycopg2.extras import execute_values

        with connection.wrap_database_errors:
            execute_values(cursor.cursor, f"{into} %s", rows, page_size=PAGE)
    else:
        cursor.executemany(f"{into} ({', '.join(['%s'] * len(columns))})", rows)


def _update(cursor: Any, model: type[models.Model], columns: list[str], rows: list[Values]) -> None:
    sets = ", ".join(f"{quoted(column)} = %s" for column in columns)
    table, key = quoted(model._meta.db_table), quoted(_key(model).column)
    cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} = %s", rows)


def quoted(name: str) -> str:
    """The name of a table or column, for a statement."""
    return str(connection.ops.quote_name(name))
