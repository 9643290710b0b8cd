"""The timeline: what was said and what happened, newest first, 20 at a time.

Entries of one moment stand events before messages, the later written first, so that a page can end
between any two of them and the next one goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from conversations.models import Message, hidden_from
from partners import history
from partners.models import Event, Partner
from prm import addresses
from prm.questions import Asked, Question, key, moment
from team.models import User, known_as
from team.readers import Reader, reader

PAGE = 20
OPENING = 281  # letters of a text that are fetched; one more than is shown
SAID = (
    *("pk", "direction", "channel", "occurred_at", "subject", "minutes", "is_automatic"),
    *("visible_to_partner", "withdrawn_at", "withdrawn_reason", "conversation", "conversation__subject"),
    *("contact__name", "author__name", "author__email", "opening"),
)
HAPPENED = (
    *("kind", "at", "by_system", "changes", "note", "about_kind", "about_id", "partner_id"),
    "undone_by__kind",
)
# Who did it, without a person made of it: the events of a page are done by few, twenty times.
DOERS = {
    "user_name": F("by_user__name"),
    "user_email": F("by_user__email"),
    "contact_name": F("by_contact__name"),
}
GROUPS = {
    "all": "All",
    "conversations": "Conversations",
    "promises": "Promises",
    "decisions": "Decisions",
    "road": "Road and fit",
}
MESSAGE, EVENT = 0, 1  # in this order backwards
FAR = 2**62

ICONS: dict[str, str] = {
    Message.Channel.EMAIL: "mail",
    Message.Channel.CALL: "phone",
    Message.Channel.MEETING: "users",
    Message.Channel.PORTAL: "world",
    Message.Channel.CHAT: "message",
    Message.Channel.NOTE: "note",
}


@dataclass(frozen=True, order=True)
class Mark:
    """Where an entry stands: its moment, what it is, its id. As text it goes into an address."""

    at: datetime
    what: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.what}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """The mark in an address; None where it is none."""
        try:
            at, what, pk = text.split("~")
            mark = cls(datetime.fromisoformat(at.replace(" ", "+")), int(what), int(pk))
        except ValueError:
            return None
        return mark if mark.at.tzinfo and 0 <= mark.pk < FAR else None

    def under(self, what: int) -> int:
        """Of the entries of this moment and kind those with a lesser id come after the mark."""
        return self.pk if what == self.what else FAR if what < self.what else 0


@dataclass(frozen=True)
class Pill:
    words: str
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Item:
    """One entry, a message or an event, in words."""

    mark: Mark
    icon: str
    who: str
    title: str
    tone: str = ""
    beside: str = ""
    url: str = ""
    kind: str = ""
    minutes: int | None = None
    pills: tuple[Pill, ...] = ()
    text: str = ""
    is_withdrawn: bool = False
    undo_url: str = ""

    @property
    def at(self) -> datetime:
        return self.mark.at

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()


@dataclass(frozen=True)
class Timeline:
    days: list[tuple[date, list[Item]]]
    group: str
    older: str


def of(partner: Partner, user: User, group: str, before: Mark | None, at: datetime) -> Timeline:
    """The entries of `partner` that `user` may see after a mark, at most 20; `older` is the mark to ask
    from next, or ""."""
    group = group if group in GROUPS else "all"
    found = [_said(message) for each in _saying(partner, user, group, before) for message in each.ask()]
    found += [
        _happened(event, at) for each in _happening(partner, user, group, before) for event in each.ask()
    ]
    found.sort(key=lambda item: item.mark, reverse=True)
    page = found[:PAGE]
    older = str(page[-1].mark) if len(found) > PAGE else ""
    days = [(day, list(items)) for day, items in groupby(page, key=lambda item: item.day)]
    return Timeline(days, group, older)


def asked(partner: Partner, user: User, group: str, before: Mark | None) -> list[Asked[Any]]:
    """What `of` asks."""
    group = group if group in GROUPS else "all"
    return [*_saying(partner, user, group, before), *_happening(partner, user, group, before)]


def _saying(partner: Partner, user: User, group: str, before: Mark | None) -> list[Asked[Any]]:
    if group not in {"all", "conversations"}:
        return []
    return [MESSAGES.of(reader(user), bool(before), **_given(partner, user, before, MESSAGE))]


def _happening(partner: Partner, user: User, group: str, before: Mark | None) -> list[Asked[Any]]:
    if group == "conversations":
        return []
    return [EVENTS.of(reader(user), group, bool(before), **_given(partner, user, before, EVENT))]


def _given(partner: Partner, user: User, before: Mark | None, what: int) -> dict[str, Any]:
    here = {"partner": partner.pk, "reader": user.pk}
    return here if before is None else {**here, "before": before.at, "under": before.under(what)}


def _after(column: str) -> Q:
    return Q(**{f"{column}__lt": moment("before")}) | Q(**{column: moment("before"), "pk__lt": key("under")})


def _messages(who: Reader, older: bool) -> QuerySet[Any]:
    messages = Message.objects.filter(_after("occurred_at") if older else Q(), partner=key("partner"))
    messages = messages.filter(~hidden_from(who, "conversation"))
    first = messages.order_by("-occurred_at", "-pk").values("pk")[: PAGE + 1]  # along the index, before joins
    found = Message.objects.filter(pk__in=first).annotate(opening=Left("body", OPENING))
    return found.order_by("-occurred_at", "-pk").values_list(*SAID, named=True)


def _events(who: Reader, group: str, older: bool) -> QuerySet[Any]:
    events = Event.objects.filter(_after("at") if older else Q(), partner=key("partner"))
    events = events.exclude(kind__in=history.kinds_in("conversations")).filter(~history.hidden_from(who))
    if group != "all":
        events = events.filter(kind__in=history.kinds_in(group))
    first = events.order_by("-at", "-pk").values("pk")[: PAGE + 1]
    related = Event.objects.filter(pk__in=first).select_related("undone_by").annotate(**DOERS)
    return related.only(*HAPPENED).order_by("-at", "-pk")


MESSAGES = Question(_messages)
EVENTS = Question(_events)


def _said(message: Any) -> Item:
    ours = message.direction == Message.Direction.OUT
    contact, author = message.contact__name, known_as(message.author__name, message.author__email)
    return Item(
        mark=Mark(message.occurred_at, MESSAGE, message.pk),
        icon=ICONS.get(message.channel, "mail"),
        tone="out" if ours else "",
        who=(author or "We") if ours else (contact or "Somebody there"),
        beside=f"with {contact}" if ours and contact else "",
        url=f"{addresses.of('conversations:conversation', message.conversation)}#m{message.pk}",
        title=message.subject or message.conversation__subject,
        kind=str(Message.Channel(message.channel).label),
        minutes=message.minutes,
        pills=tuple(_pills(message, ours)),
        text="" if message.withdrawn_at else _shortened(message.opening),
        is_withdrawn=message.withdrawn_at is not None,
    )


def _pills(message: Any, ours: bool) -> Iterator[Pill]:
    if message.is_automatic:
        yield Pill("automatic")
    if not message.visible_to_partner:
        yield Pill("our team", "lock")
    elif ours and message.channel != Message.Channel.EMAIL:
        yield Pill("shared", "world")
    if message.withdrawn_at:
        yield Pill(f"withdrawn: {message.withdrawn_reason}", tone="warn")


def _happened(event: Any, at: datetime) -> Item:
    kind = history.kind_of(event)
    title = kind.words(event)
    return Item(
        mark=Mark(event.at, EVENT, event.pk),
        icon=kind.icon,
        who=event.done_by(known_as(event.user_name, event.user_email) or event.contact_name),
        title=title,
        text="" if event.note in title else _shortened(event.note),
        undo_url=addresses.of("partners:undo", event.pk) if history.can_undo(event, at) else "",
    )


def _shortened(text: str) -> str:
    return text if len(text) < OPENING else f"{text[: OPENING - 2]}…"
