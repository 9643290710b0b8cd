"""Who is asked to reviews, and how often they are, for other programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.api.kick_offs import CalledRow, KickOffChange
from partners.api.rows import PartnerRow
from partners.models import Partner, Tier
from prm import clock
from prm.api.fields import Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Reads, Resource, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from reviews import scheduling
from reviews.meetings import dates
from reviews.models import Every, Review, ReviewInvitation
from team.api.permits import permitted, permitted_anywhere
from team.roles import may

Ids = serializers.IntegerField


class InvitationRow(CalledRow):
    review = Ids(source="review_id")
    partner = Ids(source="review.partner_id")
    is_off = serializers.BooleanField(help_text="The review was cancelled.")
    of = ReviewInvitation


class Inviting(KickOffChange):
    """All there is to say; sent once more, it tells everybody what differs, and who is not asked any more."""


class Invitations(Reads):
    noun, words = "review-invitations", "Who is asked to a review, when and where. See reviews to ask people."
    model, row = ReviewInvitation, InvitationRow
    filterset_class = filters(
        ReviewInvitation, keys={"review": "review", "partner": "review__partner"}, moments=["starts_at"]
    )
    sorts = USUAL_SORTS | {"starts_at": Order("starts_at", nullable=False)}

    def seen(self) -> QuerySet[ReviewInvitation]:
        return ReviewInvitation.objects.filter(review__in=Review.objects.visible_to(self.user))


class Counting(serializers.Serializer[Any]):
    anchor_on = Day(help_text="Reviews are counted from this day.")
    months = serializers.ChoiceField(Every.choices, allow_null=True, help_text="Null: as its tier.")


class Rhythms(Resource):
    noun, words = "partners", "How often a partner is reviewed."
    model, row = Partner, PartnerRow

    def seen(self) -> QuerySet[Partner]:
        return Partner.objects.visible_to(self.user)

    @step(permitted("run review"), Counting, name="review-rhythm", related=("owner",))
    def rhythm(self, thing: Partner, typed: Typed) -> None:
        """Say from which day its reviews are counted, and how often. A planned one, unmoved, follows."""
        months = typed["months"]
        scheduling.set_rhythm(thing, typed["anchor_on"], months, by=self.user, at=clock.now())


class CadenceRow(Row):
    name = serializers.CharField(help_text="Of the tier, whose id this is.")
    programme = serializers.IntegerField(source="programme_id")
    rank = serializers.IntegerField()
    months = serializers.ChoiceField(Every.choices, help_text="From one review to the next.")
    beside = frozenset({"months"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        chosen = scheduling.by_tier()
        for row in rows:
            row["months"] = chosen.get(row["id"]) or dates.months_for(row["rank"])


class CadenceChange(serializers.Serializer[Any]):
    """Reviews that are planned already stay on their day."""

    months = serializers.ChoiceField(Every.choices)


class Cadences(Reads, Changes):
    noun, words = "review-cadences", "How often the partners of each tier are reviewed, for admins."
    model, row, changed = Tier, CadenceRow, CadenceChange
    filterset_class = filters(Tier, keys=["programme"])
    may_change = permitted_anywhere("edit settings")

    def seen(self) -> QuerySet[Tier]:
        live = Tier.objects.filter(retired_at=None)
        return live if may(self.user, "edit settings") else live.none()

    def change(self, thing: Tier, typed: Typed) -> None:
        if "months" in typed:
            scheduling.choose({thing.pk: typed["months"]}, by=self.user, at=clock.now())
