from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ConversationsConfig(AppConfig):
    """What is said and owed."""

    name = "conversations"

    def ready(self) -> None:
        from conversations import index

        pre_migrate.connect(index.lift, sender=self, dispatch_uid="conversations.index.lift")
        post_migrate.connect(index.keep, sender=self, dispatch_uid="conversations.index.keep")
