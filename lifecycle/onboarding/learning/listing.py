"""The list of certificates: whose, of which course, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from lifecycle.onboarding.learning.models import Certificate
from prm import clock
from team.models import User

SHOWN = 100
NEAR = timedelta(days=90)


def certificates(user: User, asked: dict[str, str]) -> QuerySet[Certificate]:
    """Those this person may see, of one partner or ending soon, the first to end first."""
    rows = Certificate.objects.visible_to(user).select_related("course", "partner")
    today = timezone.localdate(clock.now())
    if asked.get("partner", "").isdecimal():
        rows = rows.filter(partner=int(asked["partner"][:15]))
    if asked.get("show") == "ending":
        rows = rows.filter(withdrawn_at=None, valid_until__range=(today, today + NEAR))
    return rows.order_by(F("valid_until").asc(nulls_last=True), "pk")[:SHOWN]


def state(certificate: Certificate, today: date) -> tuple[str, str]:
    """How a certificate stands, as a word and a tone."""
    if certificate.withdrawn_at is not None:
        return "withdrawn", "bad"
    if certificate.valid_until is not None and certificate.valid_until < today:
        return "expired", "warn"
    return "valid", "ok"


def rows(found: QuerySet[Certificate], today: date) -> list[tuple[Certificate, str, str]]:
    return [(each, *state(each, today)) for each in found]


def columns(asked: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The views of the list: name, address, whether it is the one shown."""
    ending = asked.get("show") == "ending"
    return [("Ending soon", "?show=ending", ending), ("All", "?", not ending)]
