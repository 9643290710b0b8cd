"""Newest first, a page at a time, by keyset: no page is counted, none is skipped over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from prm.questions import Asked, Question, key
from prm.questions import moment as given_moment

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
        rows = rows.filter(_under(moment, *mark))
    return _page(list(rows.order_by(f"-{moment}", "-pk")[: most + 1]), moment, most)


def cut(rows: "QuerySet[M]", moment: str, is_marked: bool, most: int = ROWS) -> "QuerySet[M]":
    """The rows of a page, for a `Question` that `ask` asks; `is_marked` belongs to its shape."""
    if is_marked:
        rows = rows.filter(_under(moment, given_moment("mark_at"), key("mark_pk")))
    return rows.order_by(f"-{moment}", "-pk")[: most + 1]


def ask(question: "Question[M]", before: str, moment: str, most: int = ROWS, **given: Any) -> "Page[M]":
    """The page under the mark, of a question whose only shape is whether there is one."""
    return _page(asked(question, before, **given).ask(), moment, most)


def asked(question: "Question[M]", before: str, **given: Any) -> "Asked[M]":
    """What `ask` asks."""
    mark = _read(before)
    marked = {"mark_at": mark[0], "mark_pk": mark[1]} if mark else {}
    return question.of(mark is not None, **given, **marked)


def _under(moment: str, at: Any, pk: Any) -> Q:
    return Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": pk})


def _page(found: list[M], moment: str, most: int) -> "Page[M]":
    last: Any = found[most - 1] if len(found) > most else None
    return Page(found[:most], f"{getattr(last, moment).isoformat()}~{last.pk}" if last else "")


def _read(mark: str) -> tuple[datetime, int] | None:
    at, _, pk = mark.partition("~")
    try:
        moment = datetime.fromisoformat(at.replace(" ", "+"))
        return (moment, int(pk)) if moment.tzinfo else None
    except ValueError:
        return None
