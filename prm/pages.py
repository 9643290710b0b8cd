"""How a page answers a press: done (303, or the fragment for htmx) or again (422, what was typed stays)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

PATHS = ("/", "http://", "https://")  # what else stands there could be taken for the name of a page


def is_htmx(request: HttpRequest) -> bool:
    """Whether a fragment is asked for; going back in history asks for the whole page."""
    restoring = request.headers.get("HX-History-Restore-Request") == "true"
    return request.headers.get("HX-Request") == "true" and not restoring


def done(
    request: HttpRequest,
    to: Any,
    says: str = "",
    undo: str = "",
    fragment: str = "",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """It is done: go `to` (a model, URL name or path) with the sentence `says` and, given its
    address, an Undo. An htmx request gets `fragment` instead, with the sentence beside it; without
    a fragment it is sent to the page."""
    if says:
        messages.success(request, says, extra_tags=undo)
    if is_htmx(request) and fragment:
        response = render(request, fragment, context)
        response.content += render(request, "ui/said.html", {"out_of_band": True}).content
        patch_vary_headers(response, ["HX-Request"])
        return response
    address = resolve_url(to)
    if is_htmx(request):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def again(request: HttpRequest, template: str, context: dict[str, Any], status: int = 422) -> HttpResponse:
    """It was refused or unreadable: the same page (or, for htmx, its fragment after "#") once more.

    `template` is "app/screen.html#partial": a full request gets the screen, an htmx one the partial.
    """
    screen, _, partial = template.partition("#")
    response = render(request, template if is_htmx(request) and partial else screen, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page, or for htmx its fragment: `again` with status 200."""
    return again(request, template, context, status=200)


def unknown_address() -> str:
    """What somebody without an account reads under a secret address that is none of ours."""
    return gettext(
        "This address leads nowhere. Open it from the mail once more, whole, or reply to that mail."
    )


def next_or(request: HttpRequest, otherwise: str) -> str:
    """Where the form asked to go on to (`next`), when it is an address of ours; else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith(PATHS) else otherwise
