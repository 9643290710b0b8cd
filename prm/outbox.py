"""The outbox: a mail is a row before it is a mail.

`put` writes the row in the transaction of its cause, unique on its key. `deliver` claims a row
with a lease, asks whether its cause still stands, composes, sends and marks it. A crash after
the mail server accepted may send it once more, under the same Message-ID; retries back off in
the row. Without `EMAIL_URL` a mail is composed and kept, and shown under Settings › Sent mail.
"""

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import formatdate
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import QuerySet

from prm import bounces, once
from prm.models import OutboxItem

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 12
GENERATOR = "X-PRM-Generator"  # on every mail of ours; its value is the kind, or that a person wrote it
BY_A_PERSON = "person"
ALONG = "message-id"  # the name under which a provider carries our Message-ID along
LONGEST_ALONG = 80  # letters that it carries


@dataclass(frozen=True)
class Mail:
    """A composed mail; addresses as "name <address>" or bare; `headers` beyond those set here.

    `attachments` are (name, bytes, type), `alternatives` the words in another form, as (content, type).
    Of a private one nobody but who gets it reads the words.
    """

    to: list[str]
    subject: str
    body: str
    html: str = ""
    reply_to: list[str] = field(default_factory=list)
    from_email: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    attachments: list[tuple[str, bytes, str]] = field(default_factory=list)
    alternatives: list[tuple[str, str]] = field(default_factory=list)
    is_private: bool = False

    @property
    def is_automatic(self) -> bool:
        """Whether no person wrote it."""
        return "Auto-Submitted" in self.headers


@dataclass(frozen=True)
class Call:
    """A composed request to another program; `leave` makes it, and raises where it does not get there."""

    to: list[str]
    subject: str
    body: str
    leave: Callable[[datetime], None]


class GivenUp(Exception):
    """Trying again makes no sense."""


StillStands = Callable[[OutboxItem], bool]
Compose = Callable[[OutboxItem], Mail | Call]
Sent = Callable[[OutboxItem, datetime], None]
_kinds: dict[str, tuple[StillStands, Compose, Sent | None]] = {}
_failed: dict[str, Sent] = {}


def register(
    kind: str,
    still_stands: StillStands,
    compose: Compose,
    sent: Sent | None = None,
    failed: Sent | None = None,
) -> None:
    """Register a kind of mail: whether its cause still stands, how it reads, what follows when it was
    sent, and what follows when it is given up."""
    _kinds[kind] = (still_stands, compose, sent)
    if failed is not None:
        _failed[kind] = failed


def mails_leave() -> bool:
    """Whether a mail server is set, so that mails really go out."""
    return bool(settings.EMAIL_URL)


def new_message_id() -> str:
    """A Message-ID of our own, "<…@host>"."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


def put(kind: str, key: str, at: datetime, about: dict[str, Any], message_id: str = "") -> OutboxItem:
    """Write the mail down to be sent from `at` on; the same key again returns the row that stands."""
    item = _drafted(kind, key, at, about, message_id)
    return item if once.add(item, ("key",)) else OutboxItem.objects.get(key=key)


def put_all(kind: str, at: datetime, abouts: Mapping[str, dict[str, Any]]) -> list[OutboxItem]:
    """Write many mails of a kind down at once, each under its key; those whose key stood already are not
    among the answer."""
    return once.add_all([_drafted(kind, key, at, about) for key, about in abouts.items()], ("key",))


def _drafted(kind: str, key: str, at: datetime, about: dict[str, Any], message_id: str = "") -> OutboxItem:
    if kind not in _kinds:
        raise LookupError(f"no app registered mails of kind {kind!r}")
    return OutboxItem(
        key=key,
        kind=kind,
        about=about,
        message_id=message_id or new_message_id(),
        next_check_at=at,
        created_at=at,
    )


def due(at: datetime) -> QuerySet[OutboxItem]:
    """The mails to send at `at`, oldest first."""
    waiting = OutboxItem.objects.filter(state=OutboxItem.State.WAITING, next_check_at__lte=at)
    return waiting.order_by("next_check_at", "pk")


def deliver(at: datetime, most: int = 500) -> int:
    """Send what is due at `at`, oldest first, at most `most` mails; how many were settled.

    Leases count from the moment of each claim, so that a slow mail server does not let the
    lease of the last mail run out before its turn.
    """
    began = time.monotonic()
    for settled in range(most):
        moment = at + timedelta(seconds=time.monotonic() - began)
        item = _claim(moment)
        if item is None:
            return settled
        _settle(item, moment)
    return most


def deliver_one(item: OutboxItem, at: datetime) -> bool:
    """Send this mail from here, without the workers; False where it is not due or another has it."""
    claimed = _claim(at, only=item.pk)
    if claimed is None:
        return False
    _settle(claimed, at)
    return True


def _claim(at: datetime, only: int | None = None) -> OutboxItem | None:
    """Take the oldest due mail, or the one with this id, under a lease; while it runs nobody else does."""
    with transaction.atomic():
        ready = due(at) if only is None else due(at).filter(pk=only)
        if connection.features.has_select_for_update_skip_locked:
            ready = ready.select_for_update(skip_locked=True)
        item = ready.first()
        if item is None:
            return None
        item.lease, item.attempts, item.next_check_at = uuid.uuid4(), item.attempts + 1, at + LEASE
        item.save(update_fields=["lease", "attempts", "next_check_at"])
    return item


def _settle(item: OutboxItem, at: datetime) -> None:
    """Send the claimed mail or write down why not; only the holder of the lease may mark it."""
    try:
        still_stands, compose, sent = _kinds[item.kind]
        if not still_stands(item):
            _mine(item).update(state=OutboxItem.State.DROPPED, next_check_at=None, lease=None)
            return
        mail = compose(item)
        if isinstance(mail, Call):
            mail.leave(at)
        elif mails_leave():
            mail = _without_dead(mail, at)
            if not mail.to:
                _mine(item).update(state=OutboxItem.State.HELD, next_check_at=None, lease=None)
                return
            _send(item, mail)
    except SMTPRecipientsRefused as refusal:
        _refused(item, at, refusal)
        return
    except GivenUp as error:
        _give_up(item, at, OutboxItem.State.FAILED, error)
        return
    except Exception as error:
        logger.exception("mail %s could not be sent", item.pk)
        _put_back(item, at, error)
        return
    try:
        _mark(item, at, mail, sent)
    except Exception as error:  # it has left: better a mark without what follows than a second mail
        logger.exception("what follows the sending of mail %s failed", item.pk)
        _mark(item, at, mail, None, last_error=f"After sending: {error}"[:2000])


def _without_dead(mail: Mail, at: datetime) -> Mail:
    """Automatic mail goes to no address it came back from too often."""
    return replace(mail, to=bounces.alive(mail.to, at)) if mail.is_automatic else mail


def _mine(item: OutboxItem) -> QuerySet[OutboxItem]:
    return OutboxItem.objects.filter(pk=item.pk, lease=item.lease)


def _mark(item: OutboxItem, at: datetime, mail: Mail | Call, sent: Sent | None, last_error: str = "") -> None:
    """Write down that and what was sent (or kept), and do what follows, in one transaction."""
    left = isinstance(mail, Call) or mails_leave()
    with transaction.atomic():
        marked = _mine(item).update(
            state=OutboxItem.State.SENT if left else OutboxItem.State.KEPT,
            to=", ".join(mail.to),
            subject=mail.subject,
            body=mail.body,
            is_private=isinstance(mail, Mail) and mail.is_private,
            sent_at=at,
            next_check_at=None,
            lease=None,
            last_error=last_error,
        )
        if marked and sent:
            sent(item, at)


def _refused(item: OutboxItem, at: datetime, refusal: SMTPRecipientsRefused) -> None:
    """The server takes nothing for these receivers: because they are not there, or for another reason."""
    if not all(bounces.says_nobody_is_there(*answer) for answer in refusal.recipients.values()):
        _put_back(item, at, refusal)
        return
    with transaction.atomic():
        if _give_up(item, at, OutboxItem.State.BOUNCED, refusal, to=", ".join(refusal.recipients)):
            bounces.count(bounces.bare(refusal.recipients), at)


def _put_back(item: OutboxItem, at: datetime, error: Exception) -> None:
    """Try again later, or give up after the last try."""
    if item.attempts >= MOST_ATTEMPTS:
        _give_up(item, at, OutboxItem.State.FAILED, error)
        return
    _mine(item).update(next_check_at=at + backoff(item.attempts), lease=None, last_error=_words(error))


def _give_up(item: OutboxItem, at: datetime, state: str, error: Exception, **more: str) -> bool:
    """Try no more, and do what follows, in one transaction; False where the lease was lost."""
    with transaction.atomic():
        mine = _mine(item)
        given_up = mine.update(state=state, next_check_at=None, lease=None, last_error=_words(error), **more)
        if given_up and (follows := _failed.get(item.kind)):
            try:
                with transaction.atomic():
                    follows(item, at)
            except Exception:  # better given up without what follows than tried for ever
                logger.exception("what follows the failure of mail %s failed", item.pk)
    return bool(given_up)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def backoff(attempts: int) -> timedelta:
    """How long to wait before the next try: 30 s doubled at each, six hours at most."""
    return min(timedelta(seconds=30 * 2 ** (attempts - 1)), timedelta(hours=6))


def _provider_headers(item: OutboxItem) -> dict[str, str]:
    """What a provider needs to keep our Message-ID, and to name it when it posts what became of the mail."""
    if "postmark" not in settings.EMAIL_WEBHOOKS:
        return {}
    along = item.message_id.strip("<>")
    named = {f"X-PM-Metadata-{ALONG}": along} if len(along) <= LONGEST_ALONG else {}
    return {"X-PM-KeepID": "true", **named}


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
            **_provider_headers(item),
            **mail.headers,
        },
        connection=get_connection(),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for content, kind in mail.alternatives:
        message.attach_alternative(content, kind)
    for name, data, kind in mail.attachments:
        message.attach(name, data, kind)
    message.send()
