"""The plan that repairs: the dated actions of both sides as its steps, what good looks like, and the day to
look again. A step and the promise made of it are one thing: done, owed again, moved or dropped together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import commitments
from conversations.commitments import CommitmentRefused
from conversations.models import Commitment
from lifecycle import tasks
from lifecycle.models import Plan, Task
from lifecycle.onboarding import plans
from partners.models import Contact, Event, Stage
from partners.organisations import local_day
from reviews.models import Action, Review
from team.models import User

By = User | Contact | str
Status = Commitment.Status
DROPPED = {Status.BROKEN, Status.WITHDRAWN}
KEPT = {Status.KEPT, Status.RENEGOTIATED, Status.LATE}


@transaction.atomic
def plan(review: Review, by: User, at: datetime) -> None:
    """Make the plan of a review whose outcome is to repair, or let the one that runs say what was decided.
    The partner sees it once the outcome is shared."""
    running = _running(review)
    if running is None:
        name = _("Repair after the review of {day}").format(day=f"{review.held_on:%-d %B %Y}")
        aim, again = review.outcome_note, review.look_again_on
        running = plans.make_own(review.partner, name, local_day(at, by.zone), by, at, aim, again, False)
        review.repair_plan = running
        Action.objects.filter(review=review).update(task=None)  # steps of a plan that was stopped
        Review.objects.filter(pk=review.pk).update(repair_plan=running)
    said = {"aim": review.outcome_note, "look_again_on": review.look_again_on, "is_shared": False}
    Plan.objects.filter(pk=running.pk).update(**said)
    for action in review.actions.select_related("owner", "contact", "commitment"):
        add_step(action, review, by, at)


def call_off(review: Review, by: User, at: datetime) -> None:
    """Another outcome: the plan ends; what was promised stays promised."""
    running = _running(review)
    if running is not None:
        outcome = str(review.get_outcome_display())
        plans.stop(running, _("The outcome is another: {outcome}.").format(outcome=outcome), by, at)


def share(review: Review) -> None:
    """The partner sees the plan from now on."""
    Plan.objects.filter(review=review).update(is_shared=True)


def add_step(action: Action, review: Review, by: User, at: datetime) -> None:
    """An action that has owner and day as a step of the plan that runs; nothing where it is one already."""
    running = _running(review)
    if running is None or action.missing or action.task_id is not None or not _is_to_do(action):
        return
    action.task = tasks.add(
        review.partner,
        action.text,
        by,
        at,
        side=action.side,
        owner=action.owner,
        contact=action.contact,
        due_on=action.due_on,
        stage=Stage.EVALUATION,
        plan=running,
        tells=False,
    )
    action.save(update_fields=["task"])


def _is_to_do(action: Action) -> bool:
    return action.commitment is None or action.commitment.status == Status.OPEN


def _running(review: Review) -> Plan | None:
    return Plan.objects.running().filter(review=review).first()


# --- step and promise -------------------------------------------------------------------------------------


def task_changed(task: Task, by: By, at: datetime) -> None:
    """A step that is done keeps its promise; taken up again, it is owed again. One that is left out leaves
    the promise as it is: only its own page says that it is broken or withdrawn."""
    action = Action.objects.filter(task=task).exclude(commitment=None).select_related("commitment").first()
    promise = action.commitment if action is not None else None
    if promise is None or isinstance(by, str):
        return
    if task.done_at is not None and promise.status == Status.OPEN:
        commitments.keep(promise, by, at)
    elif task.is_open and promise.status in KEPT:
        _owe_again(promise, by, at)


def _owe_again(promise: Commitment, by: User | Contact, at: datetime) -> None:
    about = Event.objects.filter(about_kind="commitment", about_id=promise.pk)
    kept = about.filter(kind="promise_kept", undone_by=None).order_by("-pk").first()
    if kept is None:
        return
    try:
        with transaction.atomic():
            commitments.undo(kept, by, at)
    except CommitmentRefused:
        return  # something came after it: the promise stays as it was said


def promise_changed(promise: Commitment, columns: set[str], by: By, at: datetime) -> None:
    """A promise that is kept or dropped closes its step; owed again, it opens it; its words, its owner and
    its day are the step's."""
    task = Task.objects.select_related("partner", "plan").filter(review_action__commitment=promise).first()
    if task is None or (task.plan is not None and task.plan.stopped_reason):
        return
    if "status" in columns:
        _close_or_open(task, promise, by, at)
    elif task.is_open and isinstance(by, User):
        tasks.change(task, _said(promise, columns), by, at)


def _close_or_open(task: Task, promise: Commitment, by: By, at: datetime) -> None:
    if task.is_open and promise.status in KEPT and not isinstance(by, str):
        tasks.done(task, by, at)
    elif task.is_open and promise.status in DROPPED:
        reason = _("The promise is {state}.").format(state=str(promise.get_status_display()).lower())
        tasks.skip(task, reason, by if isinstance(by, User) else str(by), at)
    elif not task.is_open and promise.status == Status.OPEN and isinstance(by, User):
        tasks.undone(task, by, at)


def _said(promise: Commitment, columns: set[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if "text" in columns:
        facts["text"] = promise.text[:300]
    if "owner_id" in columns:
        facts["owner"] = promise.owner
    if "promised_for" in columns:
        facts["due_on"] = promise.promised_for
    return facts
