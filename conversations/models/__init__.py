"""What is said and owed: conversations, messages, waits, commitments, decisions."""

from conversations.models.commitments import Commitment
from conversations.models.decisions import Decision
from conversations.models.threads import Conversation, Message
from conversations.models.waits import Policy, Wait

__all__ = ["Commitment", "Conversation", "Decision", "Message", "Policy", "Wait"]
