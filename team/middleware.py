"""The signed-in person, their zone, whether the workers run, and whether we are set up yet."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from prm import clock, standstill
from team.models import Company

Answer = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Pages speak in the zone of whoever reads them; a session ends when its person is with us no more."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            standstill.watch(request.user.swept_at, clock.now())
            with timezone.override(ZoneInfo(request.user.zone)):
                return self.get_response(request)
        if SESSION_KEY in request.session:
            request.session.flush()
        return self.get_response(request)


class SetUpMiddleware:
    """Until there is a company every page leads to set-up. Once seen, it is not looked for again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if self.is_set_up or (match and match.view_name in {"dashboards:set_up", "dashboards:due_preview"}):
            return None
        self.is_set_up = Company.objects.exists()
        return None if self.is_set_up else redirect("dashboards:set_up")
