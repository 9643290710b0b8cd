from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What partners see and do."""

    name = "portal"
