"""The shape of what is asked about plans and their templates. Rules are the verbs'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.meetings.calling import Wanted
from conversations.promise_fields import PromiseFields
from lifecycle.models import FirstEventRule, Plan, PlanTemplate, Product, Side, TemplateTask
from lifecycle.onboarding import kick_offs
from lifecycle.onboarding.models import LONGEST, ROLES, WANTED
from partners.forms.fields import NameField
from partners.models import Contact, Partner, PartnerType
from prm.forms import DayField, ManyField, OnceForm, choose_from, offer
from team.colleague_field import ColleaguesField, offer_several
from team.models import User


class TemplateForm(forms.Form):
    """What a template is called, and whom and what it is for."""

    name = NameField(label=_("Name"), max_length=100)
    kind = forms.ModelChoiceField(
        PartnerType.objects.filter(retired_at=None),
        label=_("For partners of type"),
        required=False,
        empty_label=_("all types"),
    )
    product = forms.ModelChoiceField(
        Product.objects.filter(retired_at=None),
        label=_("Checklist of the product"),
        required=False,
        empty_label=_("none: a plan of onboarding"),
        help_text=_("Integrations of the product begin with it."),
    )

    def __init__(self, *args: Any, template: PlanTemplate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template is not None:
            offer(self, "product", Product.objects.filter(Q(retired_at=None) | Q(pk=template.product_id)))


class TemplateTaskForm(forms.Form):
    """A task of a template."""

    text = forms.CharField(label=_("Task"), max_length=300)
    side = forms.ChoiceField(label=_("Whose"), choices=Side.choices, initial=Side.OURS)
    role = forms.ChoiceField(
        label=_("Who does it"),
        required=False,
        help_text=_("Whoever has this role with the partner when the plan is made; nobody has: the owner."),
    )
    offset_days = forms.IntegerField(
        label=_("Due after working days"),
        min_value=0,
        max_value=LONGEST,
        help_text=_("Counted from the start of the plan; 0 is its first day."),
    )
    waits_for = forms.MultipleChoiceField(
        label=_("Comes after"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_required = forms.BooleanField(
        label=_("Required"),
        required=False,
        help_text=_("Growth waits for it while it is open; of a product’s checklist, going live does."),
    )
    needs_approval = forms.BooleanField(
        label=_("Needs our approval"),
        required=False,
        help_text=_("Of theirs only: done by them, it waits for our yes."),
    )
    evidence = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        choices=[("", _("none")), *WANTED],
        help_text=_("Recorded once it is done; they are asked for a note or a file."),
    )

    def __init__(self, *args: Any, others: Iterable[TemplateTask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "waits_for", [(str(task.key), task.text) for task in others])
        groups = [
            (f"{Side(side).label}:", [(f"{side}:{role}", words) for role, words in roles.items()])
            for side, roles in ROLES.items()
        ]
        choose_from(self, "role", [("", _("The owner, or anybody of theirs")), *groups])

    def clean(self) -> dict[str, Any]:
        """Both sides have roles of the same name: which is meant has to fit whose the task is."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        side, _colon, role = cleaned.get("role", "").rpartition(":")
        if role and side != cleaned.get("side"):
            self.add_error("role", _("Choose a role of the side that does it."))
        cleaned["role"] = role
        return cleaned


class MakePlanForm(OnceForm):
    """From which template, and from which day on."""

    template = forms.ModelChoiceField(PlanTemplate.objects.none(), label=_("Template"), empty_label=None)
    starts_on = DayField(label=_("Starts on"), help_text=_("Due days are working days of ours after it."))

    def __init__(self, *args: Any, templates: list[PlanTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = offer(self, "template", PlanTemplate.objects.filter(pk__in=[t.pk for t in templates]))
        choices.choices = [(template.pk, str(template)) for template in templates]


class StartForm(forms.Form):
    """From which day on the plan runs."""

    starts_on = DayField(label=_("Starts on"))


class OfferForm(forms.Form):
    """Which plans take a change over, and which version of the template was shown."""

    version = forms.IntegerField(min_value=1)
    plans = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, plans: Iterable[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "plans", [(plan.pk, str(plan)) for plan in plans])

    @property
    def seen(self) -> int:
        """The number of the version; 0 where none can be read."""
        return self.cleaned_data.get("version", 0) if self.is_valid() else 0

    @property
    def ticked(self) -> set[int]:
        return set(self.cleaned_data["plans"]) if self.is_valid() else set()


class KickOffForm(OnceForm):
    """When, where, about what and with whom."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=720, initial=60)
    place = forms.CharField(
        label=_("Place"), max_length=300, required=False, help_text=_("A room, or the address of the call.")
    )
    contacts = ManyField(
        Contact.objects.none(),
        label=_("Of theirs"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who has an e-mail address and wants mail."),
    )
    colleagues = ColleaguesField(label=_("Of us, beside you"), required=False)
    agenda = forms.CharField(
        label=_("Agenda"), max_length=5000, required=False, widget=forms.Textarea({"rows": 6})
    )

    def __init__(self, *args: Any, partner: Partner, organiser: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["starts_at"].help_text = gettext("In your time zone, {zone}.").format(zone=zone)
        people = kick_offs.askable(partner)
        if not people.exists():
            self.fields["contacts"].help_text = gettext(
                "Nobody there has an e-mail address and wants mail: add somebody there first."
            )
        self._offer("contacts", people)
        offer_several(self, "colleagues", User.objects.current().exclude(pk=organiser.pk))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rows

    @property
    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(
            said["starts_at"],
            said["starts_at"] + timedelta(minutes=said["minutes"]),
            tuple(said["contacts"]),
            tuple(said["colleagues"]),
            said["place"],
            said["agenda"],
        )


class HeldForm(OnceForm, PromiseFields):
    """What was said, who reads it, and what was promised."""

    promises_heading = "Something was promised there"

    minutes = forms.CharField(label=_("Minutes"), max_length=20_000, widget=forms.Textarea({"rows": 8}))
    shared = forms.BooleanField(label=_("The partner sees the minutes, too"), required=False, initial=True)


class FirstEventForm(forms.Form):
    """Which event is looked for, of which type."""

    kind = forms.ModelChoiceField(
        PartnerType.objects.filter(retired_at=None),
        label=_("Type"),
        required=False,
        empty_label=_("all types"),
    )
    what = forms.ChoiceField(label=_("First commercial event"), choices=FirstEventRule.What.choices)
