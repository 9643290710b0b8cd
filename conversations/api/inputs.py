"""What other programs may say in conversations, promise and decide."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from conversations import pauses
from conversations.commitments import CONSENTS
from conversations.mail import keeping
from conversations.models import Commitment, Conversation, Decision, Message, Wait
from conversations.records import LONGEST
from conversations.waiting import WRITTEN
from partners.api.inputs import colleagues, contacts_there, seen_partners
from partners.models import Contact, Membership, Partner, seen_by
from prm.api.fields import Among, Day, Moment, Uploads
from team.models import User

MOST_WAITS, MOST_PROMISES, MOST_MINUTES = 20, 10, 1440


def seen_conversations(user: User) -> QuerySet[Conversation]:
    return Conversation.objects.visible_to(user).select_related("partner__owner")


def memberships(user: User) -> QuerySet[Membership]:
    """The current memberships of seen partners."""
    return Membership.objects.filter(seen_by(user), ends_on=None).select_related("programme")


def contacts_ever(user: User) -> QuerySet[Contact]:
    """The people of seen partners, those who left among them."""
    return Contact.objects.filter(seen_by(user), merged_into=None)


def open_waits(user: User) -> QuerySet[Wait]:
    return Wait.objects.open().for_reply().visible_to(user).select_related("conversation")


class NewPromise(serializers.Serializer[Any]):
    """A promise: what, by when, by whom."""

    text = serializers.CharField(max_length=500)
    promised_for = Day()
    side = serializers.ChoiceField(Commitment.Side.choices, default=Commitment.Side.OURS.value)
    owner = Among(colleagues, required=False, allow_null=True, help_text="Without one: whose token it is.")
    contact = Among(contacts_there, required=False, allow_null=True)


class NewCommitment(NewPromise):
    partner = Among(seen_partners)
    visible_to_partner = serializers.BooleanField(required=False, default=False)


class CommitmentChange(serializers.Serializer[Any]):
    """Its words or its owner; the date is moved by `move`."""

    text = serializers.CharField(max_length=500)
    owner = Among(colleagues)


class NewMessage(serializers.Serializer[Any]):
    """Something said: it came in, it happened elsewhere, or with `send` it goes out now.

    Name the conversation, or the partner: then it begins one, unless it answers a wait.
    """

    partner = Among(seen_partners, required=False)
    conversation = Among(seen_conversations, required=False)
    direction = serializers.ChoiceField(Message.Direction.choices, default=Message.Direction.OUT.value)
    channel = serializers.ChoiceField(Message.Channel.choices)
    body = serializers.CharField(max_length=LONGEST)
    subject = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    contact = Among(contacts_there, required=False, allow_null=True)
    occurred_at = Moment(required=False, help_text="Without it: now.")
    minutes = serializers.IntegerField(min_value=0, max_value=MOST_MINUTES, required=False, allow_null=True)
    visible_to_partner = serializers.BooleanField(
        required=False, help_text="Without it: true for e-mail, portal and chat, false for the rest."
    )
    is_automatic = serializers.BooleanField(required=False, default=False, help_text="It opens no wait.")
    external_id = serializers.CharField(
        max_length=995,
        required=False,
        default="",
        help_text="Of what came in; a known one is told again.",
    )
    answers = serializers.ListField(
        child=Among(open_waits),
        max_length=MOST_WAITS,
        required=False,
        default=list,
        help_text="Open waits that a call, meeting or chat answered.",
    )
    still_waiting = serializers.BooleanField(required=False, default=False)
    send = serializers.BooleanField(required=False, default=False, help_text="Send it as a mail, now.")
    holding = serializers.BooleanField(
        required=False, default=False, help_text="It says when they are answered; promise that day with it."
    )
    promises: Any = serializers.ListField(
        child=NewPromise(), max_length=MOST_PROMISES, required=False, default=list
    )
    wanted_by = Day(
        required=False,
        allow_null=True,
        help_text="With send: by when the partner's answer is wanted; it reads it.",
    )
    membership = Among(
        memberships,
        required=False,
        allow_null=True,
        help_text="Which of the partner's programmes a conversation that it begins is about.",
    )
    files = Uploads(required=False, help_text=f"With send. {keeping.LIMITS} {keeping.TYPES}")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        partner, conversation = self._where(asked)
        asked["partner"] = partner
        asked.setdefault("visible_to_partner", asked["channel"] in WRITTEN)
        asked.setdefault("occurred_at", None)
        came_in = asked["direction"] == Message.Direction.IN
        if came_in and asked["send"]:
            raise serializers.ValidationError({"send": ["What came in cannot be sent."]})
        if asked["send"] and asked["channel"] != Message.Channel.EMAIL:
            raise serializers.ValidationError({"send": ["Only e-mail is sent from here."]})
        if asked["send"] and conversation is None and not asked["subject"].strip():
            raise serializers.ValidationError({"subject": ["Give it a subject."]})
        for name in ("files", "wanted_by"):
            if asked.get(name) and not asked["send"]:
                raise serializers.ValidationError({name: ["Only with what is sent from here."]})
        for name in ("external_id", "is_automatic"):
            if asked[name] and not (came_in and asked["channel"] in WRITTEN):
                raise serializers.ValidationError({name: ["Only for what came in, in writing."]})
        return asked

    def _where(self, asked: dict[str, Any]) -> tuple[Partner, Conversation | None]:
        conversation = asked.get("conversation")
        partner = asked.get("partner") or (conversation.partner if conversation else None)
        if partner is None:
            raise serializers.ValidationError({"partner": ["Name the partner or the conversation."]})
        if conversation is not None and conversation.partner_id != partner.pk:
            raise serializers.ValidationError({"conversation": ["It is not with this partner."]})
        if asked.get("contact") and asked["contact"].partner_id != partner.pk:
            raise serializers.ValidationError({"contact": ["This is no contact of the partner."]})
        if asked.get("membership") and asked["membership"].partner_id != partner.pk:
            raise serializers.ValidationError({"membership": ["The partner is not in it."]})
        return partner, conversation


class Correction(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    body = serializers.CharField(max_length=LONGEST, required=False)
    subject = serializers.CharField(max_length=300, required=False, allow_blank=True)
    occurred_at = Moment(required=False)
    contact = Among(contacts_ever, required=False, allow_null=True)
    minutes = serializers.IntegerField(min_value=0, max_value=MOST_MINUTES, required=False, allow_null=True)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked:
            raise serializers.ValidationError("Say what was wrong.")
        return asked


class Into(serializers.Serializer[Any]):
    into = Among(seen_conversations, help_text="Another one of the same partner.")


class IntoAnother(serializers.Serializer[Any]):
    into = Among(
        seen_conversations,
        allow_null=True,
        help_text="Another one of the same partner; null: one of its own.",
    )


class Giving(serializers.Serializer[Any]):
    partner = Among(seen_partners)


class HandOver(serializers.Serializer[Any]):
    to = Among(colleagues)
    note = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default="", help_text="For us only."
    )


class Belonging(serializers.Serializer[Any]):
    membership = Among(memberships, allow_null=True, help_text="Null: the whole partnership.")


class Pausing(serializers.Serializer[Any]):
    """Only what the partner knows of stops its clock. Waiting for a colleague does not."""

    ground = serializers.ChoiceField([(ground.value, ground.label) for ground in pauses.PRESSED])
    until = Day(help_text="The clock runs on by itself after that day.")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Contesting(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=LONGEST, help_text="Why it should be decided otherwise.")
    contact = Among(contacts_there, required=False, allow_null=True, help_text="Who there says so.")


class Keeping(serializers.Serializer[Any]):
    on = Day(required=False, help_text="The day it was done; without it, today.")


class Moving(serializers.Serializer[Any]):
    to = Day()
    consent = serializers.ChoiceField(list(CONSENTS.items()))
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Resolving(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default="", help_text="Where they still wait."
    )


class NewDecision(serializers.Serializer[Any]):
    """A yes or no to what a wait for a decision asks."""

    wait = Among(lambda user: Wait.objects.visible_to(user).filter(matter__isnull=False))
    answer = serializers.ChoiceField(Decision.Answer.choices)
    reason = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default="", help_text="A no needs one."
    )
    sort = serializers.CharField(
        max_length=100, required=False, allow_blank=True, default="", help_text="What a no is kept under."
    )
    seen = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31, help_text="The version that was decided on."
    )
