"""A conversation as the partner sees it, and its answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from conversations import messages
from conversations.models import Conversation, Message, Wait
from portal import seen, words
from portal.door import PartnerRequest, for_contacts
from portal.forms import WordsForm
from prm import clock, downloads, newest, pages
from prm.access import found_or_404
from prm.refusals import Refused

SCREEN = "portal/conversation.html"
PAGE = 50


@for_contacts
@require_safe
def conversation(request: PartnerRequest, pk: int) -> HttpResponse:
    thread = found_or_404(seen.conversations(request.contact), pk=pk)
    return pages.shown(request, SCREEN, _page(request, thread, WordsForm()))


@for_contacts
@require_safe
def attachment(request: PartnerRequest, pk: int) -> FileResponse:
    """A file of a message this person may read: saved, of a type that no browser runs."""
    found = found_or_404(seen.attachments(request.contact), pk=pk)
    return downloads.of(found.file, found.name)


@for_contacts
@require_POST
def reply(request: PartnerRequest, pk: int) -> HttpResponse:
    thread = found_or_404(seen.conversations(request.contact), pk=pk)
    form, at = WordsForm(request.POST), clock.now()
    if form.is_valid():
        try:
            wait = answer(request, thread, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            here = reverse("portal:conversation", args=[request.token, thread.pk])
            return pages.done(request, here, words.received(wait))
    return pages.again(request, SCREEN, _page(request, thread, form))


@transaction.atomic
def answer(request: PartnerRequest, thread: Conversation, form: WordsForm, at: datetime) -> Wait | None:
    """A message in a conversation, once; the wait that runs then."""
    if form.spend(at):
        words.not_too_many(request.contact, at)
        messages.receive(
            request.partner,
            Message.Channel.PORTAL,
            form.cleaned_data["body"],
            at,
            thread,
            contact=request.contact,
            subject=thread.subject,
        )
    return thread.waits.open().for_reply().first()


def _page(request: PartnerRequest, thread: Conversation, form: WordsForm) -> dict[str, Any]:
    said = seen.messages(request.contact).filter(conversation=thread)
    said = said.select_related("contact", "author", "wanted").prefetch_related("attachments")
    page = newest.page(said, request.GET.get("before", ""), "occurred_at", PAGE)
    return {
        "token": request.token,
        "partner": request.partner,
        "conversation": thread,
        "said": page.rows[::-1],
        "older_url": f"?{urlencode({'before': page.older})}" if page.older else "",
        "wait": thread.waits.open().for_reply().first(),
        "promise": words.promise(request.partner),
        "form": form,
    }
