"""Giving many partners to one owner, and the report of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partners import assignments, history
from partners.filters import NOBODY, is_id
from partners.listing import PartnerListing
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.listing import NotRead
from prm.paging import ROWS
from team import choosing
from team.colleague_field import ColleagueField, ColleagueSelect
from team.models import User
from team.requests import PersonRequest
from team.roles import may

NOT_ASKED = gettext_lazy("So this is not the list you asked for, and nothing was given away.")


class WhichForm(forms.Form):
    """Which partners: the ticked ones, or all of the list as it was seen."""

    which = forms.ChoiceField(choices=[("ticked", ""), ("all", "")])
    count = forms.IntegerField(required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        ids = [value for value in data.getlist("ids") if is_id(value)] if data else []
        self.fields["ids"] = forms.TypedMultipleChoiceField(
            coerce=int, choices=[(value, value) for value in ids], required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("which") == "ticked" and not cleaned.get("ids"):
            raise forms.ValidationError(_("Tick the partners to give away first."))
        return cleaned


class GiveForm(WhichForm):
    """Which partners, and to whom."""

    to = ColleagueField(
        label=gettext_lazy("Give to"),
        first=[(NOBODY, gettext_lazy("Nobody (Unassigned)"))],
        empty_label=gettext_lazy("choose an owner"),
        error_messages={"invalid_choice": gettext_lazy("Choose who the partners are given to.")},
        widget=ColleagueSelect({"id": "to", "class": "form-select"}),
    )

    def clean_to(self) -> User | None:
        to: User | str = self.cleaned_data["to"]
        return None if isinstance(to, str) else to


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@choosing.called_by_id("owner", several=True)
def give(request: PersonRequest) -> HttpResponse:
    """Give partners to one owner. Where it is not said to whom, or not clearly, that is asked."""
    if not any(request.POST.getlist("to")):
        return _ask(request, GiveForm())
    form = GiveForm(request.POST)
    if form.has_error("to"):
        return _ask(request, form)
    if not form.is_valid():
        return _nothing_given(request, _faults(form))
    try:
        rows = _asked(request, form)
    except NotRead as unread:
        return _nothing_given(request, f"{unread} {NOT_ASKED}")
    if form.cleaned_data["which"] == "all" and rows.count() != form.cleaned_data["count"]:
        says = _("The list changed since you saw it, so nothing was given away. Look again.")
        return _nothing_given(request, says)
    try:
        report = assignments.set_owner_of_many(
            rows, to=form.cleaned_data["to"], by=request.user, at=clock.now()
        )
    except assignments.AssignmentRefused as refusal:
        return _nothing_given(request, str(refusal))
    skipped = len(report.changes["skipped"])
    return pages.done(
        request,
        to=reverse("partners:given", args=[report.pk]) if skipped else _list(request),
        says=_said(report),
        undo=reverse("partners:undo", args=[report.pk]) if report.changes["done"] else "",
    )


def _ask(request: PersonRequest, asked: GiveForm) -> HttpResponse:
    """The people one may give to: a page about these partners, or for htmx the choice alone."""
    if request.method == "POST":
        form = WhichForm(request.POST)
        if not form.is_valid():
            return _nothing_given(request, _faults(form))
        chosen = form.cleaned_data
    else:
        chosen = {"which": "all", "ids": [], "count": None}
        try:
            if not pages.is_htmx(request):
                chosen["count"] = PartnerListing(request.GET, request.user).asked_for.count()
        except NotRead as unread:
            return _nothing_given(request, f"{unread} {NOT_ASKED}")
    context = {
        **chosen,
        "n": len(chosen["ids"]) if chosen["which"] == "ticked" else chosen["count"],
        "form": asked,
        "query": request.GET.urlencode(),
        "back": _list(request),
    }
    show = pages.again if asked.is_bound else pages.shown
    return show(request, "partners/give.html#who", context)


def _nothing_given(request: PersonRequest, says: str) -> HttpResponse:
    messages.error(request, says)
    return pages.done(request, to=_list(request))


def _list(request: PersonRequest) -> str:
    """The list that the partners were chosen from."""
    return f"{reverse('partners:list')}?{request.GET.urlencode()}"


def _faults(form: forms.Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _asked(request: PersonRequest, form: GiveForm) -> Any:
    if form.cleaned_data["which"] == "all":
        return PartnerListing(request.GET, request.user).asked_for
    return Partner.objects.visible_to(request.user).filter(pk__in=form.cleaned_data["ids"])


def _said(report: Event) -> str:
    done, skipped = len(report.changes["done"]), len(report.changes["skipped"])
    given = ngettext("%(n)d partner went to %(who)s.", "%(n)d partners went to %(who)s.", done)
    says = given % {"n": done, "who": report.note}
    return f"{says} {_('%(n)d stayed as they were.') % {'n': skipped}}" if skipped else says


@login_required
@require_safe
def given(request: PersonRequest, pk: int) -> HttpResponse:
    """What was given and what was not, and why; for who did it and for who may do it."""
    reports = Event.objects.filter(kind="owners_changed")
    if not may(request.user, "assign in bulk"):
        reports = reports.filter(by_user=request.user)
    report = found_or_404(reports.select_related("by_user"), pk=pk)
    done = [partner for partner, _former in report.changes["done"]]
    reasons: dict[int, str] = dict(report.changes["skipped"])
    seen = Partner.objects.visible_to(request.user)
    context = {
        "report": report,
        "says": _said(report),
        "count": len(done),
        "done": seen.filter(pk__in=done[: ROWS * 4]).order_by("sort_name", "pk"),
        "more": max(0, len(done) - ROWS * 4),
        "skipped": [
            (partner, reasons[partner.pk])
            for partner in seen.filter(pk__in=list(reasons)[: ROWS * 4]).order_by("sort_name", "pk")
        ],
        "more_skipped": max(0, len(reasons) - ROWS * 4),
        "undo_url": reverse("partners:undo", args=[report.pk])
        if done and history.can_undo(report, clock.now()) and report.by_user == request.user
        else "",
    }
    return pages.shown(request, "partners/given.html", context)
