"""Words to begin a reply with."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from conversations.models import ReplyTemplate
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Reads
from prm.api.rows import Row
from prm.paging import Order


class TemplateRow(Row):
    name = serializers.CharField()
    language = serializers.ChoiceField(ReplyTemplate.Language.choices)
    text = serializers.CharField(help_text="With fields in it, such as {partner}: fill them before you send.")
    owner = serializers.IntegerField(
        source="owner_id", allow_null=True, help_text="Whose it is; null: the company's."
    )


class Templates(Reads):
    noun, words = "reply-templates", "Words to begin a reply with: the company's, and one's own."
    model, row = ReplyTemplate, TemplateRow
    filterset_class = filters(ReplyTemplate, choices=["language"], texts=["name"])
    sorts = USUAL_SORTS | {"name": Order("name", nullable=False)}
    first_sort = "name"

    def seen(self) -> QuerySet[ReplyTemplate]:
        mine = ReplyTemplate.objects.visible_to(self.user)
        return mine if self.user.roles else mine.none()
