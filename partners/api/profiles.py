"""The Ideal Partner Profile: drafted, changed, its effect read, published."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from partners import effects, profiles
from partners.api import rows
from partners.forms.profiles import BOUNDS, MOST_CRITERIA, CriterionForm
from partners.models import Criterion, PartnerType, Profile, Verdict
from partners.profile_events import MARK
from partners.profiles import Entry, ProfileRefused
from partners.scoring import Thresholds
from partners.starters import STARTERS
from prm import clock
from prm.api.fields import Named
from prm.api.filters import filters
from prm.api.resources import Changes, Drops, Makes, Reads, Typed, step
from team.api.permits import permitted_anywhere
from team.roles import permitted_or_403

EDIT = "edit profile"


class Seen(serializers.IntegerField):
    """The mark of the draft as it was read."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            allow_null=True,
            default=None,
            min_value=0,
            max_value=2**63 - 1,
            help_text="The mark of the draft as you read it; refused where somebody changed it since.",
        )


class NewDraft(serializers.Serializer[Any]):
    """A draft is a copy of the published version, else of a starter, else empty."""

    kind = Named(
        lambda user: PartnerType.objects.all(),
        required=False,
        allow_null=True,
        default=None,
        help_text="The type of partners it is for; null: all others.",
    )
    starter = serializers.ChoiceField(
        ["", *STARTERS], required=False, default="", help_text="From what, where nothing is published."
    )


class CriterionChange(serializers.Serializer[Any]):
    """One criterion, cleaned as the editor cleans it."""

    name = serializers.CharField(max_length=120)
    weight = serializers.IntegerField(min_value=1, max_value=10_000)
    kind = serializers.ChoiceField(Criterion.Kind.choices)
    source: Any = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="A fact of the record; empty: it is rated."
    )
    written = serializers.CharField(
        max_length=4000,
        required=False,
        allow_blank=True,
        help_text="Its rule, such as: Gold=1, other=0.",
    )
    must_have = serializers.BooleanField(required=False, default=False)
    met_from = serializers.CharField(
        max_length=10, required=False, allow_blank=True, help_text="Of a must-have: the share that is enough."
    )
    help = serializers.CharField(max_length=300, required=False, allow_blank=True)
    key = serializers.SlugField(
        max_length=60, required=False, allow_blank=True, help_text="Answers carry over by it."
    )

    def validate(self, asked: dict[str, Any]) -> Any:
        form = CriterionForm({**asked, "rule": asked.get("written", "")})
        if not form.is_valid():
            found: dict[str, Any] = {
                "written" if name == "rule" else name: list(told) for name, told in form.errors.items()
            }
            raise serializers.ValidationError(found)
        return form.entry()


class DraftChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. The criteria are given as a whole, in their order."""

    strong_at = serializers.IntegerField(min_value=1, max_value=100)
    possible_at = serializers.IntegerField(min_value=1, max_value=100)
    weak_at = serializers.IntegerField(min_value=0, max_value=100)
    why = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    criteria = serializers.ListField(child=CriterionChange(), max_length=MOST_CRITERIA)
    seen = Seen()


class Publishing(serializers.Serializer[Any]):
    why = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="Everybody who reads the profile sees it; without it, what the draft says.",
    )
    seen = Seen()


class Discarding(serializers.Serializer[Any]):
    seen = Seen()


class MoverRow(serializers.Serializer[Any]):
    partner = serializers.IntegerField(source="partner.pk")
    now = serializers.ChoiceField([*Verdict.choices, ""])
    then = serializers.ChoiceField([*Verdict.choices, ""])
    score_now = serializers.FloatField(allow_null=True)
    score_then = serializers.FloatField(allow_null=True)
    is_in_contract_talks = serializers.BooleanField(
        help_text="Another verdict comes into talks that run: its step is negotiating."
    )
    reasons = serializers.ListField(child=serializers.CharField())


class BandRow(serializers.Serializer[Any]):
    scores = serializers.CharField(source="words", help_text="Like 70–79; the last is 90–100.")
    now = serializers.IntegerField(help_text="So many partners score within it now.")
    then = serializers.IntegerField(help_text="So many would by the draft.")


class EffectRow(serializers.Serializer[Any]):
    mark = serializers.IntegerField(help_text="How the draft stood: publish with it as seen.")
    up = serializers.IntegerField(help_text="So many partners would get a better verdict.")
    down = serializers.IntegerField()
    stay = serializers.IntegerField()
    bands = BandRow(many=True, help_text="How scores are spread, now and by the draft: ten bands, from 0 up.")
    movers = MoverRow(many=True, help_text="Who moves farthest, and why.")


class Profiles(Reads, Makes, Changes, Drops):
    noun, words = (
        "profiles",
        "Versions of the Ideal Partner Profile, each with its criteria.",
    )
    model, row, new, changed = Profile, rows.ProfileRow, NewDraft, DraftChange
    filterset_class = filters(Profile, keys=["kind"], choices=["state"], texts=["family"])

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        permitted_or_403(self.user, "read profile")

    def seen(self) -> QuerySet[Profile]:
        return Profile.objects.annotate(mark=MARK)

    may_make = permitted_anywhere(EDIT)

    def make(self, typed: Typed) -> Profile:
        return profiles.start_draft(typed["kind"], by=self.user, at=clock.now(), starter=typed["starter"])

    may_change = permitted_anywhere(EDIT)

    def change(self, thing: Profile, typed: Typed) -> None:
        draft = profiles.held_draft(thing)
        bounds = Thresholds(*(typed.get(name, getattr(draft, name)) for name in BOUNDS))
        entries = typed["criteria"] if "criteria" in typed else _entries(draft)
        why = typed.get("why", draft.why)
        profiles.edit(draft, entries, bounds, why, by=self.user, at=clock.now(), seen=typed.get("seen"))

    @extend_schema(responses=EffectRow)
    @action(detail=True, url_name="effect")
    def effect(self, request: Request, pk: str) -> Response:
        """How many partners a draft would move between verdicts, which, and why."""
        permitted_or_403(self.user, EDIT)
        draft = self.thing(pk)
        if draft.state != Profile.State.DRAFT:
            raise ProfileRefused(_("{draft} never changes. Start a draft.").format(draft=draft))
        effect = effects.of(effects.Proposal.of(draft))
        return Response(EffectRow({"mark": draft.mark} | vars(effect)).data)

    @step(permitted_anywhere(EDIT), Publishing)
    def publish(self, thing: Profile, typed: Typed) -> None:
        """The former version of its type retires; the partners it is for are scored anew."""
        profiles.publish(thing, by=self.user, at=clock.now(), why=typed["why"], seen=typed["seen"])

    dropped = Discarding

    def drop(self, thing: Profile) -> None:
        permitted_or_403(self.user, EDIT)
        profiles.discard(thing, by=self.user, at=clock.now(), seen=self.said()["seen"])


def _entries(draft: Profile) -> list[Entry]:
    """The criteria as they stand."""
    return [
        Entry(each.key, each.name, each.kind, each.weight, each.rule, each.source, each.must_have, each.help)
        for each in profiles.criteria(draft)
    ]
