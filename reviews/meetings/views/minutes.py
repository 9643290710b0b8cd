"""Holding a review: the packet on one side, minutes and actions on the other; then sent and signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lifecycle.views.asking import Question, answer
from partners.models import Contact
from prm import clock, pages
from prm.refusals import Refused
from reviews.issues import raising
from reviews.issues.models import Severity
from reviews.meetings import actions, listing, sharing, signing, steps, writing
from reviews.meetings.forms import ActionForm, MinutesForm, NameForm, Offered
from reviews.meetings.packet import reading, shown
from reviews.meetings.views.reviews import to_run
from reviews.models import Review
from team.addresses import address_of
from team.colleague_field import some
from team.models import User
from team.requests import PersonRequest

SCREEN = "reviews/minutes.html"
SIGN = Question(
    gettext_lazy("Sign the minutes for us"),
    gettext_lazy("Your typed name, the time and their stamp are kept."),
    gettext_lazy("Sign"),
)


@dataclass
class Page:
    """The one form of the page: the minutes, and each action that is no promise yet."""

    form: MinutesForm
    actions: list[ActionForm]

    @property
    def is_valid(self) -> bool:
        return not [each for each in (self.form, *self.actions) if not each.is_valid()]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: PersonRequest, pk: int) -> HttpResponse:
    found, at = to_run(request, pk), clock.now()
    page = _page(found, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if page.is_valid:
            try:
                return pages.done(request, *_done(request, found, page, at))
            except Refused as refusal:
                page.form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(request, found, page, at), status)


def _page(review: Review, data: Any) -> Page:
    first = {
        "minutes": review.minutes,
        "on": review.held_on or min(review.on, listing.today()),
        "came": review.came.all(),
        "came_of_us": review.came_of_us.all(),
    }
    form = MinutesForm(review.partner, data, initial=first)
    people = _offered(Contact.objects.current().filter(partner=review.partner))
    colleagues = some(User.objects.current())
    rows = review.actions.filter(commitment=None) if not review.is_over else review.actions.none()
    rows = rows.select_related("owner", "contact")
    return Page(form, [ActionForm(each, people, colleagues, data) for each in rows])


def _offered(rows: QuerySet[Any]) -> Offered:
    return rows, [(row.pk, str(row)) for row in rows]


def _context(request: PersonRequest, review: Review, page: Page, at: datetime) -> dict[str, Any]:
    drawn = reading.by_us(shown.parts(review, at), review.partner, request.user, at)
    parts = [each for each in drawn if not each.is_hidden and not each.is_empty]
    promised = review.actions.filter(commitment__isnull=False)
    return {
        "review": review,
        "partner": review.partner,
        "parts": parts,
        "press": not review.is_over,
        "page": page,
        "promised": promised.select_related("commitment", "owner", "contact"),
        "issues": review.issues.order_by("pk").select_related("wait"),
        "has_versions": review.versions.exists(),
    }


@transaction.atomic
def _done(request: PersonRequest, review: Review, page: Page, at: datetime) -> tuple[str, str]:
    """Keep all that was typed, do what the pressed button says; where to go on, and what to say."""
    said, here = page.form.cleaned_data, reverse("reviews:minutes", args=[review.pk])
    if not page.form.spend(at):
        return here, _("Saved.")
    do, line = request.POST.get("do", "save"), request.POST.get("line", "")
    writing.write(review, said["minutes"], said["came"], said["came_of_us"])
    dropped = do.removeprefix("drop:")
    for each in page.actions:
        if str(each.action.pk) == dropped:
            actions.drop(each.action)
        elif each.has_changed():
            actions.write(each.action, each.wanted, by=request.user, at=at)
    if line or said["action"]:
        actions.note(review, line or said["action"], by=request.user, at=at)
        return f"{here}#actions", _("Noted. Say who does it, and by when.")
    if issue := request.POST.get("issue", ""):
        raising.raise_one(
            review.partner, issue, issue, Severity.SERIOUS, by=request.user, at=at, review=review
        )
        return f"{here}#issues", _("It is an issue now, a serious one; its page says more.")
    if do == "hold":
        steps.hold(review, said["on"], by=request.user, at=at)
        actions.settle(review, by=request.user, at=at)
        return here, _("The review is held, its packet frozen. Send the minutes once they are right.")
    if do == "send":
        sharing.send_minutes(review, by=request.user, at=at)
        return review.get_absolute_url(), _("The minutes are on their way, to be signed.")
    return here, _("Saved.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, pk: int) -> HttpResponse:
    """Our side's name."""
    found = to_run(request, pk)
    version = signing.current(found)
    form = NameForm(request.POST or None, initial={"name": request.user.name})

    def act(asked: dict[str, Any], at: datetime) -> None:
        if version is None:
            raise steps.StepRefused(_("There are no minutes to sign yet."))
        signing.sign(version, Review.Side.OURS, asked["name"], request.user, at, address_of(request))

    return answer(request, found.partner, SIGN, form, act, _("You have signed."), found.get_absolute_url)
