"""What is said and owed: conversations, messages, waits, commitments, decisions, asks."""

from conversations.models.asks import Ask
from conversations.models.commitments import Commitment
from conversations.models.decisions import Decision
from conversations.models.pauses import Pause
from conversations.models.threads import Conversation, Message
from conversations.models.waits import Policy, Wait

__all__ = ["Ask", "Commitment", "Conversation", "Decision", "Message", "Pause", "Policy", "Wait"]
