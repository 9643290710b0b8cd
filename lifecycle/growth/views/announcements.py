"""Announcements: the list, a draft, one of them with how far it got, and the partners behind each number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle import markdown
from lifecycle.growth.announcing import audience, standing, writing
from lifecycle.growth.announcing.forms import AnnouncementForm, initial
from lifecycle.growth.announcing.models import Announcement
from lifecycle.growth.announcing.standing import Why
from partners.models import Event
from prm import clock, downloads, pages, spreadsheets
from prm.access import found_or_404
from prm.paging import Order, page
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

LIST, FORM, ONE, WHOM = (
    f"lifecycle/growth/announcing/{name}.html" for name in ("list", "form", "one", "partners")
)
NEWEST = Order("made_at", descending=True, nullable=False)
BY_NAME = Order("sort_name", nullable=False)
RELATED = ("made_by", "sent_by", "withdrawn_by", "corrects")
LEFT_OUT = (Why.NOBODY, Why.ADDRESS, Why.ASKED, Why.BACK)
NAMED = 10  # partners named on the page for each reason


@login_required
@require_safe
def announcements(request: PersonRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = Announcement.objects.visible_to(request.user).select_related("made_by", "sent_by", "corrects")
    rows = rows.filter(state=state) if state in Announcement.State.values else rows
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    views = [("", _("All")), *Announcement.State.choices]
    context = {
        "rows": _told(shown.rows, request.user),
        "views": [(name, f"?state={value}", value == state) for value, name in views],
        "next_url": f"?state={state}&after={shown.next}" if shown.next else "",
        "previous_url": f"?state={state}&before={shown.previous}" if shown.previous else "",
        "may_announce": may(request.user, writing.SOME),
    }
    return pages.shown(request, LIST, context)


def _told(rows: list[Announcement], user: User) -> list[tuple[Announcement, int, int]]:
    """Each with how many partners were told and how many were entitled when it last went out."""
    told, entitled = standing.reached([row.pk for row in rows], user)
    return [(row, told.get(row.pk, 0), entitled.get(row.pk, 0)) for row in rows]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """A draft; `corrects` names what it corrects, whose words and receivers it begins with."""
    permitted_or_403(request.user, writing.SOME)
    corrects = _corrected(request)
    begins = initial(corrects) if corrects else None
    return _written(request, _typed(request, begins), corrects)


def _corrected(request: PersonRequest) -> Announcement | None:
    asked = request.GET.get("corrects", "")
    if not asked:
        return None
    seen = Announcement.objects.visible_to(request.user)
    return found_or_404(seen, pk=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    found = _changeable(request, pk)
    return _written(request, _typed(request, initial(found)), found.corrects, found)


def _typed(request: PersonRequest, begins: dict[str, Any] | None) -> AnnouncementForm:
    return AnnouncementForm(request.POST or None, request.FILES or None, by=request.user, initial=begins)


def _written(
    request: PersonRequest,
    form: AnnouncementForm,
    corrects: Announcement | None,
    draft: Announcement | None = None,
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            made = _write(form, corrects, draft, request.user, clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, made or "lifecycle:announcements", _("See who gets it, then send it."))
    show = pages.again if form.is_bound else pages.shown
    return show(request, FORM, {"form": form, "corrects": corrects, "draft": draft})


@transaction.atomic
def _write(
    form: AnnouncementForm,
    corrects: Announcement | None,
    draft: Announcement | None,
    by: User,
    at: datetime,
) -> Announcement | None:
    if not form.spend(at):
        return draft
    outline = form.outline(draft, corrects)
    if draft is None:
        return writing.write(outline, by, at)
    writing.change(draft, outline, by, at)
    return draft


@login_required
@require_safe
def announcement(request: PersonRequest, pk: int) -> HttpResponse:
    found, user, at = _seen(request, pk), request.user, clock.now()
    meter = standing.meter(found, user, at)
    about = Event.objects.filter(about_kind="announcement", about_id=found.pk, partner=None)
    context = {
        "announcement": found,
        "html": markdown.in_html(found.body),
        "whom": audience.in_words(found.who),
        "meter": meter,
        "counts": _counts(meter, found),
        "left_out": _left_out(found, meter, user, at),
        "corrections": found.corrections.visible_to(user).exclude(state=Announcement.State.DRAFT),
        "events": about.select_related("by_user")[:20],
        "may_change": writing.may_change(user, found),
    }
    return pages.shown(request, ONE, context)


@login_required
@require_safe
def file(request: PersonRequest, pk: int) -> FileResponse:
    """The file that goes with it."""
    found = found_or_404(Announcement.objects.visible_to(request.user).exclude(file=""), pk=pk)
    return downloads.of(found.file, found.file_name)


def _counts(meter: standing.Meter, found: Announcement) -> list[tuple[Why, int, str]]:
    """Each way in which partners stand with the address of its rows, those that are there."""
    return [(why, meter.by[why], f"{_rows_of(found)}?why={why}") for why in Why if meter.by.get(why)]


def _rows_of(found: Announcement) -> str:
    return f"{found.get_absolute_url()}partners/"


def _left_out(found: Announcement, meter: standing.Meter, user: User, at: datetime) -> list[Any]:
    """The first partners that no press reaches, for each reason: (reason, partners, how many more)."""
    rows = standing.partners(found, user, at).order_by("sort_name", "pk")
    told = []
    for why in LEFT_OUT:
        if n := meter.by.get(why, 0):
            told.append((why, list(rows.filter(why=why)[:NAMED]), max(0, n - NAMED)))
    return told


@login_required
@require_POST
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Send it, tell those who came later, withdraw it, or throw a draft away: `do` says which."""
    found, at, do, by = _changeable(request, pk), clock.now(), request.POST.get("do", ""), request.user
    says = ""
    try:
        if do == "send":
            says = _people(writing.send(found, by, at))
        elif do == "tell":
            says = _people(writing.tell_rest(found, by, at))
        elif do == "withdraw":
            writing.withdraw(found, request.POST.get("reason", ""), by, at)
            says = _("It is withdrawn. Those who were told see why.")
        elif do == "remove":
            writing.remove(found, by, at)
            return pages.done(request, "lifecycle:announcements", _("The draft is gone."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return pages.done(request, found, says)


def _people(n: int) -> str:
    return ngettext("It is on its way to {n} person.", "It is on its way to {n} people.", n).format(n=n)


@login_required
@require_safe
def partners(request: PersonRequest, pk: int) -> HttpResponse:
    """The partners behind the numbers, each with its people and how it stands with them."""
    found, at, why = _seen(request, pk), clock.now(), request.GET.get("why", "")
    rows = _narrowed(standing.partners(found, request.user, at), found, why)
    shown = page(rows, BY_NAME, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    people = standing.persons(found, shown.rows, at)
    meter = standing.meter(found, request.user, at)
    tabs = [(_("All"), sum(meter.by.values()), "?why=", not why)]
    tabs += [(str(each.label), n, f"?why={each}", each == why) for each, n, _url in _counts(meter, found)]
    if found.first_told_at is not None:
        tabs.append((_("Within a day of the first"), meter.soon, "?why=soon", why == "soon"))
    context = {
        "announcement": found,
        "rows": [(row, Why(row.why), people[row.pk]) for row in shown.rows],
        "tabs": tabs,
        "why": why,
        "next_url": f"?why={why}&after={shown.next}" if shown.next else "",
        "previous_url": f"?why={why}&before={shown.previous}" if shown.previous else "",
        "may_export": may(request.user, "export partners"),
    }
    return pages.shown(request, WHOM, context)


@login_required
@require_safe
def partners_csv(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """The same partners as a file."""
    permitted_or_403(request.user, "export partners")
    found, why = _seen(request, pk), request.GET.get("why", "")
    rows = _narrowed(standing.partners(found, request.user, clock.now()), found, why)
    named = rows.order_by("sort_name", "pk").values_list("name", "why", "told_at")
    lines = ([name, str(Why(why).label), at.isoformat() if at else ""] for name, why, at in named.iterator())
    return spreadsheets.download("announcement.csv", ["Partner", "State", "Told at"], lines)


def _narrowed(rows: Any, found: Announcement, why: str) -> Any:
    if why in Why.values:
        return rows.filter(why=why)
    return standing.soon(rows, found) if why == "soon" else rows


def _seen(request: PersonRequest, pk: int) -> Announcement:
    return found_or_404(Announcement.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


def _changeable(request: PersonRequest, pk: int) -> Announcement:
    found = _seen(request, pk)
    writing.changeable_or_403(request.user, found)
    return found
