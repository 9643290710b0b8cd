"""Two schedulers and two workers, each asking for sweeps, while waits fall due."""

from __future__ import annotations

from datetime import timedelta

from bench.faults import company, counting, place, servers
from bench.faults.crew import Programs
from bench.faults.outcome import Outcome
from bench.faults.place import Place
from prm import clock


def run(here: Place) -> Outcome:
    waits = here.size(500, 80)
    company.found(clock.now())
    with servers.broker() as redis, Programs(here.folder, REDIS_URL=redis.url) as programs:
        for name in ("sweep", "sweep", "beat", "beat"):
            programs.start(name)
        company.ask(range(waits), clock.now(), over=timedelta(seconds=here.size(20, 6)))
        place.until(lambda: len(counting.names(counting.LATE)) >= waits, "the last breach")
    counts = counting.rows(counting.subjects(waits))
    place.settle()
    return Outcome([*counts, counting.mails(counting.subjects(waits), here.sink)], "2 of each")
