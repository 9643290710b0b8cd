"""What other programs are told of reviews, issues, surveys and health."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from partners.api.rows import grouped
from partners.models import HealthColour
from prm.api.fields import Tenths
from prm.api.rows import Row, Told
from reviews.issues.models import Escalation, Issue, Resolution, Severity
from reviews.models import Review, Survey

Ids = serializers.IntegerField


class ReviewRow(Row):
    partner = Ids(source="partner_id")
    slot_on = serializers.DateField(help_text="The day its cadence plans for it.")
    on = serializers.DateField(help_text="The day it is held, or was.")
    since_on = serializers.DateField(help_text="From which day on its packet tells.")
    held_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(Review.State.choices)
    in_window = serializers.BooleanField(allow_null=True, help_text="Within 14 days of its planned date.")
    outcome = serializers.ChoiceField([*Review.Outcome.choices, ""])
    cancelled_by = serializers.CharField()
    cancelled_reason = serializers.CharField()
    created_at = serializers.DateTimeField()


class RestatedRow(serializers.Serializer[Any]):
    name = serializers.CharField()
    was = serializers.CharField()
    now = serializers.CharField()


class PartRow(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    words = serializers.CharField(help_text="What it counts.")
    version = serializers.IntegerField(help_text="Goes up when what it counts changes.")
    comment = serializers.CharField(help_text="What we say of it.")
    values = serializers.DictField(help_text="Its figures and lines, as the page shows them.")
    restated = RestatedRow(many=True, help_text="Figures that were corrected since it was frozen.")


class PacketRow(serializers.Serializer[Any]):
    since = serializers.DateField()
    until = serializers.DateField()
    frozen_at = serializers.DateTimeField(allow_null=True, help_text="Null before the review is held.")
    confirmed_on = serializers.DateField(allow_null=True, help_text="When we confirmed its definitions.")
    confirmed_by = serializers.CharField()
    unconfirmed = serializers.ListField(
        child=serializers.CharField(), help_text="Sections whose definitions were not confirmed."
    )
    fingerprint = serializers.CharField(help_text="SHA-256 of what was frozen; empty before.")
    sections = PartRow(many=True)
    hidden = serializers.ListField(child=serializers.CharField(), help_text="Keys of sections left out.")


class ResolutionRow(serializers.Serializer[Any]):
    words = serializers.CharField(help_text="How; the partner reads it.")
    cause = serializers.CharField(help_text="By name; ours to know.")
    by = serializers.IntegerField()
    at = serializers.DateTimeField()
    reopen_until = serializers.DateTimeField(help_text="Until then the partner can open it again.")
    reopened_at = serializers.DateTimeField(allow_null=True)
    reopened_why = serializers.CharField()


class EscalationRow(serializers.Serializer[Any]):
    to = serializers.IntegerField()
    why = serializers.CharField()
    by = serializers.IntegerField()
    at = serializers.DateTimeField()


RESOLUTION = {"cause": "cause__name", "by": "by_id"}
ESCALATION = {"to": "to_id", "by": "by_id"}


class IssueRow(Row):
    partner = Ids(source="partner_id")
    title = serializers.CharField()
    words = serializers.CharField()
    severity = serializers.ChoiceField(Severity.choices)
    state = serializers.ChoiceField(Issue.State.choices)
    owner = Ids(source="wait.conversation.responsible_id", allow_null=True, help_text="Who sees to it.")
    conversation = Ids(source="wait.conversation_id")
    wait = Ids(source="wait_id", help_text="Its clock; see waits.")
    due_at = serializers.DateTimeField(source="wait.due_at")
    review = Ids(source="review_id", allow_null=True, help_text="In which it was raised.")
    raised_by = Ids(source="raised_by_id", allow_null=True, help_text="Of us; null: the partner raised it.")
    contact = Ids(source="contact_id", allow_null=True)
    raised_at = serializers.DateTimeField()
    solved_at = serializers.DateTimeField(allow_null=True)
    resolutions = ResolutionRow(many=True, help_text="How it was solved, the newest last.")
    escalations = EscalationRow(many=True, help_text="Before whom it was brought.")
    beside = frozenset({"resolutions", "escalations"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        ids = [row["id"] for row in rows]
        for model, told, paths, into in (
            (Resolution, ResolutionRow, RESOLUTION, "resolutions"),
            (Escalation, EscalationRow, ESCALATION, "escalations"),
        ):
            names = list(told().fields)
            found = model._default_manager.filter(issue__in=ids).order_by("pk")
            values = found.values_list("issue", *(paths.get(name, name) for name in names))
            grouped(rows, ((pk, dict(zip(names, each, strict=True))) for pk, *each in values), into)


class SurveyRow(Row):
    title = serializers.CharField()
    words = serializers.CharField()
    kind = serializers.ChoiceField(Survey.Kind.choices)
    after = serializers.ChoiceField([*Survey.After.choices, ""], help_text="What it follows each time.")
    is_confidential = serializers.BooleanField()
    made_by = Ids(source="made_by_id")
    made_at = serializers.DateTimeField()
    drawn_at = serializers.DateTimeField(allow_null=True, help_text="When it was sent.")
    closes_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class HealthRow(Row):
    partner = Ids(source="partner_id")
    day = serializers.DateField()
    score = Tenths(allow_null=True, help_text="Of 100; null where too little is known.")
    coverage = serializers.IntegerField(help_text="How much of it is known, in per cent.")
    colour = serializers.ChoiceField([*HealthColour.choices, ""], source="stands")
    formula = Ids(source="formula.number", help_text="The version it was worked out by.")
    lines = serializers.DictField(help_text="By measure: points, the most there are, rows, the newest day.")

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        for row in rows:
            row["lines"] = {key: _line(*line) for key, line in row["lines"].items()}


def _line(points: int, most: int, n: int, newest: Any) -> Told:
    """A line of a score as it is kept, in points."""
    return {"points": points / 10, "most": most / 10, "n": n, "newest": newest}
