"""People: contacts over there, and who of us looks after a partner."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from partners.models.organisations import Partner
from partners.models.programmes import Membership
from team.models import Region, Role, check_zone


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> ContactQuerySet:
        return self.filter(left_on=None, withdrawn_at=None, merged_into=None)


class Contact(models.Model):
    """A person over there. Leaving ends access, keeps words and asks for a successor."""

    class Role(models.TextChoices):
        SPONSOR = "sponsor", "Executive sponsor"
        ALLIANCE_LEAD = "alliance_lead", "Alliance lead"
        SALES = "sales", "Sales"
        TECHNICAL = "technical", "Technical"
        MARKETING = "marketing", "Marketing"
        FINANCE = "finance", "Finance"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    roles = models.JSONField(default=list, blank=True)
    zone = models.CharField(max_length=60, blank=True, validators=[check_zone])
    language = models.CharField(max_length=10, blank=True)
    phones = models.JSONField(default=list, blank=True)
    is_primary = models.BooleanField(default=False)
    joined_on = models.DateField(null=True, blank=True)
    do_not_contact = models.BooleanField(default=False, help_text="This person asked for it.")
    left_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    last_touch_at = models.DateTimeField(null=True, blank=True)
    search_key = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-is_primary", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(is_primary=True), name="one_primary_contact_per_partner"
            ),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(left_on=None, withdrawn_at=None),
                name="the_primary_contact_is_still_there",
            ),
        ]
        indexes = [models.Index(Lower("email"), name="contacts_by_address")]

    def __str__(self) -> str:
        return self.name

    is_person = True

    @property
    def initials(self) -> str:
        words = self.name.split() or ["?"]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def colour(self) -> int:
        return (self.pk or 0) % 8

    @property
    def role_labels(self) -> list[str]:
        return [str(Contact.Role(role).label) for role in self.roles if role in Contact.Role.values]


class ContactAddress(models.Model):
    """A further e-mail address of a contact, kept so that mail from it finds them."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    email = models.EmailField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "email"], name="one_row_per_contact_and_address")
        ]
        indexes = [models.Index(Lower("email"), name="addresses_by_address")]

    def __str__(self) -> str:
        return self.email


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self) -> AssignmentQuerySet:
        return self.filter(ends_on=None)


class Assignment(models.Model):
    """One of us looking after a partner in a role, from a day to a day."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role, default=Role.FULL_LIFECYCLE)
    is_owner = models.BooleanField(default=False)
    membership = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-is_owner", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(is_owner=True, ends_on=None),
                name="one_current_owner_per_partner",
            ),
            models.UniqueConstraint(
                fields=["partner", "user", "role"],
                condition=Q(ends_on=None),
                name="one_current_assignment_per_person_and_role",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an_assignment_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(ends_on=None), name="current_assignments")]

    def __str__(self) -> str:
        return f"{self.user} for {self.partner}"

    def end(self, on: date) -> None:
        self.ends_on = max(on, self.starts_on)
        self.save(update_fields=["ends_on"])
