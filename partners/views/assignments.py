"""Who of us looks after one partner."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import assignments, history
from partners.forms.relations import AssignForm, EndForm, OwnerForm
from partners.models import Assignment, Event
from partners.views.form_page import answer, belonging, either, partner_to_change
from prm import clock
from team.requests import PersonRequest

ASSIGN = "assign partner"


@login_required
@either
def owner(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to_change(request.user, pk, ASSIGN)
    initial = {"owner": partner.owner}
    form = OwnerForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> Event | None:
        to = form.cleaned_data["owner"]
        return assignments.set_owner(partner, to=to, by=request.user, at=clock.now())

    return answer(
        request, form, partner, act, _("Change the owner"), _("Change owner"), says=_("The owner is changed.")
    )


@login_required
@either
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to_change(request.user, pk, ASSIGN)
    initial = {"starts_on": timezone.localdate(clock.now())}
    form = AssignForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> Event | None:
        made = assignments.assign(partner, by=request.user, at=clock.now(), **form.cleaned_data)
        return history.newest("assigned", made.pk)

    return answer(
        request, form, partner, act, _("Assign somebody"), _("Assign"), says=_("The assignment is entered.")
    )


@login_required
@either
def end(request: PersonRequest, pk: int) -> HttpResponse:
    current = Assignment.objects.current().select_related("user")
    assignment = belonging(current, request.user, pk, ASSIGN)
    initial = {"on": timezone.localdate(clock.now())}
    form = EndForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> Event:
        return assignments.end(assignment, on=form.cleaned_data["on"], by=request.user, at=clock.now())

    lead = _("The partner then stands in Unassigned until somebody takes it.") if assignment.is_owner else ""
    title = _("End the assignment of %(user)s") % {"user": assignment.user}
    return answer(
        request,
        form,
        assignment.partner,
        act,
        title,
        _("End assignment"),
        says=_("The assignment is ended."),
        lead=lead,
    )
