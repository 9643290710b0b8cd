from conversations.api import files, templates, views
from prm.api.resources import routes

urlpatterns = routes(
    conversations=views.Conversations,
    messages=views.Messages,
    attachments=files.Attachments,
    templates=templates.Templates,
    waits=views.Waits,
    commitments=views.Commitments,
    decisions=views.Decisions,
)
