"""Log what happened, from anywhere: partner and text are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from conversations import drafts, one_line, pressed, records
from conversations.forms.logs import LOGGED, LogForm
from conversations.meetings import settling
from conversations.models import Meeting, Message
from conversations.views import lines, meetings, writing
from conversations.views.answers import undo_of
from conversations.views.writing import keeps_what_was_typed
from partners.models import Partner
from prm import clock, pages, search
from prm.access import found_or_404
from prm.forms import OnceForm
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

CHOICES = 8
LOG = "conversations/log.html#log"
BEGUN = "conversations/begun.html"
MOST_MINUTES = 1440
WANTED = ("channel", "conversation", "contact")


@keeps_what_was_typed
@require_http_methods(["GET", "POST"])
def log(request: PersonRequest) -> HttpResponse:
    which = request.GET.get("partner") or request.POST.get("partner", "")
    line = lines.typed(request)
    if not which:
        return _found_in(request, line) if line else _choose(request)
    seen = Partner.objects.visible_to(request.user)
    partner = found_or_404(seen, pk=_pk(which))
    permitted_or_403(request.user, "write to partner", partner)
    if request.method == "POST":
        return _quick(request, partner) if "quick" in request.POST else _save(request, partner)
    if line:
        return _filled(request, lines.understand(line, request.user, clock.now(), partner))
    wanted = {name: request.GET[name] for name in WANTED if name in request.GET}
    if meeting := request.GET.get("meeting", ""):
        return _held(request, partner, meetings.mine_or_404(request, _pk(meeting), partner))
    if "begun" in request.GET:
        return _begun(request, partner, wanted)
    context = _context(request, partner)
    initial = {"channel": Message.Channel.CALL, **context["writing"].initial, **wanted}
    return pages.shown(request, LOG, {**context, "form": _form(request, partner, initial=initial)})


def _begun(request: PersonRequest, partner: Partner, wanted: dict[str, str]) -> HttpResponse:
    """What was begun just now in another app, half filled; a draft that stands there is left as it is.

    On a page it stands in a place of its own, beside what else is written there.
    """
    initial = {"channel": Message.Channel.CALL, "occurred_at": clock.now(), **wanted}
    part = pages.is_htmx(request)
    ids = "begun_%s" if part else "log_%s"
    form = LogForm(partner=partner, user=request.user, initial=initial, auto_id=ids)
    context = _beside(request, partner, form) | {"is_begun": True}
    return pages.shown(request, BEGUN if part else LOG, context)


def _pk(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 16 else 0


def _held(request: PersonRequest, partner: Partner, meeting: Meeting) -> HttpResponse:
    """A planned meeting that is over, half filled; a draft that stands there is left as it is."""
    there = meeting.contacts.filter(partner=partner, left_on=None, withdrawn_at=None).order_by("pk").first()
    initial = {
        "meeting": meeting.pk,
        "channel": Message.Channel.MEETING,
        "occurred_at": meeting.starts_at,
        "minutes": min(meeting.minutes, MOST_MINUTES),
        "contact": there,
        "body": settling.words(meeting),
    }
    form = _form(request, partner, initial=initial)
    context = _beside(request, partner, form) | {"is_begun": True, "meeting": meeting, "is_filled": True}
    return pages.shown(request, LOG, context)


def _found_in(request: PersonRequest, line: str) -> HttpResponse:
    """The whole form, filled in from a line; or which partner it was, where the line leaves that open."""
    if len(line) > one_line.LONGEST:
        return _choose(request, line, f"Keep the line to {one_line.LONGEST} letters, or write below.")
    meant = lines.understand(line, request.user, clock.now())
    if meant.partner is not None:
        return _filled(request, meant)
    if meant.others:
        return _choose(request, line, "Several partners are called so. Which one was it?", meant.others)
    return _choose(request, line, "The line names no partner you can see. Choose it, or name it differently.")


def _filled(request: PersonRequest, meant: lines.Meant) -> HttpResponse:
    assert meant.partner is not None
    permitted_or_403(request.user, "write to partner", meant.partner)
    context = _beside(request, meant.partner, _form(request, meant.partner, initial=meant.initial))
    context |= {"line": meant.line, "others": meant.others, "is_filled": bool(meant.initial["body"])}
    return pages.shown(request, LOG, context)


def _form(request: PersonRequest, partner: Partner, *args: Any, **kwargs: Any) -> LogForm:
    """In a dialog it may open over a page that has such a form of its own: its ids must differ."""
    return LogForm(*args, partner=partner, user=request.user, auto_id="log_%s", **kwargs)


def _context(request: PersonRequest, partner: Partner, form: LogForm | None = None) -> dict[str, Any]:
    here = writing.at(drafts.log_of(partner.pk), request)
    return {"partner": partner, "form": form, "writing": here, "next_url": pages.next_or(request, "")}


def _choose(
    request: PersonRequest, line: str = "", refusal: str = "", found: Sequence[Partner] = ()
) -> HttpResponse:
    """Which partner, and what happened: those I looked after last, or those the words find. A `line` that
    was typed already is kept, and goes on with the partner that is pressed."""
    q = request.GET.get("q", "").strip()
    seen = Partner.objects.visible_to(request.user).order_by("name", "pk")
    if q:
        choices = seen.filter(search_key__contains=search.fold(q))[:CHOICES]
    else:
        choices = seen.filter(owner=request.user).order_by("-last_touch_at", "pk")[:CHOICES]
    here = writing.at(drafts.log_of(None), request)
    context = {
        "writing": here,
        "body": here.initial.get("body", ""),
        "choices": found or choices,
        "q": q,
        "line": line,
        "refusal": refusal,
        "form": OnceForm(),
        "kinds": LOGGED,
    }
    if request.method == "POST":
        typed = {"body": request.POST.get("body", ""), "refusal": "Choose the partner it was with."}
        return pages.again(request, LOG, context | typed)
    return pages.shown(request, LOG, context)


def _quick(request: PersonRequest, partner: Partner) -> HttpResponse:
    """Partner and text were enough, unless more was asked for or somebody there waits: then the whole
    form is shown, with what was typed."""
    typed = {name: request.POST.get(name, "") for name in ("channel", "body")}
    form = _form(request, partner, initial=typed)
    if "more" in request.POST or (form.waits and typed["channel"] != Message.Channel.NOTE):
        return pages.shown(request, LOG, _going_on(request, partner, form))
    return _save(request, partner)


def _going_on(request: PersonRequest, partner: Partner, form: LogForm) -> dict[str, Any]:
    """What was typed before the partner was chosen is its draft from now on, unless one stands there."""
    place = drafts.log_of(partner.pk)
    if drafts.find(place, request.user) is None:
        typed = writing.typed(request.POST, place.kind)
        drafts.keep(place, typed, by=request.user, at=clock.now())
        drafts.sent(drafts.log_of(None), request.user)
        return _context(request, partner, form)
    return _beside(request, partner, form)


def _beside(request: PersonRequest, partner: Partner, form: LogForm) -> dict[str, Any]:
    """A form filled by other means than the draft that stands there, which is left as it is."""
    context = _context(request, partner, form)
    return context | {"writing": replace(context["writing"], beside=True)}


def _save(request: PersonRequest, partner: Partner) -> HttpResponse:
    form = _form(request, partner, request.POST)
    if form.is_valid():
        at = clock.now()
        try:
            with transaction.atomic():
                message = _logged(request, form, partner, at) if form.spend(at) else None
                _drop_draft(request, partner)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            to = pages.next_or(request, partner.get_absolute_url())
            return pages.done(request, to, _says(message, partner), undo=_undo_of(message, to))
    return pages.again(request, LOG, _context(request, partner, form))


def _drop_draft(request: PersonRequest, partner: Partner) -> None:
    """Nothing is left to write, where it was the draft that was logged."""
    if "beside" not in request.POST:
        drafts.sent(drafts.log_of(None if "quick" in request.POST else partner.pk), request.user)


def _logged(request: PersonRequest, form: LogForm, partner: Partner, at: Any) -> Message:
    """Write it down; where it is a planned meeting, that one is asked for no more."""
    named = form.cleaned_data["meeting"]
    meeting = meetings.mine_or_404(request, named, partner) if named else None
    return pressed.log(partner, form, meeting, by=request.user, at=at)


def _undo_of(message: Message | None, back: str) -> str:
    """Where it is taken back; of one that was logged before it is not said again."""
    return undo_of(records.logged_as(message), back) if message else ""


def _says(message: Message | None, partner: Partner) -> str:
    if message is None:
        return "It was logged already."
    if message.unconfirmed:
        return (
            f"Logged with {partner}. It is over 72 hours old: it counts as an answer once a lead confirms it."
        )
    return f"{message.get_channel_display()} logged with {partner}."
