"""Integrations, for other programs: begun with a checklist, their places and obstacles, live or ended."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from lifecycle.models import Environment, Integration, Obstacle, PlanTemplate, Side
from lifecycle.onboarding import templates
from lifecycle.onboarding.integrating import environments, integrations, obstacles
from lifecycle.onboarding.integrating.forms import EnvironmentForm
from lifecycle.onboarding.integrating.integrations import Wanted
from partners.api.inputs import OnDay, Reason, colleagues, contacts_there, seen_partners
from prm import clock
from prm.api.fields import Among, AsInForm, Day, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from team.api.permits import permitted_by, permitted_by_towards, permitted_towards
from team.models import User

Ids = serializers.IntegerField
RELATED = ("partner__owner", "product")
OF_ONE = ("integration__partner__owner", "integration__product")
LONGEST = 2000
NO_SECRETS = "No passwords, no keys: what looks like one is refused."


class IntegrationRow(Row):
    partner = Ids(source="partner_id")
    product = Ids(source="product_id")
    plan = Ids(source="plan_id", help_text="Its checklist; see tasks.")
    about = serializers.CharField(help_text="What is connected with what.")
    our_contact = Ids(source="our_contact_id", allow_null=True)
    their_contact = Ids(source="their_contact_id", allow_null=True)
    target_on = serializers.DateField(allow_null=True, help_text="The day it is meant to be live.")
    state = serializers.ChoiceField(Integration.State.choices)
    live_on = serializers.DateField(allow_null=True)
    begun_by = Ids(source="begun_by_id")
    begun_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="Why it was stopped or ended.")


class IntegrationChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Whoever of us is named is told."""

    our_contact = Among(
        colleagues, required=False, allow_null=True, help_text="The tasks of ours are this person's."
    )
    their_contact = Among(
        contacts_there, required=False, allow_null=True, help_text="With the technical role."
    )
    target_on = Day(required=False, allow_null=True)
    about = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, help_text=NO_SECRETS)


class NewIntegration(IntegrationChange):
    """The checklist of the product becomes a plan of both sides."""

    partner = Among(seen_partners)
    checklist = Named(
        lambda user: PlanTemplate.objects.filter(product__isnull=False),
        help_text="A plan template that names a product.",
    )
    starts_on = Day()

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["checklist"] not in templates.checklists(asked["partner"]):
            raise serializers.ValidationError(
                {"checklist": [_("This one is not offered for partners of this type.")]}
            )
        return asked


class Integrations(Reads, Makes, Changes):
    noun, words = "integrations", "Products of ours that partners connect; each with a plan as its checklist."
    model, row, new, changed = Integration, IntegrationRow, NewIntegration, IntegrationChange
    filterset_class = filters(
        Integration,
        keys=["partner", "product", "plan", "our_contact", "their_contact"],
        choices=["state"],
        days=["target_on", "live_on"],
    )
    sorts = USUAL_SORTS | {"target_on": Order("target_on")}
    may_make = permitted_towards("plan tasks", "partner")
    may_change = permitted_by(integrations.allowed_or_403)

    def seen(self) -> QuerySet[Integration]:
        return Integration.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Integration:
        partner, checklist, day = (typed.pop(name) for name in ("partner", "checklist", "starts_on"))
        return integrations.begin(partner, checklist, day, Wanted(**typed), by=self.user, at=clock.now())

    def change(self, thing: Integration, typed: Typed) -> None:
        integrations.change(thing, typed, by=self.user, at=clock.now())

    @step(permitted_by(integrations.allowed_or_403), OnDay, related=RELATED)
    def live(self, thing: Integration, typed: Typed) -> None:
        """It is live since a day, which is evidence. What stands before it answers 409, each in a reason."""
        integrations.go_live(thing, typed["on"], by=self.user, at=clock.now())

    @step(permitted_by(integrations.allowed_or_403), Reason, related=RELATED)
    def stop(self, thing: Integration, typed: Typed) -> None:
        """It ends; what is open of its checklist is left out."""
        integrations.stop(thing, typed["reason"], by=self.user, at=clock.now())


# --- environments -----------------------------------------------------------------------------------------


def seen_integrations(user: User) -> QuerySet[Integration]:
    return Integration.objects.visible_to(user).select_related("partner__owner", "product")


class EnvironmentRow(Row):
    integration = Ids(source="integration_id")
    partner = Ids(source="integration.partner_id")
    kind = serializers.ChoiceField(Environment.Kind.choices)
    name = serializers.CharField()
    address = serializers.CharField()
    note = serializers.CharField()
    host = serializers.ChoiceField(Side.choices, help_text="Who runs it.")
    state = serializers.ChoiceField(Environment.State.choices)


class EnvironmentChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. The partner reads it."""

    kind = serializers.ChoiceField(Environment.Kind.choices, required=False)
    name = AsInForm(EnvironmentForm.base_fields["name"])
    address = AsInForm(EnvironmentForm.base_fields["address"], help_text=NO_SECRETS)
    note = AsInForm(EnvironmentForm.base_fields["note"], help_text=NO_SECRETS)
    host = serializers.ChoiceField(Side.choices, required=False)
    state = serializers.ChoiceField(Environment.State.choices, required=False)


class NewEnvironment(EnvironmentChange):
    integration = Among(seen_integrations)


class Environments(Reads, Makes, Changes):
    noun, words = "environments", "Where integrations run or are tried. How to sign in is kept elsewhere."
    model, row, new, changed = Environment, EnvironmentRow, NewEnvironment, EnvironmentChange
    filterset_class = filters(
        Environment,
        keys={"integration": "integration", "partner": "integration__partner"},
        choices=["kind", "host", "state"],
    )
    may_make = permitted_by_towards(integrations.allowed_or_403, "integration")
    may_change = permitted_by(integrations.allowed_or_403, "integration")

    def seen(self) -> QuerySet[Environment]:
        return Environment.objects.filter(integration__in=Integration.objects.visible_to(self.user))

    def make(self, typed: Typed) -> Environment:
        return environments.keep(typed.pop("integration"), None, typed, by=self.user, at=clock.now())

    def change(self, thing: Environment, typed: Typed) -> None:
        environments.keep(thing.integration, thing, typed, by=self.user, at=clock.now())


# --- obstacles --------------------------------------------------------------------------------------------


class ObstacleRow(Row):
    integration = Ids(source="integration_id")
    partner = Ids(source="integration.partner_id")
    text = serializers.CharField()
    is_blocking = serializers.BooleanField(help_text="Going live waits for it.")
    side = serializers.ChoiceField(Side.choices, help_text="Who solves it.")
    owner = Ids(source="owner_id", allow_null=True)
    contact = Ids(source="contact_id", allow_null=True)
    raised_by = Ids(source="raised_by_id", allow_null=True)
    raised_by_contact = Ids(source="raised_by_contact_id", allow_null=True)
    conversation = Ids(source="conversation_id", allow_null=True, help_text="Where it was named by them.")
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = Ids(source="closed_by_id", allow_null=True)
    resolution = serializers.CharField()


class ObstacleChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Without anybody, its side's technical contact solves it."""

    side = serializers.ChoiceField(Side.choices, required=False)
    owner = Among(colleagues, required=False, allow_null=True)
    contact = Among(contacts_there, required=False, allow_null=True)
    is_blocking = serializers.BooleanField(required=False)


class NewObstacle(ObstacleChange):
    """Both sides read it."""

    integration = Among(seen_integrations)
    text = serializers.CharField(max_length=LONGEST, help_text=NO_SECRETS)


class ObstacleSolved(serializers.Serializer[Any]):
    resolution = serializers.CharField(max_length=LONGEST, help_text="Both sides read it.")


class Obstacles(Reads, Makes, Changes):
    noun, words = "obstacles", "What is in the way of an integration, named by either side."
    model, row, new, changed = Obstacle, ObstacleRow, NewObstacle, ObstacleChange
    filterset_class = filters(
        Obstacle,
        keys={"integration": "integration", "partner": "integration__partner", "owner": "owner"},
        choices=["side"],
        booleans=["is_blocking"],
        moments=["opened_at", "closed_at"],
    )
    may_make = permitted_towards("write to partner", "integration")

    def seen(self) -> QuerySet[Obstacle]:
        return Obstacle.objects.filter(integration__in=Integration.objects.visible_to(self.user))

    def _must_be_theirs(self, obstacle: Obstacle) -> None:
        """Who solves it changes it, and who may change its integration."""
        if obstacle.owner_id != self.user.pk:
            integrations.allowed_or_403(self.user, obstacle.integration)

    may_change = _must_be_theirs

    def make(self, typed: Typed) -> Obstacle:
        return obstacles.raise_one(
            typed.pop("integration"), **{"is_blocking": False, **typed}, by=self.user, at=clock.now()
        )

    def change(self, thing: Obstacle, typed: Typed) -> None:
        obstacles.change(thing, typed, by=self.user, at=clock.now())

    @step(_must_be_theirs, ObstacleSolved, related=OF_ONE)
    def solve(self, thing: Obstacle, typed: Typed) -> None:
        """It is out of the way; both sides read how."""
        obstacles.solve(thing, typed["resolution"], by=self.user, at=clock.now())

    @step(_must_be_theirs, name="open-again", related=OF_ONE)
    def open_again(self, thing: Obstacle, typed: Typed) -> None:
        """It was not solved after all."""
        obstacles.open_again(thing, by=self.user, at=clock.now())
