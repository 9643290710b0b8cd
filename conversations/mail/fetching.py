"""Mailboxes are read by turns: a row each with its next check, read by a job, so that a mail server that
hangs delays neither the clock nor the other mailboxes. Seen twice, stored once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError
from imap_tools import BaseMailBox

from conversations import incoming, sent
from conversations.mail import imap
from conversations.models import Mailbox, MailboxFolder
from prm import clock, jobs, sweeper
from prm.models import Job
from prm.references import Reference
from prm.refusals import Refused
from team import notices
from team.models import Role, User

logger = logging.getLogger(__name__)

JOB = "mailbox"
EVERY = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
LEASE = timedelta(minutes=15)
TOLD_AFTER = 3  # faults in a row
KEEP_JOBS_FOR = timedelta(hours=1)


def sweep(at: datetime) -> int:
    """Put a job for each mailbox whose time has come."""
    Job.objects.filter(kind=JOB, ended_at__lt=at - KEEP_JOBS_FOR).delete()
    return sweeper.in_batches(Mailbox.objects.filter(is_active=True), at, _hand_on)


def _hand_on(mailbox: Mailbox, at: datetime) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(next_check_at=at + LEASE)
    jobs.put(JOB, at, mailbox.person, {"mailbox": mailbox.pk})


def work(job: Job, progress: jobs.Progress) -> str:
    """The job: read the mailbox, unless it was switched off meanwhile."""
    mailbox = Mailbox.objects.filter(pk=job.about["mailbox"], is_active=True).first()
    return look(mailbox, clock.now(), progress) if mailbox else "It is switched off."


def look(mailbox: Mailbox, at: datetime, progress: jobs.Progress | None = None) -> str:
    """Take in what is new in the mailbox. A fault is written down, told, and tried again later."""
    try:
        taken = _read(mailbox, at, progress)
    except imap.MailboxFault as fault:
        _failed(mailbox, str(fault), at)
        return str(fault)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        next_check_at=at + EVERY, read_at=at, failures=0, failing_since=None, last_error=""
    )
    return f"{taken} new mails."


def try_it(mailbox: Mailbox) -> str:
    """Sign in and look for the folders; what is wrong is raised in words. Nothing is taken in."""
    with imap.opened(mailbox) as client:
        for folder in filter(None, (mailbox.inbox, mailbox.sent)):
            imap.chosen(client, folder)
    return "It works: signed in, and the folders are there."


def _read(mailbox: Mailbox, at: datetime, progress: jobs.Progress | None) -> int:
    taken = 0
    with imap.opened(mailbox) as client:
        for name in filter(None, (mailbox.inbox, mailbox.sent)):
            taken += _read_folder(client, mailbox, name, at, progress)
    return taken


def _read_folder(
    client: BaseMailBox, mailbox: Mailbox, name: str, at: datetime, progress: jobs.Progress | None
) -> int:
    """Take in one folder from where it was left; all of it anew where the server numbers it anew."""
    validity = imap.chosen(client, name)
    folder, _ = MailboxFolder.objects.get_or_create(
        mailbox=mailbox, name=name, defaults={"uid_validity": validity}
    )
    if folder.uid_validity != validity:
        folder.uid_validity, folder.last_uid = validity, 0
        folder.save(update_fields=["uid_validity", "last_uid"])
    found, taken = imap.mails(client, folder.last_uid, mailbox.created_at), 0
    for number, mail in enumerate(found, start=1):
        taken += _take(imap.content(client, mail, incoming.LARGEST), mailbox, name, at)
        MailboxFolder.objects.filter(pk=folder.pk, uid_validity=validity, last_uid__lt=mail.uid).update(
            last_uid=mail.uid
        )
        if progress is not None:
            progress(number, len(found))
    return taken


def _take(raw: bytes, mailbox: Mailbox, folder: str, at: datetime) -> bool:
    """One mail; one that cannot be taken stays in the mailbox and stops no other."""
    try:
        if folder == mailbox.sent:
            return bool(sent.accept(raw, mailbox, at))
        return incoming.accept(raw, at, mailbox).is_new
    except Refused as refusal:
        logger.warning("a mail in %s was refused: %s", mailbox, refusal)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("a mail in %s could not be taken in", mailbox)
    return False


def _failed(mailbox: Mailbox, words: str, at: datetime) -> None:
    failures = mailbox.failures + 1
    pause = min(EVERY * 2 ** min(failures, 10), LONGEST_PAUSE)
    since = mailbox.failing_since or at
    Mailbox.objects.filter(pk=mailbox.pk).update(
        next_check_at=at + pause, failures=failures, failing_since=since, last_error=words[:500]
    )
    if failures < TOLD_AFTER:
        return
    people = (
        [mailbox.person] if mailbox.person else list(User.objects.current().filter(grants__role=Role.ADMIN))
    )
    for person in people:
        notices.give(
            person,
            "mailbox_failing",
            Reference("mailbox", mailbox.pk),
            since,
            at,
            f"{mailbox} cannot be read: {words}"[:300],
            mailbox.get_absolute_url(),
        )
