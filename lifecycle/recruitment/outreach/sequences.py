"""Sequences are kept: their steps, and whether their mails leave by themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from conversations import filling
from lifecycle.recruitment.outreach.models import Kind, Sequence, Step
from partners.models import Event
from prm import references
from prm.refusals import Refused
from team.models import User

MOST_STEPS = 12
STARTER = "First contact"
STEPS = (
    (
        Kind.MAIL,
        0,
        "{partner} and {company}",
        "Hello {contact first name},\n\n⟦what you noticed about them⟧ We look for partners in your field and "
        "would like to know whether that is of interest. Would twenty minutes next week suit you?\n\n{me}",
    ),
    (Kind.CALL, 3, "", "Call {contact}: did the mail arrive, who decides about partners there?"),
    (
        Kind.MAIL,
        5,
        "Is this of interest?",
        "Hello {contact first name},\n\nI wrote last week about working together. Should I ask somebody "
        "else at {partner}, or is now not the time?\n\n{me}",
    ),
)


class SequenceRefused(Refused):
    """The sequence cannot be kept like this."""


def seed() -> None:
    """Write the sequence a company begins with, unless there is one. It sends nothing by itself."""
    if Sequence.objects.exists():
        return
    sequence = Sequence.objects.create(name=STARTER)
    Step.objects.bulk_create(
        Step(sequence=sequence, position=position, kind=kind, after_days=days, subject=subject, text=text)
        for position, (kind, days, subject, text) in enumerate(STEPS)
    )


@transaction.atomic
def add_step(
    sequence: Sequence, kind: str, after_days: int, subject: str, text: str, by: User, at: datetime
) -> Step:
    """A further touch at the end. Outreach that runs keeps the steps it began with."""
    last = sequence.steps.aggregate(last=Max("position"))["last"]
    if sequence.steps.count() >= MOST_STEPS:
        raise SequenceRefused(f"A sequence has {MOST_STEPS} touches at most.")
    step = Step(sequence=sequence, position=0 if last is None else last + 1)
    return _save(step, kind, after_days, subject, text, by, at)


@transaction.atomic
def change_step(
    step: Step, kind: str, after_days: int, subject: str, text: str, by: User, at: datetime
) -> Step:
    return _save(step, kind, after_days, subject, text, by, at)


@transaction.atomic
def remove_step(step: Step, by: User, at: datetime) -> None:
    note = f"{step.sequence}: “{step}” left out"
    step.delete()
    _record(step.sequence, "sequence_changed", note, by, at)


@transaction.atomic
def switch(sequence: Sequence, on: bool, by: User, at: datetime) -> None:
    """Let its mails leave by themselves once they were approved for a prospect, or no more."""
    changed = {"sends_by_itself": on, "switched_by": by, "switched_at": at}
    if not Sequence.objects.filter(pk=sequence.pk, sends_by_itself=not on).update(**changed):
        raise SequenceRefused(f"It is {'on' if on else 'off'} already.")
    for name, value in changed.items():
        setattr(sequence, name, value)
    _record(sequence, "sequence_switched", f"{sequence}: {'on' if on else 'off'}", by, at)


def _save(step: Step, kind: str, after_days: int, subject: str, text: str, by: User, at: datetime) -> Step:
    step.kind, step.after_days = kind, after_days
    step.subject, step.text = filling.checked(subject), filling.checked(text)
    is_first_mail = kind == Kind.MAIL and not _mails_before(step)
    if is_first_mail and not step.subject:
        raise SequenceRefused(
            "The first mail needs a subject; those after it answer in the same conversation."
        )
    step.save()
    _record(step.sequence, "sequence_changed", f"{step.sequence}: “{step}”", by, at)
    return step


def _mails_before(step: Step) -> bool:
    return step.sequence.steps.filter(kind=Kind.MAIL, position__lt=step.position).exists()


def _record(sequence: Sequence, kind: str, note: str, by: User, at: datetime) -> None:
    Event.record(kind, at, by, about=references.to(sequence), note=note)
