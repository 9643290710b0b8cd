"""What an admin types about a response policy: hours and percent, where the policy keeps seconds and
a share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from conversations import policies, waiting
from conversations.models import Message, Policy
from partners.models import PartnerType, Tier
from prm.forms import ManyField
from team.models import Region

HOUR = 3600
MOST_HOURS = policies.LONGEST // HOUR


class TierField(ManyField):
    def label_from_instance(self, tier: Any) -> str:
        return f"{tier}, {tier.programme}"


def hours_field(label: str, help_text: str = "", least: str = "0.01") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(least),
        max_value=MOST_HOURS,
        decimal_places=2,
        initial=24,
        help_text=help_text,
    )


class PolicyForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, strip=True)
    mode = forms.ChoiceField(
        label="The clock runs", choices=Policy.Mode, initial=Policy.Mode.ELAPSED, widget=forms.RadioSelect
    )
    first_hours = hours_field(
        "Hours to the first reply", "On working days 24 hours are one day; in business hours they are hours."
    )
    next_hours = hours_field("Hours to every later reply")
    warn_percent = forms.IntegerField(
        label="Warn after this share of the time, in percent", min_value=1, max_value=99, initial=75
    )
    lead_hours = hours_field("The lead hears after, in working hours", least="0")
    head_after_days = forms.IntegerField(
        label="The heads hear after, in working days",
        min_value=0,
        max_value=60,
        initial=2,
        required=False,
        help_text="Counted from the due time. Empty: the heads are not told.",
    )
    priority = forms.IntegerField(
        label="Priority",
        min_value=-1000,
        max_value=1000,
        initial=0,
        help_text="Where several policies fit, the highest holds, then the one made first.",
    )
    channel = forms.ChoiceField(
        label="Only on channel",
        required=False,
        choices=[
            ("", "Any"),
            *((value, label) for value, label in Message.Channel.choices if value in waiting.WRITTEN),
        ],
    )
    kinds = ManyField(PartnerType.objects.none(), label="Only for types", required=False)
    tiers = TierField(Tier.objects.none(), label="Only for tiers", required=False)
    regions = ManyField(Region.objects.none(), label="Only for regions", required=False)

    def __init__(self, *args: Any, policy: Policy | None = None, **kwargs: Any) -> None:
        said = typed(policies.terms_of(policy)) if policy else {"lead_hours": 4}
        super().__init__(*args, **{"initial": said, **kwargs})
        tiers = Tier.objects.select_related("programme").order_by("programme__name", "rank", "name")
        choices = {"kinds": PartnerType.objects.all(), "tiers": tiers, "regions": Region.objects.all()}
        for name, entries in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = entries
        if not choices["regions"]:
            del self.fields["regions"]

    @property
    def terms(self) -> dict[str, Any]:
        """What the valid form says, as `policies.add` takes it."""
        said = dict(self.cleaned_data)
        said["first_seconds"] = round(said.pop("first_hours") * HOUR)
        said["next_seconds"] = round(said.pop("next_hours") * HOUR)
        said["lead_after_seconds"] = round(said.pop("lead_hours") * HOUR)
        said["warn_share"] = Decimal(said.pop("warn_percent")) / 100
        return said


def typed(terms: dict[str, Any]) -> dict[str, Any]:
    """A policy's terms as one would type them."""
    said = dict(terms)
    for name, seconds in (
        ("first_hours", "first_seconds"),
        ("next_hours", "next_seconds"),
        ("lead_hours", "lead_after_seconds"),
    ):
        said[name] = f"{said.pop(seconds) / HOUR:.10g}"
    said["warn_percent"] = round(100 * said.pop("warn_share"))
    return said
