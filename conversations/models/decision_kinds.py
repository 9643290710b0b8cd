"""What we decide on: how soon, who decides and from which amount on, and the words to choose from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from prm import addresses
from prm.money import Money
from team.models import Calendar, Role


class DecisionKind(models.Model):
    """One sort of thing that waits for our yes or no. Its promise is the policy that names its key."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    calendar = models.ForeignKey(
        Calendar,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose working time the clock keeps; none: the company's.",
    )
    lead_decides = models.BooleanField(
        default=True, help_text="The lead of who asks decides, where there is one."
    )
    appeal_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long a no can be contested; none: not at all."
    )

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("conversations:decision_kind", self.pk)


class Approval(models.Model):
    """A role that decides: on everything, or from an amount on."""

    kind = models.ForeignKey(DecisionKind, on_delete=models.CASCADE, related_name="approvals")
    role = models.CharField(max_length=20, choices=Role)
    from_minor = models.PositiveBigIntegerField(default=0, help_text="In the smallest unit of the currency.")
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        ordering = ["currency", "from_minor", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "role", "currency", "from_minor"], name="one_approval_per_role_and_amount"
            ),
            models.CheckConstraint(
                condition=Q(from_minor=0, currency="") | Q(from_minor__gt=0) & ~Q(currency=""),
                name="an_amount_has_its_currency",
            ),
        ]

    def __str__(self) -> str:
        above = f" from {Money(self.from_minor, self.currency)}" if self.currency else ""
        return f"{self.get_role_display()}{above}"


class DecisionReason(models.Model):
    """Words to choose from, such as a partner can read. The first for *yes* is what one press says."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"

    kind = models.ForeignKey(DecisionKind, on_delete=models.CASCADE, related_name="reasons")
    answer = models.CharField(max_length=3, choices=Answer)
    words = models.CharField(max_length=300)

    class Meta:
        ordering = ["answer", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "answer", "words"], name="one_reason_of_the_same_words"),
            models.CheckConstraint(condition=~Q(words=""), name="a_reason_has_words"),
        ]

    def __str__(self) -> str:
        return self.words
