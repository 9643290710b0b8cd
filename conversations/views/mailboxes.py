"""Settings › Mailboxes: shared ones for the admin, one's own for everybody; and trying whether one works."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import responsibility
from conversations.mail import fetching, person_address
from conversations.mailbox_form import MailboxForm
from conversations.models import Mailbox
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST, FORM = "conversations/mailboxes.html", "conversations/mailbox.html"
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def mailboxes(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    rows = Mailbox.objects.select_related("region", "lead", "person").defer("sealed")
    return pages.shown(request, LIST, {"mailboxes": rows})


@login_required
@either
def add(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    return _edit(request, Mailbox(), "Add a shared mailbox", "conversations:mailboxes")


@login_required
@either
def mailbox(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    shared = found_or_404(Mailbox.objects.shared(), pk=pk)
    return _edit(request, shared, shared.name, "conversations:mailboxes")


@login_required
@either
def own(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "file mail")
    mine = Mailbox.objects.filter(person=request.user).first() or Mailbox(address=request.user.email)
    return _edit(request, mine, "Your mailbox", "conversations:own_mailbox", person=request.user)


@login_required
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Read it no more, and forget how to sign in to it; the mail that came from it stays."""
    permitted_or_403(request.user, "file mail")
    mailboxes = Mailbox.objects.all()
    if not request.user.is_admin:
        mailboxes = mailboxes.filter(person=request.user)
    gone = found_or_404(mailboxes, pk=pk)
    gone.delete()
    back = "conversations:own_mailbox" if gone.person_id == request.user.pk else "conversations:mailboxes"
    return pages.done(request, back, f"{gone} is read no more. What came from it stays.")


def _edit(
    request: PersonRequest, stands: Mailbox, title: str, back: str, person: User | None = None
) -> HttpResponse:
    """Show the form; sent, try whether it works or save it."""
    form = MailboxForm(request.POST or None, instance=stands, person=person)
    context: dict[str, Any] = {"form": form, "stands": stands, "title": title, "own": person is not None}
    if person is not None:
        context["address"] = person_address.of(person, person_address.MAIL)
    if request.method != "POST":
        return pages.shown(request, FORM, context)
    if not form.is_valid():
        return pages.again(request, FORM, context)
    wanted = form.mailbox(clock.now())
    if "try" in request.POST:
        try:
            return pages.shown(request, FORM, context | {"works": fetching.try_it(wanted)})
        except Refused as refusal:
            form.add_error(None, str(refusal))
        return pages.again(request, FORM, context)
    with transaction.atomic():
        wanted.save()
        responsibility.follow_mailbox(wanted)
    return pages.done(request, back, f"{wanted} is saved. It is read from now on.")
