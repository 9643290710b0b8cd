"""Every address. Each app keeps its own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("team.account_urls")),
    path("", include("prm.api.urls")),
    path("", include("dashboards.urls")),
    path("", include("team.urls")),
    path("", include("partners.urls")),
    path("", include("conversations.urls")),
    path("", include("lifecycle.urls")),
    path("", include("reviews.urls")),
    path("", include("portal.urls")),
]

handler400 = "prm.errors.bad_request"
handler403 = "prm.errors.forbidden"
handler404 = "prm.errors.not_found"
handler500 = "prm.errors.server_error"
