"""Settings: how soon issues are solved, and by which causes they are counted."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from prm import clock, pages
from prm.refusals import Refused
from reviews.issues import promises
from reviews.issues.forms import PromisesForm
from reviews.issues.models import Cause
from team.requests import PersonRequest
from team.roles import permitted_or_403
from team.views.lists import KeptList

PAGE = "reviews/issues/promises.html"
CAUSES = KeptList(
    Cause,
    "reviews",
    "issue_causes",
    "Causes of issues",
    "Why issues come about; each that is solved names one.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def promises_page(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    at = clock.now()
    form = PromisesForm(promises.all_policies(at), promises.reopen_days(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            promises.change(form.promised, form.cleaned_data["reopen_days"], by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says = _("Saved. Issues that are open keep the promise they were raised under.")
            return pages.done(request, "reviews:issue_promises", says)
    return pages.again(request, PAGE, {"form": form}, 422 if form.errors else 200)
