from django.urls import include, path

from dashboards.insights.views import behind, page
from dashboards.views import coverage, partner, record, setup, today

app_name = "dashboards"
urlpatterns = [
    path("api/v1/", include("dashboards.api.urls")),
    path("", today.today, name="today"),
    path("today/<int:pk>/answer/", today.answer, name="answer"),
    path("partners/<int:pk>/", partner.partner, name="partner"),
    path("partners/<int:pk>/record/", record.record, name="record"),
    path("insights/", page.insights, name="insights"),
    path("insights/csv/", page.as_file, name="insights_csv"),
    path("insights/print/", page.on_paper, name="insights_print"),
    path("insights/narrow/", page.narrow, name="insights_narrow"),
    path("insights/definitions/", page.definitions, name="definitions"),
    path("insights/behind/<slug:figure>/", behind.rows, name="behind"),
    path("insights/behind/<slug:figure>/csv/", behind.rows_csv, name="behind_csv"),
    path("insights/coverage/card/", page.coverage_card, name="coverage_card"),
    path("insights/coverage/", coverage.whole, name="coverage"),
    path("insights/coverage/print/", coverage.printed, name="coverage_print"),
    path("insights/coverage/coverage.csv", coverage.coverage_csv, name="coverage_csv"),
    path("insights/coverage/people/", coverage.people, name="certified_people"),
    path("setup/", setup.set_up, name="set_up"),
    path("setup/due/", setup.due_preview, name="due_preview"),
]
