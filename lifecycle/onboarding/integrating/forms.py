"""The shape of what is asked about integrations. Rules are the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.models import Environment, Integration, Obstacle, PlanTemplate, Side
from lifecycle.onboarding.integrating import integrations
from lifecycle.onboarding.integrating.integrations import Wanted
from partners.forms.fields import NameField
from partners.models import Contact, Partner
from prm.forms import DayField, OnceForm, offer
from team.colleague_field import ColleagueField

NO_SECRETS = _("Nothing secret is kept here: no passwords, no keys. Write down where they are.")


def _words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea({"rows": 3}), **more)


class IntegrationForm(OnceForm):
    """Who looks after it on both sides, until when, and what it does."""

    our_contact = ColleagueField(
        label=_("Technical contact of ours"),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("The tasks of ours are this person’s."),
    )
    their_contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Technical contact of theirs"),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("Contacts with the technical role are offered."),
    )
    target_on = DayField(label=_("Meant to be live by"), required=False)
    about = _words(_("What it does"), required=False, help_text=NO_SECRETS)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [person.pk for person in integrations.technical(partner)]
        offer(self, "their_contact", Contact.objects.filter(pk__in=found))

    @property
    def wanted(self) -> Wanted:
        return Wanted(**{name: self.cleaned_data[name] for name in integrations.AHEAD})


class BeginForm(IntegrationForm):
    """With which checklist it begins, and when."""

    checklist = forms.ModelChoiceField(PlanTemplate.objects.none(), label=_("Checklist"), empty_label=None)
    starts_on = DayField(label=_("Starts on"), help_text=_("Due days are working days of ours after it."))
    field_order = ("checklist", "our_contact", "their_contact", "starts_on", "target_on", "about")

    def __init__(self, *args: Any, checklists: list[PlanTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = PlanTemplate.objects.filter(pk__in=[each.pk for each in checklists])
        choices = offer(self, "checklist", rows.select_related("product"))
        choices.choices = [(each.pk, f"{each.product}: {each}") for each in checklists]


class LiveForm(forms.Form):
    """Since when it is live."""

    on = DayField(label=_("Live since"))


class EnvironmentForm(OnceForm):
    """A place where it runs or is tried."""

    kind = forms.ChoiceField(label=_("What"), choices=Environment.Kind.choices)
    name = NameField(label=_("Name"), max_length=100)
    address = forms.URLField(
        label=_("Address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Without a password or key in it."),
    )
    host = forms.ChoiceField(label=_("Hosted by"), choices=[(Side.OURS, _("us")), (Side.THEIRS, _("them"))])
    note = forms.CharField(
        label=_("Region, version, limits"), max_length=300, required=False, help_text=NO_SECRETS
    )
    state = forms.ChoiceField(label=_("State"), choices=Environment.State.choices)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class ObstacleOwnerForm(OnceForm):
    """Who solves it, and whether going live waits for it."""

    side = forms.ChoiceField(label=_("Solved by"), choices=[(Side.OURS, _("us")), (Side.THEIRS, _("them"))])
    owner = ColleagueField(
        label=_("Of us"),
        required=False,
        empty_label=_("the technical contact"),
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Of them"),
        required=False,
        empty_label=_("the technical contact"),
    )
    is_blocking = forms.BooleanField(label=_("Going live waits for it"), required=False)

    def __init__(self, *args: Any, integration: Integration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", Contact.objects.current().filter(partner=integration.partner_id))

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class ObstacleForm(ObstacleOwnerForm):
    """What is in the way."""

    text = _words(_("What is in the way"), help_text=_("The partner reads it in the portal. No secrets."))
    field_order = ("text",)


class SolveForm(OnceForm):
    """How it was solved."""

    resolution = _words(_("Resolution"), help_text=_("The partner reads it in the portal. No secrets."))


def first_of(obstacle: Obstacle) -> dict[str, Any]:
    return {name: getattr(obstacle, name) for name in ("side", "owner", "contact", "is_blocking")}
