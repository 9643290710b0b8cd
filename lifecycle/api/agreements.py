"""Agreements: drafted, changed, sent, signed, renewed, ended. Few read their terms, and that is kept."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lifecycle.api import rows
from lifecycle.models import Agreement, AgreementVersion, Product, Signature
from lifecycle.recruitment import agreements
from lifecycle.recruitment.forms import MOST_DAYS, MOST_MONTHS, CountryText
from lifecycle.recruitment.terms import Terms
from partners.api.inputs import Reason, contacts_there, seen_partners
from prm import clock, downloads
from prm.api.fields import Among, AsInForm, Day, Named, Upload
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Changes, Makes, Reads, Typed, file_of, step
from prm.paging import Order
from team.addresses import address_of
from team.api.permits import permitted, permitted_towards

CHANGE = "change agreement"
WITH = ("partner__owner", "version")
OF_VERSION = ("file_name", "fingerprint", "sent_at")


def percent(words: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
        required=False,
        allow_null=True,
        help_text=words,
    )


class TermsChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    kind = serializers.ChoiceField(AgreementVersion.Kind.choices)
    territory = serializers.ListField(
        child=AsInForm(CountryText(max_length=60)),
        max_length=250,
        required=False,
        help_text="ISO 3166-1 alpha-2; empty: everywhere.",
    )
    products = serializers.ListField(
        child=Named(lambda user: Product.objects.filter(retired_at=None)),
        max_length=200,
        required=False,
        help_text="Empty: all of them.",
    )
    is_exclusive = serializers.BooleanField(required=False)
    margin = percent("In per cent: what a reseller buys below list price.")
    commission = percent("In per cent: what a referral earns of the amount.")
    starts_on = Day(required=False, allow_null=True, help_text="Null: on the day it is signed.")
    term_months = serializers.IntegerField(
        min_value=1, max_value=MOST_MONTHS, required=False, allow_null=True, help_text="Null: until it ends."
    )
    renewal = serializers.ChoiceField(AgreementVersion.Renewal.choices, required=False)
    renewal_months = serializers.IntegerField(
        min_value=1, max_value=MOST_MONTHS, required=False, allow_null=True, help_text="Null: as the term."
    )
    notice_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS, required=False)
    words = serializers.CharField(
        max_length=20_000, required=False, allow_blank=True, help_text="Further terms."
    )
    file = Upload(required=False, help_text="The contract as you want it signed: PDF or office file; 10 MB.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "territory" in asked:
            asked["territory"] = tuple(dict.fromkeys(asked["territory"]))
        if "products" in asked:
            asked["products"] = tuple(sorted({product.name for product in asked["products"]}))
        if "words" in asked:
            asked["words"] = "\n".join(asked["words"].splitlines())
        return asked


class NewAgreement(TermsChange):
    partner = Among(seen_partners)


class Sending(serializers.Serializer[Any]):
    to = Among(contacts_there, help_text="Who there signs it.")
    anyway = serializers.BooleanField(
        required=False, default=False, help_text="It collides with an exclusive agreement; send it still."
    )


class OurName(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, help_text="The full name of whose token it is.")
    authorised = serializers.BooleanField(help_text="True: the terms are read, and it may sign for us.")

    def validate_authorised(self, given: bool) -> bool:
        if not given:
            raise serializers.ValidationError("Only who has read the terms and may sign for us signs.")
        return given


class Elsewhere(serializers.Serializer[Any]):
    on = Day(help_text="The day the second side signed.")
    file = Upload(help_text="The signed file: PDF, picture or office file; 10 MB.")


class Ending(Reason):
    on = Day(help_text="Its last day. To come: notice is given, and it holds until then.")


class SignatureRow(serializers.Serializer[Any]):
    side = serializers.ChoiceField(Signature.Side.choices)
    name = serializers.CharField()
    at = serializers.DateTimeField()


class TermsRow(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(AgreementVersion.Kind.choices)
    territory = serializers.ListField(child=serializers.CharField(), help_text="Empty: everywhere.")
    products = serializers.ListField(child=serializers.CharField(), help_text="Empty: all of them.")
    is_exclusive = serializers.BooleanField()
    margin = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    commission = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    term_months = serializers.IntegerField(allow_null=True)
    renewal = serializers.ChoiceField(AgreementVersion.Renewal.choices)
    renewal_months = serializers.IntegerField(allow_null=True)
    notice_days = serializers.IntegerField()
    words = serializers.CharField()
    file_name = serializers.CharField(help_text="Empty where there is no file.")
    fingerprint = serializers.CharField(help_text="SHA-256 of terms and file.")
    sent_at = serializers.DateTimeField(allow_null=True)
    signatures = SignatureRow(many=True)


class Agreements(Reads, Makes, Changes):
    noun, words = (
        "agreements",
        "Contracts with partners and their days. Few read the terms, and it is kept.",
    )
    model, row, new, changed = Agreement, rows.AgreementRow, NewAgreement, TermsChange
    parser_classes = WITH_FILES
    filterset_class = filters(Agreement, keys=["partner"], choices=["state"], days=["ends_on", "signed_on"])
    sorts = USUAL_SORTS | {"ends_on": Order("ends_on"), "signed_on": Order("signed_on")}

    def seen(self) -> QuerySet[Agreement]:
        return Agreement.objects.visible_to(self.user)

    may_make = permitted_towards(CHANGE, "partner")

    def make(self, typed: Typed) -> Agreement:
        partner, file = typed.pop("partner"), typed.pop("file", None)
        return agreements.draft(partner, Terms(**typed), self.user, clock.now(), file=file)

    may_change = permitted(CHANGE)

    def change(self, thing: Agreement, typed: Typed) -> None:
        """Other terms: the next version where it was sent already, and nobody has signed that."""
        file = typed.pop("file", None)
        wanted = replace(thing.current.terms, **typed)
        agreements.revise(thing, wanted, self.user, clock.now(), file=file)

    @extend_schema(responses=TermsRow)
    @action(detail=True, url_name="terms")
    def terms(self, request: Request, pk: str) -> Response:
        """What is agreed, as of the newest version. That it was read is kept in the history."""
        found = self.thing(pk, *WITH)
        agreements.must_be_readable(found, self.user)
        agreements.was_read(found, self.user, clock.now())
        version, told = found.current, found.current.terms
        facts = asdict(told) | {name: getattr(version, name) for name in OF_VERSION}
        signed = version.signatures.order_by("pk")
        return Response(TermsRow({"version": version.number, "signatures": signed, **facts}).data)

    @step(permitted(CHANGE), Sending, related=WITH)
    def send(self, thing: Agreement, typed: Typed) -> None:
        """Send the newest version to a contact, who signs it under a signed address."""
        agreements.send(thing, typed["to"], self.user, clock.now(), anyway=typed["anyway"])

    @step(permitted(CHANGE), OurName, related=WITH)
    def sign(self, thing: Agreement, typed: Typed) -> None:
        """Sign what was sent for our side. The second side's name puts it in force."""
        side, address = Signature.Side.OURS, address_of(self.request)
        agreements.sign(thing.current, side, typed["name"], self.user, clock.now(), address)

    @step(permitted(CHANGE), Elsewhere, name="signed-elsewhere", related=WITH)
    def signed_elsewhere(self, thing: Agreement, typed: Typed) -> None:
        """It was signed by both on paper or with another service: the signed file is kept."""
        agreements.signed_elsewhere(thing, typed["file"], typed["on"], self.user, clock.now())

    @step(permitted(CHANGE), related=WITH)
    def renew(self, thing: Agreement, typed: Typed) -> Agreement:
        """A new draft with its terms, to begin on the day after its last, which answers."""
        return agreements.renew(thing, self.user, clock.now())

    @step(permitted(CHANGE), Ending, related=WITH)
    def end(self, thing: Agreement, typed: Typed) -> None:
        """End it: at once, or with notice on a day to come. A draft or what was sent is taken back."""
        agreements.end(thing, typed["on"], typed["reason"], self.user, clock.now())

    def _opened(self, thing: Agreement) -> FileResponse:
        found = self.thing(thing.pk, *WITH)
        agreements.must_be_readable(found, self.user)
        file, name = found.signed_file, found.signed_file_name
        if not file:
            file, name = found.current.file, found.current.file_name
        if not file:
            raise Http404(_("There is no file."))
        agreements.was_read(found, self.user, clock.now())
        return downloads.of(file, name)

    file = file_of("What was signed elsewhere, else the file of the newest version. That is kept.", _opened)
