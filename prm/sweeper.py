"""The sweeper: deadlines are rows with an indexed `next_check_at`, looked at when it has come.

A sweep is `sweep(at) -> int`, the number of rows it handled. It is built from `in_batches`,
which claims at most 100 rows in one short transaction, oldest first, and lets one bad row
stand aside without stopping the others. Running a sweep twice, or two at once, does no harm:
each handler writes by a conditional update, an event unique on its key and an outbox row
unique on its key.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from prm import clock
from prm.models import Heartbeat

logger = logging.getLogger(__name__)

BATCH = 100
SET_ASIDE = timedelta(hours=1)

Sweep = Callable[[datetime], int]
Handle = Callable[[Any, datetime], object]
HandleAll = Callable[[list[Any], datetime], object]
_sweeps: dict[str, tuple[Sweep, tuple[str, ...]]] = {}
_last: list[str] = []


def register(name: str, sweep: Sweep, models: tuple[str, ...] = (), last: bool = False) -> None:
    """Register a sweep and the models ("app.Model") whose `next_check_at` it looks after.

    One that gathers what the others wrote runs `last`.
    """
    _sweeps[name] = (sweep, models)
    if last:
        _last.append(name)


def swept_models() -> set[str]:
    """The labels of all models that a registered sweep looks after."""
    return {label for _, labels in _sweeps.values() for label in labels}


class Swept(dict[str, int]):
    """The rows each sweep handled; `failed` says what stopped those that raised."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: dict[str, str] = {}


def run(at: datetime, only: str | None = None) -> Swept:
    """Run every sweep (or the one named) up to the moment `at`.

    A sweep that raises is reported and does not stop the others.
    """
    swept = Swept()
    for name, (sweep, _) in sorted(_sweeps.items(), key=lambda item: item[0] in _last):
        if only not in (None, name):
            continue
        try:
            swept[name] = sweep(at)
        except Exception as error:
            logger.exception("the sweep %s failed", name)
            swept[name] = 0
            swept.failed[name] = f"{type(error).__name__}: {error}"
    return swept


def turn(at: datetime) -> Swept:
    """One turn of the schedule: run every sweep, and say in the heartbeat that it ended."""
    swept = run(at)
    beat("sweep", at, "; ".join(f"{name}: {error}" for name, error in swept.failed.items()))
    return swept


def beat(name: str, at: datetime, error: str = "") -> None:
    """Say that the recurring work `name`, asked for at `at`, has ended."""
    ended_at = clock.now()
    Heartbeat.objects.update_or_create(
        name=name,
        defaults={
            "ended_at": ended_at,
            "lag_seconds": max(0.0, (ended_at - at).total_seconds()),
            "last_error": error[:2000],
        },
    )


def in_batches(
    due: models.QuerySet[Any],
    at: datetime,
    handle: Handle,
    together: HandleAll | None = None,
    most: int = BATCH,
) -> int:
    """Handle every row of `due` whose `next_check_at` has come, in short transactions of at most `most`
    rows, oldest first.

    `handle(row, at)` must move `next_check_at` on (or clear it); a row that raises is pushed an
    hour ahead and reported. `together(rows, at)` does the same for all rows of a batch in fewer
    queries; where it raises they are handled one by one. On PostgreSQL rows are claimed with
    SKIP LOCKED, so that workers share the work; SQLite has one writer at a time and needs no claim.
    Where no row's moment has come, which is so nearly always, that is all that is asked.
    """
    ready = due.filter(next_check_at__lte=at).order_by("next_check_at", "pk")
    if not ready.values_list("pk")[:1]:  # in their order, so that PostgreSQL reads their index
        return 0
    if connection.features.has_select_for_update_skip_locked:
        ready = ready.select_for_update(skip_locked=True, of=("self",))
    count = 0
    seen: set[Any] = set()
    while True:
        with transaction.atomic():
            rows = list(ready[:most])
            fresh = [row for row in rows if row.pk not in seen]
            if together is None or not _at_once(fresh, at, together):
                one_by_one(fresh, at, handle)
            one_by_one([row for row in rows if row.pk in seen], at, _stuck)
            seen |= {row.pk for row in rows}
        count += len(rows)
        if len(rows) < most:
            return count


def _at_once(rows: list[Any], at: datetime, together: HandleAll) -> bool:
    """Handle these rows together; False, and nothing done, where that raises."""
    try:
        with transaction.atomic():
            together(rows, at)
    except Exception:
        logger.warning("a batch could not be swept together; its rows are swept one by one", exc_info=True)
        return False
    return True


def one_by_one(rows: list[Any], at: datetime, handle: Handle) -> None:
    """Handle each row by itself, within a transaction or without; one that raises is reported, stops no other
    and stands aside for an hour."""
    for row in rows:
        try:
            with transaction.atomic():
                handle(row, at)
        except Exception:
            model = type(row)
            logger.exception("%s %s could not be swept; looking again in an hour", model._meta.label, row.pk)
            model._base_manager.filter(pk=row.pk).update(next_check_at=at + SET_ASIDE)


def _stuck(row: Any, at: datetime) -> None:
    raise RuntimeError("its handler left next_check_at where it was")
