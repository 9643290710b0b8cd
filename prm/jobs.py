"""Jobs: long work as rows. A job is claimed with a lease; who holds it renews it while working.

The broker only hurries: a job whose worker died is taken up again when its lease has run out.
A job's work must therefore be safe to begin again.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from prm import clock
from prm.models import Job

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3

Run = Callable[[Job, "Progress"], str]
_kinds: dict[str, Run] = {}


class LeaseLost(Exception):
    """Somebody else took the job up; this worker must stop."""


class Progress:
    """Handed to a job's work: call it often; it renews the lease and shows how far the work is."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._said = datetime.min.replace(tzinfo=UTC)

    def __call__(self, done: int, total: int) -> None:
        at = clock.now()
        if at - self._said < timedelta(seconds=1) and done != total:
            return
        held = Job.objects.filter(pk=self._job.pk, lease=self._job.lease)
        if not held.update(done=done, total=total, leased_until=at + LEASE):
            raise LeaseLost
        self._said = at


def register(kind: str, run: Run) -> None:
    """Register the work of a kind: `run(job, progress)` returns a closing sentence."""
    _kinds[kind] = run


def put(kind: str, at: datetime, by: Any, about: dict[str, Any]) -> Job:
    """Write a job down and, after commit, hurry a worker to it."""
    if kind not in _kinds:
        raise LookupError(f"no app registered jobs of kind {kind!r}")
    job = Job.objects.create(kind=kind, about=about, by=by, created_at=at)
    transaction.on_commit(hurry)
    return job


def hurry() -> None:
    """Ask a worker to look now; the schedule asks again anyway, so a broker that is away is no fault."""
    from prm.tasks import work

    try:
        work.apply_async(ignore_result=True, retry=False)
    except Exception:
        logger.info("no broker answers; the job waits for the schedule", exc_info=True)


def run_due(at: datetime) -> int:
    """Run jobs until none waits; how many were run."""
    count = 0
    while (job := _claim(at)) is not None:
        _run(job)
        count += 1
        at = clock.now()
    return count


def _claim(at: datetime) -> Job | None:
    free = Job.objects.filter(
        Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lt=at), kind__in=_kinds
    ).order_by("created_at", "pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        job = free.first()
        if job is None:
            return None
        job.lease, job.leased_until = uuid.uuid4(), at + LEASE
        job.state, job.attempts = Job.State.RUNNING, job.attempts + 1
        job.started_at = job.started_at or at
        job.save(update_fields=["lease", "leased_until", "state", "attempts", "started_at"])
    return job


def _run(job: Job) -> None:
    held = Job.objects.filter(pk=job.pk, lease=job.lease)
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise RuntimeError("its worker stopped three times while doing it")
        says = _kinds[job.kind](job, Progress(job))
        held.update(state=Job.State.DONE, says=says, ended_at=clock.now(), lease=None, leased_until=None)
    except LeaseLost:
        logger.warning("job %s was taken up by another worker", job.pk)
    except Exception as error:
        logger.exception("job %s failed", job.pk)
        held.update(
            state=Job.State.FAILED,
            says=f"It stopped: {error}"[:2000],
            ended_at=clock.now(),
            lease=None,
            leased_until=None,
        )
