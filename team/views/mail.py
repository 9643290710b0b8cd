"""Sent mail: what the outbox did, newest first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from prm import bounces, clock, newest, outbox, pages
from prm.access import found_or_404
from prm.models import BouncedAddress, OutboxItem
from team.requests import PersonRequest
from team.roles import permitted_or_403

MOST_DEAD = 100
TONES = {
    OutboxItem.State.SENT: ("ok", "circle-check"),
    OutboxItem.State.KEPT: ("info", "archive"),
    OutboxItem.State.WAITING: ("", "clock"),
    OutboxItem.State.DROPPED: ("", "circle-minus"),
    OutboxItem.State.FAILED: ("bad", "alert-circle"),
    OutboxItem.State.BOUNCED: ("bad", "arrow-back-up"),
    OutboxItem.State.HELD: ("warn", "mail-off"),
}


@login_required
@require_safe
def mails(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "see sent mail")
    page = newest.page(OutboxItem.objects.defer("body", "about"), request.GET.get("before", ""))
    rows = [(item, *TONES[OutboxItem.State(item.state)]) for item in page.rows]
    dead = BouncedAddress.objects.filter(suppressed_until__gt=clock.now()).order_by(
        "-suppressed_until", "-pk"
    )
    context = {"rows": rows, "page": page, "dead": dead[:MOST_DEAD], "mails_leave": outbox.mails_leave()}
    return pages.shown(request, "team/mails.html", context)


@login_required
@require_POST
def lift(request: PersonRequest, pk: int) -> HttpResponse:
    """Let mail go to an address again."""
    permitted_or_403(request.user, "see sent mail")
    address = found_or_404(BouncedAddress.objects.all(), pk=pk)
    bounces.lift(address)
    return pages.done(request, "team:mails", f"Mail goes to {address} again.")


@login_required
@require_safe
def mail(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "see sent mail")
    item = found_or_404(OutboxItem.objects.all(), pk=pk)
    tone, icon = TONES[OutboxItem.State(item.state)]
    context = {"item": item, "tone": tone, "icon": icon, "mails_leave": outbox.mails_leave()}
    return pages.shown(request, "team/mail.html", context)
