"""Files that are handed in, what would come of each row, and what came of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from prm import clock, importing, tables
from prm.api.fields import Upload
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Drops, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.models import Import, ImportRow
from prm.paging import Order
from team.models import User
from team.roles import STEERING, permitted_or_403


class ImportedRow(Row):
    noun = serializers.CharField(help_text="What it brings: partners, deals, results.")
    file_name = serializers.CharField()
    by = serializers.IntegerField(source="by_id", allow_null=True)
    state = serializers.ChoiceField(Import.State.choices)
    said = serializers.CharField(help_text="How the file was read.")
    says = serializers.CharField(help_text="What came of it, in a sentence.")
    counts = serializers.DictField(help_text="How many rows of each outcome.")
    skip_rejected = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class NewImport(serializers.Serializer[Any]):
    """A worker checks the file: ask again until its state is *ready*, read its rows, then let it in."""

    noun = serializers.CharField(max_length=40, help_text="What it brings: partners, deals, results.")
    file = Upload(help_text="CSV or Excel (.xlsx) with a header row; 20 MB, 100,000 rows at most.")

    def validate_noun(self, given: str) -> str:
        if given not in importing.importers():
            named = ", ".join(sorted(importing.importers()))
            raise serializers.ValidationError(_("Choose one of: %(nouns)s.") % {"nouns": named})
        return given


class LettingIn(serializers.Serializer[Any]):
    skip_rejected = serializers.BooleanField(
        required=False, default=False, help_text="Leave rejected rows out; else nothing goes in."
    )


def seen_imports(user: User) -> QuerySet[Import]:
    """The own ones; heads, operations and admins see all."""
    mine = Q() if user.roles & STEERING else Q(by=user.pk)
    return Import.objects.filter(mine).exclude(state=Import.State.DROPPED)


class Imports(Reads, Makes, Drops):
    noun, words = "imports", "Files that were handed in, and what came of them. Their rows are import-rows."
    model, row, new = Import, ImportedRow, NewImport
    parser_classes = WITH_FILES
    related = ("job",)
    filterset_class = filters(Import, keys=["by"], choices=["state"], texts=["noun"], moments=["created_at"])

    def seen(self) -> QuerySet[Import]:
        return seen_imports(self.user)

    def _may_import(self, thing: None) -> None:
        if importer := importing.importers().get(self.named("noun")):
            permitted_or_403(self.user, importer.action)

    may_make = _may_import

    def make(self, typed: Typed) -> Import:
        noun, file, at = typed["noun"], typed["file"], clock.now()
        try:
            imported = importing.receive(noun, file, file.name, self.user, at)
        except tables.Unreadable as refusal:
            raise ValidationError({"file": [str(refusal)]})
        importing.hurry(imported, at)
        return imported

    def _must_import(self, imported: Import) -> None:
        permitted_or_403(self.user, importing.importer_of(imported).action)

    @step(_must_import, LettingIn, name="let-in", related=related)
    def let_in(self, thing: Import, typed: Typed) -> None:
        """Let the new and the changed go in, whole or not at all."""
        importing.let_in(thing, clock.now(), skip_rejected=typed["skip_rejected"])

    @step(_must_import, related=related)
    def again(self, thing: Import, typed: Typed) -> None:
        """Its check had stopped: check its rows once more."""
        importing.recheck(thing, clock.now())

    def drop(self, thing: Import) -> None:
        self._must_import(thing)
        importing.drop(thing, clock.now())


class CheckedRow(Row):
    of = serializers.IntegerField(source="of_id", help_text="The import.")
    number = serializers.IntegerField(help_text="As the spreadsheet numbers it; the header is 1.")
    outcome = serializers.ChoiceField(ImportRow.Outcome.choices)
    title = serializers.CharField()
    reason = serializers.CharField(help_text="Why it is rejected, and the way out.")
    note = serializers.CharField()
    cells = serializers.ListField(help_text="As they stand in the file.")
    target = serializers.IntegerField(allow_null=True, help_text="What stands already, or what it became.")
    changes = serializers.DictField(help_text="What differs from what stands: before and after.")


class Lines(Reads):
    noun, words = "import-rows", "Rows of a file: the preview before it goes in, and what came of each."
    model, row = ImportRow, CheckedRow
    filterset_class = filters(ImportRow, keys=["of"], choices=["outcome"])
    sorts = USUAL_SORTS | {"number": Order("number", nullable=False)}
    first_sort = "number"

    def seen(self) -> QuerySet[ImportRow]:
        return ImportRow.objects.filter(of__in=seen_imports(self.user))
