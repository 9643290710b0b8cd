"""What happens in a review: its agenda, who came, the minutes, and the actions that become promises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from conversations.models import Commitment
from partners.api.inputs import colleagues, contacts_there
from partners.models import Contact
from prm import clock
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import Changes, Drops, Makes, Reads, Typed
from prm.api.rows import Row
from reviews.meetings import actions
from reviews.meetings.packet import arranging
from reviews.models import Action, Review, Topic
from team.api.permits import permitted, permitted_towards
from team.models import User
from team.roles import permitted_or_403

Ids = serializers.IntegerField
RUN = "run review"
MOST_PEOPLE, LONGEST = 200, 50_000


def seen_reviews(user: User) -> QuerySet[Review]:
    return Review.objects.visible_to(user).select_related("partner__owner")


def must_be_there(review: Review, people: Iterable[Contact], field: str) -> None:
    """Refuse people of another partner, by the name of the field."""
    if any(each.partner_id != review.partner_id for each in people):
        raise serializers.ValidationError({field: ["Choose people of the partner."]})


# --- agenda -----------------------------------------------------------------------------------------------


class TopicRow(Row):
    review = Ids(source="review_id")
    partner = Ids(source="review.partner_id")
    text = serializers.CharField()
    by = Ids(source="by_user_id", allow_null=True, help_text="Who of us put it there.")
    contact = Ids(source="by_contact_id", allow_null=True, help_text="Who there did.")
    at = serializers.DateTimeField()


class NewTopic(serializers.Serializer[Any]):
    """Both sides read it; until the review is held."""

    review = Among(seen_reviews)
    text = serializers.CharField(max_length=300)


class Topics(Reads, Makes, Drops):
    noun, words = "review-topics", "What either side wants talked about in a review."
    model, row, new = Topic, TopicRow, NewTopic
    related = ("review__partner__owner",)
    filterset_class = filters(Topic, keys={"review": "review", "partner": "review__partner"})

    def seen(self) -> QuerySet[Topic]:
        return Topic.objects.filter(review__in=Review.objects.visible_to(self.user))

    may_make = permitted_towards("read partner", "review")

    def make(self, typed: Typed) -> Topic:
        return arranging.add_topic(**typed, by=self.user, at=clock.now())

    def drop(self, thing: Topic) -> None:
        permitted_or_403(self.user, RUN, thing.review)
        arranging.drop_topic(thing)


# --- actions ----------------------------------------------------------------------------------------------


class ActionRow(Row):
    review = Ids(source="review_id")
    partner = Ids(source="review.partner_id")
    text = serializers.CharField()
    side = serializers.ChoiceField(Commitment.Side.choices)
    owner = Ids(source="owner_id", allow_null=True)
    contact = Ids(source="contact_id", allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    commitment = Ids(
        source="commitment_id", allow_null=True, help_text="The promise it became; it is changed there."
    )
    created_by = Ids(source="created_by_id")
    created_at = serializers.DateTimeField()


class ActionChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. With owner and day it is a promise once the review is held."""

    text = serializers.CharField(max_length=300)
    side = serializers.ChoiceField(Commitment.Side.choices, required=False)
    owner = Among(colleagues, required=False, allow_null=True, help_text="Who of us, where it is ours.")
    contact = Among(
        contacts_there, required=False, allow_null=True, help_text="Who there, where it is theirs."
    )
    due_on = Day(required=False, allow_null=True)


class NewAction(ActionChange):
    review = Among(seen_reviews)


class Actions(Reads, Makes, Changes, Drops):
    noun, words = "review-actions", "What somebody will do, noted in a review; then a promise."
    model, row, new, changed = Action, ActionRow, NewAction, ActionChange
    related = ("review__partner__owner",)
    filterset_class = filters(
        Action,
        keys={"review": "review", "partner": "review__partner", "owner": "owner", "commitment": "commitment"},
        choices=["side"],
        days=["due_on"],
    )
    may_make = permitted_towards(RUN, "review")
    may_change = permitted(RUN, "review.partner")

    def seen(self) -> QuerySet[Action]:
        return Action.objects.filter(review__in=Review.objects.visible_to(self.user))

    def make(self, typed: Typed) -> Action:
        review = typed.pop("review")
        noted = actions.note(review, typed.pop("text"), by=self.user, at=clock.now())
        self.change(noted, typed)
        return noted

    def change(self, thing: Action, typed: Typed) -> None:
        if not typed:
            return
        contact = typed.get("contact")
        if contact is not None and contact.partner_id != thing.review.partner_id:
            raise serializers.ValidationError({"contact": ["This is no contact of the partner."]})
        stands = {name: getattr(thing, name) for name in ("text", "side", "owner", "contact", "due_on")}
        actions.write(thing, actions.Wanted(**(stands | typed)), by=self.user, at=clock.now())

    def drop(self, thing: Action) -> None:
        permitted_or_403(self.user, RUN, thing.review)
        actions.drop(thing)


# --- minutes ----------------------------------------------------------------------------------------------


class Held(serializers.Serializer[Any]):
    on = Day(help_text="The day it was held: today or earlier.")


class Written(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    words = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    came = serializers.ListField(
        child=Among(contacts_there),
        max_length=MOST_PEOPLE,
        required=False,
        help_text="Who came of them.",
    )
    came_of_us = serializers.ListField(
        child=Among(colleagues), max_length=MOST_PEOPLE, required=False, help_text="Who came of us."
    )


class Readers(serializers.Serializer[Any]):
    to = serializers.ListField(
        child=Among(contacts_there), max_length=MOST_PEOPLE, help_text="Who there gets an address of its own."
    )


class MinutesName(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, help_text="The full name of whose token it is.")


class NameRow(serializers.Serializer[Any]):
    side = serializers.ChoiceField(Review.Side.choices)
    name = serializers.CharField()
    at = serializers.DateTimeField()


class ChangeRow(serializers.Serializer[Any]):
    sign = serializers.CharField(help_text="“+” came, “-” went, “ ” stayed.", trim_whitespace=False)
    text = serializers.CharField()


class MinutesVersionRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    promises = serializers.ListField(
        child=serializers.CharField(), help_text="Who promised what by when, in words."
    )
    fingerprint = serializers.CharField(help_text="SHA-256 of words, promises and packet.")
    sent_by = serializers.IntegerField(source="sent_by_id")
    sent_at = serializers.DateTimeField()
    signatures = NameRow(many=True, help_text="The partner signs on its own page.")
    differs = ChangeRow(many=True, help_text="From the version before, line by line; of the first nothing.")


class MinutesRow(serializers.Serializer[Any]):
    words = serializers.CharField(
        allow_null=True, help_text="As they are being written; null for those who do not run it."
    )
    came = serializers.ListField(child=serializers.IntegerField(), help_text="See contacts.")
    came_of_us = serializers.ListField(child=serializers.IntegerField(), help_text="See people.")
    minutes_by = serializers.DateField(allow_null=True)
    sign_by = serializers.DateField(allow_null=True)
    versions = MinutesVersionRow(many=True, help_text="As they were sent, the newest last.")
