"""What the tiers of programmes want of partners."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.api.rows import told_amount
from lifecycle.models import Requirement, TierRules
from prm.api.filters import filters
from prm.api.resources import Reads
from prm.api.rows import Row, Told

Ids = serializers.IntegerField


class RequirementRow(Row):
    programme = Ids(source="rules.programme_id")
    tier = Ids(source="tier_id", help_text="See tiers.")
    criterion = serializers.CharField(help_text="What is measured: certified people, what was won, …")
    wanted = serializers.CharField(help_text="At least so much; money in units of its currency.")
    currency = serializers.CharField(help_text="ISO 4217; empty for what is counted.")
    months = serializers.IntegerField(allow_null=True, help_text="Counted over the last so many; null: ever.")

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        told_amount([row for row in rows if row["currency"]], "wanted")
        for row in rows:
            row["wanted"] = str(row["wanted"])


class Requirements(Reads):
    noun, words = "tier-requirements", "What each tier wants, of the rules that are published."
    model, row = Requirement, RequirementRow
    filterset_class = filters(
        Requirement, keys={"tier": "tier", "programme": "rules__programme"}, texts=["criterion"]
    )

    def seen(self) -> QuerySet[Requirement]:
        published = Requirement.objects.filter(rules__state=TierRules.State.PUBLISHED)
        return published if self.user.roles else published.none()
