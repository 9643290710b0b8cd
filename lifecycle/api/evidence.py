"""Dated facts that gates ask for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from rest_framework import serializers

from lifecycle import evidence
from lifecycle.models import Evidence
from partners.api.inputs import Reason, seen_partners
from prm import clock, downloads
from prm.access import found_or_404
from prm.api.fields import Among, Day, Upload
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Makes, Reads, Typed, file_of, step
from prm.api.rows import Row
from prm.paging import Order
from team.api.permits import permitted, permitted_towards

Ids = serializers.IntegerField


class EvidenceRow(Row):
    partner = Ids(source="partner_id")
    kind = serializers.ChoiceField(Evidence.Kind.choices)
    on = serializers.DateField()
    note = serializers.CharField()
    file_name = serializers.CharField(help_text="Empty where there is no file.")
    by = Ids(source="by_id", allow_null=True, help_text="Who recorded it; null: the app itself.")
    recorded_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="Since then it counts no more.")
    withdrawn_reason = serializers.CharField()


class NewEvidence(serializers.Serializer[Any]):
    """The first “agreement signed” signs the partner on."""

    partner = Among(seen_partners)
    kind = serializers.ChoiceField(Evidence.Kind.choices)
    on = Day(help_text="Today or earlier.")
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    file = Upload(required=False, help_text="PDF, picture, office file or text; 10 MB.")


class Facts(Reads, Makes):
    noun, words = "evidence", "Dated facts that gates ask for: agreement signed, kick-off held, and so on."
    model, row, new = Evidence, EvidenceRow, NewEvidence
    parser_classes = WITH_FILES
    filterset_class = filters(
        Evidence, keys=["partner", "by"], choices=["kind"], days=["on"], moments=["recorded_at"]
    )
    sorts = USUAL_SORTS | {"on": Order("on", nullable=False)}

    def seen(self) -> QuerySet[Evidence]:
        return Evidence.objects.visible_to(self.user)

    may_make = permitted_towards("record evidence", "partner")

    def make(self, typed: Typed) -> Evidence:
        partner = typed.pop("partner")
        return evidence.record(partner, by=self.user, at=clock.now(), **typed)

    def _opened(self, thing: Evidence) -> FileResponse:
        with_file = self.seen().exclude(file="").select_related("partner__owner")
        fact = found_or_404(with_file, pk=thing.pk)
        return downloads.of(evidence.opened(fact, by=self.user, at=clock.now()), fact.file_name)

    file = file_of("Its file as a download. That an agreement was read is kept in the history.", _opened)

    @step(permitted("record evidence"), Reason, related=("partner__owner",))
    def withdraw(self, thing: Evidence, typed: Typed) -> None:
        """It was not so: it stays with its reason and counts no more."""
        evidence.withdraw(thing, typed["reason"], by=self.user, at=clock.now())
