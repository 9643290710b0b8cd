"""The sweep of waits and promises: warn, find the breach, tell the lead — each once.

A step is an event unique on (step, thing, due time). Who meets it recorded already leaves its
notices to the first, in whose transaction they were given. `next_check_at` moves on with each step:
warn, due, lead, none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from conversations import commitments, responsibility, waits
from conversations.models import Commitment, Wait
from partners.models import Event
from prm import sweeper
from prm.references import Reference
from team import notices
from team.models import Notice, User

BY = "sweep"
State = Wait.State
HIGHEST = 1  # the rank of a tier


def sweep_waits(at: datetime) -> int:
    """Look at every wait whose time has come."""
    due = Wait.objects.select_related("partner__tier", "conversation__responsible__lead")
    return sweeper.in_batches(due, at, check_wait)


def check_wait(wait: Wait, at: datetime) -> None:
    """Take the steps of one wait that are due at `at`, in their order."""
    if not wait.is_open:
        _move(wait, next_check_at=None)
        return
    overdue = at >= wait.due_at
    if at >= wait.warn_at and wait.state == State.OPEN:
        _warn(wait, at, overtaken=overdue)
    if overdue and wait.state == State.OPEN:
        _breach(wait, at)
    if wait.state == State.LATE and at >= wait.lead_at:
        _tell_lead(wait, at)
    if wait.state == State.LATE and wait.head_at is not None and at >= wait.head_at:
        _tell_heads(wait, at)
    _move(wait, next_check_at=_next(wait, at))


def _next(wait: Wait, at: datetime) -> datetime | None:
    """The next step's time; None when all are taken."""
    steps = (wait.warn_at, wait.due_at, wait.lead_at, wait.head_at)
    return min((moment for moment in steps if moment is not None and moment > at), default=None)


def _warn(wait: Wait, at: datetime, overtaken: bool) -> None:
    note = "Overtaken by its due time." if overtaken else ""
    if _step("wait_warned", "warn", wait, at, note) is None or overtaken:
        return
    warn(responsibility.answerers(wait.conversation, at), wait, at)


def warn(people: Iterable[User], wait: Wait, at: datetime) -> None:
    """Warn these people of a wait; whom this due time was warned of before is not warned again."""
    _tell(people, "wait_warned", wait, at, f"{wait.partner} waits for a reply: {wait.conversation}")


def _breach(wait: Wait, at: datetime) -> None:
    """The due time has passed: the wait is late since then, whenever we notice."""
    _move(wait, state=State.LATE, breached_at=wait.due_at, detected_at=wait.detected_at or at)
    if waits.breach_event(wait, BY, at) is None:
        return
    text = f"{wait.partner} has waited too long: {wait.conversation}"
    _tell(_with_cover(wait, at), "wait_breached", wait, at, text)


def _with_cover(wait: Wait, at: datetime) -> list[User]:
    told = responsibility.answerers(wait.conversation, at)
    person = wait.conversation.responsible
    cover = responsibility.cover_of(wait.partner, person, responsibility.today_of(person, at))
    return [*told, cover] if cover is not None else told


def _tell_lead(wait: Wait, at: datetime) -> None:
    """The lead hears of it once."""
    if _step("wait_raised", "lead", wait, at) is not None:
        _raise(wait, at, responsibility.leads_of(wait.conversation.responsible), "wait_raised")


def _tell_heads(wait: Wait, at: datetime) -> None:
    """The heads hear of it in their digest; of a partner in the highest tier at once."""
    if _step("wait_raised_higher", "head", wait, at) is not None:
        tier = wait.partner.tier
        strategic = tier is not None and tier.rank == HIGHEST
        _raise(wait, at, responsibility.heads(), "wait_raised_higher", at_once=strategic)


def _raise(wait: Wait, at: datetime, people: Iterable[User], kind: str, **more: Any) -> None:
    """Tell people further up; who was told that it is late is not told again."""
    told = Notice.objects.filter(kind__in=waits.LATE, cause_kind="wait", cause_id=wait.pk, due_at=wait.due_at)
    known = set(told.values_list("person", flat=True))
    person = wait.conversation.responsible or "nobody"
    text = f"{wait.partner} still waits for a reply, with {person}: {wait.conversation}"
    _tell([person for person in people if person.pk not in known], kind, wait, at, text, **more)


def _tell(people: Iterable[User], kind: str, wait: Wait, at: datetime, text: str, **more: Any) -> None:
    about, url = waits.reference(wait), wait.conversation.get_absolute_url()
    for person in dict.fromkeys(people):
        notices.give(person, kind, about, wait.due_at, at, text, url, **more)


def _step(kind: str, step: str, wait: Wait, at: datetime, note: str = "") -> Event | None:
    return Event.record(
        kind, at, BY, wait.partner, waits.reference(wait), note=note, key=waits.key(step, wait)
    )


def _move(wait: Wait, **columns: Any) -> None:
    """Write to the wait we expect to find; one that changed meanwhile is left to the next round."""
    expected = Wait.objects.filter(pk=wait.pk, state=wait.state, due_at=wait.due_at)
    if not expected.update(**columns):
        raise RuntimeError("the wait changed while it was swept")
    for name, value in columns.items():
        setattr(wait, name, value)


def still_waits(notice: Notice) -> bool:
    """Whether the wait of a notice is still open: asked when its mail is composed."""
    return Wait.objects.open().filter(pk=notice.cause_id, due_at=notice.due_at).exists()


# --- promises -----------------------------------------------------------------------------------------


def sweep_promises(at: datetime) -> int:
    """Look at every promise whose day has ended."""
    due = Commitment.objects.select_related("partner__owner", "owner")
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
        )


def still_owed(notice: Notice) -> bool:
    """Whether the promise of a notice is still open."""
    return Commitment.objects.open().filter(pk=notice.cause_id, ends_at=notice.due_at).exists()


def _settle(promise: Commitment, **columns: Any) -> None:
    Commitment.objects.filter(pk=promise.pk, status=promise.status, ends_at=promise.ends_at).update(**columns)
