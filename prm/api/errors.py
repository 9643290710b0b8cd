"""What went wrong, as JSON: a refused rule is a 409 with its reasons, bad input names its field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from prm import limits
from prm.refusals import Refused

ROOT = "/api/"


class TooMuch(exceptions.APIException):
    """The request holds more than one may."""

    status_code, default_code = 413, "too_much"


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to what a verb or a serializer raised; None for a fault of ours, which is a 500."""
    if isinstance(error, Refused):
        set_rollback()
        return Response({"detail": error.detail, "reasons": error.reasons}, status=409)
    if passed := limits.passed(error):
        error = TooMuch(passed)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(_by_field(error))
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is nothing at this address, or it is not for you to see."))
    if isinstance(error, exceptions.NotAuthenticated):
        way = _(
            "Send the header Authorization: Token prm_…, with a token made under Settings › Your API tokens"
            " or by manage.py api_token EMAIL."
        )
        error.detail = exceptions.ErrorDetail(way, error.default_code)
    return exception_handler(error, context)


def _by_field(error: ValidationError) -> Any:
    return error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}


def is_asked(request: HttpRequest) -> bool:
    """Whether a program asks, which reads JSON, rather than a browser."""
    return request.path_info.startswith(f"{ROOT}v")


def said(status: int, detail: str) -> JsonResponse:
    """An answer given before or behind all resources: an unknown address, a fault of ours."""
    return JsonResponse({"detail": detail}, status=status)
