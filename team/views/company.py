"""The company's page: its name, zone and reading rule, and its working time."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import companies, working_time
from team.forms import CalendarDayForm, CompanyForm, HolidaysForm, WeekForm, hours_words
from team.models import CalendarDay, Company
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "team/company.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: PersonRequest) -> HttpResponse:
    ours = _ours(request)
    form = CompanyForm(request.POST or None, instance=Company.objects.get(pk=ours.pk))
    if request.method != "POST":
        return pages.shown(request, SCREEN, _context(ours))
    return _changed(
        request,
        ours,
        "company_form",
        form,
        lambda: companies.change(ours, **form.cleaned_data, at=clock.now()),
        "The company is changed.",
    )


@login_required
@require_POST
def week(request: PersonRequest) -> HttpResponse:
    ours = _ours(request)
    form = WeekForm(request.POST, prefix="week")
    return _changed(
        request,
        ours,
        "week_form",
        form,
        lambda: working_time.change_week(ours.calendar, form.week, clock.now()),
        "The working hours are changed. Clocks that run already keep the old ones.",
    )


@login_required
@require_POST
def add_day(request: PersonRequest) -> HttpResponse:
    ours = _ours(request)
    form = CalendarDayForm(request.POST)

    def verb() -> None:
        day = form.cleaned_data
        working_time.set_day(ours.calendar, day["on"], day["hours"], day["label"], clock.now())

    return _changed(request, ours, "day_form", form, verb, "The day is in the calendar.")


@login_required
@require_POST
def add_holidays(request: PersonRequest) -> HttpResponse:
    ours = _ours(request)
    form = HolidaysForm(request.POST)

    def verb() -> str:
        asked = form.cleaned_data
        added = working_time.add_holidays(
            ours.calendar, asked["country"], asked["subdivision"], [asked["year"]], clock.now()
        )
        return f"{added} holidays added." if added else "All of them were in the calendar already."

    return _changed(request, ours, "holidays_form", form, verb)


@login_required
@require_POST
def remove_day(request: PersonRequest, pk: int) -> HttpResponse:
    ours = _ours(request)
    day = found_or_404(CalendarDay.objects.select_related("calendar"), pk=pk, calendar=ours.calendar)
    try:
        working_time.remove_day(day, clock.now())
    except Refused as refusal:
        return pages.again(request, SCREEN, _context(ours, refusal=str(refusal)), status=409)
    return pages.done(request, "team:company", f"{day.label or day.on} follows its weekday again.")


def _ours(request: PersonRequest) -> Company:
    permitted_or_403(request.user, "edit settings")
    return Company.objects.select_related("calendar").get()


def _changed(
    request: PersonRequest,
    ours: Company,
    name: str,
    form: Any,
    verb: Callable[[], str | None],
    says: str = "",
) -> HttpResponse:
    """Do what one of the page's forms asks; a refusal stands on that form, what was typed stays."""
    if form.is_valid():
        try:
            return pages.done(request, "team:company", verb() or says)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(ours, **{name: form}))


def _context(ours: Company, **forms_given: forms.BaseForm | str) -> dict[str, Any]:
    days = [(day, hours_words(day.windows)) for day in ours.calendar.days.all()]
    return {
        "ours": ours,
        "days": days,
        "company_form": CompanyForm(instance=ours),
        "week_form": WeekForm(prefix="week", weekly=ours.calendar.weekly),
        "day_form": CalendarDayForm(),
        "holidays_form": HolidaysForm(initial={"year": timezone.localdate(clock.now()).year}),
        "here": reverse("team:company"),
        **forms_given,
    }
