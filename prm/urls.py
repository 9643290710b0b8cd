"""Every address. Each app keeps its own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("", include("dashboards.urls")),
    path("", include("team.urls")),
    path("", include("partners.urls")),
    path("", include("conversations.urls")),
    path("", include("lifecycle.urls")),
]
