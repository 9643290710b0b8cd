"""Settings: after what satisfaction is asked by itself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from prm import clock, pages
from prm.refusals import Refused
from reviews.surveying import following
from reviews.surveying.models import Survey
from team.requests import PersonRequest
from team.roles import permitted_or_403

PAGE = "reviews/surveying/following.html"
HERE = "reviews:following"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def following_page(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    after = request.POST.get("after", "")
    if request.method == "POST" and after in Survey.After.values:
        verb = following.switch_off if request.POST.get("do") == "off" else following.switch_on
        try:
            verb(after, request.user, clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        return pages.done(request, HERE)
    asking = {survey.after: survey for survey in Survey.objects.asking().exclude(after="")}
    rows = [(value, label, asking.get(value)) for value, label in Survey.After.choices]
    return pages.shown(request, PAGE, {"rows": rows})
