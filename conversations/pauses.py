"""A clock stands still for a while, on a ground. It is always said until when, so that nobody is forgotten.

Pauses are intervals; what overlaps counts once. The due time lies after them, so that a paused wait
cannot breach.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from conversations import clocks, retiming, waits
from conversations.models import Conversation, Pause, Wait
from conversations.waits import Actor, WaitRefused
from partners.models import Event
from team.models import User

LONGEST = timedelta(days=92)
PRESSED = (Pause.Ground.THEY_ASKED, Pause.Ground.WE_ASKED)


@transaction.atomic
def pause(wait: Wait, ground: str, until: datetime, by: User, at: datetime, note: str = "") -> Event | None:
    """Let the clock stand still from now on until a moment, because the partner asked us to wait or we
    asked it for something."""
    if ground not in PRESSED:
        raise WaitRefused("Waiting for a colleague stops no clock. Say what the partner knows of.")
    if not at < until <= at + LONGEST:
        raise WaitRefused(f"Say until when: a moment ahead, within {LONGEST.days} days.")
    row = retiming.held(wait)
    retiming.must_run(row, at)
    made = Pause.objects.create(
        wait=row, ground=ground, note=note.strip()[:300], starts_at=at, ends_at=until, by=by
    )
    words = made.get_ground_display() + (f": {made.note}" if made.note else "")
    return _record("wait_paused", row, [made], by, at, words)


@transaction.atomic
def resume(wait: Wait, by: Actor, at: datetime) -> Event | None:
    """Let the clock run on from now, before the time that was said."""
    row = retiming.held(wait)
    running = list(Pause.objects.running(at).filter(wait=row))
    if not running:
        raise WaitRefused("This clock is not paused.")
    return _ended(row, running, by, at)


def heard(conversation: Conversation, when: datetime, at: datetime) -> None:
    """They wrote: what we asked them for has an answer, so that the clock runs on from then. The caller
    holds the conversation."""
    asked = Pause.objects.running(when).filter(ground=Pause.Ground.WE_ASKED)
    for row in conversation.waits.filter(state=Wait.State.OPEN, pauses__in=asked).distinct():
        _ended(retiming.held(row), list(asked.filter(wait=row)), "conversation", at, when)


def _ended(
    row: Wait, running: list[Pause], by: Actor, at: datetime, when: datetime | None = None
) -> Event | None:
    ends = {str(each.pk): each.ends_at.isoformat() for each in running}
    Pause.objects.filter(pk__in=[each.pk for each in running]).update(ends_at=when or at)
    return _record("wait_resumed", row, running, by, at, "", {"ends": ends})


@transaction.atomic
def take_back(event: Event, by: User, at: datetime) -> Event | None:
    """The Undo of a pause: as if the clock had never stood still."""
    row = retiming.held(Wait.objects.get(pk=event.about_id or 0))
    _must_be_open(row)
    Pause.objects.filter(pk__in=event.changes["pauses"]).update(withdrawn_at=at)
    return _record("wait_resumed", row, [], by, at, "Undone", undoes=event)


@transaction.atomic
def put_back(event: Event, by: User, at: datetime) -> Event | None:
    """The Undo of running on: it stands still until the time that was said first."""
    row = retiming.held(Wait.objects.get(pk=event.about_id or 0))
    _must_be_open(row)
    stopped = list(Pause.objects.filter(pk__in=event.changes["ends"]))
    for each in stopped:
        each.ends_at = datetime.fromisoformat(event.changes["ends"][str(each.pk)])
        each.save(update_fields=["ends_at"])
    return _record("wait_paused", row, stopped, by, at, "Undone", undoes=event)


def _must_be_open(row: Wait) -> None:
    if row.state != Wait.State.OPEN:
        raise WaitRefused("The clock has ended meanwhile.")


def _record(
    kind: str,
    row: Wait,
    pauses: Iterable[Pause],
    by: Actor,
    at: datetime,
    note: str,
    more: dict[str, Any] | None = None,
    undoes: Event | None = None,
) -> Event | None:
    """Move the due time by the pauses as they stand, and write down what was done."""
    moved = retiming.retime(row, clocks.kept_by(row))
    changes = {"pauses": [each.pk for each in pauses], **moved, **(more or {})}
    about = waits.reference(row)
    return Event.record(kind, at, by, row.partner, about, changes=changes, note=note, undoes=undoes)
