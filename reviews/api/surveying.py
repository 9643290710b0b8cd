"""A new round, cleaned as its page cleans it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from partners.models import Contact, PartnerType, Tier
from prm.api.fields import Among, Named
from reviews.surveying.asking import MOST_BEHAVIOURS, MOST_OWN
from reviews.surveying.forms import SAYS, RoundForm
from reviews.surveying.models import Behaviour, Survey
from team.models import Region

MOST = 200
LISTS = ("types", "tiers", "regions")


class NewSurvey(serializers.Serializer[Any]):
    """A round, not sent yet. It asks people of live partners; an empty list narrows nothing."""

    title = serializers.CharField(max_length=120, help_text="Those who are asked read it.")
    kind = serializers.ChoiceField(Survey.Kind.choices)
    behaviours = serializers.ListField(
        child=serializers.ChoiceField(Behaviour.choices),
        max_length=MOST_BEHAVIOURS,
        required=False,
        help_text="Of one on how we work: one to three.",
    )
    own = serializers.ListField(
        child=serializers.CharField(max_length=300),
        max_length=MOST_OWN,
        required=False,
        help_text="Own questions, answered from 1 to 5; one that ends in “…” in words.",
    )
    words = serializers.CharField(max_length=SAYS, required=False, allow_blank=True)
    is_confidential = serializers.BooleanField(
        required=False, help_text="True: only figures of five or more answers. It cannot be switched."
    )
    cut = serializers.ChoiceField(
        [*Survey.Cut.choices, ""], required=False, help_text="The one way a confidential one is broken down."
    )
    types = serializers.ListField(
        child=Named(lambda user: PartnerType.objects.filter(retired_at=None)), max_length=MOST, required=False
    )
    tiers = serializers.ListField(
        child=Among(lambda user: Tier.objects.filter(retired_at=None)), max_length=MOST, required=False
    )
    regions = serializers.ListField(
        child=Named(lambda user: Region.objects.filter(retired_at=None)), max_length=MOST, required=False
    )
    roles = serializers.ListField(
        child=serializers.ChoiceField(Contact.Role.choices),
        max_length=MOST,
        required=False,
        help_text="Of people.",
    )
    size = serializers.IntegerField(
        min_value=1,
        max_value=100_000,
        required=False,
        allow_null=True,
        help_text="How many are drawn; null: all.",
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        keys = {name: [row.pk for row in asked[name]] for name in LISTS if name in asked}
        kept = {"is_confidential": "yes" if asked.get("is_confidential") else ""}
        form = RoundForm({**asked, **keys, **kept, "own": "\n".join(asked.get("own", ()))})
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(each) for each in told] for name, told in form.errors.items()}
            )
        return {"outline": form.outline}
