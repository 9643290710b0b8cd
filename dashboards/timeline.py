"""The timeline: what was said and what happened, newest first, 20 at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from conversations.models import Message
from partners import history
from partners.models import Event, Partner

PAGE = 20
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
    messages = Message.objects.filter(partner=partner).select_related("contact", "author", "conversation")
    if before is not None:
        messages = messages.filter(occurred_at__lt=before)
    for message in messages.order_by("-occurred_at", "-pk")[: PAGE + 10]:
        tone = "out" if message.direction == Message.Direction.OUT else ""
        icon = ICONS.get(message.channel, "mail")
        yield Item(message.occurred_at, message.pk, icon, tone, message=message)


def _events(partner: Partner, group: str, before: datetime | None, at: datetime) -> Iterable[Item]:
    events = Event.objects.filter(partner=partner).select_related("by_user", "by_contact", "undone_by")
    events = events.exclude(kind__in=history.kinds_in("conversations"))
    if group != "all":
        events = events.filter(kind__in=history.kinds_in(group))
    if before is not None:
        events = events.filter(at__lt=before)
    for event in events.order_by("-at", "-pk")[: PAGE + 10]:
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
