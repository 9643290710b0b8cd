"""Announcements: drafted, changed, sent, told to those who came later, corrected, withdrawn."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lifecycle.growth.announcing import audience, standing, writing
from lifecycle.growth.announcing.forms import LONGEST
from lifecycle.growth.announcing.writing import Outline
from lifecycle.models import Announcement
from partners.api.inputs import Reason, colleagues
from partners.forms.fields import NameField
from partners.models import Contact, PartnerType, Programme, Tier
from prm import clock, downloads
from prm.api.fields import Among, AsInForm, Named, Upload
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Changes, Drops, Makes, Reads, Typed, file_of, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted_anywhere, permitted_by
from team.models import Region, Vertical

Ids = serializers.IntegerField
MOST = 200  # of one kind that an announcement may name
WHO = (*audience.NAMED, "stages")


def told_whom(name: str, words: str = "Empty: all.") -> serializers.ListField:
    return serializers.ListField(child=Ids(), source=f"who.{name}", help_text=words)


class AnnouncementRow(Row):
    title = serializers.CharField()
    kind = serializers.ChoiceField(Announcement.Kind.choices)
    body = serializers.CharField(help_text="In Markdown.")
    file_name = serializers.CharField(help_text="Empty where no file goes with it.")
    state = serializers.ChoiceField(Announcement.State.choices)
    corrects = Ids(source="corrects_id", allow_null=True)
    roles = serializers.ListField(
        child=serializers.ChoiceField(Contact.Role.choices),
        help_text="Of the people; empty: everybody there.",
    )
    types = told_whom("types", "Ids of partner types; empty: all.")
    programmes = told_whom("programmes")
    tiers = told_whom("tiers")
    regions = told_whom("regions")
    verticals = told_whom("verticals")
    stages = serializers.ListField(
        child=serializers.ChoiceField(audience.STAGES), source="who.stages", help_text="Empty: all live ones."
    )
    of = Ids(source="who.of", allow_null=True, help_text="Whose partners; null: anybody's.")
    made_by = Ids(source="made_by_id")
    made_at = serializers.DateTimeField()
    sent_by = Ids(source="sent_by_id", allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    first_told_at = serializers.DateTimeField(allow_null=True, help_text="When the first mail left.")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()
    partners_entitled = Ids(help_text="When it last went out, of those you read.")
    partners_told = Ids(help_text="A mail left for one of their people and did not come back.")
    beside = frozenset({"partners_entitled", "partners_told"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        told, entitled = standing.reached([row["id"] for row in rows], user)
        for row in rows:
            row |= {name: row[name] or [] for name in WHO}
            row["partners_told"] = told.get(row["id"], 0)
            row["partners_entitled"] = entitled.get(row["id"], 0)


def of_those(child: Any, words: str = "") -> serializers.ListField:
    return serializers.ListField(
        child=child, max_length=MOST, required=False, help_text=words or "Empty: all."
    )


class AnnouncementChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Type, programme and tier are those of one membership."""

    title = AsInForm(NameField(max_length=150), required=False)
    kind = serializers.ChoiceField(Announcement.Kind.choices, required=False)
    body = serializers.CharField(max_length=LONGEST, required=False, help_text="In Markdown.")
    roles = of_those(serializers.ChoiceField(Contact.Role.choices), "Of the people; empty: everybody there.")
    types = of_those(Named(lambda user: PartnerType.objects.filter(retired_at=None)))
    programmes = of_those(Named(lambda user: Programme.objects.filter(retired_at=None)))
    tiers = of_those(Among(lambda user: Tier.objects.filter(retired_at=None)))
    regions = of_those(Named(lambda user: Region.objects.filter(retired_at=None)))
    verticals = of_those(Named(lambda user: Vertical.objects.filter(retired_at=None)))
    stages = of_those(serializers.ChoiceField(audience.STAGES), "Empty: all live ones.")
    file = Upload(
        required=False,
        allow_null=True,
        help_text="PDF, picture, office file or text; 10 MB. Null: none goes with it any more.",
    )
    of = Among(
        colleagues, required=False, allow_null=True, help_text="Only partners this person looks after."
    )


class NewAnnouncement(AnnouncementChange):
    title = AsInForm(NameField(max_length=150))
    body = serializers.CharField(max_length=LONGEST, help_text="In Markdown.")


class ReachedRow(serializers.Serializer[Any]):
    why = serializers.ChoiceField(standing.Why.choices)
    partners = Ids()


class MeterRow(serializers.Serializer[Any]):
    entitled = Ids(help_text="Partners entitled now.")
    told = Ids()
    can = Ids(help_text="Whom sending it, or telling the rest, would reach now.")
    left_out = Ids(help_text="Whom nothing reaches now.")
    by = ReachedRow(many=True, help_text="Each partner once, by how it stands.")


def outline(typed: Typed, begins: Announcement | None, corrects: Announcement | None) -> Outline:
    """What is sent, over what the draft or the corrected one says."""
    before = {name: getattr(begins, name) for name in ("title", "body", "kind", "roles")} if begins else {}
    words = before | {name: typed[name] for name in ("title", "body", "kind") if name in typed}
    if "roles" in typed:
        words["roles"] = list(dict.fromkeys(typed["roles"]))
    who = dict(begins.who) if begins else {}
    who |= {name: [each.pk for each in typed[name]] for name in audience.NAMED if name in typed}
    if "stages" in typed:
        who["stages"] = typed["stages"]
    if "of" in typed:
        who["of"] = typed["of"] and typed["of"].pk
    drops = "file" in typed and typed["file"] is None
    return Outline(**words, who=who, corrects=corrects, file=typed.get("file"), drops_file=drops)


changeable = permitted_by(writing.changeable_or_403)


class Announcements(Reads, Makes, Changes, Drops):
    noun, words = (
        "announcements",
        "One thing told to all partners entitled to it: who was, who not yet, and why.",
    )
    model, row, new, changed = Announcement, AnnouncementRow, NewAnnouncement, AnnouncementChange
    related = ("corrects",)
    parser_classes = WITH_FILES
    filterset_class = filters(
        Announcement, keys=["corrects", "made_by"], choices=["state", "kind"], moments=["made_at", "sent_at"]
    )
    sorts = USUAL_SORTS | {"made_at": Order("made_at", nullable=False), "sent_at": Order("sent_at")}

    def seen(self) -> QuerySet[Announcement]:
        return Announcement.objects.visible_to(self.user)

    may_make = permitted_anywhere(writing.SOME)

    def make(self, typed: Typed) -> Announcement:
        """A draft; nobody is told yet."""
        return writing.write(outline(typed, None, None), self.user, clock.now())

    may_change = changeable

    def change(self, thing: Announcement, typed: Typed) -> None:
        """Write the draft anew. What was sent stays as it is: correct it."""
        writing.change(thing, outline(typed, thing, thing.corrects), self.user, clock.now())

    def drop(self, thing: Announcement) -> None:
        """Throw a draft away."""
        writing.changeable_or_403(self.user, thing)
        writing.remove(thing, self.user, clock.now())

    @extend_schema(responses=MeterRow)
    @action(detail=True, url_name="standing")
    def standing(self, request: Request, pk: str) -> Response:
        """How far it got; of a draft, whom it would reach and who would be left out, and why."""
        meter = standing.meter(self.thing(pk), self.user, clock.now())
        by = [{"why": why, "partners": n} for why, n in sorted(meter.by.items())]
        facts = {name: getattr(meter, name) for name in ("entitled", "told", "can", "left_out")}
        return Response(MeterRow({**facts, "by": by}).data)

    def _opened(self, thing: Announcement) -> FileResponse:
        if not thing.file:
            raise Http404(_("There is no file."))
        return downloads.of(thing.file, thing.file_name)

    file = file_of("The file that goes with it.", _opened)

    @step(changeable)
    def send(self, thing: Announcement, typed: Typed) -> None:
        """Send it to everybody it is for at the partners entitled now."""
        writing.send(thing, self.user, clock.now())

    @step(changeable, name="tell-rest")
    def tell_rest(self, thing: Announcement, typed: Typed) -> None:
        """Tell the partners that came to be entitled, or reachable, since."""
        writing.tell_rest(thing, self.user, clock.now())

    @step(permitted_anywhere(writing.SOME), AnnouncementChange)
    def correct(self, thing: Announcement, typed: Typed) -> Announcement:
        """A new draft that names it as what it corrects, with its words and receivers where you send none;
        the draft answers."""
        return writing.write(outline(typed, thing, thing), self.user, clock.now())

    @step(changeable, Reason)
    def withdraw(self, thing: Announcement, typed: Typed) -> None:
        """It holds no more: mails under way do not leave, and who was told sees why."""
        writing.withdraw(thing, typed["reason"], self.user, clock.now())
