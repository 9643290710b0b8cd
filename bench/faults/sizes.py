"""A sweep among very many waits: what is due is handled in two seconds, what is not due costs nothing."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse

from bench.faults import company, counting, filling
from bench.faults.outcome import Outcome
from bench.faults.place import Place
from conversations.models import Wait
from prm import clock, sweeper

MOST_SECONDS = 2.0
ROUNDS = 3  # whatever else the machine does
MINUTE = timedelta(minutes=1)


def run(here: Place) -> Outcome:
    few, many, due = here.size(1_000, 1_000), here.size(1_000_000, 20_000), here.size(500, 100)
    reverse("conversations:log")  # read all addresses, as a worker has by its first sweep
    at = clock.now()
    company.found(at)
    filling.idle(few, at)
    sweeper.run(at)
    among_few = _reads(at)
    filling.idle(many - few, at)
    among_many = _reads(at)
    took = min(_seconds(range(n * due, (n + 1) * due), at) for n in range(ROUNDS))
    wrong = [f"it took {took:.1f} s"] if took > MOST_SECONDS else []
    if among_many[0] > among_few[0] + 5:  # whichever way the planner takes
        wrong.append("with nothing due it read more rows of many waits than of few")
    says = f"{due} due among {many:,} waits: {took:.2f} s (the quickest of {ROUNDS}); nothing due: it reads"
    for number, (rows, pages) in ((few, among_few), (many, among_many)):
        says += f" {rows} rows among {number:,} (claim: {pages} pages)"
    return Outcome(counting.rows(counting.subjects(ROUNDS * due)), says, wrong)


def _seconds(numbers: range, at: datetime) -> float:
    """How long one sweep takes in which these waits are due."""
    company.ask(numbers, at - 5 * MINUTE, over=4 * MINUTE)
    began = time.monotonic()
    sweeper.run(at)
    return time.monotonic() - began


def _reads(at: datetime) -> tuple[int, int]:
    """How many rows a whole sweep reads with nothing due, and how many pages its claim of waits touches."""
    with transaction.atomic():
        before = _rows_read()
        sweeper.run(at)
        return _rows_read() - before, _pages(at)


def _rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def _pages(at: datetime) -> int:
    claim = Wait.objects.filter(next_check_at__lte=at).order_by("next_check_at", "pk")[:100]
    first = claim.explain(analyze=True, buffers=True).splitlines()[0:3]
    found = re.search(r"shared(?: hit=(\d+))?(?: read=(\d+))?", "\n".join(first))
    return sum(int(pages or 0) for pages in found.groups()) if found else 0
