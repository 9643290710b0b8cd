"""Response policies under Settings: what we promise, and to whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from conversations import policies, waiting
from conversations.models import Message, Policy
from partners.api.rows import grouped
from partners.models import PartnerType, Tier
from prm import clock
from prm.api.fields import Among, Named, Number
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted_anywhere
from team.models import Region
from team.roles import may

KEEP = "edit settings"
MOST = 200  # tiers, types or regions of one policy
Ids = serializers.IntegerField
CHANNELS = [(value, label) for value, label in Message.Channel.choices if value in waiting.WRITTEN]


class PolicyRow(Row):
    family = serializers.CharField(help_text="The same for all versions of one policy.")
    version = serializers.IntegerField(help_text="A change makes another; waits keep theirs.")
    is_active = serializers.BooleanField(help_text="What opens from now on goes by it.")
    name = serializers.CharField()
    mode = serializers.ChoiceField(Policy.Mode.choices, help_text="When the clock runs.")
    first_seconds = serializers.IntegerField(help_text="To the first reply, on it.")
    next_seconds = serializers.IntegerField(help_text="To every later one.")
    warn_share = Number(help_text="We are warned after this share of the time.")
    lead_after_seconds = serializers.IntegerField(
        help_text="The lead hears so long after the due time, in working time."
    )
    head_after_days = serializers.IntegerField(
        allow_null=True, help_text="The heads hear so many working days after; null: they are not told."
    )
    priority = serializers.IntegerField(help_text="Of several that fit the highest holds, then the oldest.")
    channel = serializers.ChoiceField([("", "Any"), *CHANNELS], help_text="Only on it; empty: on any.")
    tiers = serializers.ListField(child=Ids(), help_text="Only for these; none: for all. See tiers.")
    kinds = serializers.ListField(child=Ids(), help_text="Only for these; none: for all. See partner-types.")
    regions = serializers.ListField(child=Ids(), help_text="Only for these; none: for all. See regions.")
    created_at = serializers.DateTimeField()
    beside = frozenset(policies.SCOPE)

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        shown = [row["id"] for row in rows]
        for name in policies.SCOPE:
            found = Policy.objects.filter(pk__in=shown, **{f"{name}__isnull": False}).order_by(name)
            grouped(rows, found.values_list("pk", name), name)


class PolicyChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    name = serializers.CharField(max_length=80, required=False)
    mode = serializers.ChoiceField(Policy.Mode.choices, required=False, help_text="When the clock runs.")
    first_seconds = serializers.IntegerField(
        min_value=1,
        max_value=policies.LONGEST,
        required=False,
        help_text="To the first reply, on it.",
    )
    next_seconds = serializers.IntegerField(
        min_value=1, max_value=policies.LONGEST, required=False, help_text="To every later one."
    )
    warn_share = serializers.DecimalField(
        3,
        2,
        min_value=Decimal("0.01"),
        max_value=Decimal("0.99"),
        required=False,
        help_text="We are warned after this share of the time.",
    )
    lead_after_seconds = serializers.IntegerField(
        min_value=0,
        max_value=policies.LONGEST,
        required=False,
        help_text="The lead hears so long after the due time, in working time.",
    )
    head_after_days = serializers.IntegerField(
        min_value=0,
        max_value=60,
        required=False,
        allow_null=True,
        help_text="The heads hear so many working days after; null: they are not told.",
    )
    priority = serializers.IntegerField(
        min_value=-1000,
        max_value=1000,
        required=False,
        help_text="Of several that fit the highest holds, then the oldest.",
    )
    channel = serializers.ChoiceField(
        CHANNELS, required=False, allow_blank=True, help_text="Only on it; empty: on any."
    )
    tiers = serializers.ListField(
        child=Among(lambda user: Tier.objects.all()),
        max_length=MOST,
        required=False,
        help_text="Only for these; none: for all.",
    )
    kinds = serializers.ListField(
        child=Named(lambda user: PartnerType.objects.all()), max_length=MOST, required=False
    )
    regions = serializers.ListField(
        child=Named(lambda user: Region.objects.all()), max_length=MOST, required=False
    )


class NewPolicy(PolicyChange):
    """A further promise, for what comes from now on: 24 hours round the clock where nothing else is said."""

    name = serializers.CharField(max_length=80)


class Policies(Reads, Makes):
    noun, words = "policies", "How soon we promise to answer, and to whom; each version of it."
    model, row, new = Policy, PolicyRow, NewPolicy
    filterset_class = filters(Policy, choices=["mode"], texts=["family"], booleans=["is_active"])
    sorts = USUAL_SORTS | {
        "name": Order("name", nullable=False),
        "priority": Order("priority", nullable=False),
    }

    def seen(self) -> QuerySet[Policy]:
        promised = Policy.objects.filter(decides="")
        return promised if may(self.user, KEEP) else promised.none()

    may_make = permitted_anywhere(KEEP)

    def make(self, typed: Typed) -> Policy:
        return policies.add(self.user, clock.now(), **typed)

    @step(permitted_anywhere(KEEP), PolicyChange)
    def revise(self, thing: Policy, typed: Typed) -> Policy:
        """Make a new version of it, which answers. Open waits keep theirs; the same terms make none."""
        return policies.revise(thing, self.user, clock.now(), **typed)

    @step(permitted_anywhere(KEEP), name="switch-off")
    def switch_off(self, thing: Policy, typed: Typed) -> None:
        """Open no more waits under it, and cancel those still open."""
        policies.switch_off(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP), name="switch-on")
    def switch_on(self, thing: Policy, typed: Typed) -> Policy:
        """Open waits under its newest version again, which answers."""
        return policies.switch_on(thing, by=self.user, at=clock.now())
