"""What other programs may say of partners, contacts and assignments, cleaned as the pages clean it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from partners.forms.fields import CountryField, NameField, ZoneField
from partners.forms.organisations import MOST_PEOPLE, DomainText
from partners.models import Contact, Partner, Programme, Source, Tier
from prm.api.fields import Among, AsInForm, Day, Named
from team.models import Region, Role, User, Vertical

MOST = 50  # entries of a list


def seen_partners(user: User) -> QuerySet[Partner]:
    return Partner.objects.visible_to(user).select_related("owner")


def colleagues(user: User) -> QuerySet[User]:
    return User.objects.current()


def contacts_there(user: User) -> QuerySet[Contact]:
    """The people of seen partners who are there now."""
    seen = Partner.objects.visible_to(user)
    return Contact.objects.current().filter(partner__in=seen).select_related("partner")


def texts(each: forms.Field, words: str = "") -> serializers.ListField:
    return serializers.ListField(child=AsInForm(each), max_length=MOST, required=False, help_text=words)


class PartnerChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    name = AsInForm(NameField(max_length=200))
    legal_name = AsInForm(NameField(max_length=200, required=False))
    website = AsInForm(forms.URLField(max_length=300, required=False, assume_scheme="https"))
    country = AsInForm(CountryField(), help_text="ISO 3166-1 alpha-2.")
    city = AsInForm(forms.CharField(max_length=120, required=False))
    zone = AsInForm(ZoneField(), help_text="Such as Europe/Berlin.")
    region = Named(lambda user: Region.objects.filter(retired_at=None), required=False, allow_null=True)
    verticals = serializers.ListField(
        child=Named(lambda user: Vertical.objects.filter(retired_at=None)), max_length=MOST, required=False
    )
    employees = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True)
    certifications = texts(forms.CharField(max_length=120))
    about = AsInForm(forms.CharField(max_length=10_000, required=False))
    source: Any = Named(lambda user: Source.objects.filter(retired_at=None), required=False, allow_null=True)
    source_detail = AsInForm(forms.CharField(max_length=200, required=False))
    owner = Among(colleagues, required=False, allow_null=True, help_text="Null: nobody, Unassigned.")
    domains = texts(DomainText(max_length=300), "Further ones, beside that of the website.")
    names = texts(NameField(max_length=200), "What it is also called.")
    do_not_contact = serializers.BooleanField(required=False)
    anyway = serializers.BooleanField(
        required=False, default=False, help_text="It looks like a partner that is known, and is another."
    )


class NewPartner(PartnerChange):
    """A new prospect. Without `owner` it is owned by whose token it is."""

    programme = Named(
        lambda user: Programme.objects.filter(retired_at=None),
        required=False,
        help_text="It joins it; its type is the programme's.",
    )
    tier = Among(lambda user: Tier.objects.filter(retired_at=None), required=False)


class ContactChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    name = AsInForm(NameField(max_length=120))
    title = AsInForm(forms.CharField(max_length=120, required=False))
    email = AsInForm(forms.EmailField(required=False))
    addresses = texts(forms.EmailField(), "Further e-mail addresses.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(Contact.Role.choices), max_length=MOST, required=False
    )
    zone = AsInForm(ZoneField())
    language = AsInForm(forms.CharField(max_length=10, required=False))
    phones = texts(forms.CharField(max_length=40))
    joined_on = Day(required=False, allow_null=True)
    do_not_contact = serializers.BooleanField(required=False)
    anyway = serializers.BooleanField(
        required=False, default=False, help_text="Somebody known has the address, and is another person."
    )


class NewContact(ContactChange):
    partner = Among(seen_partners)
    is_primary = serializers.BooleanField(required=False, default=False)


class Leaving(serializers.Serializer[Any]):
    on = Day()
    successor = Among(contacts_there, required=False, allow_null=True)


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class NewAssignment(serializers.Serializer[Any]):
    partner = Among(seen_partners)
    user = Among(colleagues)
    role = serializers.ChoiceField(Role.choices)
    region = Named(lambda user: Region.objects.filter(retired_at=None), required=False, allow_null=True)
    starts_on = Day(required=False)


class OnDay(serializers.Serializer[Any]):
    on = Day()
