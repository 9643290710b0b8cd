"""What a script that moves cards is told: the words a page would say, as JSON."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import JsonResponse
from django.template.loader import render_to_string

from team.requests import PersonRequest


def wants_json(request: PersonRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def done(request: PersonRequest, says: str, undo: str = "", **more: Any) -> JsonResponse:
    """It moved; `said` is how the page would say it."""
    messages.success(request, says, extra_tags=undo)
    return JsonResponse({"detail": says, "undo": undo, "said": _said(request), **more})


def refused(
    request: PersonRequest, detail: str, reasons: list[str], status: int, **more: Any
) -> JsonResponse:
    """It stays where it was, and why."""
    messages.error(request, detail)
    told = {"detail": detail, "reasons": reasons, "said": _said(request), **more}
    return JsonResponse(told, status=status)


def _said(request: PersonRequest) -> str:
    return render_to_string("ui/said.html", request=request)
