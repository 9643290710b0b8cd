from django.urls import path
from django.views.generic import RedirectView

app_name = "conversations"
urlpatterns = [
    path("conversations/<int:pk>/", RedirectView.as_view(url="/"), name="conversation"),
]
