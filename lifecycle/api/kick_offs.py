"""Kick-offs, for other programs: planned, changed, called off, held with minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework import serializers

from conversations.api.inputs import MOST_PROMISES, NewPromise
from conversations.commitments import Promise
from conversations.meetings.calling import Wanted
from lifecycle.models import KickOff
from lifecycle.onboarding import kick_offs
from partners.api.inputs import Reason, colleagues, contacts_there, seen_partners
from partners.api.rows import grouped
from prm import clock
from prm.api.fields import Among, Moment
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted, permitted_towards

Ids = serializers.IntegerField
PLAN = "plan tasks"
RELATED = ("partner__owner", "organiser")
MOST_ASKED = 200
PEOPLE = ("contacts", "colleagues")


class CalledRow(Row):
    """A meeting of ours that people are asked to."""

    title = serializers.CharField()
    organiser = Ids(source="organiser_id")
    contacts = serializers.ListField(child=Ids(), help_text="Who there is asked.")
    colleagues = serializers.ListField(child=Ids(), help_text="Who of us is, beside the organiser.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    agenda = serializers.CharField()
    beside = frozenset(PEOPLE)
    of: ClassVar[type[Model]]

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        told = cls.of._default_manager.filter(pk__in=[row["id"] for row in rows])
        for name in PEOPLE:
            asked = told.filter(**{f"{name}__isnull": False}).order_by(name)
            grouped(rows, asked.values_list("pk", name), name)


class KickOffRow(CalledRow):
    partner = Ids(source="partner_id")
    state = serializers.ChoiceField(KickOff.State.choices)
    minutes = serializers.CharField(help_text="What was said.")
    message = Ids(source="message_id", allow_null=True, help_text="The minutes, in the partner's history.")
    reason = serializers.CharField(help_text="Why it was called off.")
    created_at = serializers.DateTimeField()
    of = KickOff


class KickOffChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Everybody is told by mail, with a calendar file."""

    starts_at = Moment()
    ends_at = Moment()
    contacts: Any = serializers.ListField(child=Among(contacts_there), max_length=MOST_ASKED)
    colleagues: Any = serializers.ListField(child=Among(colleagues), max_length=MOST_ASKED, required=False)
    place = serializers.CharField(max_length=300, required=False, allow_blank=True)
    agenda = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class NewKickOff(KickOffChange):
    """Everybody is asked by mail, with a calendar file; whose token it is organises it."""

    partner = Among(seen_partners)


class KickOffHeld(serializers.Serializer[Any]):
    minutes = serializers.CharField(max_length=20_000, help_text="What was said.")
    visible_to_partner = serializers.BooleanField(required=False, default=True)
    promises: Any = serializers.ListField(
        child=NewPromise(), max_length=MOST_PROMISES, required=False, default=list
    )


def wanted(typed: Typed) -> Typed:
    return {name: tuple(value) if name in PEOPLE else value for name, value in typed.items()}


class KickOffs(Reads, Makes, Changes):
    noun, words = "kick-offs", "The meetings that onboarding begins with."
    model, row, new, changed = KickOff, KickOffRow, NewKickOff, KickOffChange
    filterset_class = filters(
        KickOff, keys=["partner", "organiser"], choices=["state"], moments=["starts_at"]
    )
    sorts = USUAL_SORTS | {"starts_at": Order("starts_at", nullable=False)}
    may_make = permitted_towards(PLAN, "partner")
    may_change = permitted(PLAN)

    def seen(self) -> QuerySet[KickOff]:
        return KickOff.objects.visible_to(self.user)

    def make(self, typed: Typed) -> KickOff:
        partner = typed.pop("partner")
        return kick_offs.plan(partner, Wanted(**wanted(typed)), by=self.user, at=clock.now())

    def change(self, thing: KickOff, typed: Typed) -> None:
        asked = replace(kick_offs.wanted_of(thing), **wanted(typed))
        kick_offs.change(thing, asked, by=self.user, at=clock.now())

    @step(permitted(PLAN), Reason, name="call-off", related=RELATED)
    def call_off(self, thing: KickOff, typed: Typed) -> None:
        """It does not take place: everybody who was asked reads the reason."""
        kick_offs.call_off(thing, typed["reason"], by=self.user, at=clock.now())

    @step(permitted(PLAN), KickOffHeld, related=RELATED)
    def hold(self, thing: KickOff, typed: Typed) -> None:
        """It was held: minutes stand in the partner's history, promises are made, and it is evidence."""
        promises = [Promise(**promise) for promise in typed["promises"]]
        shared = typed["visible_to_partner"]
        kick_offs.hold(thing, typed["minutes"], shared, promises, by=self.user, at=clock.now())
