from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """What is said and owed."""

    name = "conversations"
