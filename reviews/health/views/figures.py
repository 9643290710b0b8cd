"""Health of all: how many stand in each colour, who stayed, and whether the score told."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.models import EndReason
from partners.organisations import local_day
from prm import clock, pages
from prm.days import plus_months
from prm.forms import DayField
from prm.listing import key_in
from prm.paging import Order, page
from reviews.health import overview, retention
from team.companies import zone_and_fiscal_month
from team.models import User
from team.requests import PersonRequest

OVERVIEW, RETENTION, WHO = (f"reviews/health/{name}.html" for name in ("overview", "retention", "who"))
BY_NAME = Order("sort_name", nullable=False)


class PeriodForm(forms.Form):
    """From the end of one day to the end of another, and how long silence is."""

    since = DayField(label=gettext_lazy("Live on"))
    until = DayField(label=gettext_lazy("Until"))
    quiet = forms.TypedChoiceField(
        label=gettext_lazy("Silent is"),
        coerce=int,
        choices=[(n, gettext_lazy("{n} months without a sign").format(n=n)) for n in (6, 12)],
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", _("Choose a later day than the one before."))
        if until and until > local_day(clock.now(), zone_and_fiscal_month()[0]):
            self.add_error("until", _("This day has not come yet."))
        return cleaned


@login_required
@require_safe
def health_of_all(request: PersonRequest) -> HttpResponse:
    """How many partners stand in each colour, and whose changed lately."""
    run = overview.last_run()
    since, changes = overview.changes(request.user, run) if run else (None, [])
    context = {
        "views": views("reviews:health_of_all"),
        "colours": overview.colours(request.user),
        "run": run,
        "since": since,
        "changes": changes,
    }
    return pages.shown(request, OVERVIEW, context)


@login_required
@require_safe
def retained(request: PersonRequest) -> HttpResponse:
    """Retention and both churns by signing cohort, with the reasons of those that ended."""
    form, asked = _period(request.GET, request.user)
    context: dict[str, Any] = {"views": views("reviews:retention"), "form": form, "asked": asked}
    if asked is not None:
        whole, *cohorts = retention.lines(asked)
        context |= {
            "whole": whole,
            "cohorts": cohorts,
            "reasons": retention.reasons(asked),
            "figures": [retention.STAYED, retention.ENDED, retention.SILENT],
            "query": _query(asked),
        }
    show = pages.shown if asked is not None else pages.again
    return show(request, RETENTION, context)


@login_required
@require_safe
def who_stayed(request: PersonRequest) -> HttpResponse:
    """The partners that a figure of retention counts."""
    _form, asked = _period(request.GET, request.user)
    figure = retention.FIGURES.get(request.GET.get("show", ""), retention.START)
    if asked is None:
        _form, asked = _period(QueryDict(), request.user)
        assert asked is not None  # what stands by default can be read
    rows = retention.ended_by(figure.counted(asked)).select_related("owner", "end_reason")
    shown = page(rows, BY_NAME, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    address = f"?{_query(asked)}&show={figure.name}{_narrowed(asked)}"
    context = {
        "figure": figure,
        "asked": asked,
        "cohort": request.GET.get("cohort", "") and _cohort_name(asked),
        "reason": EndReason.objects.filter(pk=asked.reason).first() if asked.reason is not None else None,
        "rows": shown.rows,
        "count": rows.count(),
        "next_url": f"{address}&after={shown.next}" if shown.next else "",
        "previous_url": f"{address}&before={shown.previous}" if shown.previous else "",
        "query": _query(asked),
    }
    return pages.shown(request, WHO, context)


def views(current: str) -> list[tuple[str, str, bool]]:
    """The tabs of these pages: name, URL name, and whether one stands there."""
    tabs = [
        (_("Now"), "reviews:health_of_all"),
        (_("Retention"), "reviews:retention"),
        (_("Back-test"), "reviews:back_test"),
    ]
    return [(name, address, address == current) for name, address in tabs]


def _period(address: QueryDict, user: User) -> tuple[PeriodForm, retention.Asked | None]:
    """The form as it is filled, and what is asked; None where it cannot be read."""
    zone, begins = zone_and_fiscal_month()
    today = local_day(clock.now(), zone)
    typed: dict[str, Any] = {"since": plus_months(today, -12), "until": today, "quiet": 12}
    typed |= {name: address[name] for name in typed if address.get(name)}
    form = PeriodForm(typed)
    if not form.is_valid():
        return form, None
    found = form.cleaned_data
    cohort = address.get("cohort", "")
    reason = address.get("reason", "")
    asked = retention.Asked(
        user,
        found["since"],
        found["until"],
        zone,
        begins,
        found["quiet"],
        cohort if cohort == retention.UNKNOWN or _is_year(cohort) else "",
        key_in(reason) if reason else None,
    )
    return form, asked


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and date.min.year < int(text[:5]) < date.max.year


def _query(asked: retention.Asked) -> str:
    """The period, for an address."""
    return urlencode({"since": asked.since, "until": asked.until, "quiet": asked.quiet_months})


def _narrowed(asked: retention.Asked) -> str:
    """What is narrowed beside the period, for an address."""
    cohort = f"&cohort={asked.cohort}" if asked.cohort else ""
    return cohort + (f"&reason={asked.reason}" if asked.reason is not None else "")


def _cohort_name(asked: retention.Asked) -> str:
    return retention.name_of(asked.cohort, asked) if asked.cohort else ""
