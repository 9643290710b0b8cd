"""Undo: a step is taken back by its inverse."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners import history
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, refusal_words


@login_required
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back a step of a partner one sees; one's own, or where one may change the partner."""
    seen = Q(partner__in=Partner.objects.visible_to(request.user)) | Q(partner=None, by_user=request.user)
    events = Event.objects.select_related("partner").filter(seen, ~history.hidden_from(request.user))
    event = found_or_404(events, pk=pk)
    _may_undo(request.user, event)
    home = event.partner.get_absolute_url() if event.partner else reverse("partners:list")
    back = pages.next_or(request, home)
    try:
        history.undo(event, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return pages.done(request, to=back)
    return pages.done(request, to=back, says=_("Taken back."))


def _may_undo(user: User, event: Event) -> None:
    if event.by_user_id != user.pk and not may(user, "change partner", event.partner):
        raise PermissionDenied(refusal_words("change partner", event.partner))
