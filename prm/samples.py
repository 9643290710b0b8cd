"""The sample company: each app makes its part, in the order of the map, from one seed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from django.db import connection

MUCH = 5.0  # seconds of making
FILLED = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 0"""


@dataclass
class Sample:
    """What is asked for, and what the makers before left for those after in `made`.

    `at` is the moment the history ends; the same seed and size give the same history before it. `deals` and
    `tasks` are about how many there are to be; 0: as many as such a company has.
    """

    partners: int
    messages: int
    seed: int
    at: datetime
    says: Callable[[str], None] = print
    made: dict[str, Any] = field(default_factory=dict)
    deals: int = 0
    tasks: int = 0

    def random(self, part: str) -> Random:
        """A source of chance for one part, untouched by how much the others draw."""
        return Random(f"{self.seed}:{part}")


Make = Callable[[Sample], None]
_makers: list[tuple[int, str, Make]] = []


def register(order: int, name: str, make: Make) -> None:
    """Register a maker; lower `order` goes first."""
    _makers.append((order, name, make))


def run(sample: Sample) -> None:
    """Let every app make its part."""
    for _, name, make in sorted(_makers, key=lambda maker: maker[:2]):
        began = time.monotonic()
        make(sample)
        if time.monotonic() - began > MUCH:
            _count_anew()
        sample.says(f"  {name}")


def _count_anew() -> None:
    """Much was made: else PostgreSQL plans what the next makers ask as if its tables were empty. What is
    empty yet is not counted: it would be taken for empty until the end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(FILLED)
            names = ", ".join(name for (name,) in cursor.fetchall())
            cursor.execute(f"ANALYZE {names}")
