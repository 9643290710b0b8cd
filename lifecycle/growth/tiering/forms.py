"""The shape of what is typed about tiers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lifecycle.growth.tiering import criteria, editing
from lifecycle.growth.tiering.models import Benefit, OwnMeasure
from partners.models import Contact, Membership, Partner, Programme, Tier
from prm import clock, money
from prm.forms import DayField, OnceForm, choose_from, offer

WORDS = forms.Textarea({"rows": 3})


class RequirementForm(forms.Form):
    """A tier wants at least so much of a criterion."""

    tier = forms.ModelChoiceField(Tier.objects.none(), label=_("Tier"), empty_label=None)
    criterion = forms.ChoiceField(label=_("Criterion"))
    wanted = money.AmountField(label=_("At least"), help_text=_("A number; for revenue an amount."))
    currency = money.CurrencyField(
        initial="EUR", help_text=_("For revenue: only deals in this currency count, none is converted.")
    )
    months = forms.IntegerField(
        label=_("In how many months"),
        min_value=1,
        max_value=60,
        initial=12,
        help_text=_("For what is counted over time."),
    )

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        super().__init__(data)
        self.known = criteria.offered()
        offer(self, "tier", programme.tiers.filter(retired_at=None))
        choose_from(self, "criterion", [(key, each.name) for key, each in self.known.items()])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        criterion = self.known.get(cleaned.get("criterion", ""))
        if criterion is None:
            return cleaned
        if not criterion.is_money:
            cleaned["currency"] = ""
            cleaned["wanted"] = self._number(cleaned.get("wanted"))
        else:
            cleaned["wanted"] = money.read_into(self, "wanted", "currency")
        if cleaned["wanted"] == 0:
            self.add_error("wanted", _("At least 1: a tier that wants nothing needs no requirement."))
        if not criterion.has_window:
            cleaned["months"] = None
        return cleaned

    def _number(self, typed: str | None) -> int | None:
        if not typed:
            return None
        if not typed.isascii() or not typed.isdigit() or int(typed) > editing.LARGEST:
            self.add_error("wanted", _("Write a whole number, such as 3."))
            return None
        return int(typed)


class NoticeDaysForm(forms.Form):
    days = forms.IntegerField(label=_("Days of notice before a tier goes down"), min_value=1, max_value=730)


class PublishForm(forms.Form):
    """Why the rules are so; `seen` is the draft whose effect was looked at."""

    why = forms.CharField(
        label=_("Why"), max_length=2000, widget=WORDS, help_text=_("Colleagues read it beside the version.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class BenefitForm(forms.Form):
    """Something a tier gives."""

    tier = forms.ModelChoiceField(Tier.objects.none(), label=_("Tier"), empty_label=None)
    text = forms.CharField(label=_("What they get"), max_length=300)
    within_days = forms.IntegerField(label=_("Within how many days"), min_value=0, max_value=365, initial=30)
    repeats = forms.ChoiceField(label=_("How often"), choices=Benefit.Repeats)

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        super().__init__(data, prefix="benefit")
        offer(self, "tier", programme.tiers.filter(retired_at=None))


class ProposeForm(OnceForm):
    """Another tier for a membership, and why."""

    to = forms.ModelChoiceField(Tier.objects.none(), label=_("Tier"), empty_label=None)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=WORDS,
        help_text=_("A head decides by it. Where it goes down, the draft to the partner says it, too."),
    )

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        super().__init__(data)
        others = membership.programme.tiers.filter(retired_at=None).exclude(pk=membership.tier_id or 0)
        offer(self, "to", others)


class RecordForm(OnceForm):
    """A number of our own, as of a day."""

    measure = forms.ModelChoiceField(
        OwnMeasure.objects.filter(retired_at=None), label=_("What"), empty_label=None
    )
    value = forms.IntegerField(label=_("Number"), min_value=0, max_value=editing.LARGEST)
    on = DayField(label=_("As of"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate(clock.now()):
            raise forms.ValidationError(_("This day has not come yet."))
        return on


class TellForm(OnceForm):
    """A message to the partner; a notice says until when the tier holds."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("To"), empty_label=None)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    body = forms.CharField(label=_("Message"), max_length=20000, widget=forms.Textarea({"rows": 14}))
    until = DayField(label=_("Its tier holds until"))

    def __init__(self, data: Any = None, *, partner: Partner, is_notice: bool, **more: Any) -> None:
        super().__init__(data, **more)
        offer(
            self,
            "contact",
            Contact.objects.current().filter(partner=partner).order_by("-is_primary", "name", "pk"),
        )
        if not is_notice:
            del self.fields["until"]
