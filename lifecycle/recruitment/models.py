"""Agreements: their versions, and the names both sides put to them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from lifecycle.growth.models import Product
from lifecycle.recruitment import terms
from lifecycle.recruitment.terms import Terms
from partners.models import Contact, Partner, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: User | Reader) -> AgreementQuerySet:
        """Agreements of partners this person may read: that they exist. Their terms are another question
        ("read confidential")."""
        return self.filter(seen_by(user))

    def in_force(self) -> AgreementQuerySet:
        return self.filter(state=Agreement.State.SIGNED)


class Agreement(models.Model):
    """A contract with a partner. Its terms stand in its versions; the current one is the last."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        SIGNED = "signed", "Signed"
        ENDED = "ended", "Ended"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="agreements")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    version = models.OneToOneField(
        "AgreementVersion", on_delete=models.PROTECT, null=True, related_name="+", help_text="The newest one."
    )
    sent_to = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True, help_text="Its last day; empty, it has none.")
    notice_on = models.DateField(null=True, help_text="The last day for notice, where it renews by itself.")
    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewed_by")
    signed_file = models.FileField(upload_to="agreements/%Y/", blank=True)
    signed_file_name = models.CharField(max_length=200, blank=True)
    next_check_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_on__isnull=False, starts_on__isnull=False),
                name="a_signed_agreement_has_its_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_on__isnull=False) & ~Q(ended_reason="")),
                name="an_ended_agreement_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "state"], name="agreements_of_a_partner"),
            models.Index(fields=["state", "ends_on", "id"], name="agreements_by_their_end"),
            models.Index(fields=["ends_on", "id"], name="all_agreements_by_their_end"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="agreements_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"Agreement with {self.partner}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:agreement", self.pk)

    @property
    def current(self) -> AgreementVersion:
        """Its newest version, in force once it is signed."""
        assert self.version is not None  # an agreement is made with its first version
        return self.version

    @property
    def is_open(self) -> bool:
        """Whether its terms may still change."""
        return self.state in {self.State.DRAFT, self.State.SENT}


class AgreementVersion(models.Model):
    """The terms as they were drafted once. What was sent is never changed: the next version is a row more."""

    class Kind(models.TextChoices):
        RESELLER = "reseller", "Reseller agreement"
        DISTRIBUTION = "distribution", "Distribution agreement"
        REFERRAL = "referral", "Referral agreement"
        SERVICES = "services", "Services agreement"
        TECHNOLOGY = "technology", "Technology agreement"
        NDA = "nda", "Non-disclosure agreement"
        OTHER = "other", "Other agreement"

    class Renewal(models.TextChoices):
        NONE = "none", "It ends with its term"
        AGREED = "agreed", "By agreement of both"
        AUTOMATIC = "automatic", "By itself, unless notice is given"

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.RESELLER)
    territory = models.JSONField(default=list, blank=True, help_text="ISO countries; none is everywhere.")
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    is_exclusive = models.BooleanField(default=False)
    margin = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    commission = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    renewal = models.CharField(max_length=9, choices=Renewal, default=Renewal.NONE)
    renewal_months = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(blank=True)
    file = models.FileField(upload_to="agreements/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 over the terms and the file.")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="versions_of_agreements_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.number}"

    @property
    def terms(self) -> Terms:
        """Its columns as one value. One query for its products, unless they were fetched."""
        return Terms(
            kind=self.kind,
            territory=tuple(self.territory),
            products=tuple(sorted(product.name for product in self.products.all())),
            is_exclusive=self.is_exclusive,
            margin=self.margin,
            commission=self.commission,
            starts_on=self.starts_on,
            term_months=self.term_months,
            renewal=self.renewal,
            renewal_months=self.renewal_months,
            notice_days=self.notice_days,
            words=self.words,
        )

    @property
    def said(self) -> list[tuple[str, str]]:
        return terms.said(self.terms, KINDS)

    def last_day_from(self, starts_on: date) -> date | None:
        return terms.last_day(starts_on, self.term_months)


KINDS: dict[str, str] = {kind.value: str(kind.label) for kind in AgreementVersion.Kind}


class Signature(models.Model):
    """A name that one side put to a version."""

    class Side(models.TextChoices):
        OURS = "ours", "Ours"
        THEIRS = "theirs", "Theirs"

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=6, choices=Side)
    name = models.CharField(max_length=120, help_text="As it was typed.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, help_text="Of the machine it was typed on.")
    fingerprint = models.CharField(max_length=64, help_text="Of what was signed.")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="one_signature_per_side"),
            models.CheckConstraint(condition=~Q(name=""), name="a_signature_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%-d %B %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A signature is written once."""
        if self.pk is not None:
            raise TypeError("A signature is never changed.")
        super().save(*args, **kwargs)
