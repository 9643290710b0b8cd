from django.urls import path

from team.views import notices

app_name = "team"
urlpatterns = [
    path("notices/", notices.notices_page, name="notices"),
    path("notices/read/", notices.read_all, name="read_all_notices"),
    path("notices/<int:pk>/read/", notices.read_notice, name="read_notice"),
]
