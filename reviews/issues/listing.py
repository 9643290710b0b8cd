"""The list of issues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_filters
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import Wait
from prm import addresses, clock, search
from prm.listing import AmongFilter, KeyFilter, Listing
from prm.paging import Order
from reviews.issues import figures
from reviews.issues.models import Cause, Issue, IssueQuerySet, Severity
from team import choosing
from team.choosing import ColleagueFilter
from team.models import User

ME, NOBODY = "me", "nobody"
TONES = {Severity.CRITICAL: "bad", Severity.SERIOUS: "warn", Severity.MINOR: ""}
COLUMNS = (
    *("pk", "title", "severity", "state", "raised_by_id", "raised_at", "solved_at"),
    *("partner__name", "wait__due_at", "wait__state"),
    *("wait__responsible__name", "wait__responsible__email"),
)


class IssueFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Partner or words"))
    partner = KeyFilter("partner", label=gettext_lazy("Partner"))
    owner = ColleagueFilter(method="owned", label=gettext_lazy("Owner"))
    state = django_filters.MultipleChoiceFilter(
        choices=Issue.State.choices, distinct=False, label=gettext_lazy("State")
    )
    severity = django_filters.MultipleChoiceFilter(
        choices=Severity.choices, distinct=False, label=gettext_lazy("Severity")
    )
    side = django_filters.ChoiceFilter(
        method="raised_on",
        choices=[("ours", gettext_lazy("raised by us")), ("theirs", gettext_lazy("raised by the partner"))],
        label=gettext_lazy("Side"),
    )
    show = django_filters.ChoiceFilter(
        method="shown_as",
        choices=[
            ("open", gettext_lazy("to be solved")),
            ("overdue", gettext_lazy("overdue")),
            ("escalated", gettext_lazy("escalated")),
            ("reopened", gettext_lazy("opened again")),
        ],
        label=gettext_lazy("Show"),
    )
    cause = AmongFilter(queryset=Cause.objects.all(), method="caused", label=gettext_lazy("Cause"))
    promise = django_filters.ChoiceFilter(
        method="promised",
        choices=[("kept", gettext_lazy("solved in time")), ("due", gettext_lazy("its time came"))],
        label=gettext_lazy("Promise, 12 months"),
    )
    solved = django_filters.NumberFilter(
        method="solved_within", label=gettext_lazy("Solved within days"), min_value=0, max_value=3650
    )

    class Meta:
        model = Issue
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: IssueQuerySet, user: User, at: datetime) -> None:
        super().__init__(address, rows)
        self.user, self.at = user, at
        choosing.offer_named(self, "owner", [(ME, _("Me")), (NOBODY, _("Nobody"))], user)

    def said(self, rows: IssueQuerySet, _name: str, value: str) -> IssueQuerySet:
        for word in search.words(value)[:8]:
            rows = rows.filter(Q(partner__search_key__contains=word) | Q(title__icontains=word))
        return rows

    def owned(self, rows: IssueQuerySet, _name: str, value: str) -> IssueQuerySet:
        who = {ME: self.user.pk, NOBODY: None}
        return rows.filter(wait__responsible=who[value] if value in who else int(value))

    def raised_on(self, rows: IssueQuerySet, _name: str, value: str) -> IssueQuerySet:
        return rows.filter(raised_by__isnull=value == "theirs")

    def shown_as(self, rows: IssueQuerySet, _name: str, value: str) -> IssueQuerySet:
        if value == "overdue":
            return rows.overdue(self.at)
        if value == "open":
            return rows.open()
        related = "escalations__isnull" if value == "escalated" else "resolutions__reopened_at__isnull"
        return rows.filter(pk__in=Issue.objects.filter(**{related: False}).values("pk"))

    def caused(self, rows: IssueQuerySet, _name: str, value: Any) -> IssueQuerySet:
        return rows.filter(resolutions__cause__in=value, resolutions__reopened_at=None) if value else rows

    def promised(self, rows: IssueQuerySet, _name: str, value: str) -> IssueQuerySet:
        due = rows.filter(figures.came_due(of_year(self.user, self.at)))
        return due.filter(figures.IN_TIME.counts) if value == "kept" else due

    def solved_within(self, rows: IssueQuerySet, _name: str, value: Any) -> IssueQuerySet:
        return rows.filter(solved_at__gte=self.at - timedelta(days=int(value)), solved_at__lt=self.at)


YEAR = timedelta(days=365)


def of_year(user: User, at: datetime) -> figures.Asked:
    """The last twelve months, as the figures are asked."""
    return figures.Asked(at - YEAR, at, user)


@dataclass(frozen=True)
class Row:
    """One issue of the list, in words."""

    url: str
    title: str
    partner: str
    side: str
    severity: str
    tone: str
    owner: str
    raised_at: datetime
    due_at: datetime
    state: str
    is_open: bool
    is_late: bool


class IssueListing(Listing):
    """One address of the list."""

    SORTS = {
        "due": Order("wait__due_at", nullable=False),
        "raised": Order("raised_at", nullable=False),
        "partner": Order("partner__sort_name", nullable=False),
    }
    HEADS = {
        "partner": gettext_lazy("Issue"),
        "raised": gettext_lazy("Raised"),
        "due": gettext_lazy("Promised by"),
    }
    FIRST = "due"

    def __init__(self, address: QueryDict, user: User) -> None:
        self.at = clock.now()
        rows = Issue.objects.visible_to(user)
        super().__init__(address, IssueFilter(address, rows, user, self.at))

    def page(self) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        rows = [_row(found, self.at) for found in page.rows]
        return {"rows": rows, **self.counted(), **self.around(page)}


def _row(found: Any, at: datetime) -> Row:
    is_open = found.state == Issue.State.OPEN
    person = "wait__responsible__"
    return Row(
        url=addresses.of("reviews:issue", found.pk),
        title=found.title,
        partner=found.partner__name,
        side="" if found.raised_by_id else str(gettext_lazy("raised by them")),
        severity=Severity(found.severity).label,
        tone=TONES[Severity(found.severity)],
        owner=getattr(found, f"{person}name") or getattr(found, f"{person}email") or "",
        raised_at=found.raised_at,
        due_at=found.wait__due_at,
        state=Issue.State(found.state).label,
        is_open=is_open,
        is_late=found.wait__due_at < at if is_open else found.wait__state == Wait.State.MET_LATE,
    )
