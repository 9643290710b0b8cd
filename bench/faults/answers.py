"""A sweep and an answer meet on one wait, the answer a millisecond before, at or after the due time.

Whichever commits first: the wait is met where the answer came at the due time or before, and a breach the
sweep had found is voided; else it is answered late, with one breach.
"""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from bench.faults import company, counting, crew
from bench.faults.outcome import Outcome, tally
from bench.faults.place import Place
from conversations import messages, sweeping
from conversations.messages import Happening
from conversations.models import Wait
from prm import clock, sweeper
from team.models import User

MILLISECOND = timedelta(milliseconds=1)
STATES = f"SELECT c.subject || ' ' || w.state FROM conversations_wait w {counting.SUBJECT_OF_WAIT}"
BREACHED = f"{counting.BREACHES} AND w.state = 'met_late'"
FOUND_FIRST = f"{counting.BREACHES} AND w.state = 'met'"
VOIDED = """
    SELECT 1 FROM conversations_wait
    WHERE state = 'met' AND (breached_at IS NULL) <> (breach_voided_reason = '')"""


def run(here: Place) -> Outcome:
    pairs, at = here.size(600, 45), clock.now()
    company.found(at)
    company.ask(range(pairs), at - timedelta(hours=1), over=timedelta(0))
    waits = list(Wait.objects.order_by("pk").values_list("pk", "due_at"))
    together = get_context("fork").Barrier(2, timeout=30)
    crew.at_once(partial(sweep_each, waits, together), partial(answer_each, waits, together))
    wanted = [
        f"{name} {'met_late' if n % 3 == 2 else 'met'}" for n, name in enumerate(counting.subjects(pairs))
    ]
    late = [name for n, name in enumerate(counting.subjects(pairs)) if n % 3 == 2]
    found = counting.names(FOUND_FIRST)
    return Outcome(
        [
            tally("waits answered", wanted, counting.names(STATES)),
            tally("breaches of the late", late, counting.names(BREACHED)),
        ],
        f"the sweep came first in {len(found)} of {pairs - len(late)} answered in time",
        [f"{len(unlike)} breaches are not voided"] if (unlike := counting.names(VOIDED)) else [],
    )


def sweep_each(waits: list[tuple[int, datetime]], together: Barrier) -> None:
    rng = random.Random(1)
    for pk, due_at in waits:
        together.wait()
        time.sleep(rng.uniform(0, 0.03))
        one = Wait.objects.filter(pk=pk)
        sweeper.in_batches(one, due_at + MILLISECOND, sweeping.check_wait, sweeping.check_waits)


def answer_each(waits: list[tuple[int, datetime]], together: Barrier) -> None:
    rng, by = random.Random(2), User.objects.order_by("pk")[0]
    for n, (pk, due_at) in enumerate(waits):
        wait = Wait.objects.select_related("conversation__partner").get(pk=pk)
        said_at = due_at + (n % 3 - 1) * MILLISECOND
        together.wait()
        time.sleep(rng.uniform(0, 0.03))
        call = Happening("call", "Told", said_at)
        messages.log(wait.partner, call, by, due_at + 2 * MILLISECOND, answers=[wait])
