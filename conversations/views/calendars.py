"""Working time under Settings: the company's calendar, those of people elsewhere, and what a change of
hours would do to a message of a Friday."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from conversations import previews
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import working_time
from team.forms import CalendarForm, WeekForm, WorkersForm
from team.models import Calendar, CalendarDay, Company, User
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST = "conversations/calendars.html"
ONE = "conversations/calendar.html"
VERSIONS = 10
FOLLOWS = "Open clocks that are not late follow within a minute."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: PersonRequest) -> HttpResponse:
    """Each calendar, and the form that adds one like the company's."""
    permitted_or_403(request.user, "edit settings")
    ours = Company.objects.select_related("calendar").get()
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = working_time.add(**form.cleaned_data, by=request.user, at=clock.now(), like=ours.calendar)
            says = f"“{made}” is there, with the company’s hours. Change what differs."
            return pages.done(request, _address(made), says)
        except Refused as refusal:
            form.add_error("name", str(refusal))
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, LIST, {"calendars": Calendar.objects.all(), "ours": ours, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: PersonRequest, pk: int) -> HttpResponse:
    """One calendar: its name and zone are changed here, the rest by its own forms."""
    held = held_or_404(request, pk)
    if request.method != "POST":
        return pages.shown(request, ONE, _context(held))
    form = CalendarForm(request.POST)

    def verb() -> None:
        working_time.describe(held, **form.cleaned_data, by=request.user, at=clock.now())

    return _changed(request, held, "about_form", form, verb, f"Saved. {FOLLOWS}")


@login_required
@require_POST
def week(request: PersonRequest, pk: int) -> HttpResponse:
    """“Show” only reckons the example anew, “Save hours” makes a new version."""
    held, form = held_or_404(request, pk), WeekForm(request.POST, prefix="week")
    if "show" in request.POST and form.is_valid():
        return pages.shown(request, ONE, _context(held, week_form=form))

    def verb() -> None:
        working_time.change_week(held, form.week, request.user, clock.now())

    return _changed(request, held, "week_form", form, verb, f"The hours are changed. {FOLLOWS}")


@login_required
@require_POST
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    """What the week just typed would do."""
    held, form = held_or_404(request, pk), WeekForm(request.POST, prefix="week")
    return pages.shown(request, f"{ONE}#due", _context(held, week_form=form))


@login_required
@require_POST
def give(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = held_or_404(request, pk), WorkersForm(request.POST)
    says = "Saved. Clocks that run keep the hours they began with."
    return _changed(
        request, held, "people_form", form, lambda: working_time.give(held, form.cleaned_data["people"]), says
    )


def held_or_404(request: PersonRequest, pk: int) -> Calendar:
    """The calendar an admin asks for."""
    permitted_or_403(request.user, "edit settings")
    return found_or_404(Calendar.objects.all(), pk=pk)


def _address(held: Calendar) -> str:
    return reverse("conversations:calendar", args=[held.pk])


def _changed(
    request: PersonRequest,
    held: Calendar,
    name: str,
    form: Any,
    verb: Callable[[], str | None],
    says: str = "",
) -> HttpResponse:
    """Do what one of the page's forms asks; a refusal stands on that form, what was typed stays."""
    if form.is_valid():
        try:
            return pages.done(request, _address(held), verb() or says)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, ONE, _context(held, **{name: form}))


def _context(held: Calendar, **given: forms.BaseForm | str) -> dict[str, Any]:
    week_form = given.get("week_form", WeekForm(prefix="week", weekly=held.weekly))
    days = list(held.days.all())
    return {
        "calendar": held,
        "is_ours": Company.objects.filter(calendar=held).exists(),
        "differing": len(days),
        "about_form": CalendarForm(initial={"name": held.name, "zone": held.zone}),
        "week_form": week_form,
        "people_form": WorkersForm(initial={"people": User.objects.filter(calendar=held)}),
        "versions": held.versions.select_related("by")[:VERSIONS],
        "example": _example(held, days, week_form),
        **given,
    }


def _example(held: Calendar, days: list[CalendarDay], week_form: Any) -> previews.Example | None:
    """What the week as it is typed would do; None where it cannot be read."""
    weekly = held.weekly
    if week_form.is_bound:
        if not week_form.is_valid():
            return None
        weekly = {str(day): windows for day, windows in week_form.week.items()}
    typed = Calendar(name=held.name, zone=held.zone, weekly=weekly)
    return previews.of_hours(typed.as_rule(days), timezone.localdate(clock.now()))
