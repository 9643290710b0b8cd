"""Satisfaction as something that tiers tell beside what they want. Whatever is answered, and whether anybody
answers, no tier is earned, kept or lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.growth.tiering.criteria import Asked, Criterion, Row
from reviews.surveying.answering import CHANGEABLE
from reviews.surveying.disclosure import in_fives
from reviews.surveying.models import Mark, Survey
from team.companies import zone_of

SATISFIED = 4  # of five


def _marks(asked: Asked) -> QuerySet[Mark]:
    """What was marked of five in attributed surveys in these months and changes no more, the first first."""
    zone = ZoneInfo(zone_of())
    since = datetime.combine(asked.first_day, time.min, zone)
    until = datetime.combine(asked.day + timedelta(days=1), time.min, zone)
    return Mark.objects.filter(
        answer__invitation__partner__in=asked.partners,
        answer__invitation__survey__is_confidential=False,
        answer__invitation__survey__kind=Survey.Kind.CSAT,
        answer__at__gte=since,
        answer__at__lt=until - CHANGEABLE,
        question__place=0,
        value__isnull=False,
    ).order_by("answer__at", "answer")


def satisfaction(asked: Asked) -> Mapping[int, int]:
    """The share of marks of 4 and 5, in whole per cent, of partners with five answers and more."""
    by_partner: dict[int, list[Mark]] = {}
    for mark in _marks(asked).select_related("answer__invitation"):
        by_partner.setdefault(mark.answer.invitation.partner_id, []).append(mark)
    shares = {}
    for partner, marks in by_partner.items():
        if counted := in_fives(marks):
            shares[partner] = 100 * sum((each.value or 0) >= SATISFIED for each in counted) // len(counted)
    return shares


def rows(asked: Asked) -> list[Row]:
    """The answers that count. Who marked what is read by us alone."""
    zone = ZoneInfo(zone_of())
    related = _marks(asked).select_related("answer__invitation__survey", "answer__invitation__contact")
    return [
        Row(
            str(mark.answer.invitation.survey),
            mark.answer.at.astimezone(zone).date(),
            url=mark.answer.invitation.survey.get_absolute_url(),
            ours=_("{mark} of 5, {person}").format(mark=mark.value, person=mark.answer.invitation.contact),
        )
        for mark in in_fives(list(related))
    ]


CRITERION = Criterion(
    "satisfaction",
    gettext_lazy("Satisfaction"),
    gettext_lazy("% satisfied answers"),
    satisfaction,
    rows,
    has_window=True,
    absent=None,
    decides=False,
    words=gettext_lazy(
        "Marks of 4 and 5 of five that its people gave us under their names, from five answers on. Told "
        "beside: no tier is earned, kept or lost by it, so that nobody need answer or please."
    ),
)
