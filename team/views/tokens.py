"""API tokens: one's own, made and revoked; and for an admin, who has some."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import tokens
from team.models import ApiToken
from team.requests import PersonRequest
from team.roles import may, permitted_or_403
from team.token_form import TokenForm

MINE, EVERYBODYS = "team/tokens.html", "team/all_tokens.html"
ALL = "edit settings"
SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: PersonRequest) -> HttpResponse:
    """One's own tokens. A new one is told in the answer to the form, and nowhere again."""
    form = TokenForm(request.POST or None)
    if request.method != "POST":
        return pages.shown(request, MINE, _own(request, form))
    if form.is_valid():
        try:
            made = _made(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if made is None:
                return pages.done(request, "team:tokens", _("It was made already."))
            token, text = made
            context = _own(request, TokenForm()) | {"new": token, "text": text}
            answer = render(request, MINE, context)
            answer["Cache-Control"] = "no-store"
            return answer
    return pages.again(request, MINE, _own(request, form))


@transaction.atomic
def _made(request: PersonRequest, form: TokenForm) -> tuple[ApiToken, str] | None:
    at = clock.now()
    if not form.spend(at):
        return None
    asked = form.cleaned_data
    return tokens.make(request.user, asked["name"], at, asked["scope"], asked["until"])


def _own(request: PersonRequest, form: TokenForm) -> dict[str, Any]:
    rows = ApiToken.objects.filter(user=request.user.pk).select_related("revoked_by")
    return {
        "tokens": rows[:SHOWN],
        "form": form,
        "now": clock.now(),
        "may_see_all": may(request.user, ALL),
    }


@login_required
@require_safe
def everybodys(request: PersonRequest) -> HttpResponse:
    """Who has tokens, the valid ones first."""
    permitted_or_403(request.user, ALL)
    rows = ApiToken.objects.select_related("user", "revoked_by")
    first = rows.order_by(F("revoked_at").desc(nulls_first=True), "-pk")
    context = {"tokens": first[:SHOWN], "now": clock.now(), "is_all": True}
    return pages.shown(request, EVERYBODYS, context)


@login_required
@require_POST
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """One's own token, or for an admin anybody's."""
    everything = may(request.user, ALL)
    seen = ApiToken.objects.all() if everything else ApiToken.objects.filter(user=request.user.pk)
    token = found_or_404(seen.select_related("user"), pk=pk)
    back = "team:tokens" if token.user_id == request.user.pk else "team:all_tokens"
    try:
        tokens.revoke(token, by=request.user, at=clock.now())
        says = _("%(token)s is revoked. It lets nobody in any more.") % {"token": token}
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, back, says)
