"""Where notices are sent beside people: another program."""

from django.db import models
from django.db.models import Q


class Hook(models.Model):
    """The one address that another program gives us; at most one row. See `team.hooks`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    url = models.CharField(max_length=500)
    nonce = models.CharField(max_length=32, help_text="Its signing secret is worked out from it.")
    kinds = models.JSONField(default=list, help_text="The kinds of notices it is sent.")
    is_on = models.BooleanField(default=True)
    off_because = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_hook")]

    def __str__(self) -> str:
        return self.url
