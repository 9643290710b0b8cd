"""A request has an id, in every log line and in its answer."""

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

_id: ContextVar[str] = ContextVar("request_id", default="")
_META = "prm.request_id"
logger = logging.getLogger(__name__)
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Gives a request its id and, when a page has answered, a line in the log.

    The line names the pattern of the address, never the address: some hold a secret.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        request.META[_META] = request_id
        token = _id.set(request_id)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            if match := request.resolver_match:
                took = 1000 * (time.monotonic() - began)
                logger.info("%s /%s %d in %.0f ms", request.method, match.route, response.status_code, took)
            return response
        finally:
            _id.reset(token)


class ProbeFilter(logging.Filter):
    """Leaves out what Django says of a probe's 503: `prm.health` says why, once for each answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        about = getattr(record, "request", None)
        return not getattr(about, "path", "").startswith("/health/")


class RequestIdFilter(logging.Filter):
    """Gives each record the id of its request; Django speaks of a 404 when the middleware has left."""

    def filter(self, record: logging.LogRecord) -> bool:
        about = getattr(record, "request", None)
        record.request_id = _id.get() or getattr(about, "META", {}).get(_META, "")
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a line break in a message cannot begin a second entry."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := getattr(record, "request_id", ""):
            entry["request_id"] = request_id
        if status := getattr(record, "status_code", None):
            entry["status"] = status
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
