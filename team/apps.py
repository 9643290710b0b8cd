from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Who we are."""

    name = "team"
