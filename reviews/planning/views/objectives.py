"""Objectives and experiments of a joint plan, their marks, and the list of all experiments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.views.asking import Question, answer, partner_to
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.days import plus_months
from prm.listing import key_in
from prm.refusals import Refused
from reviews.meetings import listing
from reviews.planning import experiments, objectives
from reviews.planning.forms import EndForm, MarkForm, ObjectiveForm
from reviews.planning.models import Objective, YearMark
from reviews.planning.views.plans import CHANGE, SCREEN, address_of, context_of
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

LIST = "reviews/planning/experiments.html"
ADD = Question(
    gettext_lazy("An objective"),
    gettext_lazy("For two to three years; what should be true at the end of each year you add afterwards."),
    gettext_lazy("Add it to the joint plan"),
)
TRY = Question(
    gettext_lazy("An experiment"),
    gettext_lazy("What we try, until when, and how we will know. What came of it, others can copy."),
    gettext_lazy("Add it to the joint plan"),
)
CHANGE_IT = Question(gettext_lazy("Change it"), gettext_lazy("The partner reads it."), gettext_lazy("Save"))
END = Question(
    gettext_lazy("What came of it"),
    gettext_lazy("It stays in the plan with its result."),
    gettext_lazy("Save"),
)
MARK = Question(
    gettext_lazy("A yearly mark"),
    gettext_lazy("What should be true on the way. You are reminded on its day."),
    gettext_lazy("Add the mark"),
)
YEARS, TRIAL = 24, 3  # months that are offered


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objective_add(request: PersonRequest, pk: int) -> HttpResponse:
    """A new one; with `like`, an experiment as another partner has it."""
    partner = partner_to(request, pk, CHANGE)
    like = _like(request)
    is_experiment = like is not None or "experiment" in request.GET
    today = listing.today()
    first: dict[str, Any] = {
        "from_on": today,
        "until_on": plus_months(today, TRIAL if is_experiment else YEARS),
    }
    if like is not None:
        first |= {"text": like.text, "trying": like.trying, "how_we_know": like.how_we_know}
    form = ObjectiveForm(partner, is_experiment, request.POST or None, initial=first)

    def act(_asked: dict[str, Any], at: datetime) -> None:
        objectives.add(partner, form.wanted(copied_from=like), by=request.user, at=at)

    return _ask(request, partner, TRY if is_experiment else ADD, form, act, _("It is in the plan."))


def _like(request: PersonRequest) -> Objective | None:
    """The experiment that is copied, where the address names one that may be seen."""
    rows = Objective.objects.visible_to(request.user).experiments()
    return rows.filter(pk=key_in(request.GET.get("like", ""))).first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objective_change(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    names = ("text", "trying", "how_we_know", "from_on", "until_on", "goal", "serves", "note")
    first = {name: getattr(found, name) for name in names}
    form = ObjectiveForm(found.partner, found.is_experiment, request.POST or None, initial=first)

    def act(_asked: dict[str, Any], at: datetime) -> None:
        objectives.change(found, form.wanted(), by=request.user, at=at)

    return _ask(request, found.partner, CHANGE_IT, form, act, _("It is changed."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objective_end(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)

    def act(asked: dict[str, Any], at: datetime) -> None:
        objectives.end(found, asked["state"], asked["result"], by=request.user, at=at)

    says = _("What came of it is kept.")
    return _ask(request, found.partner, END, EndForm(request.POST or None), act, says)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark_add(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = MarkForm(request.POST or None, initial={"on": objectives.next_year_end(found)})

    def act(asked: dict[str, Any], at: datetime) -> None:
        objectives.add_mark(found, asked["on"], asked["text"], by=request.user, at=at)

    return _ask(request, found.partner, MARK, form, act, _("The mark is there."))


@login_required
@require_POST
def mark_say(request: PersonRequest, pk: int) -> HttpResponse:
    """It was met, or not; or it is taken out."""
    rows = YearMark.objects.filter(objective__in=Objective.objects.visible_to(request.user))
    mark: YearMark = found_or_404(rows.select_related("objective__partner__owner"), pk=pk)
    partner, do, at = mark.objective.partner, request.POST.get("do", ""), clock.now()
    permitted_or_403(request.user, CHANGE, partner)
    try:
        if do == "drop":
            objectives.drop_mark(mark, by=request.user, at=at)
        else:
            objectives.say(mark, do == "met", by=request.user, at=at)
    except Refused as refusal:
        return pages.again(request, SCREEN, context_of(request, partner, refusal=refusal), 409)
    return pages.done(request, mark.objective.get_absolute_url(), _("It is kept."))


@login_required
@require_safe
def experiments_page(request: PersonRequest) -> HttpResponse:
    """All experiments; opened for a partner, each can be copied to it."""
    found = experiments.ExperimentListing(request.GET, request.user)
    seen = Partner.objects.visible_to(request.user).select_related("owner")
    partner = seen.filter(pk=key_in(request.GET.get("for", ""))).first()
    asked = found.url().removeprefix("?")
    context = {
        **found.page(),
        "faults": found.faults,
        "views": [(name, f"?{query}", query == asked) for name, query in experiments.VIEWS],
        "copy_to": partner if partner is not None and may(request.user, CHANGE, partner) else None,
    }
    return pages.shown(request, LIST, context)


def _to_change(request: PersonRequest, pk: int) -> Objective:
    rows = Objective.objects.visible_to(request.user).select_related("partner__owner", "goal", "serves")
    found: Objective = found_or_404(rows, pk=pk)
    permitted_or_403(request.user, CHANGE, found)
    return found


def _ask(
    request: PersonRequest, partner: Partner, question: Question, form: forms.Form, act: Any, says: str
) -> HttpResponse:
    return answer(request, partner, question, form, act, says, lambda: address_of(partner))
