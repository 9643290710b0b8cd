"""An issue as the partner reads it under its own address, and opens it again. Looking records nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners.models import Contact
from prm import clock, pages
from prm.refusals import Refused
from reviews.issues import addresses, showing, solving
from reviews.issues.forms import AgainForm
from reviews.issues.models import Issue

SHARED = "reviews/issues/shared.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    found = addresses.behind(token)
    if found is None:
        return pages.again(request, SHARED, {"reason": pages.unknown_address()}, status=404)
    issue, contact, made_on = found
    at = clock.now()
    if reason := addresses.why_closed(issue, contact, made_on, at):
        answer = pages.again(request, SHARED, {"reason": reason}, status=410)
    else:
        with timezone.override(contact.zone or issue.partner.zone or timezone.get_current_timezone_name()):
            answer = _answered(request, issue, contact, at)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _answered(request: HttpRequest, issue: Issue, contact: Contact, at: datetime) -> HttpResponse:
    form = AgainForm(request.POST or None)
    if request.method == "POST" and opened_again(form, issue, contact, at):
        return pages.done(request, request.path, _("The issue is open again. Thank you for telling us."))
    context = {**showing.theirs(issue, at), "partner": issue.partner, "form": form}
    return pages.again(request, SHARED, context, status=422 if form.errors else 200)


def opened_again(form: AgainForm, issue: Issue, contact: Contact, at: datetime) -> bool:
    """Whether one of theirs has opened it again with this form; what refuses stands in it."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            if form.spend(at):
                solving.open_again(issue, form.cleaned_data["why"], by=contact, at=at)
    except Refused as refusal:
        form.add_error("why", str(refusal))
        return False
    return True
