from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    """The road."""

    name = "lifecycle"
