"""Newest first, a page at a time, by keyset: no page is counted, none is skipped over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

ROWS = 25
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows, newest first, and the mark under which older ones follow ("" where none do)."""

    rows: list[M]
    older: str


def page(rows: "QuerySet[M]", before: str, moment: str = "created_at", most: int = ROWS) -> "Page[M]":
    """The page of `rows` before the mark, by `moment` and id; an unreadable mark: the first."""
    mark = _read(before)
    if mark is not None:
        at, pk = mark
        rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": pk}))
    found = list(rows.order_by(f"-{moment}", "-pk")[: most + 1])
    last: Any = found[most - 1] if len(found) > most else None
    return Page(found[:most], f"{getattr(last, moment).isoformat()}~{last.pk}" if last else "")


def _read(mark: str) -> tuple[datetime, int] | None:
    at, _, pk = mark.partition("~")
    try:
        moment = datetime.fromisoformat(at.replace(" ", "+"))
        return (moment, int(pk)) if moment.tzinfo else None
    except ValueError:
        return None
