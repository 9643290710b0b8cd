"""What went wrong, in words: a page for a browser, one plain sentence for htmx to say."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from prm import limits
from prm.api import errors as api
from prm.pages import is_htmx


def answer(request: HttpRequest, status: int, words: str) -> HttpResponse:
    """The page `<status>.html` with `words`; for htmx the words alone, shown where things are said."""
    if api.is_asked(request):
        return api.said(status, words)
    if is_htmx(request):
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    return render(request, f"{status}.html", {"words": words}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Asked before anything is known about the request, so its page knows nothing, either."""
    words = limits.passed(exception)
    status = 413 if words else 400
    words = words or _("This request cannot be read.")
    if api.is_asked(request):
        return api.said(status, words)
    if is_htmx(request):
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(render_to_string(f"{status}.html", {"words": words}), status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A PermissionDenied says why in its own words."""
    return answer(request, 403, str(exception) or _("Your roles do not allow this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same words whether it never was, is gone or is not for this person to see."""
    return answer(request, 404, _("There is nothing at this address, or it is not for you to see."))


class NotAllowedMiddleware:
    """An address that only takes what a form sends, or only shows something, says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return not_allowed(request, response) if isinstance(response, HttpResponseNotAllowed) else response


def not_allowed(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """What a page's button sends was asked for by its address, or the other way round."""
    words = _("There is nothing to read here, or nothing to send to. Nothing was changed.")
    said = answer(request, 405, words)
    said["Allow"] = refused["Allow"]
    return said


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another site, or one that stood open while its session ended."""
    return answer(
        request,
        403,
        _("This form stood open too long or came from elsewhere. Nothing was sent; reload and try again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke: no database, no session, no shell."""
    words = _("Something broke on our side. Nothing was changed; it is in the log.")
    if api.is_asked(request):
        return api.said(500, words)
    if is_htmx(request):
        return HttpResponse(words, status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(render_to_string("500.html"), status=500)
