"""What other programs are told of partners, contacts, assignments, visits, profiles, fits and tiers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partners import rules
from partners.models import (
    Contact,
    ContactAddress,
    Criterion,
    FitLine,
    Partner,
    Profile,
    Stage,
    Status,
    Step,
    Verdict,
)
from prm.api.fields import Number, Tenths
from prm.api.rows import Row, Told
from team.models import Role

Ids = serializers.IntegerField


def grouped(rows: list[Told], found: Any, into: str) -> None:
    """Give each row the values found for its id, as a list."""
    lists: dict[int, list[Any]] = defaultdict(list)
    for pk, value in found:
        lists[pk].append(value)
    for row in rows:
        row[into] = lists[row["id"]]


class PartnerRow(Row):
    name = serializers.CharField()
    legal_name = serializers.CharField()
    website = serializers.CharField()
    domain = serializers.CharField(help_text="The main registrable domain.")
    kind = Ids(source="kind_id", allow_null=True, help_text="Its type: that of its main membership.")
    kind_name = serializers.CharField(source="kind.name", allow_null=True)
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    city = serializers.CharField()
    zone = serializers.CharField()
    region = Ids(source="region_id", allow_null=True)
    region_name = serializers.CharField(source="region.name", allow_null=True)
    tier = Ids(source="tier_id", allow_null=True, help_text="That of its main membership; see tiers.")
    tier_name = serializers.CharField(source="tier.name", allow_null=True)
    stage = serializers.ChoiceField(Stage.choices)
    step = serializers.ChoiceField(Step.choices, help_text="Within recruitment; empty after it.")
    stage_since = serializers.DateTimeField()
    status = serializers.ChoiceField(Status.choices)
    owner = Ids(source="owner_id", allow_null=True, help_text="See people; null stands in Unassigned.")
    owner_name = serializers.CharField(source="owner.name", allow_null=True)
    signed_on = serializers.DateField(allow_null=True)
    parked_until = serializers.DateField(allow_null=True)
    employees = serializers.IntegerField(allow_null=True)
    certifications = serializers.ListField(child=serializers.CharField())
    verticals = serializers.ListField(child=serializers.CharField(), help_text="By name.")
    about = serializers.CharField()
    source: Any = Ids(source="source_id", allow_null=True, help_text="By what it came.")
    source_detail = serializers.CharField()
    do_not_contact = serializers.BooleanField()
    score = Number(allow_null=True, help_text="Its current fit, of 100; see fits.")
    coverage = serializers.IntegerField(allow_null=True, help_text="In per cent.")
    verdict = serializers.ChoiceField([*Verdict.choices, ""])
    health = Tenths(allow_null=True, help_text="Of 100; see health.")
    health_colour = serializers.CharField()
    last_touch_at = serializers.DateTimeField(allow_null=True)
    next_step_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    beside = frozenset({"verticals"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        links = Partner.verticals.through._default_manager.filter(partner__in=[row["id"] for row in rows])
        grouped(rows, links.order_by("vertical__name").values_list("partner", "vertical__name"), "verticals")


class ContactRow(Row):
    partner = Ids(source="partner_id")
    name = serializers.CharField()
    title = serializers.CharField()
    email = serializers.CharField()
    addresses = serializers.ListField(child=serializers.CharField(), help_text="Further e-mail addresses.")
    roles = serializers.ListField(child=serializers.ChoiceField(Contact.Role.choices))
    zone = serializers.CharField()
    language = serializers.CharField()
    phones = serializers.ListField(child=serializers.CharField())
    is_primary = serializers.BooleanField()
    do_not_contact = serializers.BooleanField()
    joined_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True, help_text="Since then it has no access.")
    successor = Ids(source="successor_id", allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="The entry was wrong.")
    last_touch_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    beside = frozenset({"addresses"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        found = ContactAddress.objects.filter(contact__in=[row["id"] for row in rows]).order_by("pk")
        grouped(rows, found.values_list("contact", "email"), "addresses")


class AssignmentRow(Row):
    partner = Ids(source="partner_id")
    user = Ids(source="user_id")
    user_name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(Role.choices)
    is_owner = serializers.BooleanField()
    membership = Ids(source="membership_id", allow_null=True)
    region = Ids(source="region_id", allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="Null: it runs.")


class VisitRow(Row):
    partner = Ids(source="partner_id")
    stage = serializers.ChoiceField(Stage.choices)
    entered_at = serializers.DateTimeField()
    entry_is_known = serializers.BooleanField(
        help_text="False where it came in at this stage and nobody knows since when."
    )
    left_at = serializers.DateTimeField(allow_null=True, help_text="Null: it stands there now.")


class CriterionRow(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    help = serializers.CharField()
    kind = serializers.ChoiceField(Criterion.Kind.choices)
    source: Any = serializers.CharField()
    weight = serializers.IntegerField()
    must_have = serializers.BooleanField()
    rule = serializers.DictField()
    written = serializers.CharField(help_text="The same as the editor writes it.")


class ProfileRow(Row):
    family = serializers.CharField()
    number = serializers.IntegerField()
    kind = Ids(source="kind_id", allow_null=True, help_text="The type it is for; null: all others.")
    state = serializers.ChoiceField(Profile.State.choices)
    strong_at = serializers.IntegerField()
    possible_at = serializers.IntegerField()
    weak_at = serializers.IntegerField()
    why = serializers.CharField()
    by = Ids(source="by_id", allow_null=True)
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)
    mark = serializers.IntegerField(help_text="Another after each change: hand it back as seen.")
    criteria = CriterionRow(many=True)
    beside = frozenset({"criteria"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        names = [str(name) for name in CriterionRow().fields if name != "written"]
        found = Criterion.objects.filter(profile__in=[row["id"] for row in rows]).order_by("position", "pk")
        told = (
            (row.pop("profile"), row | {"written": rules.written(row["kind"], row["rule"])})
            for row in found.values("profile", *names)
        )
        grouped(rows, told, "criteria")


class VersionRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    family = serializers.CharField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(Profile.State.choices)


class LineRow(serializers.Serializer[Any]):
    criterion = serializers.CharField(help_text="Its key, the same over versions.")
    name = serializers.CharField()
    weight = serializers.IntegerField()
    must_have = serializers.BooleanField()
    answer = serializers.JSONField(allow_null=True, help_text="As it was; null: not answered.")
    points = serializers.FloatField(allow_null=True, help_text="From 0 to 1.")


LINE = {
    "criterion": "criterion__key",
    "name": "criterion__name",
    "weight": "criterion__weight",
    "must_have": "criterion__must_have",
    "answer": "answer",
    "points": "points",
}


@extend_schema_field(VersionRow)
class Version(serializers.Field[Any, Any, Any, Any]):
    """The version a fit was scored against, by its id until `complete` tells more of it."""


class FitRow(Row):
    partner = Ids(source="partner_id")
    profile = Version(source="profile_id")
    score = Number(allow_null=True, help_text="Of 100, over the criteria that are answered.")
    coverage = serializers.IntegerField(help_text="Answered weight, in per cent; under 60 it is provisional.")
    verdict = serializers.ChoiceField([*Verdict.choices, ""])
    is_current = serializers.BooleanField()
    scored_at = serializers.DateTimeField()
    lines = LineRow(many=True)
    beside = frozenset({"lines"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        versions = Profile.objects.filter(pk__in={row["profile"] for row in rows})
        told = {row["id"]: row for row in versions.values("id", "family", "number", "state").order_by()}
        for row in rows:
            row["profile"] = told[row["profile"]]
        found = FitLine.objects.filter(fit__in=[row["id"] for row in rows])
        lines = found.order_by("criterion__position", "pk").values_list("fit", *LINE.values())
        grouped(rows, ((fit, dict(zip(LINE, line, strict=True))) for fit, *line in lines), "lines")


class TierRow(Row):
    name = serializers.CharField()
    rank = serializers.IntegerField(help_text="1 is the highest.")
    weight = Number(help_text="Its share of a manager's load.")
    programme = Ids(source="programme_id")
    programme_name = serializers.CharField(source="programme.name")
    kind = Ids(source="programme.kind_id", help_text="The type of partners its programme is for.")
    kind_name = serializers.CharField(source="programme.kind.name")
    retired_at = serializers.DateTimeField(allow_null=True)
