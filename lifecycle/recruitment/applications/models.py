"""Application forms with their questions, and what was answered to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.models import Contact, Partner, Programme, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader
from team.roles import may


class ApplicationFormQuerySet(models.QuerySet["ApplicationForm"]):
    def visible_to(self, user: User) -> ApplicationFormQuerySet:
        """Who keeps forms sees all; anybody else of ours, those that are open."""
        if may(user, "edit application forms"):
            return self.all()
        return self.filter(is_open=True) if user.roles else self.none()


class ApplicationForm(models.Model):
    """A public form at an address of its own. Closed, it takes nothing and says so."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    intro = models.TextField(blank=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who looks after those that apply.",
    )
    is_open = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ApplicationFormQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:application_form", self.pk)


class ApplicationQuestion(models.Model):
    """One question of a form. `maps_to` says where its answer goes: "field:city", "criterion:reach", or
    nowhere."""

    class Kind(models.TextChoices):
        TEXT = "text", "One line"
        LONG = "long", "Several lines"
        NUMBER = "number", "Number"
        CHOICE = "choice", "One of several"
        CHOICES = "choices", "Some of several"
        YES_NO = "yes_no", "Yes or no"
        COUNTRY = "country", "Country"
        URL = "url", "Web address"
        EMAIL = "email", "E-mail address"

    form = models.ForeignKey(ApplicationForm, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=300)
    help = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    choices = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(default=False)
    maps_to = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "maps_to"], condition=~Q(maps_to=""), name="one_question_per_place"
            )
        ]

    def __str__(self) -> str:
        return self.words


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User | Reader) -> ApplicationQuerySet:
        """Those confirmed, of partners this person may read."""
        return self.filter(seen_by(user), partner__isnull=False)

    def unconfirmed(self) -> ApplicationQuerySet:
        return self.filter(state=Application.State.SENT)


class Application(models.Model):
    """What somebody answered, with the words of the questions as they stood then. Until its address is
    confirmed it is nobody's; then it has its partner, a new one or one that `was_known`."""

    class State(models.TextChoices):
        SENT = "sent", "Not confirmed"
        ASKED = "asked", "To be decided"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    form = models.ForeignKey(ApplicationForm, on_delete=models.PROTECT, related_name="applications")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    organisation = models.CharField(max_length=200)
    website = models.URLField(max_length=300, blank=True)
    person = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    answers = models.JSONField(default=list, help_text="[{words, kind, said}], as asked and answered.")
    mapped = models.JSONField(default=dict, help_text="{where an answer goes: its value}")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, null=True, related_name="applications")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    was_known = models.BooleanField(default=False, help_text="Its partner was here before.")
    address = models.GenericIPAddressField(null=True, help_text="Kept for three days, against floods.")
    sent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", partner=None, confirmed_at=None)
                | (~Q(state="sent") & Q(partner__isnull=False, confirmed_at__isnull=False)),
                name="a_confirmed_application_has_its_partner",
            )
        ]
        indexes = [
            models.Index(fields=["state", "confirmed_at", "id"], name="applications_by_state"),
            models.Index(fields=["email", "sent_at"], name="applications_of_an_address"),
            models.Index(fields=["address", "sent_at"], name="applications_of_a_network"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="applications_to_check",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:application", self.pk)

    @property
    def is_decided(self) -> bool:
        return self.state in {self.State.ACCEPTED, self.State.DECLINED}

    @property
    def said(self) -> list[Any]:
        """What was asked and answered, without what was left empty."""
        return [each for each in self.answers if each["said"]]
