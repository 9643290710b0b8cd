"""Doors for Celery: each is safe to run twice."""

from celery import shared_task

from prm import clock, jobs, locks, outbox, sweeper


@shared_task(expires=55)
def sweep() -> None:
    with locks.only_one("sweep") as mine:
        if mine:
            sweeper.turn(at=clock.now())


@shared_task(expires=55)
def deliver() -> None:
    outbox.deliver(at=clock.now())


@shared_task(expires=55)
def work() -> None:
    jobs.run_due(at=clock.now())
