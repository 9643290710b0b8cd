"""The formula of health, for other programs: written as a draft, its effect read, published."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from prm import clock
from prm.api.fields import Tenths
from prm.api.filters import filters
from prm.api.resources import Changes, Drops, Makes, Reads, Typed, step
from prm.api.rows import Row
from reviews.health import effects, formulas, reckoning
from reviews.health.forms import FormulaForm
from reviews.health.formulas import FormulaRefused
from reviews.health.models import HealthFormula
from team.api.permits import permitted_anywhere
from team.roles import may, permitted_or_403

Ids = serializers.IntegerField
EDIT = "edit health"
State = HealthFormula.State


class FormulaRow(Row):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    weights = serializers.DictField(child=serializers.IntegerField(), help_text="By the key of the measure.")
    healthy_from = serializers.IntegerField(help_text="Of 100.")
    watch_from = serializers.IntegerField(help_text="Below it a partner is at risk.")
    half_life_days = serializers.IntegerField(help_text="What happened so long ago counts half.")
    answers_months = serializers.IntegerField(help_text="After them an answer to a survey expires.")
    certified_wanted = serializers.IntegerField(help_text="Certified people.")
    why = serializers.CharField(help_text="Said when it was published.")
    by = Ids(source="by_id", allow_null=True)
    begun_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


def _number(name: str) -> serializers.IntegerField:
    """A number of the formula, within the bounds of its form."""
    of: Any = FormulaForm.base_fields[name]
    words = str(of.help_text)
    return serializers.IntegerField(
        min_value=of.min_value, max_value=of.max_value, required=False, help_text=words
    )


class FormulaChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    weights = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=1000),
        required=False,
        help_text="By the key of the measure; those that are left out stay. 0: it counts for nothing.",
    )
    healthy_from = _number("healthy_from")
    watch_from = _number("watch_from")
    half_life_days = _number("half_life_days")
    answers_months = _number("answers_months")
    certified_wanted = _number("certified_wanted")

    def validate_weights(self, weights: dict[str, int]) -> dict[str, int]:
        if unknown := sorted(weights.keys() - reckoning.MEASURES.keys()):
            said = _("There is no measure “{key}”. Choose of: {names}.")
            raise serializers.ValidationError(
                said.format(key=unknown[0][:60], names=", ".join(reckoning.MEASURES))
            )
        return weights


class NewFormula(FormulaChange):
    """A draft: a copy of what holds, with what differs."""


class FormulaPublished(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=2000, help_text="Colleagues read it beside the version.")


class WayRow(serializers.Serializer[Any]):
    now = serializers.CharField(help_text="Its colour, in words.")
    then = serializers.CharField()
    partners = serializers.IntegerField()


class ReadingRow(serializers.Serializer[Any]):
    score = Tenths(allow_null=True)
    colour = serializers.CharField(allow_blank=True, help_text="Empty where too little is known.")


class ReasonRow(serializers.Serializer[Any]):
    measure = serializers.CharField(source="key")
    moved = serializers.FloatField(help_text="By so many points.")


class ColourMoverRow(serializers.Serializer[Any]):
    partner = Ids()
    now = ReadingRow()
    then = ReadingRow()
    because = ReasonRow(many=True, help_text="What moves it most.")


class FormulaEffect(serializers.Serializer[Any]):
    """What the draft would do."""

    measured = serializers.IntegerField(help_text="So many live partners.")
    moved = serializers.IntegerField(help_text="So many would have another colour.")
    ways = WayRow(many=True)
    movers = ColourMoverRow(many=True, help_text=f"Who moves farthest: {effects.SHOWN} at most.")
    hidden = serializers.IntegerField(help_text="So many of those that move are partners you do not see.")


class Formulas(Reads, Makes, Changes, Drops):
    noun, words = "health-formulas", "Versions of the formula of health. A published one never changes."
    model, row, new, changed = HealthFormula, FormulaRow, NewFormula, FormulaChange
    filterset_class = filters(HealthFormula, choices=["state"])
    may_make = may_change = permitted_anywhere(EDIT)

    def seen(self) -> QuerySet[HealthFormula]:
        """The versions, for whoever has a role; drafts for who writes them."""
        found = HealthFormula.objects.all() if self.user.roles else HealthFormula.objects.none()
        return found if may(self.user, EDIT) else found.exclude(state=State.DRAFT)

    def make(self, typed: Typed) -> HealthFormula:
        if formulas.draft() is not None:
            raise FormulaRefused(_("There is a draft already. Change that, or discard it first."))
        at = clock.now()
        weights = formulas.current(at).weights | typed.pop("weights", {})
        return formulas.change(weights, by=self.user, at=at, **typed)

    def change(self, thing: HealthFormula, typed: Typed) -> None:
        _must_be_draft(thing)
        weights = thing.weights | typed.pop("weights", {})
        formulas.change(weights, by=self.user, at=clock.now(), seen=thing.pk, **typed)

    def drop(self, thing: HealthFormula) -> None:
        permitted_or_403(self.user, EDIT)
        _must_be_draft(thing)
        formulas.discard(by=self.user, at=clock.now(), seen=thing.pk)

    @extend_schema(responses=FormulaEffect)
    @action(detail=True, url_name="effect")
    def effect(self, request: Request, pk: str) -> Response:
        """How many partners a draft would give another colour, which, and why."""
        permitted_or_403(self.user, EDIT)
        draft, at = self.thing(pk), clock.now()
        _must_be_draft(draft)
        found = effects.of(draft, formulas.current(at), at, self.user)
        told = {
            "measured": found.measured,
            "moved": found.moved,
            "ways": [{"now": now, "then": then, "partners": n} for now, then, n in found.ways],
            "movers": [_told(each) for each in found.movers],
            "hidden": found.hidden,
        }
        return Response(told)

    @step(permitted_anywhere(EDIT), FormulaPublished)
    def publish(self, thing: HealthFormula, typed: Typed) -> None:
        """Let the draft hold from the next nightly reading on; what was read stays as it is."""
        _must_be_draft(thing)
        formulas.publish(typed["why"], by=self.user, at=clock.now(), seen=thing.pk)


def _must_be_draft(formula: HealthFormula) -> None:
    if formula.state != State.DRAFT:
        raise FormulaRefused(_("{version} never changes. Start a draft.").format(version=formula))


def _told(mover: effects.Moved) -> dict[str, Any]:
    now, then = (
        {"score": None if each.score is None else each.score / 10, "colour": each.colour}
        for each in (mover.now, mover.then)
    )
    because = [{"measure": each.key, "moved": each.moved / 10} for each in mover.reasons]
    return {"partner": mover.partner.pk, "now": now, "then": then, "because": because}
