"""Touches come on their day, and outreach stops by itself when the prospect answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations.models import Message
from lifecycle import tasks
from lifecycle.recruitment.outreach import rules, touches
from lifecycle.recruitment.outreach.models import Kind, Outreach, Touch
from partners import repointing
from partners.models import Status, Step
from prm import sweeper
from prm.refusals import Refused

WORDS = {Kind.MAIL.value: "Send the mail", Kind.CALL.value: "Call", Kind.OTHER.value: "Outreach"}


def sweep(at: datetime) -> int:
    """Stop what must stop, close what was ticked off elsewhere, then let the touches of the day come."""
    count = sum(map(bool, (_stop(outreach, at) for outreach in must_stop())))
    count += sum(_follow(touch, at) for touch in _ticked())
    due = Outreach.objects.running().select_related("partner__owner", "sequence", "contact", "approved_by")
    return count + sweeper.in_batches(due, at, check)


def must_stop() -> QuerySet[Outreach]:
    """Running outreach that the rule would stop: the same questions, asked of all at once."""
    heard = Message.objects.filter(
        partner=OuterRef("partner"),
        direction=Message.Direction.IN,
        is_automatic=False,
        withdrawn_at=None,
        occurred_at__gt=OuterRef("began_at"),
    )
    came_back = Touch.objects.filter(outreach=OuterRef("pk"), message__bounced_at__isnull=False)
    return (
        Outreach.objects.running()
        .filter(
            ~Q(partner__status=Status.PROSPECT)
            | Q(partner__step=Step.SIGNED)
            | Q(partner__do_not_contact=True)
            | Q(contact__do_not_contact=True)
            | Q(contact__left_on__isnull=False)
            | Q(contact__withdrawn_at__isnull=False)
            | Exists(heard)
            | Exists(came_back)
        )
        .select_related("partner")
        .order_by("pk")
    )


def _stop(outreach: Outreach, at: datetime) -> bool:
    stands = touches.standing(outreach)
    why = rules.why_it_stops(stands)
    return bool(why) and touches.stop(outreach, why, touches.SYSTEM, at, answered=stands.has_answered)


def _ticked() -> QuerySet[Touch]:
    """Touches that wait for a person whose task was done or left out where tasks stand."""
    closed = Q(task__done_at__isnull=False) | Q(task__skipped_at__isnull=False)
    rows = Touch.objects.filter(closed, state=Touch.State.DUE, outreach__state=Outreach.State.RUNNING)
    return rows.select_related("task", "outreach").order_by("pk")


def _follow(touch: Touch, at: datetime) -> bool:
    task = touch.task
    assert task is not None  # only touches with a task are looked at
    try:
        if task.done_at is not None:
            touches.done(touch, by=task.done_by or touches.SYSTEM, at=at)
        else:
            touches.skip(touch, task.skipped_reason, by=touches.SYSTEM, at=at)
    except Refused:
        return False  # somebody was quicker
    return True


def check(outreach: Outreach, at: datetime) -> None:
    """The next touch of one outreach has come."""
    Outreach.objects.filter(pk=outreach.pk).update(next_check_at=None)
    if _stop(outreach, at):
        return
    touch = outreach.touches.filter(state=Touch.State.PLANNED).first()
    if touch is None:
        return
    author = outreach.approved_by
    if touch.is_mail and outreach.sequence.sends_by_itself and author is not None and author.is_active:
        try:
            with transaction.atomic():
                touches.send(touch, author, at, as_given=touches.SYSTEM)
            return
        except Refused as refusal:
            touch.note = str(refusal)[:300]
    _ask(outreach, touch, at)


def _ask(outreach: Outreach, touch: Touch, at: datetime) -> None:
    """It waits for a person: a task on Today, and a row in the list of what is due."""
    who = outreach.person if outreach.person.is_active else outreach.partner.owner
    text = f"{WORDS[touch.kind]}: {touch}" + (f" ({outreach.contact})" if outreach.contact else "")
    task = tasks.add(
        outreach.partner,
        text[:300],
        by=touches.SYSTEM,
        at=at,
        owner=who,
        due_on=touch.due_on,
        stage=outreach.partner.stage,
    )
    waits = {"state": Touch.State.DUE, "task": task, "note": touch.note}
    Touch.objects.filter(pk=touch.pk, state=Touch.State.PLANNED).update(**waits)


def ways(row: Outreach, at: datetime) -> list[repointing.Way]:
    """How outreach stands aside where the partner it is merged into has its own: it stops."""
    stopped = {"state": Outreach.State.STOPPED, "ended_why": "It was merged.", "next_check_at": None}
    return [{**stopped, "ended_at": max(at, row.began_at)}]
