"""What we invest in a partner: the list, what is logged, shown to the partner, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.forms import ReasonForm
from lifecycle.growth.investing import investments
from lifecycle.growth.investing.forms import InvestmentForm
from lifecycle.growth.investing.models import Investment
from lifecycle.views.asking import Question, answer, partner_to
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.paging import Order, page
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

NEWEST = Order("on", descending=True, nullable=False)
LOG = Question(
    gettext_lazy("Log an investment"),
    gettext_lazy("Hours of ours, funds, or somebody we introduced them to. You can undo it."),
    gettext_lazy("Log it"),
)
WITHDRAW = Question(
    gettext_lazy("Withdraw an investment"),
    gettext_lazy("It stays in the list with your reason, and counts no more."),
    gettext_lazy("Withdraw it"),
)


@login_required
@require_safe
def investments_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The newest first. Who may not read amounts is told that they are withheld; reading is kept."""
    partner = partner_to(request, pk, "read partner")
    rows = Investment.objects.filter(partner=partner).select_related("logged_by")
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    reads = may(request.user, "read confidential", partner)
    if reads and any(each.amount is not None for each in shown.rows):
        investments.amounts_read([partner], request.user, clock.now())
    context = {
        "partner": partner,
        "rows": shown.rows,
        "reads": reads,
        "may_log": may(request.user, investments.ACTION, partner),
        "next_url": f"?after={shown.next}" if shown.next else "",
        "previous_url": f"?before={shown.previous}" if shown.previous else "",
    }
    return pages.shown(request, "lifecycle/growth/investments.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, investments.ACTION)
    today = timezone.localdate(clock.now())
    form = InvestmentForm(request.POST or None, initial={"on": today})

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return investments.log(partner, form.spent, by=request.user, at=at)

    return answer(request, partner, LOG, form, act, _("It is logged."), lambda: _list(partner))


@login_required
@require_POST
def show(request: PersonRequest, pk: int) -> HttpResponse:
    """Let the partner read it, or not any more: `do` says which."""
    found = _to_change(request, pk)
    is_shown = request.POST.get("do") == "show"
    says = _("The partner reads it in its review.") if is_shown else _("The partner does not read it.")
    try:
        investments.show(found, is_shown, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        says = ""
    return pages.done(request, _list(found.partner), says)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = ReasonForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        investments.withdraw(found, asked["reason"], by=request.user, at=at)

    says = _("It is withdrawn.")
    return answer(request, found.partner, WITHDRAW, form, act, says, lambda: _list(found.partner))


def _list(partner: Partner) -> str:
    return reverse("lifecycle:investments", args=[partner.pk])


def _to_change(request: PersonRequest, pk: int) -> Investment:
    rows = Investment.objects.visible_to(request.user).select_related("partner__owner")
    found: Investment = found_or_404(rows, pk=pk)
    permitted_or_403(request.user, investments.ACTION, found)
    return found
