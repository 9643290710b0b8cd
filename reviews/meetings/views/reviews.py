"""One review: its page, and the steps that are taken there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.views.asking import Question, answer, undo
from partners import history
from prm import addresses, clock, pages
from prm.questions import Asked as Unasked
from prm.questions import Question as Asking
from prm.questions import key
from prm.refusals import Refused
from prm.together import together
from reviews.meetings import agenda, listing, sent, signing, steps, track
from reviews.meetings.forms import CancelForm, MoveForm, OutcomeForm, TopicForm
from reviews.meetings.packet import confirming, definitions, paper, reading, record, shown
from reviews.meetings.packet.sections import Asked
from reviews.models import Packet, Review, ReviewInvitation
from reviews.planning import packet as plan_packet
from team.readers import reader
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN = "reviews/review.html"
MOVE = Question(
    gettext_lazy("Move the review"),
    gettext_lazy("Who moved it is kept; only our own moves count."),
    gettext_lazy("Move it"),
)
CANCEL = Question(
    gettext_lazy("Cancel the review"),
    gettext_lazy("The next one by the cadence is planned at once."),
    gettext_lazy("Cancel it"),
)
DECIDE = Question(
    gettext_lazy("What came of it"),
    gettext_lazy("Internal until you share it with the partner."),
    gettext_lazy("Save"),
)
SEEN = Asking(
    lambda who: (
        Review.objects.visible_to(who)
        .filter(pk=key("review"))
        .select_related("partner__owner", "partner__tier", "definitions_by")
    )
)
INVITED = Asking(lambda: ReviewInvitation.objects.filter(review=key("review"), is_off=False)[:1])
State = Review.State


@login_required
@require_safe
def review(request: PersonRequest, pk: int) -> HttpResponse:
    return pages.shown(request, SCREEN, context_of(request, seen(request, pk)))


def context_of(request: PersonRequest, found: Review, **more: Any) -> dict[str, Any]:
    """What the page of a review shows."""
    what = shown.asked(found, clock.now())
    packet = Packet.objects.filter(review=found).first() if found.is_held else None
    beside: list[Unasked[Any]] = [history.about("review", found.pk), INVITED.of(review=found.pk)]
    with together([*shown.reads(what, packet), *beside]):
        return {**_page(request, found, what, packet), **more}


def _page(request: PersonRequest, found: Review, what: Asked, packet: Packet | None) -> dict[str, Any]:
    may_run = may(request.user, "run review", found)
    may_arrange = may_run and found.is_ahead
    drawn = reading.by_us(shown.read(what, packet), found.partner, request.user, what.at)
    parts = [each for each in drawn if each.key != "topics"]
    said = [each for each in parts if not each.is_hidden and (not each.is_empty or each.key == "ask")]
    versions = signing.versions(found) if found.is_held else []
    version = versions[0].minutes if versions else None
    return {
        "review": found,
        "partner": found.partner,
        "steps": track.of(found, listing.today()),
        "may_run": may_run,
        "may_arrange": may_arrange,
        "arrange_url": addresses.of("reviews:arrange", found.pk),
        "we_may_sign": found.state == State.MINUTES and not signing.has_signed(version, Review.Side.OURS),
        "topics": what.rows(record.topics),
        "blockers": steps.blockers(found, listing.today()) if found.is_held and not found.is_over else [],
        "last": next(iter(what.rows(record.last)), None),
        "parts": said if may_arrange else [each for each in said if not each.is_empty],
        "silent": [each for each in parts if not each.is_hidden and each not in said] if may_arrange else [],
        "hidden": [each for each in parts if each.is_hidden],
        "asked": what,
        "confirmed": definitions.of(found, [each for each in said if not each.is_empty], packet),
        "may_confirm": may_run and found.state in confirming.TO_CONFIRM,
        "packet": packet,
        "makes_pdf": paper.is_there(),
        "gaps": plan_packet.gaps(what) if found.is_ahead else [],
        "topic_form": TopicForm(),
        "shares": agenda.shares() if found.is_ahead else "",
        "invitation": next(iter(INVITED.ask(review=found.pk)), None) if found.is_ahead else None,
        "version": version,
        "standing": signing.standing(found, version, listing.today()) if version else [],
        "versions": versions,
        "unsent": not found.is_over and sent.is_behind(found, version),
        "next": None if found.is_ahead else Review.objects.ahead().filter(partner=found.partner).first(),
        "events": history.about("review", found.pk).ask(),
    }


@login_required
@require_POST
def prepare(request: PersonRequest, pk: int) -> HttpResponse:
    return _step(request, pk, steps.prepare, _("You are preparing it; the partner is in evaluation."))


@login_required
@require_POST
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """The definitions are the right ones for this review."""
    found = to_run(request, pk)
    try:
        event = confirming.confirm(found, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.again(request, SCREEN, context_of(request, seen(request, pk), refusal=refusal), 409)
    return pages.done(request, found, _("The definitions are confirmed."), undo=undo(event))


@login_required
@require_POST
def share_outcome(request: PersonRequest, pk: int) -> HttpResponse:
    return _step(request, pk, steps.share_outcome, _("The partner reads the outcome now."))


@login_required
@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    return _step(request, pk, steps.close, _("The review is closed. The next one opens with its promises."))


def _step(request: PersonRequest, pk: int, verb: Callable[..., Any], says: str) -> HttpResponse:
    """One press, one verb."""
    found = to_run(request, pk)
    try:
        verb(found, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.again(request, SCREEN, context_of(request, seen(request, pk), refusal=refusal), 409)
    return pages.done(request, found, says)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PersonRequest, pk: int) -> HttpResponse:
    form = MoveForm(request.POST or None)

    def act(found: Review, asked: dict[str, Any], at: datetime) -> None:
        steps.move(found, asked["to"], asked["side"], asked["reason"], by=request.user, at=at)

    return _asked(request, pk, MOVE, form, act, _("The review is moved."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    form = CancelForm(request.POST or None)

    def act(found: Review, asked: dict[str, Any], at: datetime) -> None:
        steps.cancel(found, asked["side"], asked["reason"], by=request.user, at=at)

    return _asked(request, pk, CANCEL, form, act, _("The review is cancelled; the next one is planned."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    found = to_run(request, pk)
    first = {"outcome": found.outcome, "note": found.outcome_note, "look_again_on": found.look_again_on}
    form = OutcomeForm(request.POST or None, initial=first)

    def act(found: Review, asked: dict[str, Any], at: datetime) -> None:
        result = steps.Result(asked["outcome"], asked["note"], asked["look_again_on"])
        steps.decide(found, result, by=request.user, at=at)

    return _asked(request, pk, DECIDE, form, act, _("The outcome is kept, for us alone so far."))


def _asked(
    request: PersonRequest,
    pk: int,
    question: Question,
    form: Any,
    act: Callable[[Review, dict[str, Any], datetime], None],
    says: str,
) -> HttpResponse:
    found = to_run(request, pk)

    def step(asked: dict[str, Any], at: datetime) -> None:
        act(found, asked, at)

    return answer(request, found.partner, question, form, step, says, found.get_absolute_url)


def seen(request: PersonRequest, pk: int) -> Review:
    """The review, where this person may see it; else 404."""
    found = SEEN.ask(reader(request.user), reader=request.user.pk, review=pk)
    if not found:
        raise Http404
    return found[0]


def to_run(request: PersonRequest, pk: int) -> Review:
    found = seen(request, pk)
    permitted_or_403(request.user, "run review", found)
    return found
