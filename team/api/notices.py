"""What the person of a token was told, as behind the bell."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from prm import clock
from prm.api.fields import Moment
from prm.api.filters import filters
from prm.api.once import HowMany
from prm.api.resources import KEY_PARAMETER, USUAL_SORTS, Reads, Typed, step, whoever
from prm.api.rows import Row
from prm.listing import YesNoFilter
from prm.paging import Order
from team import notices
from team.models import Notice


class NoticeRow(Row):
    kind = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField(help_text="Where it leads, a path of this app.")
    why = serializers.CharField(help_text="Why you are told.")
    rings = serializers.BooleanField(help_text="It needs you: the bell counts it.")
    due_at = serializers.DateTimeField(help_text="The moment that it is about.")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True, help_text="Hidden until then.")


class Snoozing(serializers.Serializer[Any]):
    until = Moment(help_text="Not after it is due, where something must be done by then.")


class Read(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="So many were unread.")


class NoticeFilter(filters(Notice, texts=["kind"], booleans=["rings"], moments=["due_at", "created_at"])):  # type: ignore[misc]
    is_read = YesNoFilter(field_name="read_at", lookup_expr="isnull", exclude=True)
    is_snoozed = YesNoFilter(field_name="snoozed_until", lookup_expr="isnull", exclude=True)


class Notices(Reads):
    noun, words = "notices", "What you were told, those that are read or hidden for a while among them."
    model, row = Notice, NoticeRow
    filterset_class = NoticeFilter
    sorts = USUAL_SORTS | {"created_at": Order("created_at", nullable=False)}

    def seen(self) -> QuerySet[Notice]:
        return Notice.objects.filter(person=self.user)

    @step(whoever)
    def read(self, thing: Notice, typed: Typed) -> None:
        """Mark it as read. What was read is not mailed any more."""
        notices.mark_read([thing], by=self.user, at=clock.now())

    @step(whoever, Snoozing)
    def snooze(self, thing: Notice, typed: Typed) -> None:
        """Hide it until a moment, then show it as new."""
        notices.snooze(thing, until=typed["until"], by=self.user, at=clock.now())

    @step(whoever)
    def wake(self, thing: Notice, typed: Typed) -> None:
        """Hide it no longer."""
        notices.show_again(thing, by=self.user)

    @extend_schema(request=None, responses=Read, parameters=[KEY_PARAMETER])
    @action(detail=False, methods=["post"], url_path="read-all", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark all of them as read. Those that are hidden for a while come back unread."""
        how_many = HowMany("notices/read-all", "read")
        return how_many.once(request, lambda: notices.mark_all_read(by=self.user, at=clock.now()))
