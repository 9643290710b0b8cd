"""How partners fit the Ideal Partner Profile, and the tiers of programmes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from partners import fits, lists, ratings
from partners.api import rows
from partners.api.inputs import seen_partners
from partners.forms.fits import LONGEST_NOTE, AssessmentForm, typed_of
from partners.forms.profiles import MOST_CRITERIA
from partners.models import Fit, Partner, Programme, Tier, seen_by
from partners.ratings import Answer
from prm import clock
from prm.api.fields import Among, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed
from prm.paging import Order
from team.api.lists import NewEntry
from team.api.permits import permitted_anywhere, permitted_towards


class RatedCriterion(serializers.Serializer[Any]):
    criterion = serializers.CharField(max_length=60, help_text="The key of one that people rate.")
    value = serializers.JSONField(
        allow_null=True,
        help_text="By its kind: a number, 0 to 5, an option or “other”, true or false, a list of what is "
        "there; null takes the answer back.",
    )
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, help_text="Left out, it stays."
    )


class NewFit(serializers.Serializer[Any]):
    """Answers to criteria that people rate; those that are left out stay. The partner is scored anew."""

    partner = Among(seen_partners)
    answers = serializers.ListField(child=RatedCriterion(), min_length=1, max_length=MOST_CRITERIA)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        given = {each["criterion"]: each for each in asked["answers"]}
        if len(given) < len(asked["answers"]):
            raise serializers.ValidationError({"answers": [_("Answer each criterion once.")]})
        return {"partner": asked["partner"], "given": _cleaned(asked["partner"], given)}


def _cleaned(partner: Partner, given: dict[str, Any]) -> dict[str, Answer]:
    """The answers as the page of the assessment cleans them."""
    standard = fits.standard_for(partner)
    if standard is None:
        return {key: Answer(each["value"]) for key, each in given.items()}
    stood = fits.newest_ratings([partner.pk]).get(partner.pk, {})
    typed: dict[str, Any] = {}
    for key, each in given.items():
        typed[f"value_{key}"] = typed_of(each["value"])
        typed[f"note_{key}"] = each.get("note", stood[key].note if key in stood else "")
    form = AssessmentForm(typed, standard=standard, stood=stood)
    unknown = [_("“%(key)s” is not rated by people.") % {"key": key} for key in given.keys() - form.keys]
    if unknown or not form.is_valid():
        wrong = [f"{form.fields[name].label}: {each}" for name in form.errors for each in form.errors[name]]
        raise serializers.ValidationError({"answers": sorted(unknown) or wrong})
    return {key: answer for key, answer in form.answers().items() if key in given}


class Fits(Reads, Makes):
    noun, words = "fits", "Scores of partners against one version of the profile, each with its lines."
    model, row, new = Fit, rows.FitRow, NewFit
    filterset_class = filters(
        Fit, keys=["partner", "profile"], choices=["verdict"], booleans=["is_current"], moments=["scored_at"]
    )
    sorts = USUAL_SORTS | {"scored_at": Order("scored_at", nullable=False), "score": Order("score")}

    def seen(self) -> QuerySet[Fit]:
        return Fit.objects.filter(seen_by(self.user))

    may_make = permitted_towards("rate partner", "partner")

    def make(self, typed: Typed) -> Fit | None:
        return ratings.assess(typed["partner"], typed["given"], by=self.user, at=clock.now())


def weight_field() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=4,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(20),
        required=False,
        help_text="Its share of a manager's load; 1 is a steady partner in growth.",
    )


class TierChange(NewEntry):
    """What differs; what is left out stays."""

    weight = weight_field()
    rank = serializers.IntegerField(
        min_value=1, max_value=1000, required=False, help_text="1 is the highest; others make room."
    )
    is_retired = serializers.BooleanField(required=False, help_text="True: it is offered no more.")


class NewTier(NewEntry):
    """The lowest of its programme."""

    programme = Named(lambda user: Programme.objects.all())
    weight = weight_field()


class Tiers(Reads, Makes, Changes):
    noun, words = "tiers", "Levels within the programmes that partners are members of."
    model, row, new, changed = Tier, rows.TierRow, NewTier, TierChange
    may_make = may_change = permitted_anywhere("edit settings")
    filterset_class = filters(Tier, keys={"programme": "programme", "kind": "programme__kind"})
    sorts = USUAL_SORTS | {"rank": Order("rank", nullable=False)}
    first_sort = "id"

    def seen(self) -> QuerySet[Tier]:
        return Tier.objects.all() if self.user.roles else Tier.objects.none()

    def make(self, typed: Typed) -> Tier:
        return lists.add_tier(typed["programme"], typed["name"], typed.get("weight", Decimal(1)))

    def change(self, thing: Tier, typed: Typed) -> None:
        at = clock.now()
        if "name" in typed or "weight" in typed:
            lists.change_tier(thing, typed.get("name", thing.name), typed.get("weight", thing.weight), at)
        if "rank" in typed:
            lists.move_tier(thing, typed["rank"] - thing.rank)
        if typed.get("is_retired", bool(thing.retired_at)) != bool(thing.retired_at):
            lists.retire_tier(thing, at) if typed["is_retired"] else lists.restore_tier(thing)
