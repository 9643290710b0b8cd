from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """The screens that join apps."""

    name = "dashboards"
