"""The list of applications: who applied by which form, since when, how it fits and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from lifecycle.recruitment.applications.models import Application, ApplicationForm, ApplicationQuerySet
from partners.models import Verdict
from prm import addresses, search
from prm.listing import AmongFilter, Listing, YesNoFilter
from prm.paging import Order
from team.models import User

COLUMNS = (
    *("pk", "organisation", "person", "form__name", "state", "was_known", "confirmed_at"),
    *("partner_id", "partner__name", "partner__verdict"),
)
SHOWN = [choice for choice in Application.State.choices if choice[0] != Application.State.SENT]


class ApplicationFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Partner"))
    state = django_filters.MultipleChoiceFilter(choices=SHOWN, distinct=False, label=gettext_lazy("State"))
    form = AmongFilter(queryset=ApplicationForm.objects.all(), label=gettext_lazy("Form"))
    verdict = django_filters.MultipleChoiceFilter(
        "partner__verdict", choices=Verdict.choices, distinct=False, label=gettext_lazy("Fit")
    )
    known = YesNoFilter("was_known", label=gettext_lazy("Known before"))

    class Meta:
        model = Application
        fields: list[str] = []

    def said(self, rows: ApplicationQuerySet, _name: str, value: str) -> ApplicationQuerySet:
        for word in search.words(value)[:8]:
            rows = rows.filter(partner__search_key__contains=word)
        return rows


@dataclass(frozen=True)
class Row:
    """One application of the list, in words."""

    url: str
    organisation: str
    person: str
    form: str
    partner: str
    partner_url: str
    state: str
    word: str
    fit: str
    was_known: bool
    came_at: datetime


class ApplicationListing(Listing):
    """One address of the list."""

    SORTS = {"came": Order("confirmed_at"), "partner": Order("partner__sort_name", nullable=False)}
    HEADS = {"came": gettext_lazy("Came"), "partner": gettext_lazy("Partner")}
    FIRST = "came"

    def __init__(self, address: QueryDict, user: User) -> None:
        super().__init__(address, ApplicationFilter(address, Application.objects.visible_to(user)))

    def page(self) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        return {"rows": [_row(found) for found in page.rows], **self.counted(), **self.around(page)}


def _row(found: Any) -> Row:
    fit = "" if found.was_known or not found.partner__verdict else Verdict(found.partner__verdict).label
    return Row(
        url=addresses.of("lifecycle:application", found.pk),
        organisation=found.organisation,
        person=found.person,
        form=found.form__name,
        partner=found.partner__name,
        partner_url=addresses.of("dashboards:partner", found.partner_id),
        state=found.state,
        word=str(Application.State(found.state).label),
        fit=str(fit),
        was_known=found.was_known,
        came_at=found.confirmed_at,
    )
