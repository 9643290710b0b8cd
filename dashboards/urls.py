from django.urls import path

from dashboards.views import setup

app_name = "dashboards"
urlpatterns = [
    path("setup/", setup.set_up, name="set_up"),
    path("setup/due/", setup.due_preview, name="due_preview"),
]
