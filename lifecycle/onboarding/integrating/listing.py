"""The list of integrations: of which product, how they stand, whose they are, and what holds them up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.models import Integration, Obstacle, Product, Task
from lifecycle.onboarding.integrating.models import IntegrationQuerySet
from prm import search
from prm.listing import KeyFilter, Listing
from prm.paging import Order
from team import choosing
from team.choosing import ColleagueFilter
from team.models import User

ME = "me"
WITH = ("partner", "product", "our_contact", "their_contact")


class IntegrationFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Partner"))
    state = django_filters.MultipleChoiceFilter(
        choices=Integration.State.choices, distinct=False, label=gettext_lazy("State")
    )
    product = django_filters.ModelChoiceFilter(
        queryset=Product.objects.all(),
        label=gettext_lazy("Product"),
        empty_label=gettext_lazy("all products"),
        widget=forms.Select({"class": "form-select"}),
    )
    person = ColleagueFilter(
        method="of_person",
        label=gettext_lazy("Technical contact"),
        empty_label=gettext_lazy("whoever of us"),
    )
    blocked = django_filters.ChoiceFilter(
        method="held_up", choices=[("1", gettext_lazy("yes"))], label=gettext_lazy("Blocked")
    )
    partner = KeyFilter("partner", label=gettext_lazy("Partner"))

    class Meta:
        model = Integration
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: IntegrationQuerySet, user: User) -> None:
        super().__init__(address, rows)
        self.user = user
        people = User.objects.filter(pk__in=Integration.objects.values("our_contact"))
        choosing.offer_listed(self, "person", [(ME, _("Me"))], people, user)
        self.form.fields["person"].widget.attrs["class"] = "form-select"

    def said(self, rows: IntegrationQuerySet, _name: str, value: str) -> IntegrationQuerySet:
        for word in search.words(value)[:8]:
            rows = rows.filter(partner__search_key__contains=word)
        return rows

    def of_person(self, rows: IntegrationQuerySet, _name: str, value: str) -> IntegrationQuerySet:
        return rows.filter(our_contact=self.user.pk if value == ME else int(value))

    def held_up(self, rows: IntegrationQuerySet, _name: str, value: str) -> IntegrationQuerySet:
        return rows.blocked() if value else rows


@dataclass(frozen=True)
class Row:
    """One integration of the list, with how far its checklist is and what is in its way."""

    integration: Integration
    done: int
    tasks: int
    obstacles: int
    blocking: int
    is_late: bool


class IntegrationListing(Listing):
    """One address of the list."""

    SORTS = {
        "begun": Order("begun_at", nullable=False),
        "target": Order("target_on"),
        "partner": Order("partner__sort_name", nullable=False),
    }
    HEADS = {"partner": gettext_lazy("Integration"), "target": gettext_lazy("Live by")}
    FIRST = "-begun"

    def __init__(self, address: QueryDict, user: User) -> None:
        rows = Integration.objects.visible_to(user)
        super().__init__(address, IntegrationFilter(address, rows, user))

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        page = self.shown(self.rows.select_related(*WITH))
        return {"rows": measured(page.rows, on), **self.counted(), **self.around(page)}


def measured(rows: Iterable[Integration], on: date) -> list[Row]:
    """These integrations with how far they are; two queries."""
    found = list(rows)
    tasks = Task.objects.filter(plan__in=[each.plan_id for each in found]).order_by().values("plan")
    closed = Q(done_at__isnull=False) | Q(skipped_at__isnull=False)
    counted = tasks.annotate(n=Count("pk"), done=Count("pk", filter=closed))
    steps = {row["plan"]: (row["done"], row["n"]) for row in counted}
    obstacles = Obstacle.objects.open().filter(integration__in=[each.pk for each in found])
    grouped = obstacles.order_by().values("integration")
    grouped = grouped.annotate(n=Count("pk"), blocking=Count("pk", filter=Q(is_blocking=True)))
    held = {row["integration"]: (row["n"], row["blocking"]) for row in grouped}
    return [
        Row(
            each,
            *steps.get(each.plan_id, (0, 0)),
            *held.get(each.pk, (0, 0)),
            is_late=each.is_running and each.target_on is not None and each.target_on < on,
        )
        for each in found
    ]
