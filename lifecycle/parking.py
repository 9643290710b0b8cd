"""Parked prospects come back on their day, and their owners are told."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from lifecycle import transitions
from lifecycle.transitions import TransitionRefused
from partners.models import Partner, Status
from partners.organisations import local_day
from prm.references import Reference
from team import notices
from team.companies import zone_of

BACK = "back from parking"
WHO = "the calendar"


def wake(at: datetime) -> int:
    """Take up again every parked prospect whose day has come, in the company's zone."""
    zone = zone_of()
    due = Partner.objects.filter(
        status=Status.PARKED, parked_until__lte=local_day(at, zone), merged_into=None
    )
    return sum(
        _wake(partner, zone, at) for partner in due.select_related("owner").order_by("parked_until", "pk")
    )


@transaction.atomic
def _wake(partner: Partner, zone: str, at: datetime) -> bool:
    """False where somebody was quicker."""
    assert partner.parked_until is not None  # a database constraint
    day = datetime.combine(partner.parked_until, time(), ZoneInfo(zone))
    try:
        transitions.unpark(partner, by=WHO, at=at, reason="Its day has come.")
    except TransitionRefused:
        return False
    if partner.owner is not None:
        text = f"{partner} is back from parking, at {partner.place_label}."
        cause = Reference("partner", partner.pk)
        notices.give(
            partner.owner,
            BACK,
            cause,
            due_at=day,
            at=at,
            text=text,
            url=reverse("lifecycle:road", args=[partner.pk]),
        )
    return True
