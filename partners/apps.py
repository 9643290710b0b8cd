from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who they are."""

    name = "partners"
