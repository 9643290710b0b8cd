from conversations.api import (
    asks,
    commitments,
    decisions,
    drafts,
    files,
    later,
    meetings,
    messages,
    policies,
    templates,
    waits,
)
from prm.api.resources import routes

urlpatterns = routes(
    conversations=messages.Conversations,
    messages=messages.Messages,
    attachments=files.Attachments,
    templates=templates.Templates,
    waits=waits.Waits,
    meetings=meetings.Meetings,
    commitments=commitments.Commitments,
    decisions=decisions.Decisions,
    asks=asks.Asks,
    later_replies=later.LaterReplies,
    drafts=drafts.Drafts,
    policies=policies.Policies,
    unsent=drafts.Unsending,
)
