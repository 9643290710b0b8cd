"""What is wrong between us and a partner: raised, given on, graded, escalated, solved."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from conversations.api.inputs import HandOver, seen_conversations
from partners.api.inputs import colleagues, contacts_there, seen_partners
from prm import clock
from prm.api.fields import Among, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.paging import Order
from reviews.api import minutes, rows
from reviews.issues import raising, solving
from reviews.issues.models import Cause, Issue, Severity
from team.api.lists import Kept
from team.api.permits import permitted, permitted_towards
from team.roles import permitted_or_403

WITH = ("partner__owner", "contact", "wait__conversation__responsible")


class Causes(Kept):
    noun, words = "issue-causes", "Why issues come about: each one that is solved names its cause."
    model = Cause
    filterset_class = filters(Cause, texts=["name"])


class NewIssue(serializers.Serializer[Any]):
    """What is wrong. Its clock runs from now on."""

    partner = Among(seen_partners)
    title = serializers.CharField(max_length=200)
    words = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")
    severity = serializers.ChoiceField(Severity.choices)
    owner = Among(colleagues, required=False, allow_null=True)
    contact = Among(
        contacts_there, required=False, allow_null=True, help_text="For whom it is raised; is written to."
    )
    conversation = Among(
        seen_conversations,
        required=False,
        allow_null=True,
        help_text="Where it came up; without it, its own.",
    )

    review = Among(minutes.seen_reviews, required=False, allow_null=True, help_text="In which it was raised.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        review = asked.get("review")
        if review is not None and review.partner_id != asked["partner"].pk:
            raise serializers.ValidationError({"review": ["It is not with this partner."]})
        contact = asked.get("contact")
        if contact is not None and contact.partner_id != asked["partner"].pk:
            raise serializers.ValidationError({"contact": ["This is no contact of the partner."]})
        thread = asked.get("conversation")
        if thread is not None and thread.partner_id != asked["partner"].pk:
            raise serializers.ValidationError({"conversation": ["It is not with this partner."]})
        return asked


class Solution(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=10_000, help_text="How; the partner reads it.")
    cause = Named(lambda user: Cause.objects.filter(retired_at=None), help_text="Ours to know.")
    tell = serializers.BooleanField(
        required=False, default=True, help_text="Write to whoever raised it there, where that can be done."
    )


class StillWrong(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=2000)


class Escalating(serializers.Serializer[Any]):
    to = Among(colleagues)
    why = serializers.CharField(max_length=300, help_text="What you need of them. For us only.")


class Regrading(serializers.Serializer[Any]):
    severity = serializers.ChoiceField(Severity.choices)
    why = serializers.CharField(max_length=300)


class Issues(Reads, Makes):
    noun, words = "issues", "What is wrong between us and a partner, and how it was solved."
    model, row, new = Issue, rows.IssueRow, NewIssue
    filterset_class = filters(
        Issue,
        keys=["partner", "contact", "wait"],
        choices=["severity", "state"],
        moments=["raised_at", "solved_at"],
    )
    sorts = USUAL_SORTS | {"raised_at": Order("raised_at", nullable=False)}

    def seen(self) -> QuerySet[Issue]:
        return Issue.objects.visible_to(self.user)

    def _must_be_theirs(self, issue: Issue) -> None:
        """Who sees to it solves it, and whoever may change what concerns its partner."""
        if issue.owner != self.user:
            permitted_or_403(self.user, "solve issue", issue)

    may_make = permitted_towards("write to partner", "partner")

    def make(self, typed: Typed) -> Issue:
        partner = typed.pop("partner")
        return raising.raise_one(partner, by=self.user, at=clock.now(), **typed)

    @step(_must_be_theirs, Solution, related=WITH)
    def solve(self, thing: Issue, typed: Typed) -> None:
        """It is solved: its clock ends, and who raised it is told, with the way to open it again."""
        tell = thing.contact if typed["tell"] and solving.may_be_told(thing.contact) else None
        solving.solve(thing, typed["words"], typed["cause"], by=self.user, at=clock.now(), tell=tell)

    @step(_must_be_theirs, StillWrong, name="open-again", related=WITH)
    def open_again(self, thing: Issue, typed: Typed) -> None:
        """It was not solved after all; the promise of its severity runs anew."""
        solving.open_again(thing, typed["why"], by=self.user, at=clock.now())

    @step(permitted("write to partner"), HandOver, name="hand-over", related=WITH)
    def hand_over(self, thing: Issue, typed: Typed) -> None:
        """Somebody else sees to it, and answers in its conversation. No due time moves."""
        raising.hand_over(thing, typed["to"], typed["note"], by=self.user, at=clock.now())

    @step(permitted("write to partner"), Escalating, related=WITH)
    def escalate(self, thing: Issue, typed: Typed) -> None:
        """Bring it before somebody further up, who is told at once. Its owner stays."""
        raising.escalate(thing, typed["to"], typed["why"], by=self.user, at=clock.now())

    @step(_must_be_theirs, Regrading, related=WITH)
    def regrade(self, thing: Issue, typed: Typed) -> None:
        """It hinders more, or less: its clock keeps the promise of the other severity."""
        raising.regrade(thing, typed["severity"], typed["why"], by=self.user, at=clock.now())
