"""Workers are killed at random moments of their work, while waits fall due."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from bench.faults import company, counting, crew, place
from bench.faults.outcome import Outcome
from bench.faults.place import Place
from prm import clock


def run(here: Place) -> Outcome:
    waits, kills = here.size(2000, 60), here.size(50, 3)
    company.found(clock.now())
    workers = crew.Crew(here.folder)
    try:
        harass(workers, waits, kills)
    finally:
        workers.end()
    place.settle()
    again = len(here.sink.mails) - len(set(here.sink.message_ids))
    says = f"{kills} killed; {again} mails came again under their own Message-ID"
    return Outcome(counting.all_of(counting.subjects(waits), here.sink), says)


def harass(workers: crew.Crew, waits: int, kills: int) -> None:
    rng = random.Random(7)
    for n in range(kills):
        workers.fill()
        share = range(waits * n // kills, waits * (n + 1) // kills)
        company.ask(share, clock.now(), over=timedelta(seconds=1))
        time.sleep(rng.uniform(0.2, 1.4))
        place.until(lambda: workers.kill_one(rng), "a worker at work")
