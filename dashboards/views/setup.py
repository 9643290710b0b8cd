"""The first visit."""

from typing import Any
from zoneinfo import ZoneInfo

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from dashboards import setup as whole
from dashboards.setup_form import SetUpForm
from prm import clock, pages
from team import setup, zones
from team.models import Company, User

SCREEN = "dashboards/setup.html"
WRONG_CODE = "This is not the set-up code. It is printed in the terminal where the server was started."
TOO_MANY = "Too many wrong codes. Wait ten minutes, then try again."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def set_up(request: HttpRequest) -> HttpResponse:
    """Ask for all that is needed, once; without a script “Show” reckons the example anew."""
    _open_or_404()
    form = SetUpForm(request.POST or None)
    if request.method != "POST":
        return pages.shown(request, SCREEN, _context(form))
    if "show" in request.POST:
        return pages.shown(request, SCREEN, _context(SetUpForm(initial=request.POST.dict())))
    if form.is_valid() and _code_is_right(request, form):
        try:
            admin = _set_up(form)
            return _signed_in(request, admin)
        except setup.SetUpRefused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(form))


@require_safe
def due_preview(request: HttpRequest) -> HttpResponse:
    """The example alone, for a zone just chosen."""
    _open_or_404()
    return render(request, f"{SCREEN}#due", {"examples": _examples(request.GET.get("zone", ""))})


def _open_or_404() -> None:
    if Company.objects.exists():
        raise Http404
    setup.open_code()


def _code_is_right(request: HttpRequest, form: SetUpForm) -> bool:
    """Whether the code opens set-up; each wrong one counts against the address it came from."""
    if not ratelimit.consume(request, action="set_up", dry_run=True):
        form.add_error("code", TOO_MANY)
    elif not setup.opens(form.cleaned_data["code"]):
        ratelimit.consume(request, action="set_up")
        form.add_error("code", WRONG_CODE)
    return form.is_valid()


def _set_up(form: SetUpForm) -> User:
    answers = {key: value for key, value in form.cleaned_data.items() if key != "code"}
    return whole.set_up(**answers, at=clock.now())


def _signed_in(request: HttpRequest, admin: User) -> HttpResponse:
    login(request, admin)
    messages.success(request, "You are set up. Next: the steps below.")
    return redirect("team:settings")


def _context(form: SetUpForm) -> dict[str, Any]:
    return {"form": form, "examples": _examples(str(form["zone"].value() or ""))}


def _examples(zone: str) -> list[whole.Example]:
    zone = zone if zones.is_zone(zone) else "UTC"
    return whole.examples(zone, clock.now().astimezone(ZoneInfo(zone)).date())
