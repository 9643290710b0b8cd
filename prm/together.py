"""Many questions in one query: a page with twenty panels goes to the database once.

    with together([TASKS.of(partner=7), EVIDENCE.of(partner=7)]):
        tasks, evidence = TASKS.ask(partner=7), EVIDENCE.ask(partner=7)

What is asked within the block and stands in the list is answered already; all else is asked as ever. Each
question is a column of one row, its rows as JSON. A row has at most a hundred columns: name those that are
shown with `only`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.dateparse import parse_duration

from prm.questions import ANSWERED, Asked, Compiled, put

MOST_COLUMNS = 100
Read = Callable[[Any], Any]
# What JSON does not carry, and how it comes back as the driver would have given it; what is `said` as text
# would lose digits as a number, or could not be told from the JSON around it.
READ: dict[str, dict[str, Read]] = {
    "postgresql": {
        "DateTimeField": datetime.fromisoformat,
        "DateField": date.fromisoformat,
        "TimeField": time.fromisoformat,
        "DecimalField": Decimal,
        "DurationField": parse_duration,
        "UUIDField": UUID,
    },
    "sqlite": {"DecimalField": float, "FloatField": float},
}
DIGITS = "CASE WHEN {0} IS NOT NULL THEN printf('%%!.17g', {0}) END"
SAID = {
    "postgresql": {"DecimalField": "{}::text", "JSONField": "{}::text"},
    "sqlite": {"DecimalField": DIGITS, "FloatField": DIGITS},
}
ALL = {
    "postgresql": "(SELECT json_agg(json_build_array({columns}))::text FROM {name})",
    "sqlite": "(SELECT json_group_array(json_array({columns})) FROM {name})",
}


@contextmanager
def together(asked: Iterable[Asked[Any]]) -> Iterator[None]:
    """Ask all of these in one query; who asks one of them within the block has its rows. What a block around
    this one has asked is not asked again."""
    known = ANSWERED.get() or {}
    token = ANSWERED.set({**known, **_answers([each for each in dict.fromkeys(asked) if each not in known])})
    try:
        yield
    finally:
        ANSWERED.reset(token)


def answers(*asked: Asked[Any]) -> list[list[Any]]:
    """The rows of each, all from one query."""
    found = _answers(asked)
    return [found[each] for each in asked]


def _answers(asked: Sequence[Asked[Any]]) -> dict[Asked[Any], list[Any]]:
    """The rows of each; without a query for those of which nobody of their shape sees any row."""
    compiled = {each: each.question.compiled(each.shape) for each in asked}
    parts = [(each, kept) for each, kept in compiled.items() if kept is not None]
    found: dict[Asked[Any], list[Any]] = {each: [] for each in asked}
    if parts:
        joined, database = _joined([kept for _each, kept in parts]), connections[DEFAULT_DB_ALIAS]
        given = [dict(each.given) for each, _kept in parts]
        for (each, kept), reads, text in zip(parts, joined.reads, joined.ask(given, database), strict=True):
            if read := [tuple(_read(row, reads)) for row in json.loads(text or "[]")]:
                found[each] = kept.read(execute_sql=lambda *args, rows=[read], **kwargs: rows)
    return found


def _read(row: list[Any], reads: Mapping[int, Read]) -> list[Any]:
    for place, read in reads.items():
        if row[place] is not None:
            row[place] = read(row[place])
    return row


@dataclass(frozen=True)
class Joined:
    """Questions in one SQL, and how a row of each is read: the places of what JSON does not carry."""

    asked: Hashable
    parts: list[Compiled]
    sql: str
    params: list[Any]
    types: dict[int, str]
    reads: list[dict[int, Read]]

    def ask(self, given: Sequence[Mapping[str, Any]], database: BaseDatabaseWrapper) -> Sequence[str | None]:
        """The rows of each as JSON."""
        bound = [
            value
            for part, values in zip(self.parts, given, strict=True)
            for value in part.bound(values, database)
        ]
        with database.cursor() as cursor:
            cursor.execute(*put(self.asked, self.sql, self.params, self.types, bound, database))
            found: Sequence[str | None] = cursor.fetchone()
        return found


def _joined(parts: list[Compiled]) -> Joined:
    """Their SQL in one, once for each connection."""
    asked = tuple(part.asked for part in parts)
    kept: dict[Any, Joined] = connections[DEFAULT_DB_ALIAS].__dict__.setdefault("_together", {})
    if asked not in kept:
        kept[asked] = _join(asked, parts)
    return kept[asked]


def _join(asked: Hashable, parts: list[Compiled]) -> Joined:
    tables = [_table(n, part) for n, part in enumerate(parts)]
    columns = [_rows(n, part) for n, part in enumerate(parts)]
    params = [value for part in parts for value in part.params]
    types: dict[int, str] = {}
    before = 0
    for part in parts:
        types |= {before + place: type_ for place, type_ in part.types.items()}
        before += len(part.params)
    sql = f"WITH {', '.join(tables)} SELECT {', '.join(columns)}"
    return Joined(asked, parts, sql, params, types, [_reads(part) for part in parts])


def _table(n: int, part: Compiled) -> str:
    columns = ", ".join(f"c{place}" for place in range(_width(part)))
    return f"q{n} ({columns}) AS ({part.sql})"


def _rows(n: int, part: Compiled) -> str:
    said = SAID[connection.vendor]
    columns = [said.get(kind, "{}").format(f"c{place}") for place, kind in enumerate(_kinds(part))]
    return ALL[connection.vendor].format(columns=", ".join(columns), name=f"q{n}")


def _reads(part: Compiled) -> dict[int, Read]:
    read = READ[connection.vendor]
    return {place: read[kind] for place, kind in enumerate(_kinds(part)) if kind in read}


def _width(part: Compiled) -> int:
    width = len(part.compiler.select)
    if width > MOST_COLUMNS:
        model = part.rows.model.__name__
        raise ValueError(f"{width} columns of {model}: name those that are needed with only()")
    return width


def _kinds(part: Compiled) -> list[str]:
    """The kind of field of each column."""
    return [column.output_field.get_internal_type() for column, *_rest in part.compiler.select]
