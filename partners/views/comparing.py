"""Up to five candidates side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import comparing
from partners.filters import is_id
from partners.forms.organisations import called
from partners.models import Partner
from prm import clock, pages
from team.requests import PersonRequest

MOST = comparing.MOST


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: PersonRequest) -> HttpResponse:
    """The address names them; ticks of the list are sent here and become that address."""
    if request.method == "POST":
        return _ticked(request)
    asked = _ids(request.GET.getlist("ids"))
    fault = ""
    if name := request.GET.get("q", "").strip()[:200]:
        try:
            return redirect(address([*asked, called(name, request.user).pk]))
        except ValidationError as error:
            fault = " ".join(error.messages)
    seen = (
        Partner.objects.visible_to(request.user).filter(pk__in=asked[:MOST]).select_related("kind", "owner")
    )
    found = sorted(seen, key=lambda partner: asked.index(partner.pk))
    ids = [one.pk for one in found]
    comparison = comparing.of(found)
    context = {
        "comparison": comparison,
        "columns": [
            (one, address([pk for pk in ids if pk != one.partner.pk])) for one in comparison.candidates
        ],
        "ids": ids,
        "too_many": len(asked) > MOST,
        "has_room": len(found) < MOST,
        "most": MOST,
        "q": name,
        "fault": fault,
        "at": clock.now(),
    }
    return pages.shown(request, "partners/compare.html", context)


def address(ids: list[int]) -> str:
    """Where these stand side by side."""
    return f"{reverse('partners:compare')}?{urlencode({'ids': ids}, doseq=True)}"


def _ticked(request: HttpRequest) -> HttpResponse:
    ids = _ids(request.POST.getlist("ids"))
    if not ids or len(ids) > MOST:
        says = _("Tick up to five partners to compare.") if ids else _("Tick the partners to compare first.")
        messages.error(request, says)
        return pages.done(request, f"{reverse('partners:list')}?{request.GET.urlencode()}")
    return pages.done(request, address(ids))


def _ids(values: list[str]) -> list[int]:
    return list(dict.fromkeys(int(value) for value in values if is_id(value)))
