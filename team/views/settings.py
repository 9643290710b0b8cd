"""Settings: what there is to set, and what is left to do before work can begin."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prm import outbox, pages
from team import settings_pages
from team.requests import PersonRequest
from team.roles import may


@login_required
@require_safe
def settings(request: PersonRequest) -> HttpResponse:
    steps = settings_pages.steps() if may(request.user, "edit settings") else []
    context = {
        "pages": settings_pages.pages_for(request.user),
        "steps": steps,
        "left": sum(not done for _, done in steps),
        "mails_leave": outbox.mails_leave(),
    }
    return pages.shown(request, "team/settings.html", context)
