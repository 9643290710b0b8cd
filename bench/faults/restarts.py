"""PostgreSQL ends as in a crash, and comes back, in the middle of sweeps."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from django.db import connections

from bench.faults import company, counting, place
from bench.faults.crew import Programs
from bench.faults.outcome import Outcome
from bench.faults.place import Place
from prm import clock


def run(here: Place) -> Outcome:
    waits, restarts, rng = here.size(1000, 90), here.size(8, 2), random.Random(7)
    assert here.cluster is not None
    company.found(clock.now())
    with Programs(here.folder, REDIS_URL="") as programs:
        programs.start("sweep")
        programs.start("beat")
        for n in range(restarts):
            share = range(waits * n // restarts, waits * (n + 1) // restarts)
            company.ask(share, clock.now(), over=timedelta(seconds=3))
            time.sleep(rng.uniform(1, 3))
            connections.close_all()
            here.cluster.restart()
        place.until(lambda: len(counting.names(counting.LATE)) >= waits, "the last breach")
        wrong = [] if programs.still_run() else ["a program ended"]
    counts = counting.rows(counting.subjects(waits))
    place.settle()
    return Outcome(
        [*counts, counting.mails(counting.subjects(waits), here.sink)], f"{restarts} restarts", wrong
    )
