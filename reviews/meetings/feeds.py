"""The calendar of a person's reviews, under an address that only it knows."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from reviews.models import Feed, Review
from team.models import User

BACK = timedelta(days=120)
MOST = 500


def address(user: User) -> str:
    """The whole address; it is made on first asking."""
    feed, _made = Feed.objects.get_or_create(user=user)
    return settings.BASE_URL + reverse("reviews:feed", args=[feed.key])


def renew(user: User) -> None:
    """Another address; the former one opens nothing any more."""
    Feed.objects.update_or_create(user=user, defaults={"key": uuid.uuid4()})


def whose(key: UUID) -> User | None:
    """Whose calendar an address opens; nobody's where it was renewed or that person has left."""
    feed = Feed.objects.filter(key=key, user__is_active=True).select_related("user").first()
    return feed.user if feed is not None else None


def written(user: User, at: datetime) -> bytes:
    """The reviews of the partners this person owns, as whole days, from 120 days back."""
    rows = Review.objects.visible_to(user).filter(partner__owner=user, on__gte=(at - BACK).date())
    calendar = Calendar()
    calendar.add("prodid", "-//PRM//Reviews//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Business reviews")
    for review in rows.select_related("partner").order_by("-on", "pk")[:MOST]:
        calendar.add_component(_event(review, at))
    return bytes(calendar.to_ical())


def _event(review: Review, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"review-{review.pk}@{settings.BASE_URL.partition('://')[2].partition('/')[0]}")
    event.add("dtstamp", at)
    on = review.held_on or review.on
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", f"Business review: {review.partner}")
    event.add("description", str(review.get_state_display()))
    event.add("status", "CANCELLED" if review.state == Review.State.CANCELLED else "CONFIRMED")
    event.add("url", settings.BASE_URL + review.get_absolute_url())
    event.add("transp", "TRANSPARENT")
    return event
