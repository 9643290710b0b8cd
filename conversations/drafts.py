"""Drafts: what is typed is kept, one of each person and place, until it is sent or thrown away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from conversations import records
from conversations.models import Conversation, Draft
from prm.models import OnceKey
from prm.questions import Asked, Question, key, moment
from prm.refusals import Refused
from team.models import User

WRITES_FOR = timedelta(minutes=2)  # since a draft last changed
KEEP_THROWN_FOR = timedelta(days=1)
MOST_VALUES = 50  # of a field
WORDS = ("body", "subject")

Kind = Draft.Kind
Typed = Mapping[str, Sequence[str]]


class DraftRefused(Refused):
    """This draft cannot be kept or brought back."""


class SentAlready(DraftRefused):
    """The form it was typed in was sent."""


@dataclass(frozen=True)
class Place:
    """Where somebody writes: a reply in a conversation, a new mail to a partner, a log of one or of nobody
    yet."""

    kind: str
    partner_id: int | None = None
    conversation_id: int | None = None

    def columns(self) -> dict[str, Any]:
        return {"kind": self.kind, "partner_id": self.partner_id, "conversation_id": self.conversation_id}

    @property
    def about(self) -> int | None:
        return self.conversation_id or self.partner_id

    @property
    def address(self) -> str:
        """The page with the form."""
        if self.kind == Kind.REPLY:
            return reverse("conversations:conversation", args=[self.about]) + "#reply"
        if self.kind == Kind.MAIL:
            return reverse("conversations:start", args=[self.about])
        return reverse("conversations:log") + (f"?partner={self.about}" if self.about else "")

    @property
    def keeps_at(self) -> str:
        """Where what is typed is kept."""
        if self.about is None:
            return reverse("conversations:keep_log_of_nobody")
        return reverse(f"conversations:keep_{self.kind}", args=[self.about])

    @property
    def templates_at(self) -> str:
        """Where a template is chosen for what is written here; a log begins with none."""
        if self.kind == Kind.LOG:
            return ""
        return reverse(f"conversations:templates_for_{self.kind}", args=[self.about])


def reply_in(conversation_id: int) -> Place:
    return Place(Kind.REPLY, conversation_id=conversation_id)


def mail_to(partner_id: int) -> Place:
    return Place(Kind.MAIL, partner_id)


def log_of(partner_id: int | None) -> Place:
    return Place(Kind.LOG, partner_id)


def place(kind: str, about: int) -> Place:
    """The place of a kind and an id; 0 where it is about nobody yet."""
    return reply_in(about) if kind == Kind.REPLY else Place(kind, about or None)


def place_of(draft: Draft) -> Place:
    return Place(draft.kind, draft.partner_id, draft.conversation_id)


def _standing() -> Any:
    return Draft.objects.standing().filter(writer=key("writer"))


_QUESTIONS = {
    "conversation": Question(lambda: _standing().filter(conversation=key("about"))),
    "partner": Question(lambda: _standing().filter(partner=key("about"))),
    "nobody": Question(lambda: _standing().filter(kind=Kind.LOG, partner=None)),
}


def find(place: Place, writer: User) -> Draft | None:
    """What `writer` has typed there and not sent."""
    return next((draft for draft in asked(place, writer).ask() if draft.kind == place.kind), None)


def asked(place: Place, writer: User) -> Asked[Draft]:
    """What `find` asks."""
    by = "conversation" if place.conversation_id else "partner" if place.partner_id else "nobody"
    given = {"writer": writer.pk} | ({"about": place.about} if place.about else {})
    return _QUESTIONS[by].of(**given)


def _here() -> Any:
    """The drafts of a conversation: one's own, and those of others that changed just now."""
    drafts = Draft.objects.standing().filter(conversation=key("about"), kind=Kind.REPLY)
    shown = drafts.filter(Q(writer=key("writer")) | Q(changed_at__gte=moment("since"))).order_by("pk")
    columns = ("kind", "conversation", "typed", "once", "changed_at", "writer__name", "writer__email")
    return shown.select_related("writer").only(*columns)


_HERE = Question(_here)


@dataclass(frozen=True)
class Replies:
    """What a person has typed in a conversation, and who else writes there right now. What these write
    stays theirs."""

    own: Draft | None
    others: list[User]


def replies(conversation_id: int, writer: User, at: datetime) -> Replies:
    """Who writes a reply in a conversation, as `writer` is told."""
    here = asked_here(conversation_id, writer, at).ask()
    own = next((draft for draft in here if draft.writer_id == writer.pk), None)
    return Replies(own, [draft.writer for draft in here if draft.writer_id != writer.pk])


def asked_here(conversation_id: int, writer: User, at: datetime) -> Asked[Any]:
    """What `replies` asks."""
    return _HERE.of(about=conversation_id, writer=writer.pk, since=at - WRITES_FOR)


@transaction.atomic
def keep(place: Place, typed: Typed, by: User, at: datetime, once: uuid.UUID | None = None) -> Draft | None:
    """Keep what `by` has typed there so far; nothing where no word stands in it.

    `once` is the key of the form: what comes after that form was sent is refused.
    """
    if once is not None and OnceKey.objects.filter(key=once).exists():
        raise SentAlready("It was sent already.")
    words = _cleaned(typed)
    mine = Draft.objects.of(by).filter(thrown_at=None, **place.columns())
    if not any(value for name in WORDS for value in words.get(name, [])):
        mine.delete()
        return None
    draft, _ = mine.update_or_create(
        defaults={"typed": words, "changed_at": at, "once": once},
        create_defaults={
            "writer": by,
            "typed": words,
            "changed_at": at,
            "once": once,
            **place.columns(),
        },
    )
    return draft


def put_back(place: Place, typed: dict[str, list[str]], by: User, at: datetime) -> None:
    """The words of what did not go out are a draft again, before what was begun there since."""
    begun = find(place, by)
    if begun is not None and begun.initial.get("body"):
        typed["body"] = [f"{typed['body'][0]}\n\n{begun.initial['body']}"]
    keep(place, typed, by=by, at=at)


def _cleaned(typed: Typed) -> dict[str, list[str]]:
    """As the database can keep it. Too long a text is refused, as it would be when it is sent."""
    return {name: [records.words(value) for value in values[:MOST_VALUES]] for name, values in typed.items()}


def sent(place: Place, by: User) -> None:
    """It went out, or was logged: nothing is left to write."""
    Draft.objects.of(by).filter(thrown_at=None, **place.columns()).delete()


def throw_away(draft: Draft, at: datetime) -> None:
    """Out of sight; for a day it can be brought back."""
    Draft.objects.filter(pk=draft.pk, thrown_at=None).update(thrown_at=at)


@transaction.atomic
def bring_back(draft: Draft) -> Draft:
    """The Undo of throwing it away, unless something else stands there by now."""
    held = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if held.thrown_at is None:
        return held
    mine = Draft.objects.filter(writer=held.writer_id, thrown_at=None, **place_of(held).columns())
    if mine.exists():
        raise DraftRefused("You are writing something else there by now. Send it or throw it away first.")
    held.thrown_at, held.once = None, None
    held.save(update_fields=["thrown_at", "once"])
    return held


def follow(gone: Conversation, kept: Conversation) -> None:
    """What was being written in a conversation goes on in another, where its writer has begun nothing."""
    begun = Draft.objects.filter(conversation=kept, thrown_at=None).values("writer")
    Draft.objects.filter(conversation=gone, thrown_at=None).exclude(writer__in=begun).update(
        conversation=kept
    )


def tidy(at: datetime) -> int:
    """Delete what was thrown away more than a day ago, and what came after its form was sent; how many."""
    thrown, _ = Draft.objects.filter(thrown_at__lt=at - KEEP_THROWN_FOR).delete()
    late, _ = Draft.objects.sent().delete()
    return thrown + late
