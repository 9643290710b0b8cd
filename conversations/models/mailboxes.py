"""Mailboxes that are read: shared ones, and people's own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from prm import addresses, vault
from team.models import Region


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def shared(self) -> MailboxQuerySet:
        return self.filter(person=None)


class Mailbox(models.Model):
    """A mailbox at some mail server, read by IMAP. Of a person's own only mail with partners is kept."""

    class Security(models.TextChoices):
        TLS = "tls", "TLS from the start (port 993)"
        STARTTLS = "starttls", "TLS after STARTTLS (port 143)"
        NONE = "none", "None, on this machine only"

    class SignIn(models.TextChoices):
        PASSWORD = "password", "User name and password"
        GOOGLE = "google", "OAuth of Google"
        MICROSOFT = "microsoft", "OAuth of Microsoft"

    name = models.CharField(max_length=120)
    address = models.EmailField(help_text="Mail to this address is mail to us.")
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="mailbox"
    )
    region = models.ForeignKey(
        Region, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Whose it is."
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    sign_in = models.CharField(max_length=9, choices=SignIn, default=SignIn.PASSWORD)
    username = models.CharField(max_length=320)
    client_id = models.CharField(max_length=300, blank=True)
    sealed = models.TextField(blank=True, help_text="Encrypted: see `prm.vault`.")
    inbox = models.CharField(max_length=200, default="INBOX")
    sent = models.CharField(max_length=200, blank=True, default="Sent")
    is_active = models.BooleanField(default=True)
    next_check_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text="When it was last read without a fault.")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    objects = MailboxQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["host", "username"], name="one_row_per_mailbox"),
            models.CheckConstraint(
                condition=Q(is_active=True, next_check_at__isnull=False) | Q(is_active=False),
                name="an_active_mailbox_has_a_next_check",
            ),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(is_active=True), name="mailboxes_to_read")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        if self.person_id:
            return reverse("conversations:own_mailbox")
        return addresses.of("conversations:mailbox", self.pk)

    @property
    def secret(self) -> str:
        return vault.unseal(self.sealed) if self.sealed else ""

    @secret.setter
    def secret(self, secret: str) -> None:
        self.sealed = vault.seal(secret) if secret else ""


class MailboxFolder(models.Model):
    """How far a folder has been read: by UID, as long as the server keeps its UIDVALIDITY."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "name"], name="one_row_per_mailbox_and_folder")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox}: {self.name}"
