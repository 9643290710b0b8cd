from conversations.api import asks, drafts, files, later, meetings, templates, views
from prm.api.resources import routes

urlpatterns = routes(
    conversations=views.Conversations,
    messages=views.Messages,
    attachments=files.Attachments,
    templates=templates.Templates,
    waits=views.Waits,
    meetings=meetings.Meetings,
    commitments=views.Commitments,
    decisions=views.Decisions,
    asks=asks.Asks,
    later_replies=later.LaterReplies,
    drafts=drafts.Drafts,
    unsent=drafts.Unsending,
)
