"""What is said and owed: conversations, messages, mail, waits, commitments, decisions, asks, templates."""

from conversations.models.asks import Ask
from conversations.models.audits import Audit, Finding
from conversations.models.commitments import Commitment
from conversations.models.decision_kinds import Approval, DecisionKind, DecisionReason
from conversations.models.decisions import Decider, Decision, Matter
from conversations.models.drafts import Draft
from conversations.models.later import LaterFile, LaterReply
from conversations.models.mail import Attachment, BlockedSender, RawMail, TakenBack
from conversations.models.mailboxes import Mailbox, MailboxFolder
from conversations.models.meetings import Meeting
from conversations.models.pauses import Pause
from conversations.models.reply_templates import ReplyTemplate
from conversations.models.thanks import Thanks
from conversations.models.threads import Conversation, Message, hidden_from, hidden_from_contact
from conversations.models.waits import Policy, Wait
from conversations.models.wanted import Wanted, wanted_of

__all__ = [
    "Approval",
    "Ask",
    "Attachment",
    "Audit",
    "BlockedSender",
    "Commitment",
    "Conversation",
    "Decider",
    "Decision",
    "DecisionKind",
    "DecisionReason",
    "Draft",
    "Finding",
    "LaterFile",
    "LaterReply",
    "Mailbox",
    "MailboxFolder",
    "Matter",
    "Meeting",
    "Message",
    "Pause",
    "Policy",
    "RawMail",
    "ReplyTemplate",
    "TakenBack",
    "Thanks",
    "Wait",
    "Wanted",
    "hidden_from",
    "hidden_from_contact",
    "wanted_of",
]
