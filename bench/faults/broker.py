"""Redis is flushed, killed, away, and hangs, while the programs sweep and waits fall due."""

from __future__ import annotations

import time
from datetime import timedelta

from bench.faults import company, counting, place, servers
from bench.faults.crew import Programs
from bench.faults.outcome import Outcome
from bench.faults.place import Place
from bench.faults.servers import Broker
from prm import clock


def run(here: Place) -> Outcome:
    waits, rounds = here.size(600, 60), here.size(4, 1)
    company.found(clock.now())
    with servers.broker() as redis, Programs(here.folder, REDIS_URL=redis.url) as programs:
        programs.start("sweep")
        programs.start("beat")
        for n in range(rounds):
            share = range(waits * n // rounds, waits * (n + 1) // rounds)
            company.ask(share, clock.now(), over=timedelta(seconds=here.size(20, 8)))
            trouble(redis, here.size(4, 2))
        began = time.monotonic()
        place.until(lambda: len(counting.names(counting.LATE)) >= waits, "the last breach")
        took = time.monotonic() - began
        wrong = [] if programs.still_run() else ["a program ended"]
    counts = counting.rows(counting.subjects(waits))
    place.settle()
    says = f"{rounds} × flushed, killed, hung; caught up {took:.0f} s after the last"
    return Outcome([*counts, counting.mails(counting.subjects(waits), here.sink)], says, wrong)


def trouble(redis: Broker, seconds: int) -> None:
    time.sleep(seconds)
    redis.flush()
    time.sleep(seconds / 2)
    redis.kill()
    time.sleep(seconds)
    redis.start()
    time.sleep(seconds)
    redis.hang()
    time.sleep(seconds)
    redis.go_on()
