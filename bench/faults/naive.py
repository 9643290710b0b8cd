"""The control: sweepers that check, then insert. What the count is for must be seen by it.

Not part of the table: `make bench-faults ARGS="--only naive"` must fail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bench.faults import company, counting, crew
from bench.faults.outcome import Outcome, tally
from bench.faults.place import Place
from bench.faults.sweepers import SWEEPERS
from conversations.models import Wait
from partners.models import Event
from prm import clock
from prm.references import Reference


def run(here: Place) -> Outcome:
    waits, at = here.size(2000, 100), clock.now()
    company.found(at)
    company.ask(range(waits), at - timedelta(minutes=5), over=timedelta(minutes=4))
    crew.at_once(*(partial(sweep, at) for _ in range(SWEEPERS)))
    breaches = counting.names(counting.BREACHES)
    return Outcome(
        [tally("breaches recorded", counting.subjects(waits), breaches)], f"{len(breaches)} written"
    )


def sweep(at: datetime) -> None:
    """What a sweep must not do."""
    for wait in Wait.objects.filter(state=Wait.State.OPEN, due_at__lte=at).select_related("partner"):
        about = Reference("wait", wait.pk)
        if not Event.objects.filter(kind="wait_breached", about_id=wait.pk).exists():
            Event.record("wait_breached", at, "naive", wait.partner, about)
            Wait.objects.filter(pk=wait.pk).update(state=Wait.State.LATE, breached_at=wait.due_at)
