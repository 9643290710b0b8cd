"""Rows that are written once in effect: whoever comes second finds that the row stands.

One statement asks and writes, so that two at once cannot both find nothing there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, models

from prm import rows

M = TypeVar("M", bound=models.Model)


def add(row: M, key: Sequence[str]) -> bool:
    """Write a new row unless one with the same `key` stands (the names of a unique constraint's columns);
    whether it was written. Then it has its id."""
    return bool(add_all([row], key))


def add_all(new: Sequence[M], key: Sequence[str]) -> list[M]:
    """Write those of these rows, all of one model, of which none with the same `key` stands; which were."""
    if not new:
        return []
    told: list[Any] = [new[0]._meta.pk, *(new[0]._meta.get_field(name) for name in key)]
    mine = {tuple(getattr(row, field.attname) for field in told[1:]): row for row in reversed(new)}
    made = []
    for pk, *values in _written(new, told):
        row = mine[tuple(values)]
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
        made.append(row)
    return made


def _written(new: Sequence[models.Model], told: list[Any]) -> Iterable[Sequence[Any]]:
    """Id and key of each row that the database took."""
    model = type(new[0])
    columns = [field.column for field in rows.fields(model, has_id=new[0].pk is not None)]
    line = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {rows.quoted(model._meta.db_table)} ({_list(columns)})"
            f" VALUES {', '.join([line] * len(new))}"
            f" ON CONFLICT ({_list(field.column for field in told[1:])}) DO NOTHING"
            f" RETURNING {_list(field.column for field in told)}",
            [value for row in new for value in rows.ready(row)],
        )
        found = cursor.fetchall()
    reader = model._base_manager.all().query.get_compiler(connection=connection)
    converters = reader.get_converters([field.cached_col for field in told])
    return list(reader.apply_converters(found, converters)) if converters else found


def _list(columns: Iterable[str]) -> str:
    return ", ".join(map(rows.quoted, columns))
