"""The stored waits and the rules must agree."""

from conversations import auditing
from conversations.models import Conversation


def assert_agreement(*conversations: Conversation) -> None:
    """What is stored for a conversation is what the rules make of what was said in it."""
    for conversation in conversations:
        assert auditing.differences(conversation) == []
