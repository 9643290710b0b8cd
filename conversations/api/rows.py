"""What other programs are told of conversations, messages, waits, promises and decisions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from conversations.models import Attachment, Commitment, Conversation, Decision, Message, Wait
from partners.api.rows import grouped
from prm.api.rows import Row, Told

Ids = serializers.IntegerField


class ConversationRow(Row):
    partner = Ids(source="partner_id")
    subject = serializers.CharField()
    state = serializers.ChoiceField(Conversation.State.choices)
    responsible = Ids(source="responsible_id", allow_null=True, help_text="Who answers; see people.")
    taken_by = Ids(source="taken_by_id", allow_null=True)
    membership = Ids(source="membership_id", allow_null=True)
    private_since = serializers.DateTimeField(
        allow_null=True, help_text="Since then its people alone read it."
    )
    last_message_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class MessageRow(Row):
    conversation = Ids(source="conversation_id")
    partner = Ids(source="partner_id")
    direction = serializers.ChoiceField(Message.Direction.choices)
    channel = serializers.ChoiceField(Message.Channel.choices)
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    subject = serializers.CharField()
    body = serializers.CharField()
    minutes = serializers.IntegerField(allow_null=True)
    contact = Ids(source="contact_id", allow_null=True)
    author = Ids(source="author_id", allow_null=True, help_text="Who of us; see people.")
    visible_to_partner = serializers.BooleanField()
    is_automatic = serializers.BooleanField()
    is_holding = serializers.BooleanField()
    external_id = serializers.CharField(help_text="The Message-ID of a mail.")
    unconfirmed = serializers.BooleanField(help_text="Reported late: it answers once a lead approved it.")
    wanted_by = serializers.DateField(
        source="wanted.on", allow_null=True, help_text="By when we want the partner's answer."
    )
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()
    corrects = Ids(source="corrects_id", allow_null=True, help_text="The entry it stands in the place of.")
    attachments = serializers.ListField(child=Ids(), help_text="Its files; see attachments.")
    beside = frozenset({"attachments"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        ids = [row["id"] for row in rows if row["withdrawn_at"] is None]
        found = Attachment.objects.filter(message__in=ids).order_by("pk")
        grouped(rows, found.values_list("message", "pk"), "attachments")


class WaitRow(Row):
    conversation = Ids(source="conversation_id")
    partner = Ids(source="partner_id")
    responsible = Ids(source="responsible_id", allow_null=True, help_text="Who answers its conversation.")
    metric = serializers.ChoiceField(Wait.Metric.choices)
    state = serializers.ChoiceField(Wait.State.choices)
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="By the promise and calendar as they were when it opened.")
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = Ids(source="answered_by_id", allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True, help_text="The due time, where it passed.")
    detected_at = serializers.DateTimeField(allow_null=True, help_text="When that was noticed.")
    policy = Ids(source="policy_id")
    policy_name = serializers.CharField(source="policy.name")
    target_seconds = serializers.IntegerField()
    elapsed_seconds = serializers.IntegerField(allow_null=True)
    working_seconds = serializers.IntegerField(allow_null=True)
    breach_voided_reason = serializers.CharField()
    cancelled_reason = serializers.CharField()
    opened_by = Ids(source="opened_by_id", allow_null=True, help_text="The message that asked.")
    answer = Ids(source="answer_id", allow_null=True, help_text="The message that answered.")


class CommitmentRow(Row):
    partner = Ids(source="partner_id")
    side = serializers.ChoiceField(Commitment.Side.choices)
    owner = Ids(source="owner_id", allow_null=True, help_text="Who of us keeps it, or follows theirs.")
    contact = Ids(source="contact_id", allow_null=True)
    text = serializers.CharField()
    promised_for = serializers.DateField()
    original_promised_for = serializers.DateField()
    ends_at = serializers.DateTimeField(help_text="24:00 of the promised day in its owner's zone.")
    status = serializers.ChoiceField(Commitment.Status.choices)
    done_at = serializers.DateTimeField(allow_null=True)
    moved_beforehand = serializers.BooleanField(help_text="Each move was before the date, with consent.")
    made_in = Ids(source="made_in_id", allow_null=True, help_text="The message it was made in.")
    visible_to_partner = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class DecisionRow(Row):
    partner = Ids(source="partner_id")
    kind = serializers.CharField()
    answer = serializers.ChoiceField(Decision.Answer.choices)
    reason = serializers.CharField()
    wait = Ids(source="wait_id", allow_null=True)
    appeal_until = serializers.DateTimeField(allow_null=True, help_text="Until then it can be contested.")
    visible_to_partner = serializers.BooleanField()
    by = Ids(source="by_id")
    at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
