"""By when we want the partner's answer to a message of ours."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.models.threads import Message

SPOKEN = (Message.Channel.CALL, Message.Channel.MEETING)


class WantedQuerySet(models.QuerySet["Wanted"]):
    def standing(self) -> WantedQuerySet:
        """Of messages that arrived and were not withdrawn."""
        return self.filter(message__withdrawn_at=None, message__bounced_at=None)

    def with_answers(self) -> WantedQuerySet:
        """Each with `answered_at`: when they wrote next in that conversation, or we spoke; None before."""
        later = Message.objects.filter(
            Q(direction=Message.Direction.IN) | Q(channel__in=SPOKEN),
            conversation=OuterRef("message__conversation"),
            occurred_at__gt=OuterRef("message__occurred_at"),
            is_automatic=False,
            withdrawn_at=None,
        )
        first = later.order_by("occurred_at", "pk").values("occurred_at")[:1]
        return self.annotate(answered_at=Subquery(first))


class Wanted(models.Model):
    """The day by whose end the partner's answer is wanted, in its own zone. Only where we said so is it known
    how soon it answers us."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="wanted")
    on = models.DateField()
    ends_at = models.DateTimeField(db_index=True)

    objects = WantedQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_at", "-pk"]
        verbose_name_plural = "wanted"

    def __str__(self) -> str:
        return f"an answer to “{self.message}” by {self.on}"

    @property
    def sentence(self) -> str:
        """What a mail ends with."""
        return _("Please answer by {day}.").format(day=date_format(self.on, "l j F Y"))


def wanted_of(message: Message) -> Wanted | None:
    """By when an answer to it is wanted; None where nobody said."""
    return getattr(message, "wanted", None)
