"""Outreach to prospects, for other programs: begun, approved, done touch by touch; and its sequences."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from lifecycle.models import Outreach, Sequence, Step, Touch
from lifecycle.recruitment.outreach import sequences, touches
from lifecycle.recruitment.outreach.forms import LONGEST, StepForm
from lifecycle.recruitment.outreach.models import Kind
from partners.api.inputs import contacts_there, seen_partners
from prm import clock
from prm.api.fields import Among, AsInForm, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Drops, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from team.api.lists import EntryRow, Kept
from team.api.permits import permitted, permitted_anywhere, permitted_towards
from team.models import User
from team.roles import permitted_or_403

Ids = serializers.IntegerField
CHANGE, SETTLE = "change partner", "edit settings"
BY_HAND = "Stopped by hand."
WITH, OF_TOUCH = ("partner__owner", "sequence"), ("outreach__partner__owner", "outreach__sequence")


def offered(user: User) -> QuerySet[Sequence]:
    return Sequence.objects.offered()


class OutreachRow(Row):
    partner = Ids(source="partner_id")
    sequence = Ids(source="sequence_id")
    sequence_name = serializers.CharField(source="sequence.name")
    contact = Ids(source="contact_id", allow_null=True)
    person = Ids(source="person_id", help_text="Who writes and calls.")
    state = serializers.ChoiceField(Outreach.State.choices)
    began_at = serializers.DateTimeField()
    approved_by = Ids(source="approved_by_id", allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_why = serializers.CharField()
    conversation = Ids(source="conversation_id", allow_null=True)


class NewOutreach(serializers.Serializer[Any]):
    """Its touches are planned, their words filled in. No mail leaves before it is approved or sent."""

    partner = Among(seen_partners)
    sequence = Named(offered)
    contact = Among(contacts_there, required=False, allow_null=True, default=None)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        contact = asked["contact"]
        if contact is not None and contact.partner_id != asked["partner"].pk:
            raise serializers.ValidationError({"contact": [_("This is no contact of the partner.")]})
        return asked


class Stopping(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, default=BY_HAND)


class Outreaches(Reads, Makes):
    noun, words = "outreach", "Touches planned with one prospect. It stops by itself once they answer."
    model, row, new = Outreach, OutreachRow, NewOutreach
    filterset_class = filters(
        Outreach, keys=["partner", "sequence", "person"], choices=["state"], moments=["began_at"]
    )
    may_make = permitted_towards(CHANGE, "partner")

    def seen(self) -> QuerySet[Outreach]:
        return Outreach.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Outreach:
        return touches.begin(**typed, by=self.user, at=clock.now())

    @step(permitted(CHANGE), related=WITH)
    def approve(self, thing: Outreach, typed: Typed) -> None:
        """Its mails may leave as they stand; they do so by themselves where its sequence is switched on."""
        touches.approve(thing, by=self.user, at=clock.now())

    @step(permitted(CHANGE), Stopping, related=WITH)
    def stop(self, thing: Outreach, typed: Typed) -> None:
        """No touch of it comes any more."""
        touches.stop(thing, typed["reason"], by=self.user, at=clock.now())


class TouchRow(Row):
    outreach = Ids(source="outreach_id")
    partner = Ids(source="outreach.partner_id")
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    subject = serializers.CharField()
    text = serializers.CharField(help_text="The mail, or what to do.")
    due_on = serializers.DateField()
    state = serializers.ChoiceField(Touch.State.choices)
    closed_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(help_text="Why it did not leave, or was left out.")
    message = Ids(source="message_id", allow_null=True)
    task = Ids(source="task_id", allow_null=True)


class Words(serializers.Serializer[Any]):
    """What differs; what is left out stays. What was approved is approved by who changes it."""

    subject = serializers.CharField(max_length=200, allow_blank=True)
    text = serializers.CharField(max_length=LONGEST)


class Skipping(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Touches(Reads, Changes):
    noun, words = "touches", "Mails and calls of outreach, one after the other."
    model, row, changed = Touch, TouchRow, Words
    filterset_class = filters(
        Touch,
        keys={"outreach": "outreach", "partner": "outreach__partner"},
        choices=["kind", "state"],
        days=["due_on"],
    )
    sorts = USUAL_SORTS | {"due_on": Order("due_on", nullable=False)}
    may_change = permitted(CHANGE, "outreach.partner")

    def seen(self) -> QuerySet[Touch]:
        return Touch.objects.visible_to(self.user)

    def change(self, thing: Touch, typed: Typed) -> None:
        words = {"subject": thing.subject, "text": thing.text} | typed
        touches.edit(thing, **words, by=self.user, at=clock.now())

    @step(permitted(CHANGE, "outreach.partner"), related=OF_TOUCH)
    def send(self, thing: Touch, typed: Typed) -> None:
        """Let a mail leave now, in the conversation of those before it."""
        touches.send(thing, by=self.user, at=clock.now())

    @step(permitted(CHANGE, "outreach.partner"), related=OF_TOUCH)
    def done(self, thing: Touch, typed: Typed) -> None:
        """It was done, or the mail went another way."""
        touches.done(thing, by=self.user, at=clock.now())

    @step(permitted(CHANGE, "outreach.partner"), Skipping, related=OF_TOUCH)
    def skip(self, thing: Touch, typed: Typed) -> None:
        """Leave it out; the one after it comes in its turn."""
        touches.skip(thing, typed["reason"], by=self.user, at=clock.now())


# --- sequences --------------------------------------------------------------------------------------------


class SequenceRow(EntryRow):
    sends_by_itself = serializers.BooleanField(help_text="Its approved mails leave on their days.")
    switched_by = Ids(source="switched_by_id", allow_null=True)
    switched_at = serializers.DateTimeField(allow_null=True)


class Switching(serializers.Serializer[Any]):
    on = serializers.BooleanField()


class Sequences(Kept):
    noun, words = "sequences", "What outreach follows. Who does not keep them sees those it may begin by."
    model, row = Sequence, SequenceRow
    filterset_class = filters(Sequence, texts=["name"])

    def seen(self) -> QuerySet[Sequence]:
        return Sequence.objects.visible_to(self.user)

    @step(permitted_anywhere(SETTLE), Switching)
    def switch(self, thing: Sequence, typed: Typed) -> None:
        """Let its mails leave by themselves once they were approved for a prospect, or no more."""
        sequences.switch(thing, typed["on"], by=self.user, at=clock.now())


class StepRow(Row):
    sequence = Ids(source="sequence_id")
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    after_days = serializers.IntegerField(help_text="Working days after the one before.")
    subject = serializers.CharField()
    text = serializers.CharField()


class StepChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Outreach that runs keeps the touches it began with."""

    kind = serializers.ChoiceField(Kind.choices)
    after_days = serializers.IntegerField(min_value=0, max_value=250, required=False)
    subject = AsInForm(StepForm.base_fields["subject"])
    text = AsInForm(StepForm.base_fields["text"])


class NewStep(StepChange):
    sequence = Among(lambda user: Sequence.objects.all())


class Steps(Reads, Makes, Changes, Drops):
    noun, words = "sequence-steps", "Touches of a sequence, in their order, for admins, who keep them."
    model, row, new, changed = Step, StepRow, NewStep, StepChange
    filterset_class = filters(Step, keys=["sequence"], choices=["kind"])
    related = ("sequence",)
    may_make = may_change = permitted_anywhere(SETTLE)

    def seen(self) -> QuerySet[Step]:
        return Step.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Step:
        told: Typed = {"after_days": 3, "subject": ""} | typed
        return sequences.add_step(told.pop("sequence"), **told, by=self.user, at=clock.now())

    def change(self, thing: Step, typed: Typed) -> None:
        told = {name: getattr(thing, name) for name in ("kind", "after_days", "subject", "text")} | typed
        sequences.change_step(thing, **told, by=self.user, at=clock.now())

    def drop(self, thing: Step) -> None:
        permitted_or_403(self.user, SETTLE)
        sequences.remove_step(thing, by=self.user, at=clock.now())
