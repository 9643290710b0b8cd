"""Invitations leave by mail, and one reminder on the fifth day after; each asks again before it leaves
whether it is still wanted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.template.loader import render_to_string

from partners import contacting
from prm import clock, outbox, sweeper
from prm.models import OutboxItem
from prm.outbox import Mail
from reviews.surveying import addresses
from reviews.surveying.models import Invitation
from team.models import Company

MAIL, REMINDER = "survey", "survey_reminder"
REMIND = timedelta(days=5)
RELATED = ("survey", "contact__partner__owner")


def sweep(at: datetime) -> int:
    """Send the invitations whose time has come, and the reminders."""
    due = Invitation.objects.asked().select_related("survey", "contact__partner")
    return sweeper.in_batches(due, at, check)


def check(invitation: Invitation, at: datetime) -> None:
    """First the invitation, then, where it is still to be answered, the reminder."""
    mine = Invitation.objects.filter(pk=invitation.pk, next_check_at=invitation.next_check_at)
    if not stands(invitation, at):
        mine.update(next_check_at=None)
    elif invitation.sent_at is None:
        if mine.update(sent_at=at, next_check_at=at + REMIND):
            outbox.put(MAIL, f"{MAIL}:{invitation.pk}", at, {"invitation": invitation.pk})
    elif mine.update(reminded_at=at, next_check_at=None):
        outbox.put(REMINDER, f"{REMINDER}:{invitation.pk}", at, {"invitation": invitation.pk})


def stands(invitation: Invitation, at: datetime) -> bool:
    """Whether it can still be answered, and its person wants to be asked."""
    contact = invitation.contact
    if contact is None or not contact.email or contacting.forbidden(contact.partner, contact):
        return False
    return Invitation.objects.open(at).filter(pk=invitation.pk).exists()


def still_stands(item: OutboxItem) -> bool:
    return stands(_of(item), clock.now())


def compose(item: OutboxItem) -> Mail:
    invitation = _of(item)
    contact = invitation.contact
    if contact is None:
        raise outbox.GivenUp("Its person is gone.")
    stop, owner = addresses.stop_address(invitation), contact.partner.owner
    context = {
        "invitation": invitation,
        "survey": invitation.survey,
        "contact": contact,
        "question": invitation.survey.questions.first(),
        "company": Company.objects.first(),
        "address": addresses.address(invitation),
        "stop": stop,
        "again": item.kind == REMINDER,
    }
    return Mail(
        to=[contact.email],
        subject=render_to_string("emails/survey.subject.txt", context).strip(),
        body=render_to_string("emails/survey.txt", context).strip() + "\n",
        html=render_to_string("emails/survey.html", context),
        reply_to=[owner.email] if owner else [],
        headers={
            outbox.GENERATOR: MAIL,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        is_private=True,  # who reads the address answers in its person's name
    )


def _of(item: OutboxItem) -> Invitation:
    return Invitation.objects.select_related(*RELATED).get(pk=item.about["invitation"])
