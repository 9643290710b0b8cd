"""The list of keyboard shortcuts, opened over the page one is on."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prm import pages
from team.requests import PersonRequest


@login_required
@require_safe
def keys(request: PersonRequest) -> HttpResponse:
    return pages.shown(request, "team/keys.html#keys", {})
