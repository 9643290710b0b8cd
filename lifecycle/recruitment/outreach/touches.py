"""Outreach is begun, its mails are looked through and approved, its touches are done, and it stops.

Nothing leaves unless a person sent it, or a person approved the mails of this prospect and a person let
the sequence send by itself. Before each mail it is asked again whether outreach goes on.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from conversations import filling, messages
from conversations.filling import About
from conversations.models import Message
from lifecycle import tasks, transitions
from lifecycle.onboarding import offsets
from lifecycle.recruitment.outreach import rules
from lifecycle.recruitment.outreach.models import Kind, Outreach, Sequence, Touch
from partners import contacting
from partners.models import Contact, Event, Partner, Status, Step
from partners.organisations import local_day
from prm import references
from prm.calendars import WorkCalendar
from prm.refusals import Refused
from team import companies
from team.companies import zone_of
from team.models import User

Actor = User | str
SYSTEM = "outreach"


class OutreachRefused(Refused):
    """The touch or the outreach is not in a state for this."""


@transaction.atomic
def begin(partner: Partner, sequence: Sequence, contact: Contact | None, by: User, at: datetime) -> Outreach:
    """Plan the touches of a sequence with a prospect, the words filled in. Nothing leaves yet."""
    held = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if held.status != Status.PROSPECT or held.step == Step.SIGNED:
        raise OutreachRefused(f"Outreach is for prospects that have not signed; {partner} is none.")
    if forbidden := contacting.forbidden(held, contact):
        raise OutreachRefused(forbidden)
    if Outreach.objects.running().filter(partner=held).exists():
        raise OutreachRefused(f"There is outreach to {partner} already. Stop it first.")
    made = Outreach.objects.create(
        partner=held, sequence=sequence, contact=contact, person=by, began_at=at, next_check_at=at
    )
    if not _plan(made, at):
        raise OutreachRefused("This sequence has no touches. An admin adds them under Settings.")
    _look_again(made)
    _record("outreach_begun", made, by, at, note=str(sequence))
    return made


def _plan(outreach: Outreach, at: datetime) -> list[Touch]:
    about = About(outreach.partner, outreach.person, outreach.contact)
    values = about.values(about.language)
    calendar, day = companies.working_days(), local_day(at, zone_of(outreach.person))
    planned = []
    for step in outreach.sequence.steps.all():
        day = offsets.day_after(calendar, day, step.after_days)
        planned.append(
            Touch(
                outreach=outreach,
                position=step.position,
                kind=step.kind,
                after_days=step.after_days,
                subject=filling.fill(step.subject, values)[:200],
                text=filling.fill(step.text, values),
                due_on=day,
            )
        )
    return Touch.objects.bulk_create(planned)


@transaction.atomic
def edit(touch: Touch, subject: str, text: str, by: User, at: datetime) -> None:
    """Change the words of a touch that lies ahead. Mails changed after they were approved are approved by
    whoever changed them."""
    if not text.strip():
        raise OutreachRefused("Write a few words first.")
    changed = {"subject": " ".join(subject.split())[:200], "text": text.strip()}
    if (
        not Touch.objects.ahead()
        .filter(pk=touch.pk, outreach__state=Outreach.State.RUNNING)
        .update(**changed)
    ):
        raise OutreachRefused("This touch was done or left out already.")
    touch.subject, touch.text = changed["subject"], changed["text"]
    if touch.is_mail and touch.outreach.approved_at is not None:
        approve(touch.outreach, by, at)


@transaction.atomic
def approve(outreach: Outreach, by: User, at: datetime) -> None:
    """Its mails may leave as they stand. Refused while something in them is still to be filled in."""
    for mail in outreach.touches.ahead().filter(kind=Kind.MAIL):
        filling.must_be_filled(f"{mail.subject}\n{mail.text}")
    approved = {"approved_by": by, "approved_at": at}
    if not Outreach.objects.running().filter(pk=outreach.pk).update(**approved):
        raise OutreachRefused("This outreach has ended.")
    outreach.approved_by, outreach.approved_at = by, at
    _record("outreach_approved", outreach, by, at)


@transaction.atomic
def send(touch: Touch, by: User, at: datetime, as_given: Actor | None = None) -> Message:
    """Let a mail leave now, in the conversation of those before it; `by` writes it. Refused where outreach
    must stop: it is asked again here."""
    outreach = _held(touch)
    if why := rules.why_it_stops(standing(outreach)):
        raise OutreachRefused(f"Not sent: {why}")
    filling.must_be_filled(f"{touch.subject}\n{touch.text}")
    _close(touch, Touch.State.DONE, at)
    if outreach.conversation is None:
        message = messages.start(outreach.partner, touch.subject, touch.text, by, at, to=outreach.contact)
        Outreach.objects.filter(pk=outreach.pk).update(conversation=message.conversation)
    else:
        message = messages.reply(outreach.conversation, touch.text, by, at, to=outreach.contact)
    Touch.objects.filter(pk=touch.pk).update(message=message)
    _go_on(outreach, touch, as_given or by, at)
    return message


@transaction.atomic
def done(touch: Touch, by: Actor, at: datetime) -> None:
    """A call or something else is done, or the mail went another way."""
    outreach = _held(touch)
    _close(touch, Touch.State.DONE, at)
    _go_on(outreach, touch, by, at)


@transaction.atomic
def skip(touch: Touch, why: str, by: Actor, at: datetime) -> None:
    """Leave a touch out; the one after it comes in its turn."""
    outreach = _held(touch)
    _close(touch, Touch.State.SKIPPED, at, note=why[:300])
    _go_on(outreach, touch, by, at)


@transaction.atomic
def stop(outreach: Outreach, why: str, by: Actor, at: datetime, answered: bool = False) -> bool:
    """No touch of it comes any more; what lay ahead stays as planned, for the record. False where it had
    ended already."""
    state = Outreach.State.ANSWERED if answered else Outreach.State.STOPPED
    return _end(outreach, state, why, by, at)


def standing(outreach: Outreach) -> rules.Standing:
    """How things stand with its prospect, read anew."""
    partner = Partner.objects.get(pk=outreach.partner_id)
    contact = Contact.objects.filter(pk=outreach.contact_id or 0).first()
    heard = Message.objects.filter(
        partner=partner, direction=Message.Direction.IN, is_automatic=False, withdrawn_at=None
    )
    return rules.Standing(
        status=partner.status,
        step=partner.step,
        has_answered=heard.filter(occurred_at__gt=outreach.began_at).exists(),
        has_bounced=outreach.touches.filter(message__bounced_at__isnull=False).exists(),
        contact_is_gone=contact is not None and bool(contact.left_on or contact.withdrawn_at),
        forbidden=contacting.forbidden(partner, contact),
    )


def starts_at(day: date, calendar: WorkCalendar) -> datetime:
    """The first working moment of a day, or after it where it is a day off."""
    return calendar.due(datetime.combine(day, time(), calendar.zone), 0)


# --- inside ---------------------------------------------------------------------------------------------


def _held(touch: Touch) -> Outreach:
    rows = Outreach.objects.select_for_update(of=("self",)).select_related("partner", "conversation")
    outreach = rows.get(pk=touch.outreach_id)
    if not outreach.is_running:
        raise OutreachRefused(f"This outreach has ended. {outreach.ended_why}".strip())
    return outreach


def _close(touch: Touch, state: str, at: datetime, note: str = "") -> None:
    """Claim a touch that lies ahead, so that two who press close it once."""
    closed = {"state": state, "closed_at": at, "note": note}
    if not Touch.objects.ahead().filter(pk=touch.pk).update(**closed):
        raise OutreachRefused("This touch was done or left out already.")
    touch.state, touch.closed_at, touch.note = state, at, note


def _go_on(outreach: Outreach, touch: Touch, by: Actor, at: datetime) -> None:
    """After a touch: its task is ticked, a prospect nobody had spoken to counts as contacted, the next
    touches are counted from today, and with the last one outreach is through."""
    _tick(touch, by, at)
    kind = "touch_done" if touch.state == Touch.State.DONE else "touch_skipped"
    _record(kind, outreach, by, at, note=f"{touch.get_kind_display()}: {touch}")
    if touch.state == Touch.State.DONE:
        _contacted(outreach.partner, by, at)
    rest = list(outreach.touches.ahead())
    if not rest:
        _end(outreach, Outreach.State.DONE, "No answer.", SYSTEM, at)
        return
    calendar, day = companies.working_days(), local_day(at, zone_of(outreach.person))
    for ahead in rest:
        if ahead.state == Touch.State.PLANNED:
            ahead.due_on = day = offsets.day_after(calendar, day, ahead.after_days)
    Touch.objects.bulk_update(rest, ["due_on"])
    _look_again(outreach)


def _contacted(partner: Partner, by: Actor, at: datetime) -> None:
    if partner.status == Status.PROSPECT and partner.step == Step.IDENTIFIED:
        transitions.advance(partner, Step.CONTACTED, by=by, at=at)


def _tick(touch: Touch, by: Actor, at: datetime) -> None:
    task = touch.task
    if task is None or not task.is_open:
        return
    if isinstance(by, User) and touch.state == Touch.State.DONE:
        tasks.done(task, by=by, at=at)
    else:
        tasks.skip(task, touch.note or "The touch is done.", by=by, at=at)


def _look_again(outreach: Outreach) -> None:
    """When the next touch comes: where one waits for a person, not before that one is done."""
    waiting = outreach.touches.filter(state=Touch.State.DUE).exists()
    first = outreach.touches.filter(state=Touch.State.PLANNED).first()
    moment = None if waiting or first is None else starts_at(first.due_on, companies.working_days())
    Outreach.objects.filter(pk=outreach.pk).update(next_check_at=moment)


def _end(outreach: Outreach, state: str, why: str, by: Actor, at: datetime) -> bool:
    ended = {"state": state, "ended_at": at, "ended_why": why[:300], "next_check_at": None}
    if not Outreach.objects.running().filter(pk=outreach.pk).update(**ended):
        return False
    for touch in outreach.touches.filter(state=Touch.State.DUE).select_related("task__partner"):
        if touch.task is not None and touch.task.is_open:
            tasks.skip(touch.task, why, by=by, at=at)
    _record("outreach_ended", outreach, by, at, note=why)
    return True


def _record(kind: str, outreach: Outreach, by: Actor, at: datetime, note: str = "") -> None:
    Event.record(kind, at, by, outreach.partner, references.to(outreach), note=note)
