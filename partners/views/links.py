"""Links from partner to partner."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import history, links
from partners.forms.relations import EndForm, LinkForm, nothing_found
from partners.models import Event, Link, Partner
from partners.views.form_page import answer, either, partner_to_change
from prm import clock
from team.requests import PersonRequest
from team.roles import permitted_or_403

MOST = 20


@login_required
@either
def add(request: PersonRequest, pk: int) -> HttpResponse:
    """First the other partner is looked for, then chosen."""
    partner = partner_to_change(request.user, pk)
    sent = request.method == "POST"
    q = (request.POST if sent else request.GET).get("q", "")[:200]
    found = Partner.objects.visible_to(request.user).exclude(pk=pk) if q.strip() else Partner.objects.none()
    first = found.found_by(q).order_by("sort_name", "pk").values_list("pk", flat=True)[:MOST]
    rows = Partner.objects.filter(pk__in=list(first)).order_by("sort_name", "pk")
    form = LinkForm(partner, rows, request.POST if sent else None, initial={"q": q})

    def act() -> Event | None:
        of, to, kind = form.ends(partner)
        since = form.cleaned_data["starts_on"]
        made = links.link(of, to, kind, by=request.user, at=clock.now(), starts_on=since)
        return history.newest("partners_linked", made.pk)

    return answer(
        request,
        form,
        partner,
        act,
        _("Link to another partner"),
        _("Link"),
        says=_("The partners are linked."),
        template="partners/link_form.html",
        q=q,
        found=bool(first),
        nothing=nothing_found(q),
    )


@login_required
@either
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """Either end of a link may end it; one goes back to the end one came from."""
    seen = Partner.objects.visible_to(request.user)
    rows = Link.objects.filter(Q(of__in=seen) | Q(to__in=seen), ends_on=None)
    link = get_object_or_404(rows.select_related("of", "to"), pk=pk)
    mine = link.to if str(link.to_id) == request.GET.get("from") else link.of
    if not seen.filter(pk=mine.pk).exists():
        mine = link.to if mine == link.of else link.of
    permitted_or_403(request.user, "change partner", mine)
    initial = {"on": timezone.localdate(clock.now())}
    form = EndForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> Event:
        return links.unlink(link, on=form.cleaned_data["on"], by=request.user, at=clock.now())

    says = _("The link is ended.")
    return answer(request, form, mine, act, _("End the link"), _("End link"), says=says)
