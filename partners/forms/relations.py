"""Forms about what a partner is in, is linked to, and by whom it is looked after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.forms.organisations import chosen, places
from partners.forms.people import plain_helper
from partners.models import Link, Membership, Partner, Programme, Tier
from prm.forms import DayField, ManyField, choose_from, offer
from team.colleague_field import ColleagueField
from team.models import Region, Role

STEERING = {Role.HEAD, Role.ADMIN}


class PlainForm(forms.Form):
    """A form that crispy draws in a card."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(self)


class EndForm(PlainForm):
    """The last day."""

    on = DayField(label=gettext_lazy("Ends on"))


class _MembershipForm(PlainForm):
    starts_on = DayField(
        label=gettext_lazy("Since"), required=False, help_text=gettext_lazy("Leave it empty when unknown.")
    )
    regions = ManyField(
        Region.objects.filter(retired_at=None),
        label=gettext_lazy("Regions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class JoinForm(_MembershipForm):
    """Which programme it joins, at which tier."""

    place = forms.ChoiceField(label=gettext_lazy("Programme and tier"))
    is_main = forms.BooleanField(
        label=gettext_lazy("This is its main programme"),
        required=False,
        help_text=gettext_lazy("The main one gives the partner its type and tier."),
    )
    field_order = ("place", "starts_on", "regions", "is_main")

    def __init__(self, partner: Partner, data: Any = None) -> None:
        super().__init__(data)
        now = Membership.objects.filter(partner=partner, ends_on=None)
        choose_from(self, "place", places(but=frozenset(now.values_list("programme", flat=True))))

    @property
    def programme_and_tier(self) -> tuple[Programme | None, Tier | None]:
        return chosen(self.cleaned_data["place"])


class MembershipForm(_MembershipForm):
    """Tier, regions and first day of a membership."""

    tier = forms.ModelChoiceField(
        Tier.objects.none(),
        label=gettext_lazy("Tier"),
        required=False,
        empty_label=gettext_lazy("No tier yet"),
    )
    field_order = ("tier", "starts_on", "regions")

    def __init__(self, membership: Membership, data: Any = None) -> None:
        initial = {
            "tier": membership.tier,
            "starts_on": membership.starts_on,
            "regions": membership.regions.all(),
        }
        super().__init__(data, initial=initial)
        # what it has stays choosable, retired or not
        tiers = membership.programme.tiers.filter(Q(retired_at=None) | Q(pk=membership.tier_id))
        theirs = Q(pk__in=membership.regions.values("pk"))
        offer(self, "tier", tiers)
        offer(self, "regions", Region.objects.filter(Q(retired_at=None) | theirs))


class LinkForm(PlainForm):
    """How it is linked, to which of the partners found."""

    q = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    to = forms.ModelChoiceField(
        Partner.objects.none(), label=gettext_lazy("Partner"), widget=forms.RadioSelect, empty_label=None
    )
    how = forms.ChoiceField(label=gettext_lazy("How"))
    starts_on = DayField(label=gettext_lazy("Since"), required=False)

    def __init__(self, partner: Partner, found: QuerySet[Partner], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        offer(self, "to", found)
        ways = [
            *((f"{kind.value}>", f"{partner} {kind.label} …") for kind in Link.Kind),
            *(
                (f"{kind.value}<", f"… {kind.label} {partner}")
                for kind in Link.Kind
                if kind != Link.Kind.DELIVERS_WITH
            ),
        ]
        choose_from(self, "how", ways)

    def ends(self, partner: Partner) -> tuple[Partner, Partner, str]:
        """Which partner is which end, and the kind."""
        how, other = self.cleaned_data["how"], self.cleaned_data["to"]
        return (partner, other, how[:-1]) if how.endswith(">") else (other, partner, how[:-1])


class OwnerForm(PlainForm):
    """Who looks after it first of all."""

    owner = ColleagueField(
        label=gettext_lazy("Owner"),
        required=False,
        empty_label=gettext_lazy("Nobody (Unassigned)"),
    )


class AssignForm(PlainForm):
    """Who else looks after it, in which role."""

    user = ColleagueField(label=gettext_lazy("Who"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(role.value, role.label) for role in Role if role not in STEERING],
    )
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    region = forms.ModelChoiceField(
        Region.objects.filter(retired_at=None),
        label=gettext_lazy("Only for the region"),
        required=False,
        empty_label=gettext_lazy("All"),
    )


def nothing_found(q: str) -> str:
    """What to say where a search finds no partner."""
    return _("No partner matches “%(q)s”.") % {"q": q} if q else ""
