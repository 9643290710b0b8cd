"""One's own meetings that calendars planned, and what became of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from conversations.meetings import settling
from conversations.models import Meeting
from partners.api.rows import grouped
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted

Ids = serializers.IntegerField
WRITE = "write to partner"


class MeetingRow(Row):
    partner = Ids(source="partner_id")
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    state = serializers.ChoiceField(Meeting.State.choices)
    message = Ids(source="message_id", allow_null=True, help_text="What was logged of it.")
    contacts = serializers.ListField(child=Ids(), help_text="Who there was invited and is known.")
    created_at = serializers.DateTimeField()
    beside = frozenset({"contacts"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        links = Meeting.contacts.through._default_manager
        found = links.filter(meeting__in=[row["id"] for row in rows]).order_by("contact")
        grouped(rows, found.values_list("meeting", "contact"), "contacts")


class Meetings(Reads):
    noun, words = "meetings", "Your own meetings with partners, as your calendar planned them."
    model, row = Meeting, MeetingRow
    filterset_class = filters(Meeting, keys=["partner"], choices=["state"], moments=["starts_at", "ends_at"])
    sorts = USUAL_SORTS | {"starts_at": Order("starts_at", nullable=False)}

    def seen(self) -> QuerySet[Meeting]:
        return Meeting.objects.mine(self.user)

    @step(permitted(WRITE), name="not-held", related=("partner",))
    def not_held(self, thing: Meeting, typed: Typed) -> None:
        """It did not take place: nobody is asked to log it."""
        settling.not_held(thing, by=self.user, at=clock.now())

    @step(permitted(WRITE), name="ask-again", related=("partner",))
    def ask_again(self, thing: Meeting, typed: Typed) -> None:
        """It did after all, and is to be logged."""
        settling.ask_again(thing, by=self.user, at=clock.now())
