"""The list of all experiments: what was tried with whom, and what came of it, for others to copy."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from prm.listing import KeyFilter, Listing
from prm.paging import Order
from reviews.planning.models import Objective, ObjectiveQuerySet
from team.models import User

WORDS = 8
VIEWS = [
    (gettext_lazy("With a result"), "state=reached&state=partly&state=missed"),
    (gettext_lazy("Running"), "state=running"),
    (gettext_lazy("All"), ""),
]


class ExperimentFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Words"))
    state = django_filters.MultipleChoiceFilter(
        choices=Objective.State.choices, distinct=False, label=gettext_lazy("State")
    )
    partner = KeyFilter("partner", label=gettext_lazy("Partner"))

    class Meta:
        model = Objective
        fields: list[str] = []

    def said(self, rows: ObjectiveQuerySet, _name: str, value: str) -> ObjectiveQuerySet:
        """Each word in what was tried, how it was to be known, or what came of it."""
        for word in value.replace("\0", "").split()[:WORDS]:
            in_text = Q(text__icontains=word) | Q(trying__icontains=word)
            rows = rows.filter(in_text | Q(how_we_know__icontains=word) | Q(result__icontains=word))
        return rows


class ExperimentListing(Listing):
    """One address of the list."""

    SORTS = {"until": Order("until_on", nullable=False)}
    HEADS = {"until": gettext_lazy("Until")}
    FIRST = "-until"

    def __init__(self, address: QueryDict, user: User) -> None:
        rows = Objective.objects.visible_to(user).experiments()
        super().__init__(address, ExperimentFilter(address, rows))

    def page(self) -> dict[str, Any]:
        """A page of it, for the template."""
        page = self.shown(self.rows.select_related("partner"))
        return {"rows": page.rows, **self.counted(), **self.around(page)}
