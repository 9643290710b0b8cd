"""Partners: outside organisations, where they stand on the road, and their visits to its stages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from prm import addresses, search
from prm.paging import ROWS
from prm.questions import Asked, Question, keys, spread
from prm.search import FoldedField
from team.models import Named, Region, User, Vertical, check_zone
from team.readers import Reader


class Stage(models.TextChoices):
    RECRUITMENT = "recruitment", "Recruitment"
    ONBOARDING = "onboarding", "Onboarding"
    GROWTH = "growth", "Growth"
    EVALUATION = "evaluation", "Evaluation"
    ENDED = "ended", "Ended"


class Step(models.TextChoices):
    IDENTIFIED = "identified", "Identified"
    CONTACTED = "contacted", "Contacted"
    QUALIFIED = "qualified", "Qualified"
    NEGOTIATING = "negotiating", "Negotiating"
    SIGNED = "signed", "Signed"


class Status(models.TextChoices):
    PROSPECT = "prospect", "Prospect"
    LIVE = "live", "Live"
    PARKED = "parked", "Parked"
    DECLINED = "declined", "Declined"
    ENDED = "ended", "Ended"


class HealthColour(models.TextChoices):
    """What the health of a live partner says; empty where too little is known."""

    HEALTHY = "healthy", "Healthy"
    WATCH = "watch", "Watch"
    RISK = "risk", "At risk"


def place_label(stage: str, step: str) -> str:
    """Where a partner stands in one word: the step within recruitment, the stage after it."""
    return str(Step(step).label if step else Stage(stage).label)


def initials(name: str) -> str:
    """Two letters for an organisation ("Hallgren & Co" → "HC")."""
    words = [word for word in name.replace("&", " ").split() if word[:1].isalnum()] or [name]
    return (words[0][:1] + (words[1][:1] if len(words) > 1 else words[0][1:2])).upper()


class EndReason(Named):
    """Why a prospect is declined or a partnership ends."""

    class Meta(Named.Meta):
        pass


class Source(Named):
    """By what prospects come. What the app chooses by itself has a `key` that stays when it is renamed."""

    key = models.SlugField(max_length=12, blank=True)

    class Meta(Named.Meta):
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_source_of_a_key")
        ]


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: User | Reader) -> PartnerQuerySet:
        """The partners this person may read: all, or where the company narrows it, the own ones."""
        if not user.is_active or not user.roles:
            return self.none()
        partners = self.filter(merged_into=None)
        return partners.looked_after_by(user) if user.reads_own_only else partners

    def looked_after_by(self, user: User | Reader) -> PartnerQuerySet:
        """The partners on which this person has a current assignment."""
        from partners.models.people import Assignment

        return self.filter(pk__in=Assignment.objects.current().filter(user=user.pk).values("partner"))

    def found_by(self, words: str) -> PartnerQuerySet:
        """Those in whose names, domains or people each of these words stands."""
        found = self
        for word in search.words(words):
            found = found.filter(search_key__contains=word)
        return found

    def live(self) -> PartnerQuerySet:
        return self.filter(status=Status.LIVE)

    def on_the_road(self) -> PartnerQuerySet:
        """Prospects and live partners: what the board shows."""
        return self.filter(status__in=[Status.PROSPECT, Status.LIVE], merged_into=None)


def seen_by(user: User | Reader, partner: str = "partner") -> Q:
    """Rows whose `partner` (the path to it) this person may read, as `visible_to` says; for whoever
    reads all it is told by the few that were merged away, not by a list of all the others."""
    if user.is_active and user.roles and not user.reads_own_only:
        gone = Partner.objects.filter(merged_into__isnull=False)
        return ~Q(**{f"{partner}__in": gone.values("pk")})
    return Q(**{f"{partner}__in": Partner.objects.visible_to(user)})


class Partner(models.Model):
    """An outside organisation. Columns that lists filter by are pushed here from rows above."""

    name = models.CharField(max_length=200)
    sort_name = FoldedField(max_length=200, of="name")
    legal_name = models.CharField(max_length=200, blank=True)
    website = models.URLField(max_length=300, blank=True)
    domain = models.CharField(max_length=253, blank=True, help_text="The main registrable domain.")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    city = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=60, blank=True, validators=[check_zone])
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="partners", db_index=False
    )
    verticals = models.ManyToManyField(Vertical, blank=True, related_name="partners")
    employees = models.PositiveIntegerField(null=True, blank=True)
    certifications = models.JSONField(default=list, blank=True, help_text="Names of certifications held.")
    about = models.TextField(blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source_detail = models.CharField(max_length=200, blank=True, help_text="Which event, list or person.")

    do_not_contact = models.BooleanField(default=False, help_text="They asked for it.")

    # pushed from the main membership and the owner's assignment
    kind = models.ForeignKey(
        "PartnerType", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    tier = models.ForeignKey(
        "Tier", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # written by lifecycle.transitions only
    status = models.CharField(max_length=10, choices=Status, default=Status.PROSPECT)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.RECRUITMENT)
    step = models.CharField(max_length=12, choices=Step, blank=True, default=Step.IDENTIFIED)
    stage_since = models.DateTimeField()
    step_since = models.DateTimeField()
    signed_on = models.DateField(null=True, blank=True)
    agreement_ends_on = models.DateField(null=True, blank=True)
    parked_until = models.DateField(null=True, blank=True)
    end_reason = models.ForeignKey(
        EndReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_note = models.TextField(blank=True)

    # pushed from above
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    coverage = models.PositiveSmallIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    health = models.PositiveSmallIntegerField(null=True, blank=True, help_text="In tenths of a point.")
    health_colour = models.CharField(max_length=7, blank=True)
    last_touch_at = models.DateTimeField(null=True, blank=True)
    next_step_on = models.DateField(null=True, blank=True)

    search_key = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(stage="recruitment") & ~Q(step="")) | (~Q(stage="recruitment") & Q(step="")),
                name="steps_are_within_recruitment",
            ),
            models.CheckConstraint(
                condition=Q(stage="recruitment", status__in=["prospect", "parked", "declined"])
                | Q(stage__in=["onboarding", "growth", "evaluation"], status="live")
                | Q(stage="ended", status="ended"),
                name="status_agrees_with_stage",
            ),
            models.CheckConstraint(
                condition=Q(status="parked", parked_until__isnull=False) | ~Q(status="parked"),
                name="parked_until_a_day",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="partner_has_a_name"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="nobody_merges_into_itself"),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], condition=Q(merged_into=None), name="partners_by_name"),
            models.Index(fields=["owner", "stage"], name="partners_of_an_owner"),
            models.Index(
                fields=["signed_on"], condition=Q(signed_on__isnull=False), name="partners_by_signing"
            ),
            models.Index(
                fields=["owner", "status", "stage", "stage_since", "id"],
                include=["tier"],
                condition=Q(merged_into=None),
                name="load_of_an_owner",
            ),
            models.Index(
                fields=["stage", "step", "-step_since", "-id"],
                condition=Q(status__in=["prospect", "live"], merged_into=None),
                name="columns_of_the_board",
            ),
            models.Index(fields=["kind", "id"], name="partners_by_kind"),
            models.Index(fields=["tier", "id"], name="partners_by_tier"),
            models.Index(fields=["region", "id"], name="partners_by_region"),
            models.Index(  # a tenth of the table: what filters and sorts need of all partners
                fields=["id"],
                include=[
                    *("kind", "tier", "owner", "region", "source"),
                    *("status", "stage", "step", "verdict", "health_colour"),
                ],
                condition=Q(merged_into=None),
                name="what_lists_ask_of_all_partners",
            ),
            models.Index(fields=["score", "id"], condition=Q(merged_into=None), name="partners_by_fit_last"),
            models.Index(fields=["health", "id"], condition=Q(merged_into=None), name="partners_by_health"),
            models.Index(
                fields=["created_at", "id"],
                include=["source", "stage", "step", "status"],  # for the funnel
                condition=Q(merged_into=None),
                name="partners_by_age",
            ),
            models.Index(fields=["status", "stage", "step"], name="partners_on_the_road"),
            models.Index(fields=["domain"], name="partners_by_domain"),
            models.Index(fields=["parked_until"], condition=Q(status="parked"), name="parked_partners"),
            models.Index(fields=["stage_since", "id"], name="partners_by_stage_since"),
            models.Index(fields=["step_since", "id"], name="partners_by_place_since"),
            models.Index(fields=["-last_touch_at", "id"], name="partners_by_last_touch"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("dashboards:partner", self.pk)

    def is_looked_after_by(self, user: User) -> bool:
        """Whether this person has a current assignment here."""
        from partners.models.people import Assignment

        if self.owner_id == user.pk:
            return True
        return Assignment.objects.current().filter(partner=self, user=user).exists()

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def colour(self) -> int:
        """Which of the eight avatar colours."""
        return (self.pk or 0) % 8

    @property
    def verdict_label(self) -> str:
        """The verdict in words; "" where there is none yet."""
        from partners.models.profile import Verdict

        return str(Verdict(self.verdict).label) if self.verdict else ""

    @property
    def place_label(self) -> str:
        return place_label(self.stage, self.step)


class PartnerName(models.Model):
    """A name this partner goes by; its own name is one of them."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, db_index=False, related_name="names")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True, help_text="The folded name without legal form.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "name"], name="one_row_per_partner_and_name")
        ]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A registrable domain of a partner; its main one is one of them."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, db_index=False, related_name="domains")
    domain = models.CharField(max_length=253, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "domain"], name="one_row_per_partner_and_domain")
        ]

    def __str__(self) -> str:
        return self.domain


class OutsideId(models.Model):
    """What another system calls this partner."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="outside_ids")
    system = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="an_outside_id_names_one_partner")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.value}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def since_nobody_knows(self, partners: Iterable[int], most: int = ROWS) -> dict[int, datetime]:
        """Of these partners, `most` at most, those that came in at their stage without a day, with the
        moment they came in."""
        return dict(self.asked_since_nobody_knows(partners, most).ask())

    def asked_since_nobody_knows(self, partners: Iterable[int], most: int = ROWS) -> Asked[Any]:
        """What `since_nobody_knows` asks."""
        return CAME_IN.of(most, **spread("partner", most, partners))


def _came_in(most: int) -> models.QuerySet[Any, Any]:
    there = Visit.objects.filter(partner__pk__in=keys("partner", most), left_at=None, entry_is_known=False)
    return there.order_by().values_list("partner", "entered_at")


CAME_IN = Question(_came_in)


class Visit(models.Model):
    """A partner's stay in one stage. Open from birth until it is declined or ended."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="visits")
    stage = models.CharField(max_length=12, choices=Stage)
    entered_at = models.DateTimeField()
    entry_is_known = models.BooleanField(
        default=True, help_text="False where it came in at this stage and nobody knows since when."
    )
    left_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(left_at=None), name="one_open_visit_per_partner"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")),
                name="a_visit_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "left_at"], name="visits_closed_by_stage"),
            models.Index(fields=["partner"], condition=Q(stage="recruitment"), name="who_came_as_a_prospect"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} in {self.get_stage_display()}"
