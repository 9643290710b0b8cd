"""The people of the company: who is invited, who has which roles, who is switched off."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from prm import clock, outbox, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import invitations, people
from team.forms import InviteForm, LeadForm, RoleForm
from team.models import Invitation, Region, Role, User, Vertical
from team.people import Granted
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST = "team/people.html"
ONE = "team/person.html"
Press = Callable[[Any, User], str]
View = Callable[..., HttpResponse]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people_page(request: PersonRequest) -> HttpResponse:
    """Everybody, the open invitations, and the form that invites."""
    permitted_or_403(request.user, "invite people")
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = invitations.invite(**form.cleaned_data, by=request.user, at=clock.now())
            return pages.done(request, "team:people", _invited_words(invited))
        except Refused as refusal:
            form.add_error("email", str(refusal))
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, LIST, _list_context(form))


def _invited_words(invited: Invitation) -> str:
    if outbox.mails_leave():
        return f"{invited.email} is invited."
    return f"{invited.email} is invited. No mail server is set: pass the link below on yourself."


def _list_context(form: InviteForm) -> dict[str, Any]:
    today = timezone.localdate(clock.now())
    open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("by")
    told = [
        (row, invitations.has_run_out(row, clock.now()), invitations.link(row))
        for row in open_ones.order_by("-sent_at", "-pk")
    ]
    return {
        "people": _everybody(),
        "today": today,
        "invitations": told,
        "form": form,
        "mails_leave": outbox.mails_leave(),
    }


def _everybody() -> QuerySet[User]:
    everybody = User.objects.select_related("lead").prefetch_related("grants")
    return everybody.order_by("-is_active", "name", "pk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """One person's roles and lead."""
    permitted_or_403(request.user, "invite people")
    who = found_or_404(User.objects.select_related("lead"), pk=pk)
    role_forms, lead_form = _role_forms(who, request), LeadForm(who, request.POST or None)
    if request.method != "POST":
        return pages.shown(request, ONE, {"who": who, "role_forms": role_forms, "lead_form": lead_form})
    refusal = ""
    if all(form.is_valid() for form in (*role_forms, lead_form)):
        try:
            people.change(who, to=_granted(role_forms), lead=lead_form.cleaned_data["lead"], by=request.user)
            return pages.done(request, "team:people", f"{who}'s roles are changed.")
        except Refused as refused:
            refusal = str(refused)
    context = {"who": who, "role_forms": role_forms, "lead_form": lead_form, "refusal": refusal}
    return pages.again(request, ONE, context)


def _role_forms(who: User, request: PersonRequest) -> list[RoleForm]:
    grants = {grant.role: grant for grant in who.grants.prefetch_related("regions", "verticals")}
    regions, verticals = Region.objects.all(), Vertical.objects.all()
    typed = request.POST if request.method == "POST" else None
    return [RoleForm(role, grants.get(role), regions, verticals, typed) for role in Role]


def _granted(role_forms: list[RoleForm]) -> list[Granted]:
    return [
        Granted(form.role, form.cleaned_data["regions"], form.cleaned_data["verticals"])
        if form.can_be_narrowed
        else Granted(form.role)
        for form in role_forms
        if form.cleaned_data["held"]
    ]


def on(noun: type[User] | type[Invitation]) -> Callable[[Press], View]:
    """A press on one person or invitation: `act` does it and returns what to say; why not is said above
    the list."""

    def made(act: Press) -> View:
        @login_required
        @require_POST
        @wraps(act)
        def view(request: PersonRequest, pk: int) -> HttpResponse:
            permitted_or_403(request.user, "invite people")
            found = found_or_404(noun._default_manager.all(), pk=pk)
            try:
                return pages.done(request, "team:people", act(found, request.user))
            except Refused as refusal:
                context = {**_list_context(InviteForm()), "refusal": str(refusal)}
                return pages.again(request, LIST, context, status=409)

        return view

    return made


@on(User)
def deactivate(who: User, by: User) -> str:
    people.deactivate(who, by=by)
    return f"{who} is switched off. Give their partners to somebody."


@on(User)
def reactivate(who: User, by: User) -> str:
    people.reactivate(who, by=by)
    return f"{who} can sign in again, with the roles of before."


@on(Invitation)
def resend(invited: Invitation, by: User) -> str:
    invitations.resend(invited, clock.now())
    return f"The invitation to {invited.email} lasts a week from now."


@on(Invitation)
def withdraw(invited: Invitation, by: User) -> str:
    invitations.withdraw(invited, clock.now())
    return f"The invitation to {invited.email} is withdrawn."
