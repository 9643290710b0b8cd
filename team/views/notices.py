"""The bell's page: what a person was told."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from prm import clock, newest, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import notices
from team.models import Notice, NoticeSet
from team.notice_forms import SPANS, SnoozeForm
from team.requests import PersonRequest

SCREEN = "team/notices.html#notices"
VIEWS = {"": _("All"), "needs": _("Needs you"), "hidden": _("Hidden")}
SHOWN = ("kind", "text", "url", "why", "rings", "due_at", "created_at", "read_at", "snoozed_until")


@login_required
@require_safe
def notices_page(request: PersonRequest) -> HttpResponse:
    return pages.shown(request, SCREEN, _context(request))


@login_required
@require_POST
def read_notice(request: PersonRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    notice = found_or_404(Notice.objects.filter(person=request.user), pk=pk)
    notices.mark_read([notice], by=request.user, at=clock.now())
    return pages.done(request, notice.url or "team:notices")


@login_required
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    notices.mark_all_read(by=request.user, at=clock.now())
    return pages.done(request, "team:notices", "All notices are read.")


@login_required
@require_POST
def snooze(request: PersonRequest, pk: int) -> HttpResponse:
    """Hide a notice for a while, from this person only."""
    notice = found_or_404(Notice.objects.filter(person=request.user), pk=pk)
    form, at = SnoozeForm(request.POST), clock.now()
    if form.is_valid():
        try:
            until = at + form.span
            notices.snooze(notice, until=until, by=request.user, at=at)
            back = reverse("team:wake_notice", args=[pk])
            return pages.done(request, "team:notices", f"Hidden until {_words(until)}.", undo=back)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    refusals = [str(error) for errors in form.errors.values() for error in errors]
    return pages.again(request, SCREEN, {**_context(request), "refusals": refusals})


@login_required
@require_POST
def wake(request: PersonRequest, pk: int) -> HttpResponse:
    notice = found_or_404(Notice.objects.filter(person=request.user), pk=pk)
    notices.show_again(notice, by=request.user)
    return pages.done(request, "team:notices", "It is shown again.")


def _context(request: PersonRequest) -> dict[str, Any]:
    show = request.GET.get("show", "")
    show = show if show in VIEWS else ""
    mine = Notice.objects.filter(person=request.user)
    page = newest.page(_seen(mine, show).only(*SHOWN), request.GET.get("before", ""))
    at = clock.now()
    return {
        "rows": [(notice, _spans(notice, at)) for notice in page.rows],
        "page": page,
        "show": show,
        "views": [(name, _address(show=value), value == show) for value, name in VIEWS.items()],
        "older_url": _address(show=show, before=page.older) if page.older else "",
        "has_unread": mine.shown().filter(read_at=None).exists(),
    }


def _seen(mine: NoticeSet, show: str) -> NoticeSet:
    if show == "hidden":
        return mine.exclude(snoozed_until=None)
    return mine.ringing() if show == "needs" else mine.shown()


def _spans(notice: Notice, at: datetime) -> list[tuple[str, Any]]:
    """For how long this notice can be hidden, in minutes and words."""
    deadline = notices.deadline_of(notice)
    left = (deadline - at).total_seconds() / 60 if deadline else None
    return [(minutes, words) for minutes, words in SPANS.items() if left is None or int(minutes) <= left]


def _address(**query: str) -> str:
    asked = urlencode({name: value for name, value in query.items() if value})
    return reverse("team:notices") + (f"?{asked}" if asked else "")


def _words(moment: datetime) -> str:
    here = timezone.localtime(moment)
    return f"{here:%H:%M}" if here.date() == timezone.localdate(clock.now()) else f"{here:%A, %H:%M}"
