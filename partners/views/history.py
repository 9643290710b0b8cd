"""Undo: a step is taken back by its inverse."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners import history
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest


@login_required
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back a step of a partner one sees; one's own, or where one may change the partner."""
    event = found_or_404(history.visible_to(request.user).select_related("partner"), pk=pk)
    history.may_undo_or_403(request.user, event)
    home = event.partner.get_absolute_url() if event.partner else reverse("partners:list")
    back = pages.next_or(request, home)
    try:
        history.undo(event, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return pages.done(request, to=back)
    return pages.done(request, to=back, says=_("Taken back."))
