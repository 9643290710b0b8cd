"""A mail beyond its words: its files, how it came, and how it was formatted."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import senders
from conversations.mail import markup, parts, reading
from conversations.models import Attachment, Message
from prm import downloads
from prm.access import found_or_404
from team.models import User
from team.requests import PersonRequest

PLAIN = "application/octet-stream"


@login_required
@require_safe
def attachment(request: PersonRequest, pk: int) -> FileResponse:
    """A file as a download, of a type that no browser runs."""
    kept = Attachment.objects.visible_to(request.user).exclude(file="")
    found = found_or_404(kept, pk=pk)
    return downloads.of(found.file, found.name)


@login_required
@require_safe
def original(request: PersonRequest, pk: int) -> FileResponse:
    """The mail as it came, as a download; of ours without whom it names in Bcc."""
    message = _mail(request.user, pk)
    assert message.raw is not None
    if message.direction == Message.Direction.IN:
        return downloads.of(message.raw.file, f"mail-{pk}.eml", PLAIN)
    ours = parts.without_bcc(senders.content(message.raw))
    return downloads.of(ContentFile(ours), f"mail-{pk}.eml", PLAIN)


@login_required
@require_safe
def formatted(request: PersonRequest, pk: int) -> HttpResponse:
    """The mail as its sender formatted it, without what lies on other servers."""
    return _formatted(request, pk, pictures=False)


@login_required
@require_safe
def pictures(request: PersonRequest, pk: int) -> HttpResponse:
    """The same with its pictures fetched from other servers, because the reader asked for them."""
    response = _formatted(request, pk, pictures=True)
    response._csp_update = {"img-src": ["https:", "http:"]}  # type: ignore[attr-defined]
    return response


def _formatted(request: PersonRequest, pk: int, pictures: bool) -> HttpResponse:
    message = _mail(request.user, pk)
    assert message.raw is not None
    html = reading.html(senders.content(message.raw))
    context = {
        "message": message,
        "partner": message.partner,
        "html": markup.safe(html, pictures),
        "has_pictures": not pictures and markup.has_pictures(html),
    }
    return render(request, "conversations/formatted.html", context)


def _mail(user: User, pk: int) -> Message:
    """A message that was a mail, in a conversation this person may see."""
    seen = Message.objects.visible_to(user).filter(withdrawn_at=None, raw__isnull=False)
    return found_or_404(seen.select_related("raw", "partner", "conversation"), pk=pk)
