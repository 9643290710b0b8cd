"""The partner's own page: what we owe each other, our record towards it, its conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from conversations import messages
from conversations.models import Commitment, Message, Wait
from dashboards import record as records
from lifecycle.models import Side
from portal import seen, words
from portal.door import PartnerRequest, for_contacts
from portal.forms import WordsForm
from prm import clock, newest, pages
from prm.refusals import Refused

SHOWN = 20


@for_contacts
@require_safe
def home(request: PartnerRequest) -> HttpResponse:
    return pages.shown(request, "portal/home.html", _page(request, WordsForm(), clock.now()))


@for_contacts
@require_POST
def write(request: PartnerRequest) -> HttpResponse:
    """Begin a conversation."""
    at, form = clock.now(), WordsForm(request.POST)
    if form.is_valid():
        try:
            said = begin(request, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, _here(request), words.received(said))
    return pages.again(request, "portal/home.html", _page(request, form, at))


@transaction.atomic
def begin(request: PartnerRequest, form: WordsForm, at: datetime) -> Wait | None:
    """The first message of a conversation, once; the wait it opened."""
    if not form.spend(at):
        return None
    words.not_too_many(request.contact, at)
    said = messages.receive(
        request.partner, Message.Channel.PORTAL, form.cleaned_data["body"], at, contact=request.contact
    )
    return said.conversation.waits.open().for_reply().first()


@for_contacts
@require_safe
def record(request: PartnerRequest) -> HttpResponse:
    """The rows behind our record."""
    at = clock.now()
    context = {
        "token": request.token,
        "partner": request.partner,
        "record": records.towards(request.partner, at, shared_only=True),
        "promise": words.promise(request.partner),
        "answers": records.answers(request.partner, request.contact, at),
        "promises": records.promises(request.partner, request.contact, at),
        "most": records.MOST,
    }
    return pages.shown(request, "portal/record.html", context)


def _page(request: PartnerRequest, form: WordsForm, at: datetime) -> dict[str, Any]:
    partner = request.partner
    owed = seen.promises(request.contact).select_related("contact").order_by("promised_for", "pk")
    threads = seen.conversations(request.contact)
    said = newest.page(threads, request.GET.get("before", ""), "last_message_at", SHOWN)
    waits = {
        wait.conversation_id: wait
        for wait in Wait.objects.open().for_reply().filter(conversation__in=said.rows)
    }
    return {
        "token": request.token,
        "partner": partner,
        "contact": request.contact,
        "today": timezone.localdate(at),
        "promises": owed[:SHOWN],
        "ours": Commitment.Side.OURS,
        "record": records.towards(partner, at, shared_only=True),
        "promise": words.promise(request.partner),
        "conversations": [(thread, waits.get(thread.pk)) for thread in said.rows],
        "older_url": f"?{urlencode({'before': said.older})}#conversations" if said.older else "",
        "decided": seen.decisions(partner).first(),
        "to_do": seen.tasks(partner).open().filter(side=Side.THEIRS, handed_in_at=None).count(),
        "form": form,
    }


def _here(request: PartnerRequest) -> str:
    return request.path.removesuffix("write/")
