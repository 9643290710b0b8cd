"""Whether this process lives, and whether it is ready. Answered before hosts, sessions and the rest."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from prm import clock, standstill

logger = logging.getLogger(__name__)

LATE = "the last sweep ended over five minutes ago"


class HealthMiddleware:
    """`/health/live`: the process answers. `/health/ready`: the database does, too.

    `/health/ready?workers` also asks whether the sweep ended within five minutes; plain
    `ready` does not, so that a late worker takes no healthy page away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/live":
            return JsonResponse({"status": "ok"})
        if request.path == "/health/ready":
            return ready(with_workers="workers" in request.GET)
        return self.get_response(request)


def ready(with_workers: bool) -> JsonResponse:
    checks = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        if with_workers:
            checks["workers"] = "ok" if workers_keep_up(clock.now()) else LATE
    except Exception as error:
        checks["database"] = type(error).__name__
    well = all(answer == "ok" for answer in checks.values())
    if not well:
        logger.warning("not ready: %s", checks)
    return JsonResponse({"status": "ok" if well else "failing", **checks}, status=200 if well else 503)


def workers_keep_up(at: datetime) -> bool:
    """Whether a sweep ended within the last five minutes; a standstill is mailed from here, too."""
    last = standstill.last_sweep().first()
    standstill.watch(last, at)
    return last is not None and at - last <= standstill.LATE_AFTER
