"""The outgoing hook: its address, its kinds, its secret shown once, and a trial."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from prm import clock, pages
from prm.refusals import Refused
from team import hooks
from team.models import Hook
from team.notice_forms import HookForm
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "team/hook.html"
SHOW = "show_hook_secret"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hook(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    standing = hooks.standing()
    form = HookForm(standing, request.POST or None)
    if form.is_valid():
        try:
            made = hooks.set_up(**form.cleaned_data, at=clock.now())
            request.session[SHOW] = standing is None or standing.nonce != made.nonce
            return pages.done(request, "team:hook", "The hook is on.")
        except Refused as refusal:
            form.add_error("url", str(refusal))
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, SCREEN, _context(request, standing, form))


@login_required
@require_POST
def try_hook(request: PersonRequest) -> HttpResponse:
    standing = _standing(request)
    try:
        hooks.try_out(standing, by=request.user, at=clock.now())
    except Refused as refusal:
        context = {**_context(request, standing, HookForm(standing)), "refusal": str(refusal)}
        return pages.again(request, SCREEN, context)
    return pages.done(request, "team:hook", "It was taken.")


@login_required
@require_POST
def renew_secret(request: PersonRequest) -> HttpResponse:
    hooks.renew_secret(_standing(request))
    request.session[SHOW] = True
    return pages.done(request, "team:hook", "The old secret is no longer used.")


@login_required
@require_POST
def switch_off(request: PersonRequest) -> HttpResponse:
    hooks.switch_off(_standing(request), f"{request.user} switched it off.")
    return pages.done(request, "team:hook", "The hook is off.")


def _standing(request: PersonRequest) -> Hook:
    permitted_or_403(request.user, "edit settings")
    standing = hooks.standing()
    if standing is None:
        raise Http404("There is no hook yet.")
    return standing


def _context(request: PersonRequest, standing: Hook | None, form: HookForm) -> dict[str, Any]:
    shows = standing is not None and request.session.pop(SHOW, False)
    return {
        "hook": standing,
        "form": form,
        "secret": hooks.secret_of(standing) if standing is not None and shows else "",
    }
