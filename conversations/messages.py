"""What is said: partners' messages come in, we reply, log, withdraw and correct.

Each verb holds the conversation, stores the message and settles the waits in one transaction, so
that an answer and the closing of its wait are one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction

from conversations import (
    commitments,
    filling,
    late_logs,
    pauses,
    records,
    thanks,
    threads,
    waiting,
    waits,
    wanting,
)
from conversations.commitments import Promise
from conversations.mail import keeping
from conversations.models import Conversation, Message, Wait
from conversations.records import Channel, Direction, MessageRefused, reference
from partners.models import Contact, Event, Membership, Partner
from prm import outbox
from team.models import User

# --- in ---------------------------------------------------------------------------------------------


@transaction.atomic
def receive(
    partner: Partner,
    channel: str,
    body: str,
    at: datetime,
    conversation: Conversation | None = None,
    occurred_at: datetime | None = None,
    contact: Contact | None = None,
    subject: str = "",
    by: User | None = None,
    **mail: Any,
) -> Message:
    """A message of the partner, on any written channel; it opens a wait unless it is automatic.

    `by` is who of us typed it in, None for a machine. `mail` are further columns of Message
    (`external_id`, `in_reply_to`, `address`, `is_automatic`, `is_copy`, `is_thanks`, `clamped`). A provider's
    time that lies ahead is taken back to `at` and flagged; a person's is refused.
    """
    if channel not in waiting.WRITTEN:
        raise MessageRefused("Calls and meetings are logged; they open no wait by themselves.")
    moment = occurred_at or at
    if by is None and moment > at:
        moment, mail["clamped"] = at, True
    subject = subject or _opening_words(body)
    mail.setdefault("is_thanks", thanks.is_thanks(body, contact))
    message = records.store(
        records.thread(partner, conversation, subject, contact, at),
        at,
        by=by or contact or "mail",
        direction=Direction.IN,
        channel=channel,
        body=body,
        subject=subject,
        occurred_at=records.not_ahead(moment, at),
        contact=contact,
        **mail,
    )
    if not message.is_automatic:
        pauses.heard(message.conversation, message.occurred_at, at)
    return message


# --- out --------------------------------------------------------------------------------------------


class AnsweredMeanwhile(MessageRefused):
    """A colleague answered after the writer last looked."""


@transaction.atomic
def reply(
    conversation: Conversation,
    body: str,
    by: User,
    at: datetime,
    to: Contact | None = None,
    seen: int | None = None,
    holding: bool = False,
    promises: Sequence[Promise] = (),
    files: Sequence[UploadedFile] = (),
    wanted_by: date | None = None,
) -> Message:
    """Answer in writing. With a mail server it goes out as a mail, without it is recorded as sent.

    A holding reply closes the wait only with a promise of ours among those made in the same press. `files` go
    with it; an answer may be `wanted_by` a day. What is still to be filled in of a template is refused.
    `seen` is the newest message the writer has read: what a colleague answered since is to be read first.
    """
    (held,) = waits.locked(records.standing(conversation))
    contact, address = ready(held, body, by, to, seen)
    message = records.store(
        held,
        at,
        by=by,
        direction=Direction.OUT,
        channel=Channel.EMAIL,
        body=body,
        subject=_re(held.subject),
        occurred_at=at,
        contact=contact,
        author=by,
        is_holding=holding,
        answers=holding and any(promise.side == commitments.Side.OURS for promise in promises),
        **records.as_mail(held, address),
    )
    threads.claim(held, by, at)
    keeping.send_along(message, files)
    if wanted_by is not None:
        wanting.want(message, wanted_by, by, at)
    for promise in promises:
        commitments.make(held.partner, promise, by, at, made_in=message)
    return message


def ready(
    conversation: Conversation, body: str, by: User, to: Contact | None = None, seen: int | None = None
) -> tuple[Contact | None, str]:
    """Whom a reply goes to, and at which address; refused where it cannot go out as it stands."""
    filling.must_be_filled(body)
    if seen is not None:
        _nobody_answered(conversation, by, seen)
    return _recipient(conversation, to)


def _nobody_answered(conversation: Conversation, by: User, seen: int) -> None:
    last = conversation.messages.replies_since(seen, besides=by).last()
    if last is not None:
        when = last.occurred_at.astimezone(ZoneInfo(by.zone))
        raise AnsweredMeanwhile(f"{last.author} answered at {when:%H:%M}. Read it, then send anyway.")


@transaction.atomic
def start(
    partner: Partner,
    subject: str,
    body: str,
    by: User,
    at: datetime,
    to: Contact | None = None,
    files: Sequence[UploadedFile] = (),
    membership: Membership | None = None,
    wanted_by: date | None = None,
) -> Message:
    """Write first. Our own first message opens no wait. `files` go with it; it may be about one of the
    partner's memberships."""
    if not subject.strip():
        raise MessageRefused("Give it a subject.")
    filling.must_be_filled(body)
    conversation = records.thread(partner, None, subject, to, at, membership=membership)
    contact, address = _recipient(conversation, to)
    message = records.store(
        conversation,
        at,
        by=by,
        direction=Direction.OUT,
        channel=Channel.EMAIL,
        body=body,
        subject=conversation.subject,
        occurred_at=at,
        contact=contact,
        author=by,
        **records.as_mail(conversation, address),
    )
    keeping.send_along(message, files)
    if wanted_by is not None:
        wanting.want(message, wanted_by, by, at)
    Conversation.objects.filter(pk=conversation.pk).update(state=Conversation.State.OPEN)
    conversation.state = Conversation.State.OPEN
    return message


def _recipient(conversation: Conversation, to: Contact | None) -> tuple[Contact | None, str]:
    """Whom the reply goes to: the contact named, else who wrote last, else the primary contact."""
    records.must_be_of(to, conversation.partner)
    last = _last_in(conversation)
    contact = to or _who_wrote(conversation, last)
    address = contact.email if contact else ""
    if last is not None and last.contact == contact:
        address = last.address or address
    if outbox.mails_leave():
        _reachable(contact, address)
    return contact, address


def answers_to(conversation: Conversation) -> Contact | None:
    """Whom a reply goes to, where nobody is named."""
    return _who_wrote(conversation, _last_in(conversation))


def _last_in(conversation: Conversation) -> Message | None:
    return conversation.messages.filter(direction=Direction.IN, withdrawn_at=None, is_automatic=False).last()


def _who_wrote(conversation: Conversation, last: Message | None) -> Contact | None:
    """The contact who wrote last; where nobody wrote, the primary one."""
    if last is not None:
        return last.contact
    return conversation.partner.contacts.filter(is_primary=True).first()


def _reachable(contact: Contact | None, address: str) -> None:
    if not address:
        who = contact or "This partner"
        raise MessageRefused(f"{who} has no e-mail address. Add one to the contact, or choose another.")
    try:
        validate_email(address)
    except ValidationError:
        raise MessageRefused(f"“{address}” is no e-mail address. Mend the contact, or choose another.")


# --- logging ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happening:
    """What happened elsewhere: on which channel, what was said, when (None is now), and with whom.

    It is ours unless `direction` is "in"; `shared` lets the partner see it, too. A conversation that it
    begins is about `membership`.
    """

    channel: str
    body: str
    occurred_at: datetime | None = None
    conversation: Conversation | None = None
    contact: Contact | None = None
    minutes: int | None = None
    subject: str = ""
    direction: str = Direction.OUT
    shared: bool = False
    membership: Membership | None = None

    @property
    def is_written(self) -> bool:
        return self.channel in waiting.WRITTEN

    @property
    def is_theirs(self) -> bool:
        """Whether the partner wrote it, so that it comes in."""
        return self.is_written and self.direction == Direction.IN

    @property
    def heading(self) -> str:
        label = str(Channel(self.channel).label)
        with_whom = f"{label} with {self.contact}" if self.contact and self.channel != Channel.NOTE else label
        return self.subject or with_whom


@transaction.atomic
def log(
    partner: Partner,
    happened: Happening,
    by: User,
    at: datetime,
    answers: Sequence[Wait] = (),
    still_waiting: bool = False,
    promises: Iterable[Promise] = (),
) -> Message:
    """Write down what happened elsewhere: a call, a meeting, a chat, a portal message, a mail, a note.

    `answers` are the waits it answers, also where its notes stay internal; `still_waiting` opens one
    from then on. A written message of the partner opens a wait, a shared written one of ours closes it.
    Reported over 72 hours late, by the clock of the wait, it answers only once a lead has approved it:
    `message.unconfirmed` says so.
    """
    if happened.is_theirs:
        return _came_in(partner, happened, by, at)
    occurred_at = records.not_ahead(happened.occurred_at or at, at)
    records.must_be_of(happened.contact, partner)
    answered = _answerable(partner, answers, occurred_at)
    held, elsewhere = _held_for(partner, happened, answered, at)
    written = happened.is_written and happened.shared and _was_asked(held, occurred_at)
    message = records.store(
        held,
        at,
        by=by,
        also=elsewhere,
        author=by,
        occurred_at=occurred_at,
        answers=any(wait.conversation_id == held.pk for wait in answered),
        asks=still_waiting,
        unconfirmed=(bool(answered) or written) and late_logs.needs_approval(held, occurred_at, at, by),
        **_columns(happened),
    )
    for promise in promises:
        commitments.make(partner, promise, by, at, made_in=message)
    Event.record("message_logged", at, by, partner, reference(message))
    if message.unconfirmed:
        late_logs.ask(message, at)
    return message


def _came_in(partner: Partner, happened: Happening, by: User, at: datetime) -> Message:
    return receive(
        partner,
        happened.channel,
        happened.body,
        at,
        happened.conversation,
        happened.occurred_at,
        happened.contact,
        happened.subject,
        by=by,
    )


def _held_for(
    partner: Partner, happened: Happening, answered: Sequence[Wait], at: datetime
) -> tuple[Conversation, list[Conversation]]:
    """Where it is filed (the first one it answers, if none is named) and the others it answers, all held."""
    threads = {wait.conversation_id: wait.conversation for wait in answered}
    into = happened.conversation or next(iter(threads.values()), None)
    held = records.thread(
        partner,
        into,
        happened.heading,
        happened.contact,
        at,
        *threads.values(),
        membership=happened.membership,
    )
    return held, [thread for pk, thread in threads.items() if pk != held.pk]


def _columns(happened: Happening) -> dict[str, Any]:
    return {
        "direction": happened.direction,
        "channel": happened.channel,
        "body": happened.body,
        "subject": happened.heading,
        "contact": happened.contact,
        "minutes": happened.minutes,
        "visible_to_partner": happened.shared and happened.channel != Channel.NOTE,
    }


def _answerable(partner: Partner, answers: Sequence[Wait], occurred_at: datetime) -> list[Wait]:
    """The waits a logged item answers: this partner's waits for a reply, opened before it."""
    for wait in answers:
        if wait.partner_id != partner.pk or wait.metric not in waits.REPLY:
            raise MessageRefused("One of these waits is not a question of this partner.")
        if occurred_at < wait.opened_at:
            raise MessageRefused(
                f"This was before they asked (“{wait.conversation}”). Check the time, or untick it."
            )
    return list(answers)


def _was_asked(conversation: Conversation, occurred_at: datetime) -> bool:
    """Whether somebody there waited for an answer by then, so that a written item may be one."""
    return conversation.waits.filter(metric__in=waits.REPLY, opened_at__lte=occurred_at).exists()


def _opening_words(body: str) -> str:
    first = body.strip().splitlines()[0] if body.strip() else ""
    return first if len(first) <= 80 else first[:77].rsplit(" ", 1)[0] + "…"


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
