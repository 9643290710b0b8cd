"""The index of what messages say: which of them hold all that is wanted, newest first.

The database keeps it by triggers on every table its texts come from, so that no writer can forget it:
verbs, rows in bulk, `update()`, merges and SQL from elsewhere alike. Code of ours could only see to
what goes through it. A withdrawn message is not in it.

After every migrate the index is looked at, and laid anew where it is not as written here. So a change
of it needs no migration, and it outlives those that change a table on SQLite, which makes the table
anew then and drops its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, connections, transaction

from conversations.index import postgresql, sqlite
from conversations.index.laying import READS, Laying
from conversations.index.wanted import Mark, Query, Wanted

__all__ = ["Mark", "Query", "Wanted", "found", "keep", "lift"]

LAYINGS: dict[str, Laying] = {"postgresql": postgresql.LAYING, "sqlite": sqlite.LAYING}


def found(query: Query, before: Mark | None, most: int) -> list[Mark]:
    """Up to `most` messages that have all that is wanted, newest first, from behind the mark."""
    if query.partners == ():
        return []
    here = postgresql if connection.vendor == "postgresql" else sqlite
    return here.found(query, before, most)


def keep(using: str = "default", **kwargs: Any) -> None:
    """See that the index stands as written, and lay it anew with all messages where it does not."""
    database, laying = connections[using], LAYINGS[connections[using].vendor]
    with transaction.atomic(using=using), database.cursor() as cursor:
        cursor.execute(laying.standing)
        standing = cursor.fetchall()
        if {name for name, _ in standing} == set(laying.names):
            return
        if set(database.introspection.table_names(cursor)) >= READS:
            for statement in (*laying.lift(standing), *laying.lay()):
                cursor.execute(statement)


def lift(using: str = "default", plan: Any = (), **kwargs: Any) -> None:
    """Drop the triggers before SQLite runs migrations: it renames no table while a trigger of another
    one names it. `keep` lays the index anew afterwards."""
    if plan and connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute(sqlite.LAYING.standing)
            for statement in sqlite.LAYING.lift(cursor.fetchall()):
                cursor.execute(statement)
