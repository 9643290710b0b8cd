"""The applications as we see them: the list, one of them, and the answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import deciders, decisions
from conversations.models import Matter
from lifecycle.recruitment.applications import deciding, drafting
from lifecycle.recruitment.applications.applying import KIND
from lifecycle.recruitment.applications.forms import AnswerForm
from lifecycle.recruitment.applications.listing import ApplicationListing
from lifecycle.recruitment.applications.models import Application
from partners import history
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may

LIST = "lifecycle/recruitment/applications/applications.html"
ONE = "lifecycle/recruitment/applications/application.html"
VIEWS = [
    ("To be decided", "state=asked"),
    ("Accepted", "state=accepted"),
    ("Declined", "state=declined"),
    ("All", ""),
]


@login_required
@require_safe
def applications_page(request: PersonRequest) -> HttpResponse:
    listing = ApplicationListing(request.GET, request.user)
    asked = listing.url().removeprefix("?")
    context = {
        **listing.page(),
        "faults": listing.faults,
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
        "may_edit": may(request.user, "edit application forms"),
    }
    return pages.shown(request, LIST, context)


@login_required
@require_safe
def application(request: PersonRequest, pk: int) -> HttpResponse:
    """What was answered, how the firm fits, what was decided; and a form to decide for whoever does."""
    return pages.shown(request, ONE, _context(request, _seen(request, pk)))


@login_required
@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """The answer, in words the applicant reads."""
    found, at = _seen(request, pk), clock.now()
    matter = _matters(found).open().first()
    if matter is None:
        return pages.done(request, found, _("It was decided already."))
    if not deciders.may(request.user, matter, at):
        raise PermissionDenied(decisions.why_not(request.user, matter, at))
    form = AnswerForm(request.POST, sorts=_sorts(matter))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            decisions.decide(
                matter,
                typed["answer"],
                typed["words"],
                by=request.user,
                at=at,
                seen=typed["seen"],
                sort=typed.get("sort", ""),
            )
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            return pages.done(request, found, _("{firm} has our answer.").format(firm=found))
    return pages.again(request, ONE, _context(request, found, form))


def _context(request: PersonRequest, found: Application, form: AnswerForm | None = None) -> dict[str, Any]:
    matters = list(_matters(found).select_related("decision__by", *deciders.RELATED).order_by("-pk"))
    waiting = next((each for each in matters if each.ended_at is None), None)
    decides = waiting is not None and deciders.may(request.user, waiting, clock.now())
    if waiting is not None and decides:
        first = {"words": drafting.no(found), "seen": waiting.version}
        form = form or AnswerForm(initial=first, sorts=_sorts(waiting))
    return {
        "application": found,
        "partner": found.partner,
        "matters": matters,
        "waiting": waiting,
        "form": form if decides else None,
        "events": history.about("application", found.pk).ask(),
    }


def _sorts(matter: Matter) -> Sequence[tuple[str, str]]:
    return deciding.look([matter])[matter.pk].sorts


def _matters(found: Application) -> Any:
    related = Matter.objects.filter(kind__key=KIND, about_kind="application", about_id=found.pk)
    return related.select_related(*deciders.RELATED)


def _seen(request: PersonRequest, pk: int) -> Application:
    related = ("partner__owner", "form", "contact")
    found: Application = found_or_404(
        Application.objects.visible_to(request.user).select_related(*related), pk=pk
    )
    return found
