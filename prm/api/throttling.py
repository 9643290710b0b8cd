"""So many calls a minute for each token, counted in each web process: a program in a loop harms nobody."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from prm import clock


class _Calls:
    """How often each one called in the running minute."""

    def __init__(self) -> None:
        self._lock, self._minute = Lock(), 0
        self._counts: Counter[Any] = Counter()

    def one_more(self, who: Any, minute: int) -> int:
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            self._counts[who] += 1
            return self._counts[who]


CALLS = _Calls()


class PerMinute(BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        most = settings.API_CALLS_PER_MINUTE
        if not most or request.auth is None:
            return True
        return CALLS.one_more(request.auth.pk, int(clock.now().timestamp()) // 60) <= most

    def wait(self) -> float:
        return 60 - clock.now().timestamp() % 60
