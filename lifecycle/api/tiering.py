"""What the tiers of programmes want of partners, what they give, and the numbers of our own they count by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from lifecycle.api.rows import told_amount
from lifecycle.growth.tiering import benefits, recording
from lifecycle.growth.tiering.editing import LARGEST
from lifecycle.models import Benefit, Measurement, OwnMeasure, Requirement, TierRules
from partners.api.inputs import seen_partners
from partners.models import Tier, seen_by
from prm import clock
from prm.api.fields import Among, Day, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.lists import Kept
from team.api.permits import permitted_anywhere, permitted_towards

Ids = serializers.IntegerField
EDIT = "edit tiers"


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


class BenefitRow(Row):
    programme = Ids(source="tier.programme_id")
    tier = Ids(source="tier_id", help_text="See tiers.")
    text = serializers.CharField(help_text="What they get.")
    within_days = serializers.IntegerField(help_text="Of having the tier, or of the next period.")
    repeats = serializers.ChoiceField(Benefit.Repeats.choices)
    retired_at = serializers.DateTimeField(allow_null=True, help_text="Since then it is given no more.")


class NewBenefit(serializers.Serializer[Any]):
    """Given from now on; who has the tier already gets it with its next rise."""

    tier = Among(lambda user: Tier.objects.filter(retired_at=None).select_related("programme"))
    text = serializers.CharField(max_length=300, help_text="What they get.")
    within_days = serializers.IntegerField(min_value=0, max_value=365, required=False, default=30)
    repeats = serializers.ChoiceField(Benefit.Repeats.choices, default=Benefit.Repeats.ONCE.value)


class Benefits(Reads, Makes):
    noun, words = "tier-benefits", "What each tier gives; once a partner rises to it, promises of ours."
    model, row, new = Benefit, BenefitRow, NewBenefit
    filterset_class = filters(
        Benefit, keys={"tier": "tier", "programme": "tier__programme"}, choices=["repeats"]
    )
    may_make = permitted_anywhere(EDIT)

    def seen(self) -> QuerySet[Benefit]:
        return Benefit.objects.all() if self.user.roles else Benefit.objects.none()

    def make(self, typed: Typed) -> Benefit:
        return benefits.add(**typed, by=self.user, at=clock.now())

    @step(permitted_anywhere(EDIT), related=("tier__programme",))
    def retire(self, thing: Benefit, typed: Typed) -> None:
        """Give it no more; what is promised stays promised."""
        benefits.retire(thing, by=self.user, at=clock.now())


# --- numbers of our own -------------------------------------------------------------------------------


class Measures(Kept):
    noun, words = (
        "tier-measures",
        "Numbers of our own that tiers can want beside what is counted: own:7 is the criterion of id 7.",
    )
    model = OwnMeasure
    filterset_class = filters(OwnMeasure, texts=["name"])


class MeasurementRow(Row):
    partner = Ids(source="partner_id")
    measure = Ids(source="measure_id", help_text="See tier-measures.")
    value = serializers.IntegerField(help_text="The one of the newest day counts.")
    on = serializers.DateField(help_text="As of this day.")
    note = serializers.CharField()
    by = Ids(source="by_id")
    at = serializers.DateTimeField()


class NewMeasurement(serializers.Serializer[Any]):
    """Tiers are measured by it from the next night."""

    partner = Among(seen_partners)
    measure = Named(lambda user: OwnMeasure.objects.filter(retired_at=None), help_text="See tier-measures.")
    value = serializers.IntegerField(min_value=0, max_value=LARGEST)
    on = Day(help_text="As of this day.")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

    def validate_on(self, on: date) -> date:
        if on > timezone.localdate(clock.now()):
            raise serializers.ValidationError(_("This day has not come yet."))
        return on


class Measurements(Reads, Makes):
    noun, words = "tier-measurements", "What people recorded of partners in the tier-measures."
    model, row, new = Measurement, MeasurementRow, NewMeasurement
    filterset_class = filters(Measurement, keys=["partner", "measure", "by"], days=["on"])
    sorts = USUAL_SORTS | {"on": Order("on", nullable=False)}
    may_make = permitted_towards("propose tier", "partner")

    def seen(self) -> QuerySet[Measurement]:
        return Measurement.objects.filter(seen_by(self.user))

    def make(self, typed: Typed) -> Measurement:
        return recording.record(**typed, by=self.user, at=clock.now())
