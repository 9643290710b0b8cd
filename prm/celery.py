"""The Celery application. Beat starts the sweeps; nothing durable lives in the broker."""

import logging.config
import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")

app = Celery("prm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_all_else(**kwargs: Any) -> None:
    """Log as the settings say; Celery would bring its own handlers."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(True)


@signals.worker_process_init.connect
def end_with_worker(**kwargs: Any) -> None:
    """A pool process does not outlive its worker."""
    from prm.supervisor import end_with_parent

    end_with_parent()


@signals.beat_init.connect
def sweep_at_once(**kwargs: Any) -> None:
    """After a pause of any length what is overdue is looked at now, not at the next turn."""
    from prm.tasks import sweep

    sweep.apply_async(retry=False)
