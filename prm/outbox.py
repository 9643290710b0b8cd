"""The outbox: a mail is a row before it is a mail.

`put` writes the row in the transaction of its cause, unique on its key. `deliver` claims a row
with a lease, asks whether its cause still stands, composes, sends and marks it. A crash after
the mail server accepted may send it once more, under the same Message-ID; retries back off in
the row. Without `EMAIL_URL` a mail is composed and kept, and shown under Settings › Sent mail.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction

from prm.models import OutboxItem

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 12
GENERATOR = "X-PRM-Generator"


@dataclass(frozen=True)
class Mail:
    """A composed mail; addresses as "name <address>" or bare; `headers` beyond those set here."""

    to: list[str]
    subject: str
    body: str
    html: str = ""
    reply_to: list[str] = field(default_factory=list)
    from_email: str = ""
    headers: dict[str, str] = field(default_factory=dict)


StillStands = Callable[[OutboxItem], bool]
Compose = Callable[[OutboxItem], Mail]
_kinds: dict[str, tuple[StillStands, Compose, Callable[[OutboxItem, datetime], None] | None]] = {}


def register(
    kind: str,
    still_stands: StillStands,
    compose: Compose,
    sent: Callable[[OutboxItem, datetime], None] | None = None,
) -> None:
    """Register a kind of mail: whether its cause still stands, how it reads, what follows when sent."""
    _kinds[kind] = (still_stands, compose, sent)


def mails_leave() -> bool:
    """Whether a mail server is set, so that mails really go out."""
    return bool(settings.EMAIL_URL)


def new_message_id() -> str:
    """A Message-ID of our own, "<…@host>"."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


def put(kind: str, key: str, at: datetime, about: dict[str, Any], message_id: str = "") -> OutboxItem:
    """Write the mail down to be sent from `at` on; the same key again returns the row that stands."""
    if kind not in _kinds:
        raise LookupError(f"no app registered mails of kind {kind!r}")
    item, _ = OutboxItem.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "about": about,
            "message_id": message_id or new_message_id(),
            "next_check_at": at,
            "created_at": at,
        },
    )
    return item


def deliver(at: datetime, most: int = 500) -> int:
    """Send what is due at `at`, oldest first, at most `most` mails; how many were settled."""
    settled = 0
    for _ in range(most):
        item = _claim(at)
        if item is None:
            break
        _settle(item, at)
        settled += 1
    return settled


def _claim(at: datetime) -> OutboxItem | None:
    """Take the oldest due mail under a lease; while the lease runs nobody else takes it."""
    due = OutboxItem.objects.filter(state=OutboxItem.State.WAITING, next_check_at__lte=at)
    due = due.order_by("next_check_at", "pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        item = due.first()
        if item is None:
            return None
        lease = uuid.uuid4()
        OutboxItem.objects.filter(pk=item.pk).update(
            lease=lease, next_check_at=at + LEASE, attempts=item.attempts + 1
        )
    item.lease, item.attempts = lease, item.attempts + 1
    return item


def _settle(item: OutboxItem, at: datetime) -> None:
    """Send the claimed mail or write down why not; only the holder of the lease may mark it."""
    mine = OutboxItem.objects.filter(pk=item.pk, lease=item.lease)
    still_stands, compose, sent = _kinds[item.kind]
    try:
        if not still_stands(item):
            mine.update(state=OutboxItem.State.DROPPED, next_check_at=None, lease=None)
            return
        mail = compose(item)
        if mails_leave():
            _send(item, mail)
        with transaction.atomic():
            marked = mine.update(
                state=OutboxItem.State.SENT if mails_leave() else OutboxItem.State.KEPT,
                to=", ".join(mail.to),
                subject=mail.subject,
                body=mail.body,
                sent_at=at,
                next_check_at=None,
                lease=None,
                last_error="",
            )
            if marked and sent:
                sent(item, at)
    except Exception as error:
        logger.exception("mail %s could not be sent", item.pk)
        over = item.attempts >= MOST_ATTEMPTS
        mine.update(
            state=OutboxItem.State.FAILED if over else OutboxItem.State.WAITING,
            next_check_at=None if over else at + backoff(item.attempts),
            lease=None,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )


def backoff(attempts: int) -> timedelta:
    """How long to wait before the next try: 30 s doubled at each, six hours at most."""
    return min(timedelta(seconds=30 * 2 ** (attempts - 1)), timedelta(hours=6))


def _send(item: OutboxItem, mail: Mail) -> None:
    message = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=mail.body,
        from_email=mail.from_email or settings.DEFAULT_FROM_EMAIL,
        to=mail.to,
        reply_to=mail.reply_to or None,
        headers={
            "Message-ID": item.message_id,
            "Date": formatdate(localtime=False),
            **mail.headers,
        },
        connection=get_connection(),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()
