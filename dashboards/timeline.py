"""The timeline: what was said and what happened, newest first, 20 at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from conversations.models import Message
from partners import history
from partners.models import Event, Partner
from prm.questions import Question, key, moment

PAGE = 20
TIES = 4  # more are fetched, so that entries of one moment are seldom cut in two
OPENING = 300  # characters of a message that are fetched; the page shows a few less
SAID = (
    *("direction", "channel", "occurred_at", "subject", "minutes", "is_automatic", "visible_to_partner"),
    *("withdrawn_at", "withdrawn_reason", "conversation__subject"),
    *("contact__name", "contact__email", "author__name", "author__email"),
)
HAPPENED = (
    *(
        "kind",
        "at",
        "by_system",
        "changes",
        "note",
        "about_kind",
        "about_id",
        "partner_id",
        "undone_by__kind",
    ),
    *("by_user__name", "by_user__email", "by_contact__name", "by_contact__email", "undone_by__kind"),
)
GROUPS = {"all": "All", "conversations": "Conversations", "promises": "Promises", "road": "Road and fit"}

ICONS: dict[str, str] = {
    Message.Channel.EMAIL: "mail",
    Message.Channel.CALL: "phone",
    Message.Channel.MEETING: "users",
    Message.Channel.PORTAL: "world",
    Message.Channel.CHAT: "message",
    Message.Channel.NOTE: "note",
}


@dataclass(frozen=True)
class Item:
    """One entry: a message or an event."""

    at: datetime
    pk: int
    icon: str
    tone: str
    message: Message | None = None
    event: Event | None = None
    words: str = ""
    can_undo: bool = False

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()


@dataclass(frozen=True)
class Timeline:
    days: list[tuple[date, list[Item]]]
    group: str
    older: str


def _said(older: bool) -> QuerySet[Any]:
    messages = Message.objects.filter(partner=key("partner"))
    if older:
        messages = messages.filter(occurred_at__lt=moment("before"))
    related = messages.select_related("contact", "author", "conversation").only(*SAID)
    return related.annotate(opening=Left("body", OPENING)).order_by("-occurred_at", "-pk")[: PAGE + TIES]


def _happened(group: str, older: bool) -> QuerySet[Event]:
    events = Event.objects.filter(partner=key("partner"))
    events = events.exclude(kind__in=history.kinds_in("conversations"))
    if group != "all":
        events = events.filter(kind__in=history.kinds_in(group))
    if older:
        events = events.filter(at__lt=moment("before"))
    related = events.select_related("by_user", "by_contact", "undone_by").only(*HAPPENED)
    return related.order_by("-at", "-pk")[: PAGE + TIES]


MESSAGES = Question(_said)
EVENTS = Question(_happened)


def of(partner: Partner, group: str, before: datetime | None, at: datetime) -> Timeline:
    """The entries of `partner` before a moment, at most 20; `older` is the moment to ask from next, or ""."""
    group = group if group in GROUPS else "all"
    found: list[Item] = []
    if group in {"all", "conversations"}:
        found += _messages(partner, before)
    if group != "conversations":
        found += _events(partner, group, before, at)
    found.sort(key=lambda item: (item.at, item.pk), reverse=True)
    page = _whole_moments(found)
    older = page[-1].at.isoformat() if len(page) < len(found) and page else ""
    return Timeline(
        [(day, list(items)) for day, items in groupby(page, key=lambda item: item.day)], group, older
    )


def _whole_moments(found: list[Item]) -> list[Item]:
    """The first page, lengthened so that no moment is cut in two (the next page begins before it)."""
    if len(found) <= PAGE:
        return found
    last = found[PAGE - 1].at
    return [item for index, item in enumerate(found) if index < PAGE or item.at == last]


def _messages(partner: Partner, before: datetime | None) -> Iterable[Item]:
    for message in MESSAGES.ask(before is not None, partner=partner.pk, before=before):
        tone = "out" if message.direction == Message.Direction.OUT else ""
        icon = ICONS.get(message.channel, "mail")
        yield Item(message.occurred_at, message.pk, icon, tone, message=message)


def _events(partner: Partner, group: str, before: datetime | None, at: datetime) -> Iterable[Item]:
    for event in EVENTS.ask(group, before is not None, partner=partner.pk, before=before):
        kind = history.kind_of(event)
        yield Item(
            event.at,
            event.pk,
            kind.icon,
            "",
            event=event,
            words=kind.words(event),
            can_undo=history.can_undo(event, at),
        )
