"""How partners hang together."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from partners import links
from partners.api.inputs import OnDay, seen_partners
from partners.models import Link, Partner, seen_by
from prm import clock
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import Makes, Reads, Typed, step
from prm.api.rows import Row
from team.roles import may, permitted_or_403

Ids = serializers.IntegerField


class LinkRow(Row):
    of = Ids(source="of_id", help_text="A partner that distributes to, is owned by … the other.")
    kind = serializers.ChoiceField(Link.Kind.choices)
    other = Ids(source="to_id", help_text="The partner at the other end.")
    starts_on = serializers.DateField(allow_null=True, help_text="Null: nobody knows.")
    ends_on = serializers.DateField(allow_null=True, help_text="Null: it holds.")


class NewLink(serializers.Serializer[Any]):
    of = Among(seen_partners)
    kind = serializers.ChoiceField(Link.Kind.choices)
    other = Among(seen_partners)
    starts_on = Day(required=False, allow_null=True)


class Links(Reads, Makes):
    noun, words = "links", "Partner to partner: distributes to, is owned by, delivers with, was referred by."
    model, row, new = Link, LinkRow, NewLink
    filterset_class = filters(Link, keys={"of": "of", "other": "to"}, choices=["kind"], days=["ends_on"])

    def seen(self) -> QuerySet[Link]:
        """Those of which both ends are seen."""
        return Link.objects.filter(seen_by(self.user, "of"), seen_by(self.user, "to"))

    def _may_unlink(self, thing: Link) -> None:
        self._must_change(thing.of, thing.to)

    def _may_link(self, thing: None) -> None:
        of, other = self.named("of"), self.named("other")
        if of is not None and other is not None:
            self._must_change(of, other)

    may_make = _may_link

    def make(self, typed: Typed) -> Link:
        since = typed.get("starts_on")
        return links.link(
            typed["of"], typed["other"], typed["kind"], by=self.user, at=clock.now(), starts_on=since
        )

    @step(_may_unlink, OnDay, related=("of", "to"))
    def end(self, thing: Link, typed: Typed) -> None:
        """End it on a day; both partners' histories say so."""
        links.unlink(thing, on=typed["on"], by=self.user, at=clock.now())

    def _must_change(self, of: Partner, to: Partner) -> None:
        """Whoever may change one end links and unlinks it."""
        if not may(self.user, "change partner", to):
            permitted_or_403(self.user, "change partner", of)
