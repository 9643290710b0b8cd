"""What events say, and how they are undone: a registry of event kinds.

A verb that writes events of a kind registers its words in its app's `wiring.py`; where the verb
has an inverse, Undo is that inverse, and both events stay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from partners.models import Event, Partner
from prm.questions import Asked, Question, key
from prm.refusals import Refused
from team.models import User
from team.readers import Reader
from team.roles import permitted_or_403

UNDO_FOR = timedelta(hours=24)
SHOWN = 50  # events on the page of a thing

Inverse = Callable[[Event, User, datetime], Event]


class UndoRefused(Refused):
    """The step cannot be taken back any more."""


@dataclass(frozen=True)
class EventKind:
    """How events of a kind read: `words(event)` follows the actor ("moved it to Growth")."""

    kind: str
    words: Callable[[Event], str]
    icon: str
    group: str
    undo: Inverse | None
    undo_for: timedelta


Hidden = Callable[[User | Reader], QuerySet[Any]]

_kinds: dict[str, EventKind] = {}
_hidden: dict[str, Hidden] = {}


def register(
    kind: str,
    words: Callable[[Event], str],
    icon: str = "history",
    group: str = "record",
    undo: Inverse | None = None,
    undo_for: timedelta = UNDO_FOR,
) -> None:
    """Register a kind of event. `group` is the timeline filter it belongs to: conversations,
    promises, decisions, road or record."""
    _kinds[kind] = EventKind(kind, words, icon, group, undo, undo_for)


def hide(about: str, rows: Hidden) -> None:
    """Register which things of a kind are private to others than a person: `rows` of them. Events about
    those are not shown to it."""
    _hidden[about] = rows


def hidden_from(user: User | Reader) -> Q:
    """The events about things that are private to others."""
    hidden = Q(pk=None)
    for about, rows in _hidden.items():
        hidden |= Q(about_kind=about, about_id__in=rows(user).values("pk"))
    return hidden


def kind_of(event: Event) -> EventKind:
    """The registered kind; an unregistered one reads as its bare name."""
    return _kinds.get(event.kind) or EventKind(
        event.kind, lambda seen: seen.kind.replace("_", " "), "history", "record", None, UNDO_FOR
    )


def kinds() -> list[EventKind]:
    """All that are registered."""
    return list(_kinds.values())


def sentence(event: Event) -> str:
    """The event without its actor, as a sentence's end."""
    return kind_of(event).words(event)


def kinds_in(group: str) -> list[str]:
    """The kinds of one timeline filter."""
    return [kind.kind for kind in kinds() if kind.group == group]


# What a line about an event says, and who did it.
SAID = (
    *("partner", "about_kind", "about_id", "kind", "at", "by_system", "changes", "note"),
    *("by_user__name", "by_user__email", "by_contact__name", "by_contact__email"),
)
ABOUT = Question(
    lambda kind: (
        Event.objects.filter(about_kind=kind, about_id=key("about"))
        .select_related("by_user", "by_contact")
        .only(*SAID)[:SHOWN]
    )
)


def about(kind: str, pk: int) -> Asked[Event]:
    """What was done to a thing, the newest first, to be asked."""
    return ABOUT.of(kind, about=pk)


def visible_to(user: User) -> QuerySet[Event]:
    """What this person reads of: what happened to partners it sees, and what it did to none."""
    seen = Q(partner__in=Partner.objects.visible_to(user)) | Q(partner=None, by_user=user)
    return Event.objects.filter(seen, ~hidden_from(user))


def may_undo_or_403(user: User, event: Event) -> None:
    """One takes back one's own steps, and others' where one may change the partner."""
    if event.by_user_id != user.pk:
        permitted_or_403(user, "change partner", event.partner)


def can_undo(event: Event, at: datetime) -> bool:
    kind = kind_of(event)
    return kind.undo is not None and at - event.at <= kind.undo_for and not hasattr(event, "undone_by")


@transaction.atomic
def undo(event: Event, by: User, at: datetime) -> Event:
    """Take the step back by the verb's inverse and return the event it wrote; a rule may refuse."""
    kind = kind_of(event)
    if kind.undo is None:
        raise UndoRefused("This step has no Undo.")
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if hasattr(event, "undone_by"):
        raise UndoRefused("This step was taken back already.")
    if at - event.at > kind.undo_for:
        raise UndoRefused("It is too late to take this step back.")
    return kind.undo(event, by, at)


def subject(event: Event) -> int:
    """The id of what the event is about. Refused where it is about nothing that could be taken back."""
    if event.about_id is None:
        raise UndoRefused("This step has no Undo.")
    return event.about_id


def partner_of(event: Event) -> Partner:
    """The partner it happened to. Refused where it happened to none."""
    if event.partner is None:
        raise UndoRefused("This step has no Undo.")
    return event.partner


def newest(kind: str, about_id: int) -> Event | None:
    """The newest event of a kind about a thing."""
    return Event.objects.filter(kind=kind, about_id=about_id).first()
