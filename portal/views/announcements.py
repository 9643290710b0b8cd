"""What we announced to a partner, and what its person asks about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from conversations import messages
from conversations.models import Message, Wait
from lifecycle import markdown
from lifecycle.growth.announcing.models import Announcement
from portal import seen, words
from portal.door import PartnerRequest, for_contacts
from portal.forms import WordsForm
from prm import clock, downloads, pages
from prm.access import found_or_404
from prm.paging import Order, page
from prm.refusals import Refused

SCREEN = "portal/announcement.html"
NEWEST = Order("sent_at", descending=True, nullable=False)


@for_contacts
@require_safe
def announcements(request: PartnerRequest) -> HttpResponse:
    rows = seen.announcements(request.contact)
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "token": request.token,
        "partner": request.partner,
        "rows": shown.rows,
        "next_url": f"?after={shown.next}" if shown.next else "",
        "previous_url": f"?before={shown.previous}" if shown.previous else "",
    }
    return pages.shown(request, "portal/announcements.html", context)


@for_contacts
@require_safe
def announcement(request: PartnerRequest, pk: int) -> HttpResponse:
    found = found_or_404(seen.announcements(request.contact), pk=pk)
    return pages.shown(request, SCREEN, _page(request, found, WordsForm()))


@for_contacts
@require_safe
def file(request: PartnerRequest, pk: int) -> FileResponse:
    """The file that goes with it."""
    found = found_or_404(seen.announcements(request.contact).exclude(file=""), pk=pk)
    return downloads.of(found.file, found.file_name)


@for_contacts
@require_POST
def ask(request: PartnerRequest, pk: int) -> HttpResponse:
    """A question about it begins a conversation, with its clock."""
    found = found_or_404(seen.announcements(request.contact), pk=pk)
    form, at = WordsForm(request.POST), clock.now()
    if form.is_valid():
        try:
            wait = _asked(request, found, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            here = reverse("portal:announcement", args=[request.token, found.pk])
            return pages.done(request, here, words.received(wait))
    return pages.again(request, SCREEN, _page(request, found, form))


@transaction.atomic
def _asked(request: PartnerRequest, found: Announcement, form: WordsForm, at: datetime) -> Wait | None:
    if not form.spend(at):
        return None
    words.not_too_many(request.contact, at)
    said = messages.receive(
        request.partner,
        Message.Channel.PORTAL,
        form.cleaned_data["body"],
        at,
        contact=request.contact,
        subject=found.title,
    )
    return said.conversation.waits.open().for_reply().first()


def _page(request: PartnerRequest, found: Announcement, form: WordsForm) -> dict[str, Any]:
    theirs = seen.announcements(request.contact)
    return {
        "token": request.token,
        "partner": request.partner,
        "announcement": found,
        "html": markdown.in_html(found.body),
        "corrects": theirs.filter(pk=found.corrects_id).first() if found.corrects_id else None,
        "corrections": theirs.filter(corrects=found),
        "promise": words.promise(request.partner),
        "form": form,
    }
