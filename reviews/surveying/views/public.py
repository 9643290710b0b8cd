"""Where somebody answers, without an account. Looking records nothing: scanners of mail follow every address,
those of the marks among them. Only a press answers, and only a press stops surveys."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from prm import clock, pages
from prm.refusals import Refused
from reviews.surveying import addresses, answering, following
from reviews.surveying.forms import AnswerForm, initial
from reviews.surveying.models import Answer, Invitation

PAGE, STOP, CLOSED = (f"reviews/surveying/{name}.html" for name in ("answer", "stop", "nowhere"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, or why there are none; `mark` in the address chooses, and does no more."""
    found, at = addresses.behind(token), clock.now()
    if found is None:
        return _private(pages.again(request, CLOSED, {}, status=404))
    asked = list(found.survey.questions.all())
    form = AnswerForm(request.POST or None, asked=asked, initial=_initial(request, found, asked))
    if request.method == "POST" and form.is_valid():
        try:
            _take(found, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _private(pages.done(request, request.path, _("Thank you. We have your answer.")))
    closed = answering.why_closed(found, at)
    context = _context(found, token) | {"form": form, "closed": closed}
    status = 422 if form.is_bound else 410 if closed and context["answer"] is None else 200
    return _private(pages.again(request, PAGE, context, status=status))


@transaction.atomic
def _take(found: Invitation, form: AnswerForm, at: Any) -> None:
    if form.spend(at):
        answering.answer(found, form.answers, form.cleaned_data["comment"], at)


@csrf_exempt  # mail programs press by themselves, without a page of ours (RFC 8058); the address is secret
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Its person wants no surveys any more, or wants them again."""
    found, at = addresses.behind(token), clock.now()
    if found is None or found.contact is None:
        return _private(pages.again(request, CLOSED, {}, status=404))
    if request.method == "POST":
        verb = answering.resume if "resume" in request.POST else answering.stop
        verb(found.contact, at)
    stopped = answering.has_stopped(found.contact)
    context = {"invitation": found, "token": token, "stopped": stopped}
    return _private(pages.shown(request, STOP, context))


def _context(found: Invitation, token: str) -> dict[str, Any]:
    mine: Answer | None = getattr(found, "answer", None)
    return {
        "invitation": found,
        "survey": found.survey,
        "about": following.words(found),
        "answer": mine,
        "marks": list(mine.marks.select_related("question")) if mine else [],
        "changeable_until": mine.at + answering.CHANGEABLE if mine else None,
        "public_answers": list(found.survey.public_answers.select_related("by")),
        "stopped": found.contact is not None and answering.has_stopped(found.contact),
        "token": token,
    }


def _initial(request: HttpRequest, found: Invitation, asked: list[Any]) -> dict[str, Any]:
    mine: Answer | None = getattr(found, "answer", None)
    if mine is not None:
        given = {
            mark.question_id: mark.words if mark.value is None else mark.value for mark in mine.marks.all()
        }
        return initial(asked, given, mine.comment)
    mark = request.GET.get("mark", "")
    chosen = int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 3 else None
    first = asked[:1]
    return initial(asked, {each.pk: chosen for each in first if chosen in each.steps})


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
