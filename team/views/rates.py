"""Rates of the reporting currency: read by all, kept by those who may."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prm import clock, pages, spreadsheets
from prm.access import found_or_404
from prm.refusals import Refused
from team import rates
from team.models import Rate
from team.rate_forms import CorrectionForm, RateForm, RatesForm, TakeBackForm
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN, ONE, LIST = (f"team/{name}.html" for name in ("rates", "rate", "rate_list"))
KEEP = "keep rates"
SHOWN = 25
COLUMNS = ("Currency", "From", "Rate", "Into", "Source")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def all_rates(request: PersonRequest) -> HttpResponse:
    """What holds today, every rate that was stated, and the form that states one."""
    into = rates.reporting_currency()
    if request.method != "POST":
        return pages.shown(request, SCREEN, _context(request, into, RateForm(into)))
    permitted_or_403(request.user, KEEP)
    form = RateForm(into, request.POST)
    if form.is_valid():
        try:
            made = rates.state(form.wanted, by=request.user, at=clock.now())
            says = _("{rate} holds from {day}.").format(rate=made, day=rates.shown_day(made.since_on))
            return pages.done(request, "team:rates", says)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(request, into, form))


def _context(request: PersonRequest, into: str, form: RateForm) -> dict[str, Any]:
    today = timezone.localdate(clock.now())
    known = rates.known(into, today)
    rows = Rate.objects.filter(reporting=into).select_related("by", "replaced_by")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return {
        "into": into,
        "holding": [rate for currency in known.currencies if (rate := known.at(currency, today))],
        "page": page,
        "today": today,
        "form": form,
        "may_keep": may(request.user, KEEP),
        "may_set": may(request.user, "edit settings"),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    """The right number for one rate, or its taking back."""
    permitted_or_403(request.user, KEEP)
    rate = found_or_404(Rate.objects.standing(), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = CorrectionForm(rate.reporting, typed, rate.worth, rate.source)
    if typed is not None and form.is_valid():
        try:
            made = rates.correct(rate, **form.cleaned_data, by=request.user, at=clock.now())
            return pages.done(request, "team:rates", _("Corrected: {rate}.").format(rate=made))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _one(request, rate, form, TakeBackForm())


@login_required
@require_POST
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, KEEP)
    rate = found_or_404(Rate.objects.standing(), pk=pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            rates.take_back(rate, form.cleaned_data["why"], by=request.user, at=clock.now())
            says = _("{rate} is taken back; the rate before it holds again.").format(rate=rate)
            return pages.done(request, "team:rates", says)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _one(request, rate, CorrectionForm(rate.reporting, None, rate.worth, rate.source), form)


def _one(request: PersonRequest, rate: Rate, form: CorrectionForm, taken: TakeBackForm) -> HttpResponse:
    context = {"rate": rate, "form": form, "take_back": taken}
    answer = pages.again if form.is_bound or taken.is_bound else pages.shown
    return answer(request, ONE, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: PersonRequest) -> HttpResponse:
    """A list of rates, pasted or as a file: all of it, or nothing."""
    permitted_or_403(request.user, KEEP)
    into = rates.reporting_currency()
    if request.method != "POST":
        return pages.shown(request, LIST, {"form": RatesForm(into), "into": into})
    form = RatesForm(into, request.POST, request.FILES)
    if form.is_valid():
        try:
            why = form.cleaned_data["why"]
            brought = rates.state_all(form.wanted, why, by=request.user, at=clock.now())
            says = _("{new} rates are new, {corrected} corrected, {same} stood already.")
            return pages.done(request, "team:rates", says.format(**vars(brought)))
        except Refused as refusal:
            form.add_error("why" if not form.cleaned_data["why"] else None, str(refusal))
    return pages.again(request, LIST, {"form": form, "into": into})


@login_required
@require_safe
def rates_csv(request: PersonRequest) -> StreamingHttpResponse:
    """The rates that stand, as a list that can be handed in again."""
    into = rates.reporting_currency()
    rows = Rate.objects.standing().filter(reporting=into)
    lines = ([r.currency, r.since_on, r.stated.number, into, r.source] for r in rows.iterator())
    return spreadsheets.download(f"rates-{into}.csv", COLUMNS, lines)
