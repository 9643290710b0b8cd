"""The list of reviews, and the month as a calendar."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm import addresses, clock, search
from prm.days import plus_months
from prm.listing import KeyFilter, Listing
from prm.paging import Order
from reviews.meetings import figures
from reviews.models import Review, ReviewState
from reviews.models.reviews import STEPS, ReviewQuerySet
from team import choosing
from team.choosing import ColleagueFilter
from team.models import User, known_as

ME, NOBODY = "me", "nobody"
MOST_A_MONTH = 500
COLUMNS = (
    *("pk", "partner_id", "partner__name", "partner__owner__name", "partner__owner__email"),
    *("partner__tier__name", "on", "slot_on", "due_on", "held_on", "state", "in_window"),
    *("our_moves", "their_moves"),
)
TONES = {"held": "info", "minutes": "info", "signed": "ok", "closed": "ok", "pre_read": "info"}


def today() -> date:
    return timezone.localdate(clock.now())


class ReviewFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Partner"))
    partner = KeyFilter("partner", label=gettext_lazy("Partner"))
    owner = ColleagueFilter(method="owned", label=gettext_lazy("Owner"))
    state = django_filters.MultipleChoiceFilter(
        choices=ReviewState.choices, distinct=False, label=gettext_lazy("State")
    )
    show = django_filters.ChoiceFilter(
        method="shown_as",
        choices=[("open", gettext_lazy("a step to come")), ("overdue", gettext_lazy("overdue"))],
        label=gettext_lazy("Show"),
    )
    window = django_filters.ChoiceFilter(
        method="windowed",
        choices=[
            ("in", gettext_lazy("held in window")),
            ("out", gettext_lazy("out of window")),
            ("theirs", gettext_lazy("moved by the partner")),
        ],
        label=gettext_lazy("Window"),
    )
    held = django_filters.NumberFilter(
        method="held_within", label=gettext_lazy("Held within days"), min_value=0, max_value=3650
    )

    due = django_filters.NumberFilter(
        method="due_within", label=gettext_lazy("Due within days"), min_value=0, max_value=3650
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: ReviewQuerySet, user: User) -> None:
        super().__init__(address, rows)
        self.user = user
        choosing.offer_named(self, "owner", [(ME, _("Me")), (NOBODY, _("Nobody"))], user)

    def said(self, rows: ReviewQuerySet, _name: str, value: str) -> ReviewQuerySet:
        for word in search.words(value)[:8]:
            rows = rows.filter(partner__search_key__contains=word)
        return rows

    def owned(self, rows: ReviewQuerySet, _name: str, value: str) -> ReviewQuerySet:
        who = {ME: self.user.pk, NOBODY: None}
        return rows.filter(partner__owner=who[value] if value in who else int(value))

    def shown_as(self, rows: ReviewQuerySet, _name: str, value: str) -> ReviewQuerySet:
        return rows.overdue(today()) if value == "overdue" else rows.open()

    def windowed(self, rows: ReviewQuerySet, _name: str, value: str) -> ReviewQuerySet:
        if value == "theirs":
            return rows.filter(their_moves__gt=0)
        if value == "out":
            return rows.out_of_window(today())
        return rows.filter(figures.IN_WINDOW.counts)

    def held_within(self, rows: ReviewQuerySet, _name: str, value: Any) -> ReviewQuerySet:
        return rows.filter(held_on__gt=today() - timedelta(days=int(value)), held_on__lte=today())

    def due_within(self, rows: ReviewQuerySet, _name: str, value: Any) -> ReviewQuerySet:
        """Those behind the figure: held in the time, or missed in it."""
        return rows.filter(figures.due(today() - timedelta(days=int(value)), today()))


@dataclass(frozen=True)
class Row:
    """One review of the list, in words."""

    url: str
    partner: str
    tier: str
    owner: str
    on: date
    due_on: date | None
    step: str
    word: str
    tone: str
    is_late: bool
    notes: str


class ReviewListing(Listing):
    """One address of the list."""

    SORTS = {
        "on": Order("on", nullable=False),
        "due": Order("due_on"),
        "partner": Order("partner__sort_name", nullable=False),
    }
    HEADS = {
        "partner": gettext_lazy("Partner"),
        "on": gettext_lazy("Day"),
        "due": gettext_lazy("Next step"),
    }
    FIRST = "on"

    def __init__(self, address: QueryDict, user: User) -> None:
        rows = Review.objects.visible_to(user)
        super().__init__(address, ReviewFilter(address, rows, user))

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        rows = [_row(found, on) for found in page.rows]
        return {"rows": rows, **self.counted(), **self.around(page)}


def _row(found: Any, on: date) -> Row:
    is_late = found.due_on is not None and found.due_on < on
    return Row(
        url=addresses.of("reviews:review", found.pk),
        partner=found.partner__name,
        tier=found.partner__tier__name or "",
        owner=known_as(found.partner__owner__name, found.partner__owner__email),
        on=found.held_on or found.on,
        due_on=found.due_on,
        step=str(STEPS.get(found.state, "")),
        word=str(ReviewState(found.state).label),
        tone="bad" if is_late else TONES.get(found.state, ""),
        is_late=is_late,
        notes=", ".join(_notes(found)),
    )


def _notes(found: Any) -> list[str]:
    moved = [(found.our_moves, _("by us")), (found.their_moves, _("by them"))]
    notes = [_("moved {n}× {whom}").format(n=n, whom=whom) for n, whom in moved if n]
    return [*notes, _("out of window")] if found.in_window is False else notes


# --- the month -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A day of the month, and the reviews on it."""

    day: date
    is_in_month: bool
    is_today: bool
    reviews: list[Row]


def month_of(text: str, on: date) -> date:
    """The first day of a month like "2026-12"; of today's, where there is no such month."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return on.replace(day=1)
    return first if 1990 <= first.year <= 2100 else on.replace(day=1)


def month(first: date, rows: ReviewQuerySet, on: date) -> list[list[Cell]]:
    """The weeks of a month, each review on the day it was held or is to be; cancelled ones are left out."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    around = rows.exclude(state=ReviewState.CANCELLED).annotate(day=Coalesce("held_on", "on"))
    around = around.filter(day__range=(weeks[0][0], weeks[-1][-1])).order_by("day", "partner__sort_name")
    by_day: dict[date, list[Row]] = {}
    for found in around.values_list(*COLUMNS, "day", named=True)[:MOST_A_MONTH]:
        by_day.setdefault(found.day, []).append(_row(found, on))
    return [
        [Cell(day, day.month == first.month, day == on, by_day.get(day, [])) for day in week]
        for week in weeks
    ]


def beside(first: date) -> tuple[str, str]:
    """The months before and after, as the address says them."""
    return f"{plus_months(first, -1):%Y-%m}", f"{plus_months(first, 1):%Y-%m}"
