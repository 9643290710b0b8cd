"""Two rows that are one become one, for other programs; the event in the answer takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from partners import merging
from partners.api import rows
from partners.api.inputs import seen_partners
from partners.forms.merging import EMPTY
from partners.models import Contact, Event, Merge, Partner, seen_by
from prm import clock
from prm.api.fields import Among
from prm.api.resources import Resource, Typed, step
from prm.api.rows import Told
from team.models import User
from team.roles import permitted_or_403

ACTION = "merge partners"
TAKE = "Fields to have as the other has them, where they differ; left out: those that are empty here."


def mergeable_contacts(user: User) -> QuerySet[Contact]:
    return Contact.objects.filter(seen_by(user), merged_into=None).select_related("partner__owner")


class PartnerMerge(serializers.Serializer[Any]):
    """What points at the one that goes points at this one; its names and domains are kept as further ones."""

    gone = Among(seen_partners, help_text="The one that goes.")
    take = serializers.ListField(
        child=serializers.ChoiceField(merging.PARTNER_FIELDS), required=False, help_text=TAKE
    )


class ContactMerge(serializers.Serializer[Any]):
    """What points at the one that goes points at this one; every address still finds it."""

    gone = Among(mergeable_contacts, help_text="The one that goes, a contact of the same partner.")
    take = serializers.ListField(
        child=serializers.ChoiceField(merging.CONTACT_FIELDS), required=False, help_text=TAKE
    )


class MergedPartnerRow(rows.PartnerRow):
    event = serializers.IntegerField(help_text="Undo takes this back for 30 days; see events.")
    beside = rows.PartnerRow.beside | {"event"}

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        super().complete(rows, user)
        _tell_events(rows, Merge.Kind.PARTNER)


class MergedContactRow(rows.ContactRow):
    event = serializers.IntegerField(help_text="Undo takes this back for 30 days; see events.")
    beside = rows.ContactRow.beside | {"event"}

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        super().complete(rows, user)
        _tell_events(rows, Merge.Kind.CONTACT)


def _tell_events(rows: list[Told], kind: str) -> None:
    """The event of the newest merge into each."""
    ids = [row["id"] for row in rows]
    merges = Merge.objects.filter(kind=kind, kept_id__in=ids, undone_at=None).order_by("pk")
    newest = dict(merges.values_list("kept_id", "pk"))
    wrote = Event.objects.filter(kind=f"{kind}s_merged", about_kind="merge", about_id__in=newest.values())
    events = dict(wrote.values_list("about_id", "pk"))
    for row in rows:
        row["event"] = events[newest[row["id"]]]


def _chosen(kept: Any, typed: Typed, names: Sequence[str]) -> Mapping[str, Any]:
    """The values to have of the one that goes."""
    gone = typed["gone"]
    take = typed.get("take", [name for name in names if getattr(kept, name) in EMPTY])
    return {name: getattr(gone, name) for name in take}


class _Merges(Resource):
    asks: ClassVar[type[serializers.Serializer[Any]]]

    def must_merge_both(self, kept: Any) -> None:
        """Both sides are asked for before the rest of what is sent is read."""
        permitted_or_403(self.user, ACTION, kept)
        if (gone := self.named_in(self.asks, "gone")) is not None:
            permitted_or_403(self.user, ACTION, gone)


class PartnerMerges(_Merges):
    noun, words = "partners", "Two partners that are one."
    model, row, asks = Partner, MergedPartnerRow, PartnerMerge

    def seen(self) -> QuerySet[Partner]:
        return Partner.objects.visible_to(self.user)

    @step(_Merges.must_merge_both, PartnerMerge, related=("owner",))
    def merge(self, thing: Partner, typed: Typed) -> None:
        """Merge another into this one, which answers with the event by which it is taken back. Stage, status
        and what follows from them stay this one's."""
        chosen = _chosen(thing, typed, merging.PARTNER_FIELDS)
        merging.merge_partners(thing, typed["gone"], chosen, by=self.user, at=clock.now())


class ContactMerges(_Merges):
    noun, words = "contacts", "Two contacts of a partner that are one person."
    model, row, asks = Contact, MergedContactRow, ContactMerge

    def seen(self) -> QuerySet[Contact]:
        return Contact.objects.filter(seen_by(self.user), merged_into=None)

    @step(_Merges.must_merge_both, ContactMerge, related=("partner__owner",))
    def merge(self, thing: Contact, typed: Typed) -> None:
        """Merge another into this one, which answers with the event by which it is taken back."""
        chosen = _chosen(thing, typed, merging.CONTACT_FIELDS)
        merging.merge_contacts(thing, typed["gone"], chosen, by=self.user, at=clock.now())
