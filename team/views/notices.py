"""The bell's page: what a person was told."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from prm import clock, newest, pages
from prm.access import found_or_404
from team import notices
from team.models import Notice
from team.requests import PersonRequest

SCREEN = "team/notices.html#notices"


@login_required
@require_safe
def notices_page(request: PersonRequest) -> HttpResponse:
    page = newest.page(Notice.objects.filter(person=request.user), request.GET.get("before", ""))
    return pages.shown(request, SCREEN, {"page": page})


@login_required
@require_POST
def read_notice(request: PersonRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    notice = found_or_404(Notice.objects.filter(person=request.user), pk=pk)
    notices.mark_read([notice], by=request.user, at=clock.now())
    return pages.done(request, notice.url or "team:notices")


@login_required
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    notices.mark_all_read(by=request.user, at=clock.now())
    return pages.done(request, "team:notices", "All notices are read.")
