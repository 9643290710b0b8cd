"""Rows as the API tells them: read as values straight from the columns, no model in between.

A `Row` declares names, types and help like any serializer, which the OpenAPI document reads; `told` asks
the database for just those columns. What one query cannot tell, `complete` adds for all rows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from prm.api.paging import Slice
from prm.paging import Order

Told = dict[str, Any]


class Row(serializers.Serializer[Any]):
    """What is told of one row. A field's `source` is the path of its column."""

    id = serializers.IntegerField(source="pk", read_only=True)
    beside: frozenset[str] = frozenset()  # the fields that `complete` adds

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        """Add to each row what stands in other tables; one query for all of them."""


class Plan:
    """How rows of one kind are read: the columns, and what is made of some of them."""

    def __init__(self, row: type[Row]) -> None:
        fields = {name: field for name, field in row().fields.items() if name not in row.beside}
        self.row = row
        self.names = list(fields)
        self.paths = [str(field.source).replace(".", "__") for field in fields.values()]
        self.said: list[tuple[str, Callable[[Any], Any]]] = [
            (name, field.said) for name, field in fields.items() if hasattr(field, "said")
        ]

    def told(self, values: Iterable[tuple[Any, ...]], user: Any) -> list[Told]:
        """The rows as they are told, from the values of `paths`; any further values are left out."""
        rows = [dict(zip(self.names, value, strict=False)) for value in values]
        for name, say in self.said:
            for row in rows:
                if row[name] is not None:
                    row[name] = say(row[name])
        if rows:
            self.row.complete(rows, user)
        return rows

    def page(self, rows: QuerySet[Any], order: Order, asked: Slice, user: Any) -> tuple[list[Told], str, str]:
        """A page of these rows, and the marks of those before and after it."""
        more = [] if order.column in self.paths else [order.column]
        page = asked.of(rows.values_list(*dict.fromkeys([*self.paths, *more]), named=True), order)
        return self.told(page.rows, user), page.previous, page.next


@cache
def plan(row: type[Row]) -> Plan:
    return Plan(row)
