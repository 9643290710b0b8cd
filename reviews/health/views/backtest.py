"""The back-test of health, and the readings behind each of its numbers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.organisations import local_day
from prm import clock, pages
from prm.forms import choose_from
from prm.listing import key_in
from prm.paging import Order, page
from reviews.health import backtest
from reviews.health.models import HealthFormula
from reviews.health.scoring import WHOLE
from reviews.health.views.figures import views
from team.companies import zone_of
from team.models import User
from team.requests import PersonRequest

ONE, ROWS = (f"reviews/health/{name}.html" for name in ("backtest", "readings"))
LOWEST_FIRST = Order("score", nullable=False)


class BackTestForm(forms.Form):
    """How soon after a reading a partner was lost, and by which version."""

    horizon = forms.TypedChoiceField(
        label=gettext_lazy("Lost within"),
        coerce=int,
        choices=[(n, gettext_lazy("{n} days of a reading").format(n=n)) for n in backtest.HORIZONS],
    )
    formula = forms.ChoiceField(label=gettext_lazy("Formula"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        numbers = HealthFormula.objects.exclude(state=HealthFormula.State.DRAFT)
        versions = [(str(n), _("Version {n}").format(n=n)) for n in numbers.values_list("number", flat=True)]
        choose_from(self, "formula", [("", _("All versions")), *versions])


@login_required
@require_safe
def back_test(request: PersonRequest) -> HttpResponse:
    """How well readings separated partners that were lost from those that stayed."""
    form, asked = _asked(request.GET, request.user)
    context: dict[str, Any] = {"views": views("reviews:back_test"), "form": form}
    if asked is None:
        return pages.again(request, ONE, context)
    context |= {"result": backtest.result(asked), "asked": asked, "query": _query(asked)}
    return pages.shown(request, ONE, context)


@login_required
@require_safe
def readings(request: PersonRequest) -> HttpResponse:
    """The readings a number counts: of all scores or from one to another, all or those of partners lost."""
    _form, asked = _asked(request.GET, request.user)
    if asked is None:
        _form, asked = _asked(QueryDict(), request.user)
        assert asked is not None  # what stands by default can be read
    low = min(key_in(request.GET.get("low", "")), WHOLE)
    high = min(key_in(request.GET.get("high", "")) or WHOLE, WHOLE)
    only_lost = request.GET.get("show") == "lost"
    rows = backtest.rows(asked, backtest.days(asked)).filter(score__gte=low, score__lte=high)
    rows = rows.filter(lost=True) if only_lost else rows
    related = rows.select_related("partner__end_reason", "formula")
    shown = page(
        related, LOWEST_FIRST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    address = f"?{_query(asked)}&low={low}&high={high}" + ("&show=lost" if only_lost else "")
    context = {
        "rows": shown.rows,
        "count": rows.count(),
        "asked": asked,
        "only_lost": only_lost,
        "next_url": f"{address}&after={shown.next}" if shown.next else "",
        "previous_url": f"{address}&before={shown.previous}" if shown.previous else "",
        "query": _query(asked),
    }
    return pages.shown(request, ROWS, context)


def _asked(address: QueryDict, user: User) -> tuple[BackTestForm, backtest.Asked | None]:
    """The form as it is filled, and what is asked; None where it cannot be read."""
    typed = {"horizon": address.get("horizon") or 180, "formula": address.get("formula", "")}
    form, zone = BackTestForm(typed), zone_of()
    if not form.is_valid():
        return form, None
    found = form.cleaned_data
    number = int(found["formula"]) if found["formula"] else None
    return form, backtest.Asked(user, local_day(clock.now(), zone), zone, found["horizon"], number)


def _query(asked: backtest.Asked) -> str:
    return urlencode({"horizon": asked.horizon, "formula": asked.number or ""})
