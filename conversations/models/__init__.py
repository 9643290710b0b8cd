"""What is said and owed: conversations, messages, mail, waits, commitments, decisions, asks."""

from conversations.models.asks import Ask
from conversations.models.audits import Audit, Finding
from conversations.models.commitments import Commitment
from conversations.models.decisions import Decision
from conversations.models.drafts import Draft
from conversations.models.mail import Attachment, BlockedSender, RawMail, TakenBack
from conversations.models.mailboxes import Mailbox, MailboxFolder
from conversations.models.pauses import Pause
from conversations.models.threads import Conversation, Message, hidden_from, hidden_from_contact
from conversations.models.waits import Policy, Wait

__all__ = [
    "Ask",
    "Attachment",
    "Audit",
    "BlockedSender",
    "Commitment",
    "Conversation",
    "Decision",
    "Draft",
    "Finding",
    "Mailbox",
    "MailboxFolder",
    "Message",
    "Pause",
    "Policy",
    "RawMail",
    "TakenBack",
    "Wait",
    "hidden_from",
    "hidden_from_contact",
]
