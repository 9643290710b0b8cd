"""A person's reviews as a calendar that other programs read."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Feed(models.Model):
    """Opens a person's calendar of reviews to whoever has its address; a new key closes the former one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
