"""What happened, for other programs, and its Undo."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from partners import history
from partners.models import Event
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted_by

Ids = serializers.IntegerField


class EventRow(Row):
    partner = Ids(source="partner_id", allow_null=True)
    kind = serializers.CharField()
    about_kind = serializers.CharField(help_text="What it is about; empty: the partner.")
    about_id = Ids(allow_null=True)
    at = serializers.DateTimeField()
    by_user = Ids(source="by_user_id", allow_null=True, help_text="Who of us did it; see people.")
    by_contact = Ids(source="by_contact_id", allow_null=True, help_text="Who there did it.")
    by_system = serializers.CharField(help_text="What part of the app did it.")
    words = serializers.CharField(help_text="What was done, after who did it.")
    undoes = Ids(source="undoes_id", allow_null=True, help_text="The event that it takes back.")
    undone_by = Ids(source="undone_by.pk", allow_null=True, help_text="The event that took it back.")
    undo_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then undo takes it back; null: it does not."
    )
    beside = frozenset({"words", "undo_until"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        at = clock.now()
        found = Event.objects.filter(pk__in=[row["id"] for row in rows])
        events = found.select_related("by_user", "by_contact", "undone_by").in_bulk()
        for row in rows:
            event = events[row["id"]]
            row["words"] = history.sentence(event)
            until = event.at + history.kind_of(event).undo_for
            row["undo_until"] = until if history.can_undo(event, at) else None


class Events(Reads):
    noun, words = "events", "What was done to partners, when and by whom; what can be taken back says so."
    model, row = Event, EventRow
    filterset_class = filters(
        Event, keys=["partner", "about_id", "by_user"], texts=["kind", "about_kind"], moments=["at"]
    )
    sorts = USUAL_SORTS | {"at": Order("at", nullable=False)}

    def seen(self) -> QuerySet[Event]:
        return history.visible_to(self.user)

    @step(permitted_by(history.may_undo_or_403), related=("partner__owner",))
    def undo(self, thing: Event, typed: Typed) -> Event:
        """Take it back by the inverse of its step, and answer with the event of that."""
        return history.undo(thing, by=self.user, at=clock.now())
