"""What the road itself can count for tiers: revenue, registrations, certified people, numbers of our own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from lifecycle.growth.models import Credit, Deal, Registration
from lifecycle.growth.tiering import criteria
from lifecycle.growth.tiering.criteria import Asked, Criterion, Row
from lifecycle.growth.tiering.models import Measurement
from lifecycle.onboarding.learning.models import Certificate
from prm.money import Money
from team.companies import zone_of

MOST = 500  # rows shown of one number


# --- revenue --------------------------------------------------------------------------------------------


def _won(asked: Asked) -> QuerySet[Credit]:
    """Primary credits, sourced, for what was won in these months in this currency."""
    return Credit.objects.current().filter(
        partner__in=asked.partners,
        partner=F("deal__partner"),
        role=Credit.Role.SOURCED,
        deal__state=Deal.State.WON,
        deal__currency=asked.currency,
        deal__closed_on__range=(asked.first_day, asked.day),
        deal__amount__isnull=False,
    )


def revenue(asked: Asked) -> Mapping[int, int]:
    rows = _won(asked).order_by().values_list("partner").annotate(total=Sum("deal__amount"))
    return dict(rows)


def revenue_rows(asked: Asked) -> list[Row]:
    rows = _won(asked).select_related("deal__customer").order_by("-deal__closed_on", "-deal")[:MOST]
    return [
        Row(
            f"{each.deal}, {each.deal.customer}",
            each.deal.closed_on,
            str(Money(each.deal.amount or 0, each.deal.currency)),
            each.deal.get_absolute_url(),
        )
        for each in rows
    ]


# --- registrations --------------------------------------------------------------------------------------


def _accepted(asked: Asked) -> QuerySet[Registration]:
    """Registrations asked for in these months that we said yes to."""
    zone = ZoneInfo(zone_of())
    since = datetime.combine(asked.first_day, time.min, zone)
    until = datetime.combine(asked.day + timedelta(days=1), time.min, zone)
    return Registration.objects.filter(
        partner__in=asked.partners, deal__isnull=False, asked_at__gte=since, asked_at__lt=until
    )


def registrations(asked: Asked) -> Mapping[int, int]:
    return dict(_accepted(asked).order_by().values_list("partner").annotate(n=Count("*")))


def registration_rows(asked: Asked) -> list[Row]:
    rows = _accepted(asked).select_related("customer").order_by("-asked_at", "-pk")[:MOST]
    zone = ZoneInfo(zone_of())
    return [
        Row(str(each), each.asked_at.astimezone(zone).date(), url=each.get_absolute_url()) for each in rows
    ]


# --- certified people -----------------------------------------------------------------------------------


def _certified(asked: Asked) -> QuerySet[Certificate]:
    """Certificates of people there that hold on the day."""
    there = Q(contact__left_on=None, contact__withdrawn_at=None, contact__isnull=False)
    rows = Certificate.objects.holding(asked.day).filter(there, partner__in=asked.partners)
    return rows.filter(issued_on__lte=asked.day)


def certified(asked: Asked) -> Mapping[int, int]:
    people = Count("contact", distinct=True)
    return dict(_certified(asked).order_by().values_list("partner").annotate(n=people))


def certificate_rows(asked: Asked) -> list[Row]:
    """A row for each person, with what it holds."""
    people: dict[Any, list[Certificate]] = {}
    for each in _certified(asked).select_related("course").order_by("name", "-issued_on")[:MOST]:
        people.setdefault(each.contact_id, []).append(each)
    return [
        Row(
            f"{held[0].name}: {', '.join(str(each.course) for each in held)}",
            held[0].issued_on,
            url=held[0].get_absolute_url(),
        )
        for held in people.values()
    ]


# --- numbers of our own ---------------------------------------------------------------------------------


def _recorded(asked: Asked) -> QuerySet[Measurement]:
    """What was recorded by the day, the newest last."""
    rows = Measurement.objects.filter(
        measure=criteria.measure_of(asked.key), partner__in=asked.partners, on__lte=asked.day
    )
    return rows.order_by("on", "pk")


def own(asked: Asked) -> Mapping[int, int]:
    return dict(_recorded(asked).values_list("partner", "value"))  # the newest comes last, and stays


def own_rows(asked: Asked) -> list[Row]:
    newest = _recorded(asked).select_related("by", "measure").last()
    if newest is None:
        return []
    note = f"{newest.by}: {newest.note}" if newest.note else str(newest.by)
    return [Row(str(newest.measure), newest.on, f"{newest.value:,}", ours=note)]


REVENUE = Criterion(
    "revenue",
    _("Revenue"),
    _("revenue"),
    revenue,
    revenue_rows,
    has_window=True,
    is_money=True,
    words=_("Won deals it sourced with the primary credit, in the one currency."),
)
REGISTRATIONS = Criterion(
    "registrations",
    _("Accepted registrations"),
    _("accepted registrations"),
    registrations,
    registration_rows,
    has_window=True,
    words=_("Deal registrations of these months that we accepted."),
)
CERTIFIED = Criterion(
    "certified",
    _("Certified people"),
    _("certified people"),
    certified,
    certificate_rows,
    words=_("People there who hold a certificate on the day."),
)
OWN = Criterion(
    criteria.OWN,
    "",
    "",
    own,
    own_rows,
    absent=None,
    words=_("What was recorded last; not recorded, it neither lifts nor lowers."),
)
