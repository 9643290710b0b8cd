"""Surveys, whom they were sent to, and what was answered."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation
from partners.models import Contact, Partner
from prm import addresses
from team.models import User
from team.readers import Reader


class Behaviour(models.TextChoices):
    """How we work, as a partner sees it."""

    PERFORMANCE = "performance", _("Performance")
    OPENNESS = "openness", _("Openness and honesty")
    RESPONSIVENESS = "responsiveness", _("Responsiveness")
    COMMITMENT = "commitment", _("Commitment")
    FAIRNESS = "fairness", _("Fairness")
    SHARING = "sharing", _("Information sharing")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: User | Reader) -> SurveyQuerySet:
        """All for whoever reads all partners; else what one made oneself, and those of which one reads the
        answers of one's own partners: the figures of a confidential one cannot be cut to them."""
        if not user.is_active or not user.roles:
            return self.none()
        if not user.reads_own_only:
            return self
        return self.filter(Q(is_confidential=False) | Q(made_by=user.pk))

    def asking(self) -> SurveyQuerySet:
        return self.filter(drawn_at__isnull=False, closed_at=None)


class Survey(models.Model):
    """Questions put to people once, as a round, or each time something has been settled with us (`after`)."""

    class Kind(models.TextChoices):
        NPS = "nps", _("Recommendation (NPS)")
        CSAT = "csat", _("Satisfaction (CSAT)")
        HOW = "how", _("How we work")
        OWN = "own", _("Own questions")

    class After(models.TextChoices):
        CONVERSATION = "conversation", _("After a closed conversation")
        PLAN = "plan", _("After a finished plan")

    class Cut(models.TextChoices):
        REGION = "region", _("Region")
        KIND = "kind", _("Partner type")
        TIER = "tier", _("Tier")

    title = models.CharField(max_length=120)
    words = models.TextField(blank=True, help_text="What stands above the questions.")
    kind = models.CharField(max_length=4, choices=Kind)
    after = models.CharField(max_length=12, choices=After, blank=True)
    is_confidential = models.BooleanField(default=False)
    cut = models.CharField(
        max_length=6, choices=Cut, blank=True, help_text="The one way a confidential one is broken down."
    )
    who = models.JSONField(default=dict, help_text="{types, tiers, regions, roles}: keys; none is all.")
    size = models.PositiveIntegerField(null=True, blank=True, help_text="How many are drawn; null is all.")
    seed = models.CharField(max_length=32, default="", help_text="Of the draw, so that it can be repeated.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(after="") | Q(is_confidential=False), name="what_follows_something_is_attributed"
            ),
            models.CheckConstraint(
                condition=Q(is_confidential=True) | Q(cut=""), name="only_a_confidential_survey_has_one_cut"
            ),
            models.UniqueConstraint(
                fields=["after"], condition=~Q(after="") & Q(closed_at=None), name="one_survey_after_a_thing"
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="surveys_by_age"),
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="surveys_to_look_at"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return addresses.of("reviews:survey", self.pk)

    @property
    def is_draft(self) -> bool:
        return self.drawn_at is None

    @property
    def is_asking(self) -> bool:
        return self.drawn_at is not None and self.closed_at is None

    @property
    def state_words(self) -> str:
        if self.is_draft:
            return "Not sent"
        return "Asking" if self.is_asking else "Closed"


class SurveyQuestion(models.Model):
    """One question of a survey, and on which scale it is answered."""

    class Scale(models.TextChoices):
        TEN = "ten", _("0 to 10")
        FIVE = "five", _("1 to 5")
        WORDS = "words", _("In words")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField()
    scale = models.CharField(max_length=5, choices=Scale)
    behaviour = models.CharField(max_length=14, choices=Behaviour, blank=True)
    words = models.CharField(max_length=300)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "place"], name="one_question_at_a_place_of_a_survey")
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def steps(self) -> range:
        """The marks one chooses among; none where it is answered in words."""
        return {"ten": range(11), "five": range(1, 6)}.get(self.scale, range(0))

    @property
    def most(self) -> int:
        """The best mark."""
        return max(self.steps, default=0)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def asked(self) -> InvitationQuerySet:
        return self.filter(left_out="")

    def open(self, at: datetime) -> InvitationQuerySet:
        """Those that can be answered for the first time."""
        asked = self.asked().filter(answer=None, expires_at__gt=at, survey__closed_at=None)
        return asked.filter(contact__left_on=None, contact__withdrawn_at=None, contact__opt_out=None)


class Invitation(models.Model):
    """A person who was looked at when a survey was drawn: asked, or left out for a reason.

    Its address is made from `key` and the installation's secret; only the hash stands here. `cell` is where a
    confidential survey counts it, as it was then.
    """

    class LeftOut(models.TextChoices):
        GONE = "gone", _("Has left")
        NO_ADDRESS = "no_address", _("No e-mail address")
        DO_NOT_CONTACT = "do_not_contact", _("Asked not to be contacted")
        OPTED_OUT = "opted_out", _("Wants no surveys")
        BOUNCED = "bounced", _("Mail comes back")
        ASKED = "asked", _("Asked not long ago")
        SAME = "same", _("Same address as another")
        NOT_DRAWN = "not_drawn", _("Not drawn")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="invitations")
    email = models.EmailField(blank=True, help_text="As it was then.")
    cell = models.CharField(max_length=80, blank=True)
    left_out = models.CharField(max_length=14, choices=LeftOut, blank=True)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    drawn_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "contact"], condition=Q(about_id=None), name="asked_once_in_a_round"
            ),
            models.UniqueConstraint(  # without a thing there are any number
                fields=["survey", "about_kind", "about_id"], name="asked_once_about_a_thing"
            ),
            models.CheckConstraint(
                condition=~Q(left_out="") | Q(token_hash__isnull=False, expires_at__isnull=False),
                name="who_is_asked_has_an_address_that_expires",
            ),
        ]
        indexes = [
            models.Index(fields=["survey", "left_out", "id"], name="invitations_of_a_survey"),
            models.Index(fields=["-drawn_at"], condition=Q(left_out=""), name="who_was_asked_lately"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="invitations_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} to {self.contact or 'somebody'}"


class PublicAnswer(models.Model):
    """What we say to all who were asked, to what was said: a confidential comment has no other answer."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="public_answers")
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.words[:60]


class Answer(models.Model):
    """What one invited person answered; to be changed for a day. What is written in an attributed survey is a
    message in `conversation`, where it waits for our reply."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="answer")
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    changes = models.PositiveSmallIntegerField(default=0)
    comment = models.TextField(blank=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_in = models.ForeignKey(PublicAnswer, on_delete=models.SET_NULL, null=True, related_name="settles")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="answers_by_age")]

    def __str__(self) -> str:
        return f"answer to {self.invitation}"


class Mark(models.Model):
    """The answer to one question: a mark on its scale, or words."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="marks")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="marks")
    value = models.PositiveSmallIntegerField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["question__place"]
        constraints = [models.UniqueConstraint(fields=["answer", "question"], name="one_mark_for_a_question")]
        indexes = [models.Index(fields=["question", "value"], name="marks_of_a_question")]

    def __str__(self) -> str:
        return self.words or str(self.value)


class OptOut(models.Model):
    """A person who wants no surveys, until it says otherwise."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="opt_out")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"no surveys for {self.contact}"
