"""Questions that pages ask again and again: put into SQL once, then only asked.

Django takes longer to build a queryset and to compile it than PostgreSQL takes to answer, and a page
asks twenty. What differs from one asking to the next is `Given`; what changes the SQL itself (may this
reader see all? which view is it?) is the shape, and each shape is compiled once for each connection.
PostgreSQL keeps those it is asked again as statements of their own, which it plans once.

    LATE = Question(lambda: Wait.objects.filter(state="late", partner=Given("partner", BigIntegerField())))
    rows = LATE.ask(partner=7)

A page that asks many of them asks them in one query, by `prm.together`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import RLock
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

    def bound(self, given: Mapping[str, Any], database: BaseDatabaseWrapper) -> Any:
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
    """The SQL of a shape, and what Django reads its rows with; of one connection, and so of one thread."""

    asked: Hashable
    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: Sequence[Any]
    types: Mapping[int, str]
    reading: Any = field(default_factory=RLock, compare=False)  # threads of a test may share a connection

    def bound(self, given: Mapping[str, Any], database: BaseDatabaseWrapper) -> list[Any]:
        """The values in the order of the SQL."""
        return [each.bound(given, database) if isinstance(each, Given) else each for each in self.params]

    def read(self, **how: Callable[..., Any]) -> list[Any]:
        """The rows as the queryset gives them, where the compiler does some things in another way."""
        rows, doing = self.rows, vars(self.compiler)
        asked = type(rows)(rows.model, rows.query, rows.db)
        asked._iterable_class, asked._fields = rows._iterable_class, rows._fields  # type: ignore[attr-defined]
        with self.reading:
            doing.update(how)
            try:
                return list(asked)
            finally:
                for name in how:
                    del doing[name]


def put(
    asked: Hashable,
    sql: str,
    params: Sequence[Any],
    types: Mapping[int, str],
    bound: Sequence[Any],
    database: BaseDatabaseWrapper,
) -> tuple[str, tuple[Any, ...]]:
    """What the database is to execute, and with which values: a statement it keeps, where it keeps one."""
    statement = getattr(database, "statement", None)
    name = statement(asked, sql, params, types) if statement else None
    if name is None:
        return sql, tuple(bound)
    taking = f" ({', '.join(['%s'] * len(types))})" if types else ""
    return f"EXECUTE {name}{taking}", tuple(bound[place] for place in types)


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


@dataclass(frozen=True)
class Asked(Generic[T]):
    """A question of a shape with its values, not asked yet."""

    question: Question[T]
    shape: tuple[Hashable, ...]
    given: frozenset[tuple[str, Any]]

    def ask(self) -> list[T]:
        """Its rows."""
        return self.question.ask(*self.shape, **dict(self.given))


ANSWERED: ContextVar[Mapping[Asked[Any], list[Any]] | None] = ContextVar("answered", default=None)


class Question(Generic[T]):
    """`build` makes the queryset of a shape. It must depend on nothing but its arguments: whatever else
    it looked at would be kept for everybody who asks later."""

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self.build = build

    def ask(self, *shape: Hashable, **given: Any) -> list[T]:
        """The rows of the queryset of this shape, with these values; one query, or none where they were
        asked `together` with others."""
        if (answered := ANSWERED.get()) and (rows := answered.get(self.of(*shape, **given))) is not None:
            return list(rows)
        kept = self.compiled(shape)
        if kept is None:
            return []
        database = connections[DEFAULT_DB_ALIAS]  # itself: asking its stand-in costs more than the rest
        bound = kept.bound(given, database)
        execute = put(kept.asked, kept.sql, kept.params, kept.types, bound, database)
        return kept.read(as_sql=lambda *args, **kwargs: execute)

    def of(self, *shape: Hashable, **given: Any) -> Asked[T]:
        """The same, to be asked `together` with others."""
        return Asked(self, shape, frozenset(given.items()))

    def compiled(self, shape: tuple[Hashable, ...]) -> Compiled | None:
        """The SQL of a shape; None where nobody of this shape sees any row."""
        database = connections[DEFAULT_DB_ALIAS]  # its stand-in, `connection`, is one for all threads
        kept: dict[Any, Compiled | None] = database.__dict__.setdefault("_questions", {})
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
        columns = [column for column, *_rest in compiler.select]
        converters = compiler.get_converters(columns)
        compiler.get_converters = lambda expressions: converters
        rows.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        return Compiled((self, shape), rows, compiler, sql, params, types)


def totalled(rows: QuerySet[Any], **by: Aggregate) -> QuerySet[Any, dict[str, Any]]:
    """One row with aggregates over all of `rows`, by name."""
    return rows.order_by().values(all=Value(1)).annotate(**by).values(*by)
