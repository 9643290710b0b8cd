"""How the web server runs; WEB_CONCURRENCY and WEB_THREADS change its size."""

import gc
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from prm.supervisor import end_with_parent

_host = os.environ.get("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", min(4, max(2, os.cpu_count() or 2))))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

LOGGING: dict[str, Any] = settings.LOGGING
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": LOGGING["filters"],
    "formatters": {**LOGGING["formatters"], "generic": {"format": "%(message)s"}},
    "handlers": LOGGING["handlers"],
    "root": LOGGING["root"],
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}


def on_starting(server: Any) -> None:
    """Running for real, refuse what must not go live, and say how the first admin gets in."""
    from prm import safety, welcome

    if settings.PRODUCTION:
        safety.refuse_sample()
        for line in welcome.lines(settings.BASE_URL):
            server.log.warning(line)
    gc.collect()
    gc.freeze()  # what is loaded stays: no worker looks through it again


def post_fork(server: Any, worker: Any) -> None:
    end_with_parent()
    gc.set_threshold(50_000, 20, 20)  # a page makes thousands of objects and lets go of nearly all itself
