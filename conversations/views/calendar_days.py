"""The days of a calendar that differ from their weekday: holidays, half days, closures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from conversations.views.calendars import FOLLOWS, held_or_404
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import public_holidays, working_time
from team.forms import CalendarDayForm, ClosureForm, HolidaysForm, hours_words
from team.models import Calendar, CalendarDay, HolidaySource
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "conversations/calendar_days.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: PersonRequest, pk: int) -> HttpResponse:
    """Each day that differs; a single one is added here, holidays and closures by their own forms."""
    held = held_or_404(request, pk)
    if request.method != "POST":
        return pages.shown(request, SCREEN, _context(held))
    form = CalendarDayForm(request.POST)

    def verb() -> str:
        day = form.cleaned_data
        working_time.set_day(held, day["on"], day["hours"], day["label"], request.user, clock.now())
        return f"The day is in the calendar. {FOLLOWS}"

    return _changed(request, held, "day_form", form, verb)


@login_required
@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = held_or_404(request, pk), ClosureForm(request.POST)

    def verb() -> str:
        closed = working_time.close(held, **form.cleaned_data, by=request.user, at=clock.now())
        return f"{closed} days are closed. {FOLLOWS}"

    return _changed(request, held, "closure_form", form, verb)


@login_required
@require_POST
def add_holidays(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = held_or_404(request, pk), HolidaysForm(request.POST)

    def verb() -> str:
        asked = form.cleaned_data
        years = range(asked["year"], asked["year"] + asked["years"])
        place = asked["country"], asked["subdivision"]
        added = public_holidays.add(held, *place, years, request.user, clock.now())
        return f"{added} holidays added. {FOLLOWS}" if added else "All of them were in the calendar already."

    return _changed(request, held, "holidays_form", form, verb)


@login_required
@require_POST
def stop_holidays(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    source = found_or_404(HolidaySource.objects.select_related("calendar"), pk=pk)
    public_holidays.stop(source, request.user, clock.now())
    says = f"The holidays of {public_holidays.place_of(source)} follow no more. Those in the list stay."
    return pages.done(request, _address(source.calendar), says)


@login_required
@require_POST
def remove_day(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    day = found_or_404(CalendarDay.objects.select_related("calendar"), pk=pk)
    try:
        working_time.remove_day(day, request.user, clock.now())
    except Refused as refusal:
        return pages.again(request, SCREEN, _context(day.calendar, refusal=str(refusal)), status=409)
    says = f"{day.label or day.on} follows its weekday again. {FOLLOWS}"
    return pages.done(request, _address(day.calendar), says)


def _address(held: Calendar) -> str:
    return reverse("conversations:calendar_days", args=[held.pk])


def _changed(
    request: PersonRequest, held: Calendar, name: str, form: Any, verb: Callable[[], str]
) -> HttpResponse:
    """Do what one of the page's forms asks; a refusal stands on that form, what was typed stays."""
    if form.is_valid():
        try:
            return pages.done(request, _address(held), verb())
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(held, **{name: form}))


def _context(held: Calendar, **given: forms.BaseForm | str) -> dict[str, Any]:
    today = timezone.localdate(clock.now())
    return {
        "calendar": held,
        "days": [(day, hours_words(day.windows)) for day in held.days.all()],
        "sources": [(source, public_holidays.place_of(source)) for source in held.holiday_sources.all()],
        "day_form": CalendarDayForm(),
        "closure_form": ClosureForm(),
        "holidays_form": HolidaysForm(initial={"year": today.year, "years": 2}),
        **given,
    }
