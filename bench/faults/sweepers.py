"""Eight sweepers share waits that are overdue; of what they write, much is rolled back."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import Value
from typing import Any

from bench.faults import company, counting, crew, place
from bench.faults.outcome import Outcome
from bench.faults.place import Place
from conversations import sweeping
from prm import clock

SWEEPERS, SHARE = 8, 0.1
rollbacks = Value("i", 0)


class ConnectionLost(BaseException):
    """Ends a whole transaction, as nothing that a sweep catches does."""


def run(here: Place) -> Outcome:
    waits, at = here.size(2000, 200), clock.now()
    company.found(at)
    company.ask(range(waits), at - timedelta(minutes=5), over=timedelta(minutes=4))
    crew.at_once(*(partial(sweep, n, at) for n in range(SWEEPERS)))
    place.settle()
    return Outcome(counting.all_of(counting.subjects(waits), here.sink), f"{rollbacks.value} rollbacks")


def sweep(seed: int, at: datetime) -> None:
    """Sweep as a worker does that loses one row in ten, some batches, and its connection now and then."""
    rng, check_all = random.Random(seed), sweeping.check_waits
    one_by_one = _losing(rng, SHARE, RuntimeError, lambda wait, at: check_all([wait], at))
    whole = _losing(rng, SHARE, ConnectionLost, check_all)
    sweeping.check_wait = one_by_one  # type: ignore[assignment]
    sweeping.check_waits = _losing(rng, 0.5, RuntimeError, whole)  # type: ignore[assignment]
    while True:
        try:
            sweeping.sweep_waits(at)
            return
        except ConnectionLost:
            continue


def _losing(
    rng: random.Random, share: float, how: type[BaseException], work: Callable[..., Any]
) -> Callable[..., None]:
    """`work`, which raises after all of it was written in so large a share of cases."""

    def losing(rows: Any, at: datetime) -> None:
        work(rows, at)
        if rng.random() < share:
            with rollbacks.get_lock():
                rollbacks.value += 1
            raise how("injected")

    return losing
