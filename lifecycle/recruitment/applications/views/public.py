"""Where anybody applies, and the applicant's own page: it confirms there, sees how things stand, contests.

Looking records nothing. No word says whether a firm was known here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conversations import appeals, deciders
from conversations.models import Decision, Matter
from lifecycle.recruitment.applications import applying
from lifecycle.recruitment.applications.forms import ApplyForm, ContestForm
from lifecycle.recruitment.applications.models import Application, ApplicationForm
from prm import clock, pages
from prm.refusals import Refused
from team.addresses import address_of

APPLY = "lifecycle/recruitment/applications/apply.html"
STATE = "lifecycle/recruitment/applications/state.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. What a machine filled in is answered as if it had been sent."""
    found = ApplicationForm.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    if not found.is_open:
        return _answered(pages.again(request, APPLY, {"application_form": found, "closed": True}, status=410))
    form = ApplyForm(request.POST or None, form=found)
    if request.method == "POST" and (form.is_trapped or _sent(request, form, found)):
        return _answered(pages.shown(request, APPLY, {"application_form": found, "sent": True}))
    show = pages.again if form.is_bound else pages.shown
    return _answered(show(request, APPLY, {"application_form": found, "form": form}))


def _sent(request: HttpRequest, form: ApplyForm, found: ApplicationForm) -> bool:
    """Whether it was sent; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        _send(request, form, found, clock.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@transaction.atomic
def _send(request: HttpRequest, form: ApplyForm, found: ApplicationForm, at: datetime) -> None:
    if not form.spend(at):
        return
    typed = form.cleaned_data
    applying.send(
        found,
        organisation=typed["organisation"],
        person=typed["person"],
        email=typed["email"],
        answers=form.answers,
        at=at,
        website=typed["website"],
        address=address_of(request),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, token: str) -> HttpResponse:
    """How an application stands; a press confirms it."""
    found, refusal = _behind(token), ""
    if request.method == "POST":
        try:
            applying.confirm(found, clock.now())
        except Refused as refused:
            refusal = str(refused)
        else:
            return _answered(pages.done(request, request.path))
    return _answered(_page(request, found, token, refusal, ContestForm()))


@never_cache
@require_POST
def contest(request: HttpRequest, token: str) -> HttpResponse:
    """The applicant contests a no: a second person decides anew."""
    found, form = _behind(token), ContestForm(request.POST)
    decision = _decided(found)
    if decision is not None and form.is_valid():
        try:
            appeals.contest(decision, form.cleaned_data["words"], found.contact or applying.BY, clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            back = request.path.removesuffix("contest/")
            return _answered(pages.done(request, back))
    return _answered(_page(request, found, token, "", form))


@never_cache
@require_POST
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """Who contested it does so no more."""
    found = _behind(token)
    decision, refusal = _decided(found), _("Nothing is decided yet.")
    if decision is not None:
        try:
            appeals.take_back(decision, found.contact or applying.BY, clock.now())
            return _answered(pages.done(request, request.path.removesuffix("take-back/")))
        except Refused as refused:
            refusal = str(refused)
    return _answered(_page(request, found, token, refusal, ContestForm()))


def _page(
    request: HttpRequest, found: Application, token: str, refusal: str, form: ContestForm
) -> HttpResponse:
    at, decision = clock.now(), _decided(found)
    waits = _matters(found).open().select_related("wait").first()
    context: dict[str, Any] = {
        "application": found,
        "token": token,
        "refusal": refusal,
        "expired": found.state == Application.State.SENT and at > found.sent_at + applying.KEPT_FOR,
        "decision": decision,
        "waits": waits,
    }
    if decision is not None and appeals.is_contestable(decision, at):
        context |= {"form": form, "who": deciders.who_decides_anew(decision, at)}
    status = 410 if context["expired"] else 422 if refusal or form.errors else 200
    return pages.again(request, STATE, context, status=status)


def _matters(found: Application) -> Any:
    return Matter.objects.filter(kind__key=applying.KIND, about_kind="application", about_id=found.pk)


def _decided(found: Application) -> Decision | None:
    """The newest answer that stands."""
    made = Decision.objects.filter(kind=applying.KIND, about_kind="application", about_id=found.pk)
    return made.filter(withdrawn_at=None).select_related("appeal").first()


def _behind(token: str) -> Application:
    found = applying.behind(token)
    if found is None:
        raise Http404
    return found


def _answered(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
