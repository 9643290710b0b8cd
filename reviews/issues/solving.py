"""An issue is solved, the partner told how; and opened again, by us at any time, by them for some days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations import messages, records, threads, waits
from conversations.models import Conversation, Message
from partners.models import Contact, Event
from prm import outbox, references
from reviews.issues import addresses, promises, raising
from reviews.issues.models import Cause, Issue, Resolution
from reviews.issues.raising import Actor, IssueRefused
from team.models import User


@transaction.atomic
def solve(
    issue: Issue, words: str, cause: Cause, by: User, at: datetime, tell: Contact | None = None
) -> Resolution:
    """It is solved: its wait is closed and `tell` is written to, with the way to open it again. The cause is
    ours to know."""
    held = raising.locked(issue)
    raising.must_be_open(held)
    words = records.words(words)
    if not words:
        raise IssueRefused(_("Resolution: say how it was solved; the partner reads it."))
    made = Resolution.objects.create(
        issue=held,
        words=words,
        cause=cause,
        wait=held.wait,
        by=by,
        at=at,
        reopen_until=at + timedelta(days=promises.reopen_days()),
    )
    waits.close_request(held.wait, at, by, at)
    held.state, held.solved_at = Issue.State.SOLVED, at
    held.save(update_fields=["state", "solved_at"])
    Event.record("issue_solved", at, by, held.partner, references.to(held), note=f"{held}: {words}"[:300])
    if tell is not None:
        messages.reply(held.conversation, _told(made, tell, at), by, at, to=tell)
    _finish(held.conversation, by, at)
    return made


def _told(resolution: Resolution, to: Contact, at: datetime) -> str:
    issue = resolution.issue
    page = settings.BASE_URL + reverse("reviews:shared_issue", args=[addresses.token(issue, to, at)])
    words = _("{how}\n\nNot solved? Until {day} you can open it again: {page}")
    return words.format(how=resolution.words, day=date_format(resolution.reopen_until, "j F Y"), page=page)


def may_be_told(contact: Contact | None) -> bool:
    """Whether this person can be written to about it."""
    if contact is None or contact.left_on is not None or contact.withdrawn_at is not None:
        return False
    return bool(contact.email) or not outbox.mails_leave()


def _finish(thread: Conversation, by: User, at: datetime) -> None:
    """The conversation is done with it, unless something else waits there."""
    (held,) = waits.locked(thread)
    if held.state == Conversation.State.OPEN and not held.waits.open().exists():
        threads.resolve(held, by, at)


@transaction.atomic
def open_again(issue: Issue, why: str, by: Actor, at: datetime) -> Issue:
    """It was not solved after all: how it was solved is kept, and the promise of its severity runs anew."""
    held = raising.locked(issue)
    why = records.words(why)
    if not why:
        raise IssueRefused(_("Why: say what is still wrong."))
    standing = held.resolutions.filter(reopened_at=None).first()
    if standing is None:
        raise IssueRefused(_("This issue is open already."))
    if isinstance(by, Contact) and at > standing.reopen_until:
        day = date_format(standing.reopen_until, "j F Y")
        raise IssueRefused(
            _("It could be opened again until {day}. Raise another issue instead.").format(day=day)
        )
    standing.reopened_at, standing.reopened_why = at, why
    standing.reopened_by = by if isinstance(by, User) else None
    standing.reopened_by_contact = by if isinstance(by, Contact) else None
    standing.save()
    if isinstance(by, Contact):
        messages.receive(held.partner, Message.Channel.PORTAL, why, at, held.conversation, contact=by)
    held.wait = raising.wait_anew(held, at)
    held.state, held.solved_at = Issue.State.OPEN, None
    held.save(update_fields=["wait", "state", "solved_at"])
    Event.record("issue_reopened", at, by, held.partner, references.to(held), note=f"{held}: {why}"[:300])
    raising.tell_owner(held, by, at)
    return held
