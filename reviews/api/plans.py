"""The joint plan with a partner: goals, objectives with their yearly marks; and objectives of the company."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter
from rest_framework import serializers

from partners.api.inputs import colleagues, seen_partners
from prm import clock
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Drops, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from reviews.models import CompanyObjective, Goal, Objective, YearMark
from reviews.planning import company, goals, objectives
from reviews.planning.experiments import ExperimentFilter
from team.api.permits import permitted, permitted_anywhere, permitted_towards
from team.models import User
from team.roles import permitted_or_403

Ids = serializers.IntegerField
CHANGE, SET = "change joint plan", "set company objectives"


# --- goals ------------------------------------------------------------------------------------------------


class GoalRow(Row):
    partner = Ids(source="partner_id")
    text = serializers.CharField()
    ours = serializers.CharField(help_text="What we do for it.")
    state = serializers.ChoiceField(Goal.State.choices)
    by = Ids(source="by_user_id", allow_null=True, help_text="Who of us wrote it down.")
    contact = Ids(source="by_contact_id", allow_null=True, help_text="Who there did.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class GoalChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. The partner reads it."""

    text = serializers.CharField(max_length=300, help_text="In the partner's own words.")
    ours = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="What we do for it."
    )


class NewGoal(GoalChange):
    partner = Among(seen_partners)


class GoalEnd(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Goal.State.choices[1:])


class Goals(Reads, Makes, Changes):
    noun, words = "goals", "What partners want for themselves, and what we do for it. Both sides read them."
    model, row, new, changed = Goal, GoalRow, NewGoal, GoalChange
    filterset_class = filters(Goal, keys=["partner"], choices=["state"], moments=["created_at"])

    def seen(self) -> QuerySet[Goal]:
        return Goal.objects.visible_to(self.user)

    may_make = permitted_towards(CHANGE, "partner")

    def make(self, typed: Typed) -> Goal:
        return goals.add(**typed, by=self.user, at=clock.now())

    may_change = permitted(CHANGE)

    def change(self, thing: Goal, typed: Typed) -> None:
        goals.change(thing, **{"text": thing.text, **typed}, by=self.user, at=clock.now())

    @step(permitted(CHANGE), GoalEnd, related=("partner__owner",))
    def end(self, thing: Goal, typed: Typed) -> None:
        """It is reached, or not pursued any more."""
        goals.end(thing, typed["state"], by=self.user, at=clock.now())


# --- objectives -------------------------------------------------------------------------------------------


def open_goals(user: User) -> QuerySet[Goal]:
    return Goal.objects.visible_to(user).filter(state=Goal.State.OPEN)


def standing_of_company(user: User) -> QuerySet[CompanyObjective]:
    return CompanyObjective.objects.filter(dropped_at=None)


class ObjectiveRow(Row):
    partner = Ids(source="partner_id")
    text = serializers.CharField()
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    goal = Ids(source="goal_id", allow_null=True, help_text="For which goal of theirs.")
    serves = Ids(source="serves_id", allow_null=True, help_text="For us alone; see company-objectives.")
    is_experiment = serializers.BooleanField()
    trying = serializers.CharField(help_text="Of an experiment: what we try.")
    how_we_know = serializers.CharField(help_text="Of an experiment: how we will know.")
    state = serializers.ChoiceField(Objective.State.choices)
    result = serializers.CharField()
    ended_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(help_text="For us alone.")
    copied_from = Ids(source="copied_from_id", allow_null=True)
    created_by = Ids(source="created_by_id")
    created_at = serializers.DateTimeField()


class ObjectiveChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    text = serializers.CharField(max_length=300)
    from_on = Day()
    until_on = Day(help_text="Two to three years after; an experiment is shorter.")
    goal = Among(open_goals, required=False, allow_null=True)
    serves = Among(standing_of_company, required=False, allow_null=True)
    trying = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    how_we_know = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class NewObjective(ObjectiveChange):
    partner = Among(seen_partners)
    is_experiment = serializers.BooleanField(required=False, default=False)
    copied_from = Among(
        lambda user: Objective.objects.visible_to(user).experiments(), required=False, allow_null=True
    )


class ObjectiveEnd(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Objective.State.choices[1:])
    result = serializers.CharField(max_length=2000, help_text="What came of it; the partner reads it.")


class Narrowed(
    filters(  # type: ignore[misc]
        Objective,
        keys=["partner", "goal", "serves", "copied_from"],
        choices=["state"],
        booleans=["is_experiment"],
        days=["until_on", "ended_on"],
    )
):
    q = CharFilter(
        method="said",
        max_length=200,
        help_text="Words, each in what it says, what was tried, how we would know, or what came of it.",
    )
    said = ExperimentFilter.said


class Objectives(Reads, Makes, Changes):
    noun = "objectives"
    words = "What both want to reach in two to three years, and experiments: those with is_experiment."
    model, row, new, changed = Objective, ObjectiveRow, NewObjective, ObjectiveChange
    filterset_class = Narrowed
    sorts = USUAL_SORTS | {"until_on": Order("until_on", nullable=False)}

    def seen(self) -> QuerySet[Objective]:
        return Objective.objects.visible_to(self.user)

    may_make = permitted_towards(CHANGE, "partner")

    def make(self, typed: Typed) -> Objective:
        partner = typed.pop("partner")
        return objectives.add(partner, objectives.Wanted(**typed), by=self.user, at=clock.now())

    may_change = permitted(CHANGE)

    def change(self, thing: Objective, typed: Typed) -> None:
        stands = {each.name: getattr(thing, each.name) for each in fields(objectives.Wanted)}
        objectives.change(thing, objectives.Wanted(**(stands | typed)), by=self.user, at=clock.now())

    @step(permitted(CHANGE), ObjectiveEnd, related=("partner__owner",))
    def end(self, thing: Objective, typed: Typed) -> None:
        """Say what came of it; it stays in the plan with its result."""
        objectives.end(thing, typed["state"], typed["result"], by=self.user, at=clock.now())


class MarkRow(Row):
    objective = Ids(source="objective_id")
    partner = Ids(source="objective.partner_id")
    on = serializers.DateField()
    text = serializers.CharField(help_text="What should be true by then.")
    is_met = serializers.BooleanField(allow_null=True, help_text="Null: nobody said.")
    said_by = Ids(source="said_by_id", allow_null=True)
    said_at = serializers.DateTimeField(allow_null=True)


class NewMark(serializers.Serializer[Any]):
    objective = Among(lambda user: Objective.objects.visible_to(user).select_related("partner__owner"))
    on = Day()
    text = serializers.CharField(max_length=300)


class Said(serializers.Serializer[Any]):
    is_met = serializers.BooleanField()


class Marks(Reads, Makes, Drops):
    noun, words = "year-marks", "What should be true of an objective by a day, mostly the end of a year."
    model, row, new = YearMark, MarkRow, NewMark
    related = ("objective__partner__owner",)
    filterset_class = filters(
        YearMark,
        keys={"objective": "objective", "partner": "objective__partner"},
        booleans=["is_met"],
        days=["on"],
    )

    def seen(self) -> QuerySet[YearMark]:
        return YearMark.objects.filter(objective__in=Objective.objects.visible_to(self.user))

    may_make = permitted_towards(CHANGE, "objective")

    def make(self, typed: Typed) -> YearMark:
        return objectives.add_mark(**typed, by=self.user, at=clock.now())

    @step(permitted(CHANGE, "objective"), Said, related=related)
    def say(self, thing: YearMark, typed: Typed) -> None:
        """It was met, or not; what was said can be said anew."""
        objectives.say(thing, typed["is_met"], by=self.user, at=clock.now())

    def drop(self, thing: YearMark) -> None:
        permitted_or_403(self.user, CHANGE, thing.objective)
        objectives.drop_mark(thing, by=self.user, at=clock.now())


# --- of the company ---------------------------------------------------------------------------------------


class CompanyObjectiveRow(Row):
    text = serializers.CharField()
    year = serializers.IntegerField(help_text="The calendar year in which the fiscal year begins.")
    owner = Ids(source="owner_id", help_text="Who answers for it.")
    created_by = Ids(source="created_by_id")
    created_at = serializers.DateTimeField()
    dropped_at = serializers.DateTimeField(allow_null=True)


class NewCompanyObjective(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)
    year = serializers.IntegerField(min_value=1990, max_value=2200)
    owner = Among(colleagues)


class CompanyObjectives(Reads, Makes, Changes):
    noun, words = "company-objectives", "What the company wants to reach in a fiscal year; heads set it."
    model, row = CompanyObjective, CompanyObjectiveRow
    new = changed = NewCompanyObjective
    filterset_class = filters(CompanyObjective, keys=["owner"])

    def seen(self) -> QuerySet[CompanyObjective]:
        return CompanyObjective.objects.all() if self.user.roles else CompanyObjective.objects.none()

    may_make = permitted_anywhere(SET)

    def make(self, typed: Typed) -> CompanyObjective:
        return company.add(company.Wanted(**typed), by=self.user, at=clock.now())

    may_change = permitted_anywhere(SET)

    def change(self, thing: CompanyObjective, typed: Typed) -> None:
        stands = {each.name: getattr(thing, each.name) for each in fields(company.Wanted)}
        company.change(thing, company.Wanted(**(stands | typed)), by=self.user, at=clock.now())

    @step(permitted_anywhere(SET))
    def drop(self, thing: CompanyObjective, typed: Typed) -> None:
        """It is not pursued any more; what served it keeps its name."""
        company.drop(thing, by=self.user, at=clock.now())
