"""What people who were asked to a review are told: that it is moved, or does not take place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from conversations.meetings import calling, settling
from conversations.meetings.sending import CANCEL, REQUEST
from conversations.models import Message
from prm.models import OutboxItem
from prm.outbox import Mail
from reviews.models import Review, ReviewInvitation
from team.models import Company, User

MAIL = "review_invitation"


def send(
    invitation: ReviewInvitation,
    method: str,
    to: Iterable[str],
    at: datetime,
    to_us: Iterable[User] | None = None,
) -> None:
    calling.send(invitation, MAIL, {"invitation": invitation.pk}, method, to, at, to_us)


def moved(review: Review, at: datetime) -> None:
    """It takes place on another day, at the same time of day."""
    invitation = _standing(review)
    if invitation is None:
        return
    length, zone = invitation.ends_at - invitation.starts_at, ZoneInfo(invitation.organiser.zone)
    clock = invitation.starts_at.astimezone(zone).time()
    invitation.starts_at = datetime.combine(review.on, clock, zone)
    invitation.ends_at = invitation.starts_at + length
    invitation.sequence += 1
    invitation.save()
    send(invitation, REQUEST, calling.addresses(invitation), at)


def called_off(review: Review, at: datetime) -> None:
    """It does not take place."""
    invitation = _standing(review)
    if invitation is None:
        return
    invitation.is_off, invitation.sequence = True, invitation.sequence + 1
    invitation.save()
    send(invitation, CANCEL, calling.addresses(invitation), at)


def held(review: Review, message: Message, at: datetime) -> None:
    """It was held, and this message says so; where that was before the day asked for, that one is off."""
    if review.held_on is not None and review.held_on < review.on:
        called_off(review, at)
    elif (invitation := _standing(review)) is not None:
        settling.held(invitation.uid, message)


def _standing(review: Review) -> ReviewInvitation | None:
    return ReviewInvitation.objects.filter(review=review, is_off=False).select_related("organiser").first()


def still_stands(item: OutboxItem) -> bool:
    """A newer word makes one that has not left stale; what is called off is always said."""
    now = {"pk": item.about["invitation"], "sequence": item.about["sequence"], "is_off": False}
    return item.about["method"] == CANCEL or ReviewInvitation.objects.filter(**now).exists()


def compose(item: OutboxItem) -> Mail:
    rows = ReviewInvitation.objects.select_related("review__partner", "organiser")
    invitation = rows.get(pk=item.about["invitation"])
    context = {
        "invitation": invitation,
        "company": Company.objects.first(),
        "is_off": item.about["method"] == CANCEL,
        "is_change": item.about["sequence"] > 0,
    }
    subject = render_to_string("emails/review_invitation.subject.txt", context)
    body = render_to_string("emails/review_invitation.txt", context)
    return calling.mail(invitation, MAIL, item.about, subject, body, item.created_at)
