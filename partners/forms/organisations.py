"""The form a partner is added and edited with."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import organisations, sources
from partners.forms.fields import CountryField, LinesField, ListField, NameField, ZoneField
from partners.models import Partner, Programme, Source, Tier
from prm.forms import ManyField, OnceForm, offer
from team.colleague_field import ColleagueField
from team.models import Region, User, Vertical

MOST_PEOPLE = 10_000_000
MOST_FOUND = 4
COLUMNS = (
    "name",
    "legal_name",
    "website",
    "country",
    "city",
    "zone",
    "region",
    "employees",
    "certifications",
    "about",
    "source",
    "source_detail",
)


class DomainText(forms.CharField):
    """An address or domain, cleaned to its registrable domain."""

    def clean(self, value: Any) -> str:
        domain = organisations.registrable_domain(super().clean(value))
        if not domain:
            raise forms.ValidationError(_("this is no domain like example.com"))
        return domain


class PartnerForm(OnceForm):
    """What we know of an organisation."""

    name = NameField(label=gettext_lazy("Name"), max_length=200)
    legal_name = NameField(label=gettext_lazy("Legal name"), max_length=200, required=False)
    website = forms.URLField(
        label=gettext_lazy("Website"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput({"inputmode": "url", "placeholder": "example.com"}),
        help_text=gettext_lazy("Its domain is how mail and duplicates are recognised."),
    )
    country = CountryField()
    city = forms.CharField(label=gettext_lazy("City"), max_length=120, required=False)
    zone = ZoneField()
    region = forms.ModelChoiceField(
        Region.objects.filter(retired_at=None),
        label=gettext_lazy("Region"),
        required=False,
        empty_label="—",
    )
    verticals = ManyField(
        Vertical.objects.filter(retired_at=None),
        label=gettext_lazy("Verticals"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    employees = forms.IntegerField(
        label=gettext_lazy("Employees"), min_value=0, max_value=MOST_PEOPLE, required=False
    )
    certifications = ListField(
        label=gettext_lazy("Certifications"), help_text=gettext_lazy("With commas between.")
    )
    about = forms.CharField(
        label=gettext_lazy("About"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 4})
    )
    source = forms.ModelChoiceField(
        Source.objects.filter(retired_at=None),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("Not known"),
    )
    source_detail = forms.CharField(
        label=gettext_lazy("Which one"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The event, the list or the person."),
    )
    anyway = forms.BooleanField(label=gettext_lazy("It is another firm: save it anyway"), required=False)
    SOURCE: ClassVar[tuple[str, ...]] = ("source", "source_detail")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.parts())

    def parts(self) -> list[Any]:
        return [
            HTML("{% include 'partners/looks_like.html' %}"),
            "once",
            Fieldset(_("Who they are"), Div("name", "legal_name", "website", css_class="form-grid")),
            Fieldset(_("Where they are"), Div("country", "city", "zone", "region", css_class="form-grid")),
            Fieldset(
                _("What they do"),
                Div("verticals", Div("employees", "certifications"), css_class="form-grid"),
                "about",
            ),
            Fieldset(_("By what they came"), Div(*self.SOURCE, css_class="form-grid")),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """What the verb is given."""
        return {name: self.cleaned_data[name] for name in (*COLUMNS, "verticals")}

    def clean(self) -> dict[str, Any]:
        """A list that was left as it was shown is what it was, whatever its texts hold."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(field, ListField) and name in self.initial and name not in self.changed_data:
                cleaned[name] = self.initial[name]
        return cleaned

    @property
    def newly_told(self) -> tuple[str, list[str]]:
        """The name ("" where it stays) and the domains not known before: by them it may look like another."""
        facts, changed = self.cleaned_data, self.changed_data
        domains = [domain for domain in facts.get("domains", ()) if domain not in self.initial["domains"]]
        if "website" in changed and (domain := organisations.own_domain(facts["website"])):
            domains.append(domain)
        return facts["name"] if "name" in changed else "", domains


class NewPartnerForm(PartnerForm):
    """The form of a new partner: also its programme, its owner and who referred it."""

    SOURCE = ("source", "source_detail", "referred_by")
    referred_by = forms.CharField(
        label=gettext_lazy("Referred by the partner"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Its name, where one of our partners sent them."),
    )

    place = forms.ChoiceField(label=gettext_lazy("Programme and tier"), required=False)
    owner = ColleagueField(
        label=gettext_lazy("Owner"),
        required=False,
        empty_label=gettext_lazy("Unassigned"),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["anyway"].label = _("It is another firm: add it anyway")
        self.fields["place"] = forms.ChoiceField(
            label=_("Programme and tier"), required=False, choices=places()
        )

    def parts(self) -> list[Any]:
        ours = Fieldset(_("With us"), Div("place", "owner", css_class="form-grid"))
        return [*super().parts(), ours]

    def clean_referred_by(self) -> Partner | None:
        return (
            called(self.cleaned_data["referred_by"], self.user) if self.cleaned_data["referred_by"] else None
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Whom a partner referred, came by that, unless something else is said."""
        facts = super().facts
        if self.cleaned_data["referred_by"] and not facts["source"]:
            facts["source"] = sources.known(sources.PARTNER)
        return facts

    @property
    def programme_and_tier(self) -> tuple[Programme | None, Tier | None]:
        return chosen(self.cleaned_data.get("place") or "")


class EditPartnerForm(PartnerForm):
    """The form of a partner we know: also its further names and domains, and whether it may be written to."""

    names = LinesField(
        NameField(max_length=200),
        label=gettext_lazy("Also known as"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("One a line. A former name is kept here by itself."),
    )
    domains = LinesField(
        DomainText(max_length=300),
        label=gettext_lazy("Other domains"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "One a line. Mail from them is theirs, too. A former domain is kept here by itself."
        ),
    )

    do_not_contact = forms.BooleanField(
        label=gettext_lazy("Do not contact"),
        required=False,
        help_text=gettext_lazy("No outreach and no surveys; who writes by hand is warned."),
    )

    def parts(self) -> list[Any]:
        also = Fieldset(_("Other names and domains"), Div("names", "domains", css_class="form-grid"))
        alike, once, who, *rest = super().parts()
        return [alike, once, who, also, *rest, "do_not_contact"]

    @property
    def facts(self) -> dict[str, Any]:
        more = {name: self.cleaned_data[name] for name in ("names", "domains", "do_not_contact")}
        return super().facts | more

    @classmethod
    def of(cls, partner: Partner, data: Any = None) -> EditPartnerForm:
        main = {partner.name, partner.legal_name, partner.domain}
        initial = {name: getattr(partner, name) for name in COLUMNS} | {
            "verticals": partner.verticals.all(),
            "do_not_contact": partner.do_not_contact,
            "names": [n.name for n in partner.names.order_by("pk") if n.name not in main],
            "domains": [d.domain for d in partner.domains.order_by("pk") if d.domain not in main],
        }
        form = cls(data, initial=initial)
        active = Q(retired_at=None)
        kept = {  # what it has stays choosable, retired or not
            "region": Region.objects.filter(active | Q(pk=partner.region_id)),
            "verticals": Vertical.objects.filter(active | Q(partners=partner)).distinct(),
            "source": Source.objects.filter(active | Q(pk=partner.source_id)),
        }
        for name, rows in kept.items():
            offer(form, name, rows)
        return form


def called(name: str, user: User) -> Partner:
    """The partner this name or domain finds among those the person may read."""
    seen = Partner.objects.visible_to(user)
    for found in (seen.filter(name__iexact=name), seen.found_by(name)):
        first = list(found.order_by("sort_name", "pk")[:MOST_FOUND])
        if len(first) == 1:
            return first[0]
        if first:
            names = ", ".join(map(str, first))
            raise forms.ValidationError(_("Several could be meant: %(names)s."), params={"names": names})
    raise forms.ValidationError(_("No partner is called so."))


def places(but: frozenset[int] = frozenset()) -> list[Any]:
    """Programmes and their tiers as one list of choices; those of `but` are left out."""
    programmes = Programme.objects.filter(retired_at=None).exclude(pk__in=but)
    found: list[Any] = [("", "—")]
    for programme in programmes.prefetch_related("tiers"):
        tiers = [tier for tier in programme.tiers.all() if tier.retired_at is None]
        options = [(f"{programme.pk}-", _("no tier yet"))]
        options += [(f"{programme.pk}-{tier.pk}", tier.name) for tier in tiers]
        found.append((programme.name, options))
    return found


def chosen(place: str) -> tuple[Programme | None, Tier | None]:
    """The programme and tier behind one choice of `places`."""
    programme, _, tier = place.partition("-")
    if not programme:
        return None, None
    return Programme.objects.get(pk=programme), Tier.objects.get(pk=tier) if tier else None
