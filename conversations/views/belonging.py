"""Which of a partner's memberships a conversation is about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from conversations import belonging
from conversations.forms.belonging import BelongingForm
from conversations.models import Conversation
from conversations.views.answers import form_page, undo_of
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

SAYS = "Whose it is follows the assignments to the programme. The due time stays as it is."


@login_required
@require_http_methods(["GET", "POST"])
def belong(request: PersonRequest, pk: int) -> HttpResponse:
    seen = Conversation.objects.visible_to(request.user).select_related("partner")
    conversation = found_or_404(seen, pk=pk)
    partner = conversation.partner
    permitted_or_403(request.user, "write to partner", partner)
    initial = {"membership": conversation.membership_id}
    form = BelongingForm(request.POST or None, partner=partner, initial=initial)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["membership"]
        try:
            event = belonging.belong(conversation, to, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            whose = conversation.responsible or "Nobody"
            says = f"It is about {event.note if event else to}. {whose} answers."
            return pages.done(request, conversation, says, undo=undo_of(event))
    back = conversation.get_absolute_url()
    return form_page(request, partner, form, "What this conversation is about", "Save", back, SAYS)
