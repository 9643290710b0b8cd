"""Workers that stand still: since when, and the one mail about it.

The sweep says in its heartbeat when it ended. Where that is over five minutes ago nothing that has
a day or an hour happens any more, mail included; so the web process that sees it sends the mail
itself. What the mail says and to whom is registered with the outbox under `MAIL`.
"""

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from prm import clock, outbox
from prm.models import Heartbeat

logger = logging.getLogger(__name__)

MAIL = "standstill"
LATE_AFTER = timedelta(minutes=5)
LOOK_AGAIN_AFTER = timedelta(minutes=1)

_started_at = clock.now()  # a start gives the workers their five minutes, too
_look_again_at = _started_at


def last_sweep() -> Any:
    """The moment the last sweep ended, as a query of at most one value."""
    return Heartbeat.objects.filter(name="sweep").values_list("ended_at", flat=True)


def since(last: datetime | None, at: datetime) -> datetime | None:
    """Since when the workers stand still, the `last` sweep being what it is; None while they keep up."""
    if last is None or at - max(last, _started_at) <= LATE_AFTER:
        return None
    return last


def watch(last: datetime | None, at: datetime) -> None:
    """Have the mail about a standstill sent, beside the page that is being drawn. Cheap where all is well."""
    global _look_again_at
    stands_since = since(last, at)
    if stands_since is None or at < _look_again_at:
        return
    _look_again_at = at + LOOK_AGAIN_AFTER
    threading.Thread(target=_tell_apart, args=(stands_since, at), name=MAIL, daemon=True).start()


def _tell_apart(stands_since: datetime, at: datetime) -> None:
    """`tell` in a thread of its own: nobody waits for a slow mail server."""
    try:
        tell(stands_since, at)
    except Exception:
        logger.exception("the mail about a standstill could not be written")
    finally:
        connection.close()


def tell(stands_since: datetime, at: datetime) -> None:
    """Send the mail about this standstill from here, or try again where sending failed before.

    Its key is the standstill, its row is claimed like any other: over all processes it goes out once.
    """
    mail = outbox.put(MAIL, f"{MAIL}:{stands_since.isoformat()}", at, {"since": stands_since.isoformat()})
    outbox.deliver_one(mail, at)


def still_stands(item: outbox.OutboxItem) -> bool:
    """Whether no sweep ended since the mail was written."""
    return not last_sweep().filter(ended_at__gt=datetime.fromisoformat(item.about["since"])).exists()
