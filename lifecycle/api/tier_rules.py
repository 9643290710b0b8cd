"""The rules of tiers, for other programs: written as a draft, their effect read, published."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lifecycle.api.inputs import minor_of
from lifecycle.api.tiering import RequirementRow
from lifecycle.growth.tiering import criteria, editing, effects
from lifecycle.growth.tiering.editing import RulesRefused
from lifecycle.models import Requirement, TierRules
from partners.models import Programme, Tier
from prm import clock, money
from prm.api.fields import Among
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Reads, Typed, step
from prm.api.rows import Row, Told, plan
from prm.paging import Order
from team.api.permits import permitted_anywhere
from team.models import User
from team.roles import may, permitted_or_403

Ids = serializers.IntegerField
EDIT = "edit tiers"
State = TierRules.State


class RulesVersionRow(Row):
    programme = Ids(source="programme_id")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    notice_days = serializers.IntegerField(help_text="From the day a partner is told until it can go down.")
    why = serializers.CharField(help_text="Said when it was published.")
    by = Ids(source="by_id", allow_null=True)
    begun_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


class RulesRow(Row):
    id = Ids(source="pk", read_only=True, help_text="Of the programme.")
    name = serializers.CharField(help_text="Of the programme.")
    published = Ids(allow_null=True, help_text="The id of the version that holds.")
    draft = Ids(
        allow_null=True, help_text="The id of the version being written; null for who does not edit tiers."
    )
    requirements = RequirementRow(
        many=True, help_text="Of the draft, where there is one and you edit tiers, else as published."
    )
    versions = RulesVersionRow(many=True, help_text="The newest first.")
    beside = frozenset({"published", "draft", "requirements", "versions"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        versions = _versions(rows, user)
        shown = {}
        for row in rows:
            row["versions"] = versions[row["id"]]
            newest = {each["state"]: each["id"] for each in row["versions"]}
            row |= {"published": newest.get(State.PUBLISHED), "draft": newest.get(State.DRAFT)}
            shown[row["id"]] = row["draft"] or row["published"]
        wanted = _requirements([pk for pk in shown.values() if pk], user)
        for row in rows:
            row["requirements"] = wanted[row["id"]]


def _versions(rows: list[Told], user: User) -> dict[int, list[Told]]:
    """Those of each programme, as this person reads them."""
    of = TierRules.objects.filter(programme__in=[row["id"] for row in rows]).order_by("-number")
    return _by_programme(RulesVersionRow, of if may(user, EDIT) else of.exclude(state=State.DRAFT), user)


def _requirements(versions: list[int], user: User) -> dict[int, list[Told]]:
    """What these versions want, by the programme of each."""
    of = Requirement.objects.filter(rules__in=versions).order_by("tier__rank", "criterion", "pk")
    return _by_programme(RequirementRow, of, user)


def _by_programme(row: type[Row], of: QuerySet[Any], user: User) -> dict[int, list[Told]]:
    how, found = plan(row), defaultdict(list)
    for told in how.told(of.values_list(*how.paths), user):
        found[told["programme"]].append(told)
    return found


class NoticeChange(serializers.Serializer[Any]):
    """It stands in the draft, which begins by it."""

    notice_days = serializers.IntegerField(
        min_value=1, max_value=730, help_text="From the day a partner is told until it can go down."
    )


class RequirementWanted(serializers.Serializer[Any]):
    """What the tier wanted of this criterion before is replaced."""

    tier = Among(lambda user: Tier.objects.filter(retired_at=None), help_text="One of the programme.")
    criterion = serializers.CharField(
        max_length=60, help_text="Such as revenue or certified; own:7 is the tier-measure with the id 7."
    )
    wanted = serializers.DecimalField(
        max_digits=18, decimal_places=3, min_value=0, help_text="At least so much; money in its currency."
    )
    currency = serializers.ChoiceField(
        sorted(money.currencies()), required=False, help_text="Of money; of nothing else."
    )
    months = serializers.IntegerField(
        min_value=1,
        max_value=60,
        required=False,
        allow_null=True,
        help_text="Over how many, for what is counted over time.",
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        offered = criteria.offered()
        known = offered.get(asked["criterion"])
        if known is None:
            said = _("Choose one of: {names}.").format(names=", ".join(sorted(offered)))
            raise serializers.ValidationError({"criterion": [said]})
        if known.is_money != bool(asked.get("currency")):
            raise serializers.ValidationError(
                {"currency": [_("Money needs one.") if known.is_money else _("Only money has one.")]}
            )
        if known.has_window and not asked.get("months"):
            raise serializers.ValidationError({"months": [_("Say over how many it is counted.")]})
        return asked | {"wanted": self._number(asked)}

    def _number(self, asked: dict[str, Any]) -> int:
        wanted = asked["wanted"]
        if asked.get("currency"):
            wanted = minor_of(wanted, asked["currency"], "wanted")
        elif wanted != int(wanted):
            raise serializers.ValidationError({"wanted": [_("Write a whole number, such as 3.")]})
        if wanted < 1:
            raise serializers.ValidationError({"wanted": [_("At least 1.")]})
        return int(wanted)


class RequirementDropped(serializers.Serializer[Any]):
    requirement = Among(
        lambda user: Requirement.objects.exclude(rules__state=State.RETIRED).select_related("rules", "tier"),
        help_text="One of the requirements told here.",
    )


class RulesPublished(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=2000, help_text="Colleagues read it beside the version.")
    seen = serializers.IntegerField(
        min_value=1, max_value=2**31, required=False, help_text="The draft whose effect was looked at."
    )


class MovedMembership(serializers.Serializer[Any]):
    membership = Ids(source="membership.pk")
    partner = Ids(source="membership.partner_id")
    to = serializers.CharField(help_text="The name of the tier it would have.")


class RulesEffect(serializers.Serializer[Any]):
    """What the draft would do."""

    draft = Ids(help_text="Its id; publish takes it as seen.")
    rise = serializers.IntegerField(help_text="So many memberships would rise.")
    fall = serializers.IntegerField()
    stay = serializers.IntegerField()
    rising = MovedMembership(many=True, help_text=f"The first {effects.SHOWN}.")
    falling = MovedMembership(many=True, help_text=f"The first {effects.SHOWN}.")
    hidden = serializers.IntegerField(help_text="So many of these are of partners you do not see.")


class Rules(Reads, Changes):
    noun, words = "tier-rules", "What the tiers of each programme want, in versions. See tier-requirements."
    model, row, changed = Programme, RulesRow, NoticeChange
    filterset_class = filters(Programme, keys=["kind"], texts=["name"])
    sorts = USUAL_SORTS | {"name": Order("name", nullable=False)}
    first_sort = "name"
    may_change = permitted_anywhere(EDIT)

    def seen(self) -> QuerySet[Programme]:
        return Programme.objects.all() if self.user.roles else Programme.objects.none()

    def change(self, thing: Programme, typed: Typed) -> None:
        if typed:
            editing.give_notice(thing, typed["notice_days"], by=self.user, at=clock.now())

    @step(permitted_anywhere(EDIT), RequirementWanted)
    def want(self, thing: Programme, typed: Typed) -> None:
        """Let a tier want at least so much of something, in the draft, which begins by it."""
        editing.want(thing, **typed, by=self.user, at=clock.now())

    @step(permitted_anywhere(EDIT), RequirementDropped, name="drop-requirement")
    def drop_requirement(self, thing: Programme, typed: Typed) -> None:
        """Let a tier want something no more, in the draft, which begins by it."""
        wanted: Requirement = typed["requirement"]
        if wanted.rules.programme_id != thing.pk:
            raise serializers.ValidationError({"requirement": [_("It is one of another programme.")]})
        editing.drop(thing, wanted.tier, wanted.criterion, by=self.user, at=clock.now())

    @extend_schema(responses=RulesEffect)
    @action(detail=True, url_name="effect")
    def effect(self, request: Request, pk: str) -> Response:
        """Which memberships the draft would let rise and fall, as things stand."""
        thing = self.thing(pk)
        permitted_or_403(self.user, EDIT)
        draft = editing.draft_of(thing)
        if draft is None:
            raise RulesRefused(_("There is no draft."))
        found = effects.of(draft, timezone.localdate(clock.now()), self.user)
        return Response(RulesEffect({"draft": draft.pk, **vars(found)}).data)

    @step(permitted_anywhere(EDIT), RulesPublished)
    def publish(self, thing: Programme, typed: Typed) -> None:
        """Let the draft hold; memberships are measured within a minute."""
        editing.publish(thing, **typed, by=self.user, at=clock.now())

    @step(permitted_anywhere(EDIT))
    def discard(self, thing: Programme, typed: Typed) -> None:
        """Throw the draft away; what is published stands."""
        editing.discard(thing, by=self.user, at=clock.now())
