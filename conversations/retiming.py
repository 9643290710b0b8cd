"""Due times that move while a wait is open: its calendar was corrected, it was paused, it is rebased.

What is answered, late or past its due time stays as it was. A change of owner moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from conversations import clocks, policies, waits
from conversations.clocks import Clock, Reading
from conversations.models import Message, Wait
from conversations.waits import Actor, WaitRefused
from partners.models import Event
from team.models import Calendar, User


def held(wait: Wait) -> Wait:
    """The wait as it stands now, held together with its conversation until the transaction ends."""
    waits.locked(wait.conversation)
    rows = Wait.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("policy", "partner", "conversation__partner__owner").get(pk=wait.pk)


def retime(row: Wait, clock: Reading) -> dict[str, list[str]]:
    """Work the times of a held, open wait out anew, from its opening on: what moved, as an event keeps it."""
    was = row.due_at
    times = clock.times(row.opened_at, row.target_seconds, clocks.pauses_of(row))
    waits.write(row, {**times, "next_check_at": times["warn_at"]})
    return {} if row.due_at == was else {"due_at": [was.isoformat(), row.due_at.isoformat()]}


# --- a calendar was corrected ---------------------------------------------------------------------------


def catch_up(at: datetime) -> int:
    """The sweep: open waits follow the calendar they were opened under; how many moved."""
    return sum(recompute(calendar, by="calendar", at=at) for calendar in _changed_calendars())


def _changed_calendars() -> Iterable[Calendar]:
    stale = Wait.objects.filter(
        state=Wait.State.OPEN, calendar_of=OuterRef("pk"), calendar_version__lt=OuterRef("version")
    )
    return Calendar.objects.filter(Exists(stale)).prefetch_related("days")


def recompute(calendar: Calendar, by: Actor, at: datetime) -> int:
    """Move open waits that have not breached to the corrected calendar; closed ones stay as they were."""
    open_waits = Wait.objects.filter(
        state=Wait.State.OPEN, calendar_of=calendar, calendar_version__lt=calendar.version
    )
    hours, moved = calendar.as_rule(), 0
    for pk in list(open_waits.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Wait.objects.select_for_update(of=("self",), no_key=True)
            row = rows.select_related("policy", "partner").filter(pk=pk, state=Wait.State.OPEN).first()
            if row is not None:
                moved += _follow(row, Clock(row.policy, hours, calendar), by, at)
    return moved


def _follow(row: Wait, clock: Clock, by: Actor, at: datetime) -> bool:
    """One wait takes the corrected hours over. What is past its due time is left to the sweep."""
    changes: dict[str, Any] = {"calendar_version": clock.source.version}
    if at >= row.due_at:
        waits.write(row, changes)
        return False
    waits.write(row, changes | {"calendar": clock.kept(row.opened_at)})
    moved = retime(row, clock)
    if moved:
        _record(row, moved, by, at, f"{clock.source} was corrected.")
    return bool(moved)


# --- rebased ------------------------------------------------------------------------------------------


@transaction.atomic
def rebase(wait: Wait, by: User, at: datetime) -> Event | None:
    """Count a wait anew from its opening on, by the policy and the hours one opened now would have.

    Refused where it is late or would be at once, and where nothing would change.
    """
    row = held(wait)
    if row.metric not in waits.REPLY:
        raise WaitRefused("Its promise is another one than that of replies.")
    must_run(row, at)
    opener = Message.objects.filter(pk=row.opened_by_id or 0).values_list("channel", flat=True).first()
    clock = clocks.clock_of(row.conversation, opener or "")
    if clock is None:
        raise WaitRefused("No policy is in force for this partner.")
    before = row.due_at, row.policy_id, row.calendar_of_id
    fresh = clocks.snapshot(clock, row.metric, row.opened_at, clocks.pauses_of(row))
    if fresh["due_at"] <= at:
        raise WaitRefused("By those hours it would be late already. Answer it instead.")
    if before == (fresh["due_at"], fresh["policy"].pk, fresh["calendar_of"].pk):
        raise WaitRefused("It is counted by these hours already.")
    waits.write(row, fresh)
    moved = {"due_at": [before[0].isoformat(), row.due_at.isoformat()]}
    return _record(row, moved, by, at, f"Counted by {clock.policy} on the hours “{clock.source}”.")


@transaction.atomic
def promise_anew(wait: Wait, clock: Clock, at: datetime) -> dict[str, list[str]]:
    """Let an open wait keep another promise, counted from its opening on, or from now where that time has
    passed; what moved, as an event keeps it. What is late stays late."""
    row = held(wait)
    must_wait(row)
    if row.state == Wait.State.LATE or at >= row.due_at:
        return {}
    stops, before = clocks.pauses_of(row), row.due_at
    fresh = clocks.snapshot(clock, row.metric, row.opened_at, stops)
    if fresh["due_at"] <= at:
        rule = policies.rule_for(clock.policy.mode, clock.hours)
        seconds = fresh["target_seconds"] + round(rule.elapsed(row.opened_at, at, stops))
        times = clock.times(row.opened_at, seconds, stops)
        fresh |= {**times, "target_seconds": seconds, "next_check_at": times["warn_at"]}
    waits.write(row, fresh)
    return {"due_at": [before.isoformat(), row.due_at.isoformat()]}


def must_run(row: Wait, at: datetime) -> None:
    """Refuse where the clock does not run, or ran out."""
    must_wait(row)
    if row.state == Wait.State.LATE or at >= row.due_at:
        raise WaitRefused("It is late already: its due time stays.")


def must_wait(row: Wait) -> None:
    if not row.is_open:
        raise WaitRefused("This one does not wait any more.")


def _record(row: Wait, moved: dict[str, list[str]], by: Actor, at: datetime, note: str) -> Event | None:
    about = waits.reference(row)
    return Event.record("recompute", at, by, row.partner, about, changes=moved, note=note)
