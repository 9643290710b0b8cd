"""Long lists by keyset, in both directions: no page is counted, none is read over to reach another."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery

ROWS = 25
LEADING = 32  # rows of another table whose rows are looked at first
FEW = 3_000  # ids sorted without their rows
R = TypeVar("R")
Mark = tuple[Any, int]


@dataclass(frozen=True)
class Order:
    """By a column and then by id. Rows without a value come last in either direction.

    `by_ids`: the rows are narrowed by what another index finds, so that they are not looked for one by one in
    this order: their ids are sorted, where these are few.
    """

    column: str
    descending: bool = False
    nullable: bool = True
    by_ids: bool = False

    @property
    def is_of_another_table(self) -> bool:
        return "__" in self.column

    @property
    def relation(self) -> str:
        """The way to the other table."""
        return self.column.rpartition("__")[0]

    def by(self, backwards: bool = False) -> list[Any]:
        """What to order by; `backwards` is the way back from a page to the one before it."""
        down = self.descending != backwards
        column = F(self.column)
        if not self.nullable:
            return [column.desc() if down else column.asc(), "-pk" if down else "pk"]
        if backwards:
            first = column.desc(nulls_first=True) if down else column.asc(nulls_first=True)
        else:
            first = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
        return [first, "-pk" if down else "pk"]

    def beyond(self, mark: Mark, backwards: bool = False) -> Q:
        """The rows after the mark in this order (before it, when `backwards`)."""
        value, pk = mark
        side = "lt" if self.descending != backwards else "gt"
        tie = Q(**{f"pk__{side}": pk})
        if value is None:
            without = Q(**{f"{self.column}__isnull": True})
            return (without & tie) | ~without if backwards else without & tie
        rows = Q(**{f"{self.column}__{side}e": value}) & (Q(**{f"{self.column}__{side}": value}) | tie)
        if self.nullable and not backwards:
            rows |= Q(**{f"{self.column}__isnull": True})
        return rows


@dataclass(frozen=True)
class Page(Generic[R]):
    """Rows in order, and the marks of the pages on either side ("" where there is none). `count`: how many
    rows match in all, where that was seen on the way."""

    rows: list[R]
    previous: str
    next: str
    count: int | None = None


def page(
    rows: QuerySet[Any, R], order: Order, after: str = "", before: str = "", most: int = ROWS
) -> Page[R]:
    """The page after or before a mark; an unreadable mark is as none, the first page.

    `rows` are rows of a model, or named values with the id as "pk" and the order's column among them.
    """
    if before and (mark := _read(before, rows.model, order.column)):
        found, _count = _first(rows.filter(order.beyond(mark, True)), order, most + 1, mark, backwards=True)
        if len(found) > most:
            shown = found[:most][::-1]
            return Page(shown, _mark(shown[0], order), _mark(shown[-1], order))
        return page(rows, order, most=most)  # the first page is always a full one
    mark = _read(after, rows.model, order.column) if after else None
    if mark:
        rows = rows.filter(order.beyond(mark))
    found, count = _first(rows, order, most + 1, mark)
    shown = found[:most]
    return Page(
        shown,
        previous=_mark(shown[0], order) if mark and shown else "",
        next=_mark(shown[-1], order) if len(found) > most else "",
        count=None if mark else count,
    )


def is_mark(text: str, model: type[Model], column: str) -> bool:
    """Whether this is the mark of a row in the order of a column."""
    return _read(text, model, column) is not None


def _first(
    rows: QuerySet[Any, R], order: Order, most: int, mark: Mark | None = None, backwards: bool = False
) -> tuple[list[R], int | None]:
    """The first rows in this order, which begin at the mark where there is one, and how many there are, where
    all their ids were read. By a column of another table ids alone are sorted, read from an index; whole rows
    are read for those that came first."""
    ordered = rows.order_by(*order.by(backwards))
    if order.by_ids:
        found = list(ordered.values_list("pk", flat=True)[: FEW + 1])
        if len(found) <= FEW:
            return list(ordered.filter(pk__in=found[:most])), len(found)
    if order.is_of_another_table:
        ids = ordered.values_list("pk", flat=True)
        few = _leading(rows, order, mark, backwards)
        first = list(few[:most]) if few is not None else []
        ordered = ordered.filter(pk__in=first if len(first) == most else list(ids[:most]))
    return list(ordered[:most]), None


def _leading(
    rows: QuerySet[Any, Any], order: Order, mark: Mark | None, backwards: bool
) -> QuerySet[Any, int] | None:
    """The ids of the rows, in this order, of the few that come first in the other table; where that is a
    short one, of the first that any row has, along an index by its key and the id."""
    others, name = _place(rows.model, order.column)
    down = order.descending != backwards
    if mark is not None and mark[0] is None:
        return None
    begun = Q() if mark is None else Q(**{f"{name}__{'lte' if down else 'gte'}": mark[0]})
    known = others._base_manager.filter(begun, **{f"{name}__isnull": False})
    theirs = rows.model._base_manager.filter(**{order.relation: OuterRef("pk")})
    used = Subquery(theirs.order_by("pk").values("pk")[:1])  # Exists may have the database read all rows
    asked = known.order_by(f"-{name}" if down else name).values_list("pk", name, used)
    found = list(asked[:LEADING])
    if len(found) == LEADING:
        last = Q(**{f"{order.column}__{'gte' if down else 'lte'}": found[-1][1]})
        return rows.filter(last).order_by(*order.by(backwards)).values_list("pk", flat=True)
    first = next((value for _pk, value, one in found if one), None)
    if first is None:
        return None
    alike = Q(**{f"{order.relation}__in": [pk for pk, value, _one in found if value == first]})
    if mark is not None and mark[0] == first:
        alike &= Q(**{f"pk__{'lt' if down else 'gt'}": mark[1]})
    return rows.filter(alike).order_by("-pk" if down else "pk").values_list("pk", flat=True)


def _mark(row: Any, order: Order) -> str:
    """Where a row stands, for an address."""
    value = _value(row, order.column)
    if isinstance(value, (datetime, date)):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = str(value)
    text = json.dumps([value, row.pk], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, column: str) -> Any:
    """What a row has in a column: under the column's name, else at the end of its path."""
    if hasattr(row, column):
        return getattr(row, column)
    for part in column.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def _read(text: str, model: type[Model], column: str) -> Mark | None:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(pk, int) or isinstance(pk, bool) or not 0 <= pk < 2**63:
            return None
        if value is None:
            return None, pk
        if not isinstance(value, (str, int, float)) or "\0" in str(value):
            return None
        read = _field(model, column).to_python(value)
        if isinstance(read, datetime):
            read = None if read.tzinfo is None else read.astimezone(UTC)  # the first and last hours have none
    except (ValueError, TypeError, OverflowError, ValidationError, RecursionError):
        return None
    return None if read is None else (read, pk)


def _field(model: type[Model], column: str) -> Any:
    """The column behind a path such as "owner__name"."""
    of, name = _place(model, column)
    return of._meta.pk if name == "pk" else of._meta.get_field(name)


def _place(model: type[Model], column: str) -> tuple[Any, str]:
    """The model that a path such as "owner__name" ends in, and its column there."""
    *relations, last = column.split("__")
    of: Any = model
    for relation in relations:
        of = of._meta.get_field(relation).related_model
    return of, last
