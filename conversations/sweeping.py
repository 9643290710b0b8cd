"""The sweep of waits and promises: warn, find the breach, tell lead and heads — each once.

`next_check_at` of a wait moves on with each of its steps: warn, due, lead, head, none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from conversations import commitments, privacy, responsibility, steps
from conversations.concerned import Concerned
from conversations.models import Commitment, Wait
from partners.models import Event
from prm import sweeper
from prm.references import Reference
from team import notices
from team.models import Notice

BY = "sweep"
State = Wait.State


def sweep_waits(at: datetime) -> int:
    """Look at every wait whose time has come."""
    due = Wait.objects.defer("calendar").select_related("partner__tier", "conversation__responsible__lead")
    return sweeper.in_batches(due, at, check_wait, together=check_waits)


def check_wait(wait: Wait, at: datetime) -> None:
    """Take the steps of one wait that are due at `at`, in their order."""
    check_waits([wait], at)


def check_waits(found: list[Wait], at: datetime) -> None:
    """Take the steps of these waits that are due at `at`, in their order, and move each on."""
    waiting = [wait for wait in found if wait.is_open]
    concerned = Concerned(waiting, at)
    in_time = [wait for wait in waiting if wait.state == State.OPEN]
    late = [wait for wait in waiting if _is_late(wait, at)]
    steps.warn([wait for wait in in_time if at >= wait.warn_at], concerned, at)
    steps.breach([wait for wait in in_time if _is_late(wait, at)], concerned, at)
    steps.tell_leads([wait for wait in late if at >= wait.lead_at], concerned, at)
    steps.tell_heads(
        [wait for wait in late if wait.head_at is not None and at >= wait.head_at], concerned, at
    )
    for wait in found:
        _move(wait, at)


def _is_late(wait: Wait, at: datetime) -> bool:
    """Late already, or its due time has passed."""
    return wait.state == State.LATE or at >= wait.due_at


def _move(wait: Wait, at: datetime) -> None:
    """Write what became of the wait we expect to find; one that changed meanwhile is left to the next round.

    It is late since its due time, whenever we notice.
    """
    columns: dict[str, Any] = {"next_check_at": _next(wait, at) if wait.is_open else None}
    if wait.state == State.OPEN and at >= wait.due_at:
        columns |= {
            "state": State.LATE,
            "breached_at": wait.due_at,
            "detected_at": wait.detected_at or at,
        }
    expected = Wait.objects.filter(pk=wait.pk, state=wait.state, due_at=wait.due_at)
    if not expected.update(**columns):
        raise RuntimeError("the wait changed while it was swept")


def _next(wait: Wait, at: datetime) -> datetime | None:
    """The next step's time; None when all are taken."""
    moments = (wait.warn_at, wait.due_at, wait.lead_at, wait.head_at)
    return min((moment for moment in moments if moment is not None and moment > at), default=None)


def still_waits(notice: Notice) -> bool:
    """Whether the wait of a notice is still open: asked when its mail is composed."""
    return Wait.objects.open().filter(pk=notice.cause_id, due_at=notice.due_at).exists()


# --- promises -----------------------------------------------------------------------------------------


def sweep_promises(at: datetime) -> int:
    """Look at every promise whose day has ended."""
    due = Commitment.objects.select_related("partner__owner", "owner", "made_in__conversation__partner")
    return sweeper.in_batches(due, at, check_promise)


def check_promise(promise: Commitment, at: datetime) -> None:
    """At the end of its day the owner hears of it; 30 days later it is broken."""
    broken_at = promise.ends_at + commitments.BROKEN_AFTER
    if not promise.is_open:
        _settle(promise, next_check_at=None)
    elif at >= broken_at:
        commitments.lapse(promise, BY, at)
    elif at >= promise.ends_at:
        _overdue(promise, at)
        _settle(promise, next_check_at=broken_at)
    else:
        _settle(promise, next_check_at=promise.ends_at)


def _overdue(promise: Commitment, at: datetime) -> None:
    about = Reference("commitment", promise.pk)
    key = f"overdue:{promise.pk}:{promise.ends_at.isoformat()}"
    if Event.record("promise_overdue", at, BY, promise.partner, about, note=promise.text, key=key) is None:
        return
    ours = promise.side == Commitment.Side.OURS
    person = promise.owner if ours else promise.partner.owner
    who = f"You promised {promise.partner}" if ours else f"{promise.partner} promised"
    for told in [person] if person is not None else responsibility.heads():
        notices.give(
            told,
            "promise_overdue",
            about,
            promise.ends_at,
            at,
            f"{who}: {promise.text}",
            promise.partner.get_absolute_url(),
            private=privacy.for_promise(promise),
        )


def still_owed(notice: Notice) -> bool:
    """Whether the promise of a notice is still open."""
    return Commitment.objects.open().filter(pk=notice.cause_id, ends_at=notice.due_at).exists()


def _settle(promise: Commitment, **columns: Any) -> None:
    Commitment.objects.filter(pk=promise.pk, status=promise.status, ends_at=promise.ends_at).update(**columns)
