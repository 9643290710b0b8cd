"""Today: who waits, what is due, who drifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conversations import drafts, messages
from conversations.decisions import TO_DECIDE
from conversations.forms.writing import ReplyForm
from conversations.meetings import ahead
from conversations.models import Commitment, RawMail, Wait
from conversations.views import threads, writing
from conversations.views.writing import keeps_what_was_typed
from dashboards import load, queue, record
from lifecycle import stalled
from lifecycle.models import Task
from prm import clock, pages
from prm.access import found_or_404
from prm.questions import Asked, Question
from prm.questions import day as dated
from prm.refusals import Refused
from prm.together import together
from reviews.issues.models import Escalation, Issue
from reviews.models import Review
from team import badges, persons
from team.models import MOST_COUNTED, User
from team.readers import Reader, reader
from team.requests import PersonRequest
from team.roles import permitted_or_403

AHEAD = timedelta(days=7)
SHOWN = 6
TO_DO = ("text", "stage", "due_on", "partner__name")  # of a task
SAID = ("text", "side", "promised_for", "partner__name")  # of a promise


def _number(request: PersonRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 16 else None


@login_required
@require_safe
def today(request: PersonRequest) -> HttpResponse:
    if request.user.only_steers and not request.GET:
        return redirect("dashboards:insights")
    at = clock.now()
    reply = _number(request, "reply")
    if pages.is_htmx(request):
        return pages.shown(request, "dashboards/today.html#queue", _queue(request, at, reply))
    with together(_asked(request, at)):
        context = _queue(request, at, reply) | _rest(request, at)
    return pages.shown(request, "dashboards/today.html", context)


def _asked(request: PersonRequest, at: datetime) -> Iterator[Asked[Any]]:
    """What the page asks, but for the rows that depend on its answers: one query."""
    user, who = request.user, reader(request.user)
    yield from queue.asked(at)
    yield from load.asked(user) if persons.sees_own(user) else ()
    yield from record.asked_by(user, at)
    yield from stalled.asked(at)
    yield from ahead.asked_by(user, at)
    yield from (question.of(who, reader=user.pk) for question in (ISSUES, UNKNOWN))
    until = timezone.localdate(at) + AHEAD
    yield from (question.of(who, reader=user.pk, until=until) for question in (TASKS, REVIEWS, MINE, THEIRS))


@keeps_what_was_typed
@require_POST
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    at = clock.now()
    wait = found_or_404(
        Wait.objects.visible_to(request.user).select_related("conversation", "partner"), pk=pk
    )
    permitted_or_403(request.user, "write to partner", wait.partner)
    form = ReplyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            answered = threads.answer(wait.conversation, form, by=request.user, at=at)
        except messages.AnsweredMeanwhile as refusal:
            return _read_first(request, wait, str(refusal), at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            to = queue.address(request.GET.get("queue", "mine"))
            context = {
                **_queue(request, at, reply=None),
                **_due(request, at),
                "answered": True,
                "back_to": to,
            }
            return pages.done(
                request,
                to,
                answered.says,
                answered.undo,
                fragment="dashboards/today.html#answered",
                context=context,
            )
    context = _queue(request, at, reply=pk, form=form)
    if not pages.is_htmx(request):
        context |= _rest(request, at)
    return pages.again(request, "dashboards/today.html#queue", context)


def _read_first(request: PersonRequest, wait: Wait, refusal: str, at: datetime) -> HttpResponse:
    """Somebody answered meanwhile and the row is gone: what was typed goes along to the conversation."""
    place = drafts.reply_in(wait.conversation_id)
    drafts.keep(place, writing.typed(request.POST, place.kind), by=request.user, at=at)
    return pages.done(request, place.address, refusal)


def _queue(
    request: PersonRequest, at: datetime, reply: int | None, form: ReplyForm | None = None
) -> dict[str, Any]:
    tab = request.GET.get("queue") or ("team" if request.user.is_head else "mine")
    page = _number(request, "rows") or 1
    shown = queue.read(request.user, tab, at, reply, min(page, 40))
    here = _writing(request, shown)
    return {
        "queue": shown,
        "summary": summary(shown),
        "writing": here,
        "reply_form": form or ReplyForm(initial=here.initial if here else {}),
        "today": timezone.localdate(at),
    }


def _writing(request: PersonRequest, shown: queue.Queue) -> writing.Writing | None:
    """Where the person writes: in the open row's conversation."""
    row = shown.open
    return writing.at(drafts.reply_in(row.wait.conversation_id), request) if row else None


def summary(shown: queue.Queue) -> str:
    """The day in a sentence: what is late and what falls due before its end."""
    parts = []
    if shown.late:
        parts.append(ngettext("{n} late reply", "{n} late replies", shown.late).format(n=shown.late))
    if shown.due_today:
        words = _("{n} more to answer today") if parts else _("{n} to answer today")
        parts.append(words.format(n=shown.due_today))
    if parts:
        return ", ".join(parts)
    if shown.tab == "team" and shown.count:
        return ngettext(
            "{n} waits for the team, not for you",
            "{n} wait for the team, none of them for you",
            shown.count,
        ).format(n=shown.count)
    return _("nobody waits for you today")


def _rest(request: PersonRequest, at: datetime) -> dict[str, Any]:
    day = timezone.localdate(at)
    adrift, adrift_count = stalled.first(request.user, at, SHOWN)
    return {
        "greeting": greeting(timezone.localtime(at).hour),
        "load": load.of(request.user) if persons.sees_own(request.user) else None,
        **_due(request, at),
        "tasks": TASKS.ask(reader(request.user), reader=request.user.pk, until=day + AHEAD),
        "reviews": REVIEWS.ask(reader(request.user), reader=request.user.pk, until=day + AHEAD),
        "issues": ISSUES.ask(reader(request.user), reader=request.user.pk),
        "stalled": adrift,
        "stalled_count": adrift_count,
        "stalled_more": adrift_count - len(adrift),
        "meetings": ahead.of(request.user, at),
        "to_decide": badges.of(request.user, TO_DECIDE),
        "unknown_mails": len(UNKNOWN.ask(reader(request.user), reader=request.user.pk)),
    }


def _due(request: PersonRequest, at: datetime) -> dict[str, Any]:
    """The card of the promises."""
    until = timezone.localdate(at) + AHEAD
    return {"promises": _promises(request.user, until), "kept": record.kept_by(request.user, at)}


def _due_tasks(who: Reader) -> QuerySet[Task]:
    tasks = Task.objects.visible_to(who).open().filter(owner=who.pk, due_on__lte=dated("until"))
    return tasks.select_related("partner").only(*TO_DO).order_by("due_on", "pk")[:SHOWN]


def _as_task_of(who: Reader) -> Exists:
    """A promise that is a step of a plan stands among one's tasks already."""
    return Exists(Task.objects.open().filter(owner=who.pk, review_action__commitment=OuterRef("pk")))


def _due_promises(who: Reader, *which: Any, **whose: Any) -> QuerySet[Commitment]:
    due = Commitment.objects.visible_to(who).open().filter(*which, promised_for__lte=dated("until"), **whose)
    return due.select_related("partner").only(*SAID).order_by("promised_for", "pk")[:SHOWN]


def _unknown_mails(who: Reader) -> QuerySet[RawMail]:
    return RawMail.objects.visible_to(who).unknown().filter(is_automatic=False).only("pk")[:MOST_COUNTED]


def _due_reviews(who: Reader) -> QuerySet[Review]:
    """Of partners one owns, those with a step that is due."""
    due = Review.objects.visible_to(who).filter(partner__owner=who.pk, due_on__lte=dated("until"))
    shown = due.select_related("partner").only("on", "due_on", "state", "partner__name")
    return shown.order_by("due_on", "pk")[:SHOWN]


def _open_issues(who: Reader) -> QuerySet[Issue]:
    """Those one sees to, and those that were brought before one; the most pressing first."""
    mine = Q(wait__responsible=who.pk) | Q(Exists(Escalation.objects.filter(issue=OuterRef("pk"), to=who.pk)))
    shown = Issue.objects.visible_to(who).open().filter(mine).select_related("partner", "wait")
    columns = ("title", "severity", "partner__name", "wait__due_at", "wait__state")
    return shown.only(*columns).order_by("wait__due_at", "pk")[:SHOWN]


ISSUES = Question(_open_issues)
TASKS = Question(_due_tasks)
REVIEWS = Question(_due_reviews)
UNKNOWN = Question(_unknown_mails)
MINE = Question(lambda who: _due_promises(who, ~_as_task_of(who), owner=who.pk))
THEIRS = Question(lambda who: _due_promises(who, side=Commitment.Side.THEIRS, partner__owner=who.pk))


def _promises(user: User, until: date) -> list[Commitment]:
    """The first of my own promises and of what the partners I own owe us; each its own query, for
    either goes along an index and both at once go through all promises."""
    who, given = reader(user), {"reader": user.pk, "until": until}
    both = {promise.pk: promise for promise in (*MINE.ask(who, **given), *THEIRS.ask(who, **given))}
    return sorted(both.values(), key=lambda promise: (promise.promised_for, promise.pk))[:SHOWN]


def greeting(hour: int) -> str:
    """By the hour of the reader's day."""
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")
