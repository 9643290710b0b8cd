"""Replies that go out later, for other programs: written, moved, sent now, taken back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from conversations import later
from conversations.api.inputs import MOST_PROMISES, NewPromise, seen_conversations
from conversations.api.messages import Messages
from conversations.commitments import Promise
from conversations.mail import keeping
from conversations.models import Conversation, LaterFile, LaterReply, Message
from conversations.records import LONGEST
from partners.api.rows import grouped
from prm import clock
from prm.api.fields import Among, Day, Moment, Uploads
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Changes, Drops, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted, permitted_towards

Ids = serializers.IntegerField
WRITE = "write to partner"


class KeptPromise(serializers.Serializer[Any]):
    """A promise that is made once the reply goes out."""

    text = serializers.CharField()
    promised_for = serializers.DateField()
    side = serializers.CharField()
    owner = Ids(allow_null=True)


class LaterRow(Row):
    conversation = Ids(source="conversation_id")
    partner = Ids(source="conversation.partner_id")
    writer = Ids(source="writer_id", help_text="Who alone moves it, sends it and takes it back.")
    contact = Ids(source="contact_id", allow_null=True, help_text="Whom it goes to.")
    body = serializers.CharField()
    holding = serializers.BooleanField()
    promises = KeptPromise(many=True)
    wanted_by = serializers.DateField(allow_null=True)
    goes_out_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    files = serializers.ListField(child=serializers.CharField(), help_text="The names of its files.")
    beside = frozenset({"files"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        found = LaterFile.objects.filter(reply__in=[row["id"] for row in rows])
        grouped(rows, found.values_list("reply", "name"), "files")


class NewLater(serializers.Serializer[Any]):
    """Refused now is what could not be sent now. Where more is said there meanwhile, it is held back."""

    conversation = Among(seen_conversations)
    body = serializers.CharField(max_length=LONGEST)
    goes_out_at = Moment()
    holding = serializers.BooleanField(
        required=False, default=False, help_text="It says when they are answered; promise that day with it."
    )
    promises: Any = serializers.ListField(
        child=NewPromise(), max_length=MOST_PROMISES, required=False, default=list
    )
    wanted_by = Day(required=False, allow_null=True, help_text="By when the partner's answer is wanted.")
    files = Uploads(required=False, help_text=f"{keeping.LIMITS} {keeping.TYPES}")


class LaterChange(serializers.Serializer[Any]):
    goes_out_at = Moment()


class LaterReplies(Reads, Makes, Changes, Drops):
    noun, words = "later-replies", "Replies that go out by themselves at a moment; then they are messages."
    model, row, new, changed = LaterReply, LaterRow, NewLater, LaterChange
    parser_classes = WITH_FILES
    related = later.RELATED
    filterset_class = filters(
        LaterReply,
        keys={"conversation": "conversation", "partner": "conversation__partner", "writer": "writer"},
        moments=["goes_out_at"],
    )
    sorts = USUAL_SORTS | {"goes_out_at": Order("goes_out_at", nullable=False)}
    may_make = permitted_towards(WRITE, "conversation")
    may_change = permitted(WRITE, "conversation.partner")

    def seen(self) -> QuerySet[LaterReply]:
        return LaterReply.objects.filter(conversation__in=Conversation.objects.visible_to(self.user))

    def make(self, typed: Typed) -> LaterReply:
        typed["promises"] = [Promise(**promise) for promise in typed["promises"]]
        return later.schedule(**typed, by=self.user, at=clock.now())

    def change(self, thing: LaterReply, typed: Typed) -> None:
        if "goes_out_at" in typed:
            later.move(thing, typed["goes_out_at"], by=self.user, at=clock.now())

    def drop(self, thing: LaterReply) -> None:
        """Its words are a draft of its writer's again."""
        type(self).may_change(self, thing)
        later.take_back(thing, by=self.user, at=clock.now())

    @step(permitted(WRITE, "conversation.partner"), name="send-now", related=related, told_by=Messages)
    def send_now(self, thing: LaterReply, typed: Typed) -> Message:
        """It goes out now; the message answers."""
        return later.send_now(thing, by=self.user, at=clock.now())
