"""The list of touches: what is due today, what is planned, with whom and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from lifecycle.recruitment.outreach.models import Kind, Outreach, Touch, TouchQuerySet
from prm import addresses
from prm.listing import Listing
from prm.paging import Order
from team.models import User

ME = "me"
COLUMNS = (
    "pk",
    "kind",
    "subject",
    "text",
    "state",
    "due_on",
    "outreach__partner_id",
    "outreach__partner__name",
    "outreach__contact__name",
    "outreach__sequence__name",
    "outreach__person__name",
)


class TouchFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        choices=Touch.State.choices, distinct=False, label=gettext_lazy("State")
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=Kind.choices, distinct=False, label=gettext_lazy("What")
    )
    person = django_filters.ChoiceFilter(
        method="of_person", choices=[(ME, gettext_lazy("Me"))], label=gettext_lazy("Who")
    )

    class Meta:
        model = Touch
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: TouchQuerySet, user: User) -> None:
        super().__init__(address, rows)
        self.user = user

    def of_person(self, rows: TouchQuerySet, _name: str, value: str) -> TouchQuerySet:
        return rows.filter(outreach__person=self.user) if value == ME else rows


@dataclass(frozen=True)
class Row:
    """One touch, in words."""

    key: int
    url: str
    words: str
    kind: str
    kind_words: str
    partner: str
    contact: str
    sequence: str
    person: str
    due_on: date
    state: str
    is_late: bool

    @property
    def is_due(self) -> bool:
        return self.state == Touch.State.DUE


class TouchListing(Listing):
    """One address of the list: touches of outreach that runs, and those that were done."""

    SORTS = {"due": Order("due_on", nullable=False)}
    HEADS = {"due": gettext_lazy("Day")}
    FIRST = "due"

    def __init__(self, address: QueryDict, user: User) -> None:
        ahead = [Touch.State.PLANNED, Touch.State.DUE]
        ended = Touch.objects.filter(state__in=ahead).exclude(outreach__state=Outreach.State.RUNNING)
        rows = Touch.objects.visible_to(user).exclude(pk__in=ended.values("pk"))
        super().__init__(address, TouchFilter(address, rows, user))

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        page = self.shown(self.rows.values_list(*COLUMNS, named=True))
        rows = [_row(found, on) for found in page.rows]
        return {"rows": rows, **self.counted(), **self.around(page)}


def _row(found: Any, on: date) -> Row:
    return Row(
        key=found.pk,
        url=f"{addresses.of('lifecycle:outreach_with', found.outreach__partner_id)}#t{found.pk}",
        words=found.subject or Truncator(found.text).chars(90),
        kind=found.kind,
        kind_words=str(Kind(found.kind).label),
        partner=found.outreach__partner__name,
        contact=found.outreach__contact__name or "",
        sequence=found.outreach__sequence__name,
        person=found.outreach__person__name,
        due_on=found.due_on,
        state=str(found.state),
        is_late=found.state == Touch.State.DUE and found.due_on < on,
    )
