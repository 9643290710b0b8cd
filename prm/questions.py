"""Questions that pages ask again and again: put into SQL once, then only asked.

Django takes longer to build a queryset and to compile it than PostgreSQL takes to answer, and a page
asks twenty. What differs from one asking to the next is `Given`; what changes the SQL itself (may this
reader see all? which view is it?) is the shape, and each shape is compiled once for each connection.
PostgreSQL keeps those it is asked again as statements of their own, which it plans once.

    LATE = Question(lambda: Wait.objects.filter(state="late", partner=Given("partner", BigIntegerField())))
    rows = LATE.ask(partner=7)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    Aggregate,
    BigIntegerField,
    DateField,
    DateTimeField,
    Expression,
    Field,
    QuerySet,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

LARGEST = BigIntegerField.MAX_BIGINT
T = TypeVar("T")


class Given(Expression):
    """A value with a name, of a field's type, that is given when the question is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]

    def bound(self, given: dict[str, Any], database: BaseDatabaseWrapper) -> Any:
        """The value as the database takes it; a number beyond all ids, in an address perhaps, is the last."""
        value = given[self.name]
        if isinstance(value, int):
            value = max(-LARGEST, min(value, LARGEST))
        return self.output_field.get_db_prep_value(value, database)

    def type_in(self, database: BaseDatabaseWrapper) -> str:
        """What the database calls such values."""
        return self.output_field.cast_db_type(database) or ""


@dataclass(frozen=True)
class Compiled:
    """The SQL of a shape, and what Django reads its rows with."""

    asked: Hashable
    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: Sequence[Any]
    types: Mapping[int, str]

    def put(self, given: dict[str, Any], database: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """What the database is to execute, and with which values."""
        bound = [each.bound(given, database) if isinstance(each, Given) else each for each in self.params]
        statement = getattr(database, "statement", None)
        name = statement(self.asked, self.sql, self.params, self.types) if statement else None
        if name is None:
            return self.sql, tuple(bound)
        taking = f" ({', '.join(['%s'] * len(self.types))})" if self.types else ""
        return f"EXECUTE {name}{taking}", tuple(bound[place] for place in self.types)


def key(name: str) -> Given:
    """The id of a row."""
    return Given(name, BigIntegerField())


def keys(name: str, most: int) -> Any:
    """The ids of up to so many rows, for `pk__in`; they are given with `spread`."""
    return [key(f"{name}_{n}") for n in range(most)]


def spread(name: str, most: int, ids: Iterable[int]) -> dict[str, int]:
    """Ids under the names that `keys` waits for; 0 stands where there is none."""
    held = list(ids)
    if len(held) > most:
        raise ValueError(f"{len(held)} ids where {most} were expected")
    return {f"{name}_{n}": held[n] if n < len(held) else 0 for n in range(most)}


def moment(name: str) -> Given:
    return Given(name, DateTimeField())


def day(name: str) -> Given:
    return Given(name, DateField())


class Question(Generic[T]):
    """`build` makes the queryset of a shape. It must depend on nothing but its arguments: whatever else
    it looked at would be kept for everybody who asks later."""

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self.build = build

    def ask(self, *shape: Hashable, **given: Any) -> list[T]:
        """The rows of the queryset of this shape, with these values; one query."""
        kept = self._kept(shape)
        if kept is None:
            return []
        rows = kept.rows
        database = connections[DEFAULT_DB_ALIAS]  # itself: asking its stand-in costs more than the rest
        put = kept.put(given, database)
        asking, query = copy(kept.compiler), copy(rows.query)
        asking.as_sql = lambda *args, **kwargs: put  # type: ignore[method-assign]
        query.get_compiler = lambda *args, **kwargs: asking  # type: ignore[method-assign]
        asked = type(rows)(rows.model, query, rows.db)
        asked._iterable_class, asked._fields = rows._iterable_class, rows._fields  # type: ignore[attr-defined]
        return list(asked)

    def _kept(self, shape: tuple[Hashable, ...]) -> Compiled | None:
        """The SQL of a shape; None where nobody of this shape sees any row."""
        kept: dict[Any, Compiled | None] = connection.__dict__.setdefault("_questions", {})
        if (self, shape) not in kept:
            kept[self, shape] = self._compiled(shape)
        return kept[self, shape]

    def _compiled(self, shape: tuple[Hashable, ...]) -> Compiled | None:
        rows = self.build(*shape)
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        types = {n: each.type_in(connection) for n, each in enumerate(params) if isinstance(each, Given)}
        return Compiled((self, shape), rows, compiler, sql, params, types)


def totalled(rows: QuerySet[Any], **by: Aggregate) -> QuerySet[Any, dict[str, Any]]:
    """One row with aggregates over all of `rows`, by name."""
    return rows.order_by().values(all=Value(1)).annotate(**by).values(*by)
