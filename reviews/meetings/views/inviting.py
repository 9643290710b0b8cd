"""Asking people to a review."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lifecycle.onboarding.forms import KickOffForm
from lifecycle.onboarding.kick_offs import askable
from lifecycle.views.asking import Question, answer
from reviews.meetings import agenda, inviting
from reviews.meetings.views.reviews import to_run
from reviews.models import Review, ReviewInvitation
from team.requests import PersonRequest

INVITE = Question(
    gettext_lazy("Invite to the review"),
    gettext_lazy("Everybody you tick gets a mail with a calendar file."),
    gettext_lazy("Invite"),
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: PersonRequest, pk: int) -> HttpResponse:
    found = to_run(request, pk)
    kept = ReviewInvitation.objects.filter(review=found).select_related("organiser").first()
    organiser = kept.organiser if kept else request.user
    first = _first(found, kept)
    form = KickOffForm(request.POST or None, partner=found.partner, organiser=organiser, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> None:
        wanted = form.wanted
        inviting.invite(found, wanted, by=request.user, at=at)

    says, back = _("The invitations are on their way."), found.get_absolute_url
    return answer(request, found.partner, INVITE, form, act, says, back)


def _first(review: Review, kept: ReviewInvitation | None) -> dict[str, Any]:
    if kept is None:
        begins = datetime.combine(review.on, time(10), timezone.get_current_timezone())
        main = askable(review.partner).filter(is_primary=True)
        return {"starts_at": begins, "minutes": 75, "contacts": main, "agenda": agenda.default(review)}
    return {
        "starts_at": kept.starts_at,
        "minutes": int((kept.ends_at - kept.starts_at).total_seconds()) // 60,
        "place": kept.place,
        "agenda": kept.agenda,
        "contacts": kept.contacts.all(),
        "colleagues": kept.colleagues.all(),
    }
