"""The lists that partners are sorted by, for other programs to name things by."""

from __future__ import annotations

from rest_framework import serializers

from partners import lists
from partners.models import EndReason, PartnerType, Programme, Source
from prm.api.fields import Named
from prm.api.filters import filters
from prm.api.resources import Typed
from team.api.lists import EntryRow, Kept, NewEntry


class PartnerTypes(Kept):
    noun, words = "partner-types", "What sorts of partners there are: reseller, distributor and so on."
    model = PartnerType
    filterset_class = filters(PartnerType, texts=["name"])


class ProgrammeRow(EntryRow):
    kind = serializers.IntegerField(source="kind_id", help_text="The type of partners it is for.")
    kind_name = serializers.CharField(source="kind.name")


class NewProgramme(NewEntry):
    kind = Named(
        lambda user: PartnerType.objects.filter(retired_at=None), help_text="The type of partners it is for."
    )


class Programmes(Kept):
    noun, words = "programmes", "What partners are members of; see tiers for their levels."
    model, row, new = Programme, ProgrammeRow, NewProgramme
    filterset_class = filters(Programme, keys=["kind"], texts=["name"])

    def make(self, typed: Typed) -> Programme:
        return lists.add_programme(**typed)


class SourceRow(EntryRow):
    key = serializers.CharField(help_text="Of what the app chooses by itself; it stays when renamed.")


class Sources(Kept):
    noun, words = "sources", "By what prospects come."
    model, row = Source, SourceRow
    filterset_class = filters(Source, texts=["name"])


class EndReasons(Kept):
    noun, words = "end-reasons", "Why prospects are declined and partnerships end."
    model = EndReason
    filterset_class = filters(EndReason, texts=["name"])
