from django.urls import path

from dashboards.views import partner, policy, setup

app_name = "dashboards"
urlpatterns = [
    path("partners/<int:pk>/", partner.partner, name="partner"),
    path("setup/", setup.set_up, name="set_up"),
    path("settings/promise/", policy.policy, name="policy"),
    path("setup/due/", setup.due_preview, name="due_preview"),
]
