"""Colleagues outside the team that are asked for what holds something up, for other programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from conversations import asks
from conversations.models import Ask, Commitment, Wait
from prm import clock
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from team.api.permits import permitted, permitted_towards
from team.models import User

Ids = serializers.IntegerField
WRITE = "write to partner"


class AskRow(Row):
    partner = Ids(source="partner_id")
    conversation = Ids(source="conversation_id", allow_null=True)
    about_kind = serializers.ChoiceField(["wait", "commitment"], help_text="What it holds up.")
    about = Ids(source="about_id", help_text="The id of that wait or promise.")
    name = serializers.CharField(help_text="Who is asked: a person or a department.")
    email = serializers.EmailField()
    question = serializers.CharField()
    wanted_by = serializers.DateField()
    asked_by = Ids(source="asked_by_id")
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


def seen_waits(user: User) -> QuerySet[Wait]:
    return Wait.objects.visible_to(user).select_related("partner", "conversation")


def seen_promises(user: User) -> QuerySet[Commitment]:
    return Commitment.objects.visible_to(user).select_related("partner", "made_in__conversation")


class NewAsk(serializers.Serializer[Any]):
    """It goes out by mail, and is answered without an account. Name the wait or the promise it holds up."""

    wait = Among(seen_waits, required=False)
    commitment = Among(seen_promises, required=False)
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)
    question = serializers.CharField(
        max_length=asks.LONGEST, help_text="They read this, your name and the partner's, and nothing else."
    )
    wanted_by = Day()

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        about = [asked.pop(name) for name in ("wait", "commitment") if name in asked]
        if len(about) != 1:
            raise serializers.ValidationError({"wait": [_("Name one wait or one commitment.")]})
        return {"about": about[0], **asked}


class Asks(Reads, Makes):
    noun, words = "asks", "What we ask of colleagues outside the team, by a day. The partner's clock runs on."
    model, row, new = Ask, AskRow, NewAsk
    filterset_class = filters(
        Ask, keys=["partner", "conversation", "asked_by"], days=["wanted_by"], moments=["answered_at"]
    )
    sorts = USUAL_SORTS | {"wanted_by": Order("wanted_by", nullable=False)}
    may_make = permitted_towards(WRITE, "wait", "commitment")

    def seen(self) -> QuerySet[Ask]:
        return Ask.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Ask:
        return asks.make(**typed, by=self.user, at=clock.now())

    @step(permitted(WRITE), related=("partner",))
    def withdraw(self, thing: Ask, typed: Typed) -> None:
        """It is not needed any more: its address takes no answer."""
        asks.withdraw(thing, by=self.user, at=clock.now())
