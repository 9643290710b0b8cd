"""What the pages of people and settings ask. Forms clean; verbs decide."""

import re
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext as _

from prm.forms import DayField, ManyField, offer
from prm.money import CurrencyField
from team import public_holidays, zones
from team.colleague_field import ColleagueField, ColleaguesField, offer_several
from team.models import Company, Grant, Region, Role, User, Vertical

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WINDOW = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})")


class ZoneField(forms.CharField):
    """A time zone by name; a script offers the names the browser knows while one types."""

    def __init__(self, **more: Any) -> None:
        known = {"list": "zones", "autocomplete": "off", "placeholder": "Europe/Berlin"}
        super().__init__(**{"max_length": 60, "widget": forms.TextInput(known), **more})

    def clean(self, value: Any) -> str:
        zone: str = super().clean(value)
        if zone and not zones.is_zone(zone):
            raise forms.ValidationError(
                _("“%(zone)s” is no time zone. Write it like Europe/Berlin."), params={"zone": zone}
            )
        return zone


class HoursField(forms.CharField):
    """Windows of a day written like "09:00–12:00, 13:00–17:00"; nothing means closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=120, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return hours_words(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        windows = [self._window(part.strip()) for part in typed.split(",") if part.strip()]
        return sorted(windows)

    def _window(self, part: str) -> list[str]:
        found = _WINDOW.fullmatch(part)
        if not found:
            raise forms.ValidationError(f"“{part}” is no time span. Write it like 09:00–17:00.")
        opens, closes = (f"{int(found[n]):02}:{found[n + 1]}" for n in (1, 3))
        for clock in (opens, closes):
            if clock > "24:00" or clock[3:] > "59":
                raise forms.ValidationError(f"{clock} is no time of day.")
        if closes <= opens:
            raise forms.ValidationError(f"{part}: the end must lie after the start. Midnight is 24:00.")
        return [opens, closes]


def hours_words(windows: list[list[str]]) -> str:
    """Windows as a person reads them: "09:00–12:00, 13:00–17:00"."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in windows)


class CompanyForm(forms.ModelForm):
    zone = ZoneField(label="Time zone", help_text="Working hours are read in it.")
    reporting_currency = CurrencyField(
        label="Reporting currency",
        help_text="Sums of several currencies are told in it too, at the rates kept under Settings › Rates.",
    )

    class Meta:
        model = Company
        fields = ("name", "zone", "fiscal_month", "reporting_currency", "reading", "figures")
        labels = {
            "name": "Company name",
            "reading": "Who reads what",
            "fiscal_month": "Fiscal year begins in",
            "figures": "Who sees the figures of one person",
        }
        help_texts = {
            "figures": "Others see five people or more together. Heads stand in where a lead is missing."
        }
        widgets = {"reading": forms.RadioSelect, "figures": forms.RadioSelect}


class WeekForm(forms.Form):
    """The hours of each weekday."""

    def __init__(self, *args: Any, weekly: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(WEEKDAYS):
            self.fields[str(day)] = HoursField(label=name, initial=(weekly or {}).get(str(day), []))

    @property
    def week(self) -> dict[int, Any]:
        return {int(day): windows for day, windows in self.cleaned_data.items()}


class CalendarDayForm(forms.Form):
    on = DayField(label="Day")
    label = forms.CharField(label="Name", max_length=80)
    hours = HoursField(label="Hours", help_text="Like 09:00–12:00. Empty: closed.")


class ClosureForm(forms.Form):
    first = DayField(label="First day closed")
    last = DayField(label="Last day closed")
    label = forms.CharField(label="Name", max_length=80)


class CalendarForm(forms.Form):
    """What a calendar is called and where its hours are read."""

    name = forms.CharField(label="Name", max_length=80)
    zone = ZoneField(label="Time zone")


class WorkersForm(forms.Form):
    """Who works by a calendar."""

    people = ColleaguesField(required=False, label="People")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_several(self, "people", people_choices())


class HolidaysForm(forms.Form):
    country = forms.ChoiceField(
        label="Country", choices=lambda: [("", "Choose…"), *public_holidays.countries()]
    )
    subdivision = forms.CharField(
        label="Region", max_length=10, required=False, help_text="Its code, like BY for Bavaria. Optional."
    )
    year = forms.IntegerField(label="From year", min_value=2000, max_value=2100)
    years = forms.IntegerField(
        label="For so many years",
        min_value=1,
        max_value=10,
        initial=2,
        help_text="Later years follow by themselves, two ahead.",
    )

    def clean_subdivision(self) -> str:
        return str(self.cleaned_data["subdivision"]).strip().upper()


class PasswordField(forms.CharField):
    """A new password."""

    def __init__(self) -> None:
        super().__init__(
            label="Password",
            strip=False,
            help_text="At least 10 characters. A few words in a row are easy to keep in mind.",
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )


class NewAccountForm(forms.Form):
    """Name, zone and password of somebody who joins; the e-mail is known, or a field."""

    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    zone = ZoneField(label="Your time zone")
    password = PasswordField()

    def __init__(self, *args: Any, known_email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_email = known_email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            about = User(email=cleaned.get("email", self.known_email), name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, about)
            except forms.ValidationError as refusal:
                self.add_error("password", refusal)
        return cleaned


def people_choices(without: User | None = None) -> Any:
    """The people with us, to choose from."""
    people = User.objects.current()
    return people.exclude(pk=without.pk) if without else people


class InviteForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail")
    roles = forms.MultipleChoiceField(label="Roles", choices=Role, widget=forms.CheckboxSelectMultiple)
    lead = ColleagueField(label="Reports to", required=False, empty_label="Nobody")


class RoleForm(forms.Form):
    """One role of a person: held or not, everywhere or narrowed."""

    held = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"}))
    regions = ManyField(label="Only in regions", queryset=Region.objects.all(), required=False)
    verticals = ManyField(label="Only in verticals", queryset=Vertical.objects.all(), required=False)

    def __init__(
        self, role: Role, grant: Grant | None, regions: Any, verticals: Any, data: Any = None
    ) -> None:
        initial: dict[str, Any] = {"held": grant is not None}
        if grant:
            initial |= {"regions": list(grant.regions.all()), "verticals": list(grant.verticals.all())}
        super().__init__(data, initial=initial, prefix=role.value)
        self.role, self.can_be_narrowed = role, role != Role.ADMIN
        self.fields["held"].label = role.label
        for name, entries in (("regions", regions), ("verticals", verticals)):
            offer(self, name, entries)


class LeadForm(forms.Form):
    lead = ColleagueField(label="Reports to", required=False, empty_label="Nobody")

    def __init__(self, person: User, data: Any = None) -> None:
        super().__init__(data, initial={"lead": person.lead})
        offer(self, "lead", people_choices(without=person))


class MeForm(forms.ModelForm):
    zone = ZoneField(label="Time zone", help_text="Times on every page are shown in it.")

    class Meta:
        model = User
        fields = ("name", "zone", "theme", "shortcuts")
        labels = {"name": "Name", "theme": "Colour theme", "shortcuts": "Single-key shortcuts"}
        help_texts = {"shortcuts": "Like L to log from anywhere. Press ? to see them all."}


class LeaveForm(forms.Form):
    starts_on = DayField(label="First day away")
    ends_on = DayField(label="Last day away")
    delegate = ColleagueField(label="Who stands in", required=False, empty_label="Nobody")

    told = forms.BooleanField(
        label="My partners have been told",
        required=False,
        help_text="Where nobody can cover, their clocks then stand still while you are away.",
    )

    def __init__(self, person: User, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "delegate", people_choices(without=person))


class EntryForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80)
