"""What is kept of a mail: the raw message, and its files where they are of an allowed type and size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from conversations.mail.parts import Attached
from conversations.mail.reading import Incoming
from conversations.models import Attachment, Message, RawMail
from prm import uploads
from prm.refusals import Refused

MOST_FILES = 30  # of a mail that comes in
BEGINS = 500  # letters

# what is written along with a reply
MOST_SENT = 10
LARGEST_SENT = 20 * 1024 * 1024  # bytes, all together
TYPES = f"Allowed are {', '.join(suffix[1:] for suffix in uploads.ALLOWED)}."
LIMITS = f"Up to {MOST_SENT} files, 10 MB each and 20 MB together."


class FilesRefused(Refused):
    """These files cannot go out."""


def raw(mail: bytes, read: Incoming, state: str, at: datetime, **more: Any) -> RawMail:
    """Keep the raw mail, in a file that nobody is served and a row that says what became of it."""
    kept = RawMail(
        external_id=read.message_id,
        state=state,
        sender=read.sender[:320],
        sender_name=read.sender_name,
        subject=read.subject[:300],
        text=" ".join(read.body[: 4 * BEGINS].split())[:BEGINS],
        received_at=at,
        size=len(mail),
        has_html=read.has_html,
        is_automatic=read.is_automatic,
        **more,
    )
    kept.file.save(uploads.stored_name("mail.eml"), ContentFile(mail), save=False)
    try:
        kept.save(force_insert=True)
    except Exception:
        kept.file.delete(save=False)
        raise
    return kept


def attachments(message: Message, found: Iterable[Attached]) -> None:
    """Keep the files of a mail that came in; one that may not be kept stands by its name, and why."""
    for number, each in enumerate(found):
        kept = Attachment(message=message, name=each.name, size=len(each.data))
        file = ContentFile(each.data, name=each.name)
        kept.refused = _fault(file) if number < MOST_FILES else f"Only {MOST_FILES} files are kept."
        if not kept.refused:
            kept.file.save(uploads.stored_name(each.name), file, save=False)
        kept.save()


def check(files: Sequence[UploadedFile]) -> None:
    """Refuse files that are too many, too large or of a type that is not allowed."""
    if len(files) > MOST_SENT or sum(file.size or 0 for file in files) > LARGEST_SENT:
        raise FilesRefused(f"These are too many, or too large. {LIMITS}")
    for file in files:
        uploads.check(file)


def send_along(message: Message, files: Sequence[UploadedFile]) -> None:
    """Keep the files that go out with a reply."""
    check(files)
    for file in files:
        name = uploads.shown_name(file.name or "")
        kept = Attachment(message=message, name=name, size=file.size or 0)
        kept.file.save(uploads.stored_name(name), file, save=False)
        kept.save()


def forget(messages: Sequence[int]) -> None:
    """Delete the files of these messages, and the mails they came in that stand nowhere else. That a mail
    was here stays known by its Message-ID, so that it is not taken in anew."""
    files = Attachment.objects.filter(message__in=messages)
    raws = _nowhere_else(messages)
    kept = [each.file for each in files.exclude(file="")] + [each.file for each in raws.exclude(file="")]
    files.delete()
    raws.update(file="", sender="", sender_name="", subject="", text="", has_html=False)

    def delete() -> None:
        for file in kept:
            file.storage.delete(file.name or "")

    transaction.on_commit(delete)


def _nowhere_else(messages: Sequence[int]) -> QuerySet[RawMail]:
    """The mails of these messages, held, of which no other message has its words."""
    theirs = RawMail.objects.select_for_update(of=("self",)).filter(
        pk__in=Message.objects.filter(pk__in=messages).values("raw")
    )
    held = list(theirs.order_by("pk").values_list("pk", flat=True))
    others = Message.objects.filter(raw__in=held, erased_at=None).exclude(pk__in=messages)
    return RawMail.objects.filter(pk__in=set(held) - set(others.values_list("raw", flat=True)))


def _fault(file: Any) -> str:
    """Why a file may not be kept; "" where it may."""
    try:
        uploads.check(file)
    except Refused as refusal:
        return str(refusal)[:300]
    return ""
