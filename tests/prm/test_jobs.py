"""Long work as rows: claimed once, resumed when a worker died, its end told in words."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from prm import jobs
from prm.jobs import LeaseLost, Progress
from prm.models import Job
from prm.tasks import work
from team.models import User
from tests.conftest import MONDAY

State = Job.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(jobs._kinds, "count", lambda job, progress: f"counted to {job.about['to']}")
    return "count"


def put(kind: str, to: int = 3) -> Job:
    return jobs.put(kind, MONDAY, None, {"to": to})


def test_a_job_runs_once_and_says_how_it_ended(kind: str) -> None:
    first, second = put(kind), put(kind, to=4)
    assert jobs.run_due(MONDAY) == 2
    assert jobs.run_due(MONDAY) == 0
    for job, says in ((first, "counted to 3"), (second, "counted to 4")):
        job.refresh_from_db()
        assert (job.state, job.says, job.attempts, job.lease) == (State.DONE, says, 1, None)
        assert job.is_over


def test_a_job_of_an_unknown_kind_is_refused(db: None) -> None:
    with pytest.raises(LookupError, match="no app registered jobs of kind 'nothing'"):
        jobs.put("nothing", MONDAY, None, {})


def test_a_claimed_job_is_nobody_elses_until_its_lease_runs_out(kind: str) -> None:
    put(kind)
    claimed = jobs._claim(MONDAY)
    assert claimed is not None
    assert jobs._claim(MONDAY + jobs.LEASE / 2) is None
    taken_up = jobs._claim(MONDAY + jobs.LEASE * 2)
    assert taken_up is not None
    assert (taken_up.pk, taken_up.attempts) == (claimed.pk, 2)
    assert taken_up.lease != claimed.lease


def test_progress_renews_the_lease_and_shows_how_far(kind: str) -> None:
    put(kind)
    job = jobs._claim(MONDAY)
    assert job is not None
    with time_machine.travel(MONDAY + timedelta(minutes=1), tick=False):
        Progress(job)(50, 200)
    job.refresh_from_db()
    assert (job.done, job.total, job.percent) == (50, 200, 25)
    assert job.leased_until == MONDAY + timedelta(minutes=1) + jobs.LEASE


def test_progress_writes_at_most_once_a_second(kind: str) -> None:
    put(kind)
    job = jobs._claim(MONDAY)
    assert job is not None
    progress = Progress(job)
    with time_machine.travel(MONDAY, tick=False):
        for done in range(100):
            progress(done, 1000)
    job.refresh_from_db()
    assert job.done == 0


def test_a_worker_that_lost_its_lease_stops_and_marks_nothing(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(kind)

    def slow(job: Job, progress: Progress) -> str:
        Job.objects.filter(pk=job.pk).update(lease=uuid.uuid4())  # another took it up meanwhile
        progress(1, 2)
        return "never said"

    monkeypatch.setitem(jobs._kinds, "count", slow)
    jobs.run_due(MONDAY)
    job = Job.objects.get()
    assert (job.state, job.says) == (State.RUNNING, "")
    with pytest.raises(LeaseLost):
        Progress(Job(pk=job.pk, lease=uuid.uuid4()))(1, 2)


def test_a_job_that_fails_says_why_and_stops_no_other(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: Job, progress: Progress) -> str:
        raise ValueError("line 7 has no name")

    monkeypatch.setitem(jobs._kinds, "broken", broken)
    bad, good = jobs.put("broken", MONDAY, None, {}), put(kind)
    assert jobs.run_due(MONDAY) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.says) == (State.FAILED, "It stopped: line 7 has no name")
    assert good.state == State.DONE


def test_a_job_that_kills_its_workers_is_given_up(kind: str) -> None:
    put(kind)
    at = MONDAY
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs._claim(at) is not None
        at += 2 * jobs.LEASE
    jobs.run_due(at)
    job = Job.objects.get()
    assert (job.state, job.says) == (
        State.FAILED,
        "It stopped: its worker stopped three times while doing it",
    )


def refuse(**options: object) -> None:
    raise ConnectionRefusedError


def test_a_broker_that_is_away_is_no_fault(
    kind: str, alice: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(work, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.put(kind, MONDAY, alice, {"to": 1})
    assert job.state == State.WAITING
