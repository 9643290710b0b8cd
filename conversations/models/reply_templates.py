"""Reply templates: words to begin with, shared by the company or kept by one person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from prm import addresses
from team.models import User
from team.readers import Reader


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    def shared(self) -> ReplyTemplateQuerySet:
        return self.filter(owner=None)

    def of(self, owner: User) -> ReplyTemplateQuerySet:
        return self.filter(owner=owner)

    def visible_to(self, user: User | Reader) -> ReplyTemplateQuerySet:
        """The company's, and one's own."""
        return self.filter(Q(owner=None) | Q(owner=user.pk))


class ReplyTemplate(models.Model):
    """A text with fields in it, such as {partner}. Without an owner it is the company's."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        GERMAN = "de", "German"

    name = models.CharField(max_length=80)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    text = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reply_templates",
        help_text="Whose it is; none: the company's.",
    )

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "language"],
                condition=Q(owner=None),
                name="one_shared_template_of_a_name",
            ),
            models.UniqueConstraint(
                fields=["owner", "name", "language"],
                condition=Q(owner__isnull=False),
                name="one_own_template_of_a_name",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_template_has_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("conversations:template", self.pk)

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None
