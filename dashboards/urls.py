from django.urls import path

from dashboards.views import partner, record, setup, today

app_name = "dashboards"
urlpatterns = [
    path("", today.today, name="today"),
    path("today/<int:pk>/answer/", today.answer, name="answer"),
    path("partners/<int:pk>/", partner.partner, name="partner"),
    path("partners/<int:pk>/record/", record.record, name="record"),
    path("setup/", setup.set_up, name="set_up"),
    path("setup/due/", setup.due_preview, name="due_preview"),
]
