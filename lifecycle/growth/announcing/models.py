"""An announcement, which partners were entitled to it, and whom of theirs it was sent to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Contact, Partner, seen_by
from prm import addresses
from prm.models import OutboxItem
from team.models import User
from team.readers import Reader


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user: User | Reader) -> AnnouncementQuerySet:
        """All for whoever reads all partners; else what one wrote oneself, and what was told to partners
        one reads."""
        if not user.is_active or not user.roles:
            return self.none()
        if not user.reads_own_only:
            return self
        theirs = Entitlement.objects.filter(seen_by(user)).values("announcement")
        return self.filter(Q(made_by=user.pk) | Q(pk__in=theirs))


class Announcement(models.Model):
    """Something that all partners of some kind should know, for people of some roles there.

    What was sent changes no more: a correction is another one that names it. It can be withdrawn, with why.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product news")
        PRICE = "price", _("Prices and terms")
        PROGRAMME = "programme", _("The programme")
        EVENT = "event", _("Event")
        OTHER = "other", _("Other news")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    title = models.CharField(max_length=150)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.PRODUCT)
    body = models.TextField(help_text="In Markdown.")
    file = models.FileField(upload_to="announcements/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    roles = models.JSONField(default=list, help_text="Of the people it is for; none is everybody.")
    who = models.JSONField(
        default=dict,
        help_text="{types, programmes, tiers, regions, verticals, stages}: keys, none is all; of: whose "
        "partners, where they are one person's.",
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    first_told_at = models.DateTimeField(null=True, help_text="When the first mail left.")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | ~Q(state="draft") & Q(sent_at__isnull=False),
                name="what_is_announced_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="a_withdrawn_announcement_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="announcements_by_age"),
            models.Index(fields=["state", "-made_at", "-id"], name="announcements_of_a_state"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:announcement", self.pk)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return {"sent": "ok", "withdrawn": "warn"}.get(self.state, "")

    @property
    def role_words(self) -> str:
        """Whom of a partner it is for."""
        return ", ".join(str(Contact.Role(role).label) for role in self.roles) or str(_("Everybody there"))


class Entitlement(models.Model):
    """A partner that was entitled to an announcement when it went out, or was found to be later."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="entitlements")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="entitlements")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "partner"], name="entitled_once_to_a_thing")
        ]
        indexes = [models.Index(fields=["partner", "-since"], name="what_a_partner_is_entitled_to")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.announcement}"


class CopyQuerySet(models.QuerySet["Copy"]):
    def arrived(self) -> CopyQuerySet:
        """Those that left and did not come back."""
        return self.filter(mail__state__in=Copy.ARRIVED)


class Copy(models.Model):
    """The announcement as it was sent to one person; what became of it stands on its mail."""

    ARRIVED = (OutboxItem.State.SENT, OutboxItem.State.KEPT)
    UNDER_WAY = (OutboxItem.State.WAITING,)

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="copies")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="copies")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="copies")
    email = models.EmailField(help_text="As it was then.")
    mail = models.OneToOneField(OutboxItem, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "contact", "email"], name="told_once_at_an_address"
            )
        ]
        indexes = [models.Index(fields=["partner", "announcement"], name="copies_to_a_partner")]

    def __str__(self) -> str:
        return f"{self.announcement} to {self.contact or self.email}"
