"""What a sweep costs: as many questions for many waits as for few, and nothing for those not yet due.

How long it takes among 100,000 and among 1,000,000 waits: `make bench-faults`.
"""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.faults import filling
from conversations import messages, sweeping
from conversations.models import Wait
from partners.models import Contact, Event
from prm import sweeper
from team.models import Notice, User
from tests.conftest import BERLIN

OPENED = datetime(2026, 6, 3, 10, 15, tzinfo=BERLIN)
HOUR = timedelta(hours=1)
WARN, DUE = OPENED + 18 * HOUR, OPENED + 24 * HOUR
LEAD, HEAD = DUE + 4 * HOUR, datetime(2026, 6, 8, 10, 15, tzinfo=BERLIN)


def asked(nora: Contact, count: int) -> None:
    for n in range(count):
        messages.receive(nora.partner, "email", "?", OPENED, contact=nora, subject=f"Question {n}")


def questions(at: datetime) -> int:
    """How many queries one sweep asks besides writing each wait."""
    with CaptureQueriesContext(connection) as asked:
        sweeping.sweep_waits(at)
    return sum(not query["sql"].startswith("UPDATE") for query in asked.captured_queries)


@pytest.mark.parametrize("at", [WARN, DUE, LEAD, HEAD])
def test_many_waits_are_swept_with_as_many_questions_as_few(nora: Contact, ravi: User, at: datetime) -> None:
    asked(nora, 3)
    few = questions(at)
    asked(nora, 30)
    assert questions(at) == few
    assert Wait.objects.filter(next_check_at__lte=at).count() == 0


def test_each_wait_is_written_once(nora: Contact) -> None:
    asked(nora, 5)
    with CaptureQueriesContext(connection) as written:
        sweeping.sweep_waits(DUE)
    assert sum(query["sql"].startswith("UPDATE") for query in written.captured_queries) == 5


@pytest.mark.postgres
def test_the_claim_goes_along_its_index(nora: Contact) -> None:
    filling.idle(20_000, OPENED)
    asked(nora, 3)
    claim = Wait.objects.filter(next_check_at__lte=DUE).order_by("next_check_at", "pk")[:100]
    assert "using waits_to_check" in claim.explain()
    assert "Seq Scan" not in claim.explain()


def rows_read() -> int:
    """How many rows this transaction has read from any table, by the count of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def read_by_a_sweep(at: datetime) -> int:
    before = rows_read()
    sweeper.run(at)
    return rows_read() - before


@pytest.mark.postgres
def test_with_nothing_due_a_sweep_reads_no_more_of_many_waits_than_of_few(nora: Contact, ravi: User) -> None:
    filling.idle(1_000, OPENED)
    sweeper.run(OPENED)
    few = read_by_a_sweep(OPENED + HOUR)
    filling.idle(20_000, OPENED)
    assert read_by_a_sweep(OPENED + 2 * HOUR) <= few + 5  # whichever way the planner takes
    assert not Event.objects.filter(kind="wait_breached").exists()
    assert not Notice.objects.exists()
