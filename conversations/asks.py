"""Asks of colleagues outside the team: by mail, answered under a signed address without an account.

On the morning of the day it is wanted for, who was asked is reminded; on the morning after, whoever
asked hears that no answer came. The clock of the partner runs on meanwhile.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from conversations import privacy
from conversations.models import Ask, Commitment, Conversation, Wait
from partners.models import Event
from partners.organisations import local_day
from prm import outbox, sweeper
from prm.models import OutboxItem
from prm.outbox import Mail
from prm.references import Reference
from prm.refusals import Refused
from team import notices
from team.models import Company, Notice, User
from team.notices import Private

MAIL, REMINDER = "ask", "ask_reminder"
LONGEST = 5000  # letters
MORNING = time(8)
BY = "sweeper"
Thing = Wait | Commitment
_signer = signing.Signer(salt="conversations.asks")


class AskRefused(Refused):
    """This cannot be asked, answered or taken back."""


def reference(ask: Ask) -> Reference:
    return Reference("ask", ask.pk)


@transaction.atomic
def make(about: Thing, name: str, email: str, question: str, wanted_by: date, by: User, at: datetime) -> Ask:
    """Ask somebody by mail for what holds `about` up, to be answered by the end of a day."""
    name, question = " ".join(name.split())[:120], question.replace("\0", "").strip()
    if not name or not question:
        raise AskRefused("Say whom you ask, and what.")
    if len(question) > LONGEST:
        raise AskRefused(f"This is too long ({len(question)} letters; {LONGEST} at most).")
    _reachable(email)
    if wanted_by < local_day(at, by.zone):
        raise AskRefused("That day has passed. Choose today or a later one.")
    if not about.is_open:
        raise AskRefused(f"{about} is not open any more, so nothing holds it up.")
    ask = Ask.objects.create(
        partner=about.partner,
        conversation=_thread(about),
        about_kind=_kind(about),
        about_id=about.pk,
        name=name,
        email=email,
        question=question,
        wanted_by=wanted_by,
        asked_by=by,
        asked_at=at,
        next_check_at=_morning(wanted_by, by),
    )
    outbox.put(MAIL, f"{MAIL}:{ask.pk}", at, {"ask": ask.pk})
    Event.record("ask_made", at, by, ask.partner, reference(ask), note=f"{name}: {question}")
    return ask


@transaction.atomic
def answer(ask: Ask, text: str, at: datetime) -> Ask:
    """What the colleague says. The first answer counts; whoever asked is told at once."""
    text = text.replace("\0", "").strip()
    if not text:
        raise AskRefused("Write a few words first.")
    if len(text) > LONGEST:
        raise AskRefused(f"This is too long ({len(text)} letters; {LONGEST} at most).")
    if not Ask.objects.open().filter(pk=ask.pk).update(answer=text, answered_at=at, next_check_at=None):
        raise AskRefused("This was answered or taken back meanwhile.")
    ask.refresh_from_db()
    Event.record("ask_answered", at, ask.name[:40], ask.partner, reference(ask), note=text)
    words = f"{ask.name} answered about {ask.partner}: {text[:120]}"
    url, private = ask.get_absolute_url(), _privacy(ask)
    notices.give(ask.asked_by, "ask_answered", reference(ask), at, at, words, url, private=private)
    return ask


@transaction.atomic
def withdraw(ask: Ask, by: User, at: datetime) -> None:
    """It is not needed any more."""
    if not Ask.objects.open().filter(pk=ask.pk).update(withdrawn_at=at, next_check_at=None):
        raise AskRefused("This was answered or taken back meanwhile.")
    Event.record("ask_withdrawn", at, by, ask.partner, reference(ask), note=ask.name)


# --- what it holds up -----------------------------------------------------------------------------------


def about(thing: Thing) -> list[Ask]:
    """What a thing waits for, the longest first."""
    return list(Ask.objects.open().filter(about_kind=_kind(thing), about_id=thing.pk))


def _kind(thing: Thing) -> str:
    return "wait" if isinstance(thing, Wait) else "commitment"


def _thread(thing: Thing) -> Conversation | None:
    if isinstance(thing, Wait):
        return thing.conversation
    return thing.made_in.conversation if thing.made_in else None


def _privacy(ask: Ask) -> Private | None:
    return privacy.for_notices(ask.conversation, f"An answer about a private conversation with {ask.partner}")


def _reachable(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise AskRefused(f"“{email}” is no e-mail address.")


# --- the address it is answered under -------------------------------------------------------------------


def token(ask: Ask) -> str:
    return _signer.sign(ask.key.hex)


def behind(signed: str) -> Ask | None:
    """The ask of an address; None where the address is not one of ours."""
    try:
        key = UUID(hex=_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        return None
    return Ask.objects.select_related("partner", "asked_by").filter(key=key).first()


def why_closed(ask: Ask) -> str:
    """Why nothing can be answered any more; "" while it can."""
    if ask.withdrawn_at is not None:
        return f"{ask.asked_by} does not need this any more."
    return f"This was answered: {ask.answer}" if ask.answered_at is not None else ""


# --- mails and reminders -------------------------------------------------------------------------------


def still_stands(item: OutboxItem) -> bool:
    """Whether it is neither answered nor withdrawn."""
    return Ask.objects.open().filter(pk=item.about["ask"]).exists()


def compose(item: OutboxItem) -> Mail:
    ask = Ask.objects.select_related("partner", "asked_by").get(pk=item.about["ask"])
    address = settings.BASE_URL + reverse("conversations:answer_ask", args=[token(ask)])
    context = {
        "ask": ask,
        "address": address,
        "company": Company.objects.first(),
        "again": item.kind == REMINDER,
    }
    return Mail(
        to=[ask.email],
        subject=render_to_string("emails/ask.subject.txt", context).strip(),
        body=render_to_string("emails/ask.txt", context).strip() + "\n",
        reply_to=[ask.asked_by.email],
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"},
        is_private=ask.conversation is not None and ask.conversation.is_private,
    )


def sweep(at: datetime) -> int:
    """Look at every ask whose morning has come."""
    return sweeper.in_batches(Ask.objects.select_related("partner", "asked_by"), at, check)


def check(ask: Ask, at: datetime) -> None:
    """Remind on the day it is wanted for; the morning after, tell whoever asked."""
    held = Ask.objects.open().filter(pk=ask.pk, next_check_at=ask.next_check_at)
    overdue_from = _morning(ask.wanted_by + timedelta(days=1), ask.asked_by)
    if not ask.is_open:
        Ask.objects.filter(pk=ask.pk).update(next_check_at=None)
    elif at < overdue_from:
        if held.update(next_check_at=overdue_from, reminded_at=at):
            outbox.put(REMINDER, f"{REMINDER}:{ask.pk}", at, {"ask": ask.pk})
    elif held.update(next_check_at=None):
        _overdue(ask, overdue_from, at)


def _overdue(ask: Ask, since: datetime, at: datetime) -> None:
    key = f"ask_overdue:{ask.pk}"
    if Event.record("ask_overdue", at, BY, ask.partner, reference(ask), note=ask.name, key=key) is None:
        return
    words = f"No answer from {ask.name} about {ask.partner}, wanted by {ask.wanted_by:%-d %B}"
    url, private = ask.get_absolute_url(), _privacy(ask)
    notices.give(ask.asked_by, "ask_overdue", reference(ask), since, at, words, url, private=private)


def still_open(notice: Notice) -> bool:
    """Whether the ask of a notice is still without an answer."""
    return Ask.objects.open().filter(pk=notice.cause_id).exists()


def _morning(day: date, by: User) -> datetime:
    """Eight o'clock of a day where the asker is."""
    return datetime.combine(day, MORNING, ZoneInfo(by.zone))
