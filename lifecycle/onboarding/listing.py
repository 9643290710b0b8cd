"""The list of plans of all partners: from when, how far, what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.models import Plan, PlanTemplate, Task
from lifecycle.onboarding.models import PlanQuerySet
from prm import addresses, clock, search
from prm.listing import KeyFilter, Listing
from prm.paging import Order
from team import choosing
from team.choosing import ColleagueFilter
from team.models import User

ME = "me"
CHOOSERS = ("template", "owner")
COLUMNS = (
    *("pk", "partner_id", "partner__name", "partner__owner__name", "template__name", "name"),
    *("starts_on", "finished_at", "stopped_reason"),
)


class State(models.TextChoices):
    RUNNING = "running", gettext_lazy("Running")
    FINISHED = "finished", gettext_lazy("Finished")
    STOPPED = "stopped", gettext_lazy("Stopped")


MEANING = {
    State.RUNNING: Q(finished_at=None),
    State.FINISHED: Q(finished_at__isnull=False, stopped_reason=""),
    State.STOPPED: Q(finished_at__isnull=False) & ~Q(stopped_reason=""),
}


class PlanFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Partner"))
    state = django_filters.ChoiceFilter(
        choices=State.choices, method="standing", label=gettext_lazy("State"), empty_label=None
    )
    template = django_filters.ChoiceFilter(
        label=gettext_lazy("Template"), empty_label=gettext_lazy("All templates")
    )
    owner = ColleagueFilter(
        method="owned", label=gettext_lazy("Owner"), empty_label=gettext_lazy("Everybody")
    )
    partner = KeyFilter("partner", label=gettext_lazy("Partner"))
    late = django_filters.ChoiceFilter(
        method="behind",
        choices=[("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))],
        label=gettext_lazy("Late"),
    )

    class Meta:
        model = Plan
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: PlanQuerySet, user: User) -> None:
        super().__init__(address, rows)
        self.user = user
        choosing.offer_listed(self, "owner", [(ME, _("Me"))], User.objects.current(), user)
        templates = [(str(pk), name) for pk, name in PlanTemplate.objects.values_list("pk", "name")]
        self.form.fields["template"].choices = templates
        for name in CHOOSERS:
            self.form.fields[name].widget.attrs["class"] = "form-select"

    def said(self, rows: PlanQuerySet, _name: str, value: str) -> PlanQuerySet:
        for word in search.words(value)[:8]:
            rows = rows.filter(partner__search_key__contains=word)
        return rows

    def standing(self, rows: PlanQuerySet, _name: str, value: str) -> PlanQuerySet:
        return rows.filter(MEANING[State(value)])

    def owned(self, rows: PlanQuerySet, _name: str, value: str) -> PlanQuerySet:
        return rows.filter(partner__owner=self.user.pk if value == ME else int(value))

    def behind(self, rows: PlanQuerySet, _name: str, value: str) -> PlanQuerySet:
        """With an open task whose day is over, or with none. Such a plan runs still, which is asked first."""
        late = Exists(_late(timezone.localdate(clock.now())).filter(plan=OuterRef("pk")))
        return rows.running().filter(late if value == "true" else ~late)


@dataclass(frozen=True)
class Row:
    """One plan of the list, in words."""

    url: str
    template: str
    partner: str
    owner: str
    starts_on: date
    state: str
    word: str
    closed: int
    tasks: int
    late: int
    next_on: date | None


class PlanListing(Listing):
    """One address of the list."""

    SORTS = {
        "start": Order("starts_on", nullable=False),
        "partner": Order("partner__sort_name", nullable=False),
    }
    HEADS = {"partner": gettext_lazy("Plan"), "start": gettext_lazy("From")}
    FIRST = "-start"
    HIGH_FIRST = {"start"}

    def __init__(self, address: QueryDict, user: User) -> None:
        super().__init__(address, PlanFilter(address, Plan.objects.visible_to(user), user))

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        far = _how_far([found.pk for found in page.rows], on)
        rows = [_row(found, far.get(found.pk, {})) for found in page.rows]
        return {"rows": rows, **self.counted(), **self.around(page)}


def _late(on: date) -> Any:
    """The open tasks whose day is over by a day."""
    return Task.objects.open().filter(due_on__lt=on)


def _how_far(plans: Sequence[int], on: date) -> dict[int, dict[str, Any]]:
    """Of each of these plans: how many tasks it has, how many are open, late, and what is due next."""
    is_open = Q(done_at=None, skipped_at=None)
    counted = Task.objects.filter(plan__in=plans).order_by().values("plan")
    found = counted.annotate(
        tasks=Count("pk"),
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_on__lt=on)),
        next_on=Min("due_on", filter=is_open),
    )
    return {row["plan"]: dict(row) for row in found}


def _row(found: Any, far: Mapping[str, Any]) -> Row:
    state = _state(found)
    tasks, late = far.get("tasks", 0), far.get("late", 0)
    return Row(
        url=addresses.of("lifecycle:plan", found.pk),
        template=found.name or found.template__name,
        partner=found.partner__name,
        owner=found.partner__owner__name or "",
        starts_on=found.starts_on,
        state=str(state.value),
        word=str(state.label),
        closed=tasks - far.get("open", 0),
        tasks=tasks,
        late=late,
        next_on=far.get("next_on"),
    )


def _state(found: Any) -> State:
    if found.finished_at is None:
        return State.RUNNING
    return State.STOPPED if found.stopped_reason else State.FINISHED
