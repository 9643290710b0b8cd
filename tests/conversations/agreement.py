"""The stored waits and the rules must agree."""

from conversations import waits
from conversations.models import Conversation, Wait


def assert_agreement(*conversations: Conversation) -> None:
    """What is stored for a conversation is what the rules make of what was said in it."""
    for conversation in conversations:
        rows = list(conversation.waits.filter(metric__in=waits.REPLY).order_by("opened_at", "pk"))
        stored = [
            (
                row.opened_by_id,
                row.metric,
                row.opened_at,
                row.answer_id,
                row.answered_at,
                row.cancelled_at,
                row.is_open,
            )
            for row in rows
            if row.state != Wait.State.CANCELLED or row.cancelled_at is not None
        ]
        assert stored == [
            (
                owed.opener,
                owed.metric,
                owed.opened_at,
                owed.answer,
                owed.answered_at,
                owed.dismissed.at if owed.dismissed else None,
                owed.is_open,
            )
            for owed in waits.owed_in(conversation, rows)
        ]
