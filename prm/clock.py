"""The one source of "now": process time corrected by the offset to the database.

Rules never look at the clock. A view, task or command calls `now()` once and passes `at`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

_offset = timedelta(0)
_fixed: ContextVar[datetime | None] = ContextVar("fixed_moment", default=None)


def now() -> datetime:
    """This moment as the database sees it, in UTC."""
    return _fixed.get() or datetime.now(UTC) + _offset


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Within the block `now()` is `at` (an aware datetime): for `--at` and for tests."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _fixed.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def measure(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Measure the offset to the database's clock; called when a connection opens.

    SQLite runs in this process and has this process's clock. The answer is taken as
    made half-way between asking and hearing, so a slow network does not shift it.
    """
    global _offset
    if connection.vendor != "postgresql" or connection.alias != "default":
        return
    asked = datetime.now(UTC)
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        seconds = float(cursor.fetchone()[0])
    heard = datetime.now(UTC)
    theirs = datetime.fromtimestamp(seconds, UTC)
    offset = theirs - (asked + (heard - asked) / 2)
    _offset = offset if abs(offset) > timedelta(milliseconds=50) else timedelta(0)
