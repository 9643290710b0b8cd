"""The doors of other programs to reviews, surveys and health."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.meetings.calling import Wanted
from lifecycle.api import kick_offs
from prm import clock
from prm.api.fields import Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Drops, Makes, Reads, Typed, file_of, step
from prm.paging import Order
from reviews.api import inviting, minutes, rows, surveying
from reviews.meetings import actions, sharing, signing, steps, writing
from reviews.meetings import inviting as calls
from reviews.meetings.packet import arranging, confirming, definitions, reading, shown, whole
from reviews.models import Packet, Review, ReviewInvitation, Snapshot, Survey
from reviews.surveying import surveys
from reviews.surveying.forms import SAYS
from team.addresses import address_of
from team.api.permits import permitted, permitted_anywhere
from team.models import User
from team.roles import may, permitted_or_403

RUN, RUN_REVIEW = ("partner__owner",), "run review"
VERSION = ("number", "text", "promises", "fingerprint", "sent_by_id", "sent_at")


class Cancelling(serializers.Serializer[Any]):
    side = serializers.ChoiceField(Review.Side.choices, help_text="Who wants that.")
    reason = serializers.CharField(max_length=300)


class Move(Cancelling):
    to = Day()


class Result(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Review.Outcome.choices)
    note = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="For a repair: what good looks like.",
    )
    look_again_on = Day(required=False, allow_null=True, default=None, help_text="For a repair.")


class Arranging(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=30, help_text="Of the section; see the packet.")
    do = serializers.ChoiceField(["up", "down", "hide", "show", "comment"])
    comment = serializers.CharField(
        max_length=arranging.LONGEST, required=False, allow_blank=True, default="", help_text="Empty: none."
    )


class Reviews(Reads):
    noun, words = "reviews", "Business reviews with partners: planned, held, closed."
    model, row = Review, rows.ReviewRow
    filterset_class = filters(
        Review, keys=["partner"], choices=["state", "outcome"], days=["on", "slot_on", "held_on"]
    )
    sorts = USUAL_SORTS | {"on": Order("on", nullable=False)}

    def seen(self) -> QuerySet[Review]:
        return Review.objects.visible_to(self.user)

    @step(permitted(RUN_REVIEW), related=RUN)
    def prepare(self, thing: Review, typed: Typed) -> None:
        """Begin to prepare it: the partner is in evaluation from now on."""
        steps.prepare(thing, by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), Move, related=RUN)
    def move(self, thing: Review, typed: Typed) -> None:
        """Hold it on another day. Only our moves count in our figures."""
        steps.move(thing, typed["to"], typed["side"], typed["reason"], by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), Cancelling, related=RUN)
    def cancel(self, thing: Review, typed: Typed) -> None:
        """It does not take place; the next one is planned, and its topics go there."""
        steps.cancel(thing, typed["side"], typed["reason"], by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), Result, name="outcome", related=RUN)
    def decide(self, thing: Review, typed: Typed) -> None:
        """Say what came of it: internal until it is shared."""
        result = steps.Result(typed["outcome"], typed["note"], typed["look_again_on"])
        steps.decide(thing, result, by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), name="share-outcome", related=RUN)
    def share_outcome(self, thing: Review, typed: Typed) -> None:
        """Let the partner read the outcome, and its words."""
        steps.share_outcome(thing, by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), related=RUN)
    def close(self, thing: Review, typed: Typed) -> None:
        """Nothing is left to do. What stands before it answers 409, each in a reason."""
        steps.close(thing, by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), inviting.Inviting, related=RUN, told_by=inviting.Invitations)
    def invite(self, thing: Review, typed: Typed) -> ReviewInvitation:
        """Ask people to it by mail, with a calendar file; sent once more, tell them what differs."""
        minutes.must_be_there(thing, typed["contacts"], "contacts")
        asked = Wanted(**kick_offs.wanted(typed))
        return calls.invite(thing, asked, by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), Arranging, related=RUN)
    def arrange(self, thing: Review, typed: Typed) -> None:
        """Move a section of its packet up or down, hide or show it, or say something of it."""
        arranging.arrange(thing, typed["key"], typed["do"], typed["comment"])

    @step(permitted(RUN_REVIEW), minutes.Readers, name="pre-read", related=RUN)
    def pre_read(self, thing: Review, typed: Typed) -> None:
        """Send people there the packet as it stands, each under an address of its own."""
        minutes.must_be_there(thing, typed["to"], "to")
        sharing.send_pre_read(thing, typed["to"], by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), related=RUN)
    def confirm(self, thing: Review, typed: Typed) -> None:
        """The definitions of its packet are the right ones; both sides read who confirmed them."""
        confirming.confirm(thing, by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), minutes.Held, related=RUN)
    def hold(self, thing: Review, typed: Typed) -> None:
        """It was held: its packet is frozen, and actions with owner and day are promises."""
        at = clock.now()
        steps.hold(thing, typed["on"], by=self.user, at=at)
        actions.settle(thing, by=self.user, at=at)

    @step(permitted(RUN_REVIEW), minutes.Written, related=RUN)
    def write(self, thing: Review, typed: Typed) -> None:
        """Write the minutes, and who was there. What was sent stays as it was until it is sent anew."""
        came = typed["came"] if "came" in typed else thing.came.all()
        minutes.must_be_there(thing, typed.get("came", ()), "came")
        of_us = typed["came_of_us"] if "came_of_us" in typed else thing.came_of_us.all()
        writing.write(thing, typed.get("words", thing.minutes), list(came), list(of_us))

    @step(permitted(RUN_REVIEW), name="send-minutes", related=RUN)
    def send_minutes(self, thing: Review, typed: Typed) -> None:
        """Send the minutes to both sides, to be signed; names under an earlier version count no more."""
        sharing.send_minutes(thing, by=self.user, at=clock.now())

    @step(permitted(RUN_REVIEW), minutes.MinutesName, related=RUN)
    def sign(self, thing: Review, typed: Typed) -> None:
        """Put a name of ours under the newest version. The partner signs on its own page."""
        version = signing.current(thing)
        if version is None:
            raise steps.StepRefused(_("There are no minutes to sign yet."))
        side, address = Review.Side.OURS, address_of(self.request)
        signing.sign(version, side, typed["name"], self.user, clock.now(), address)

    @extend_schema(responses=minutes.MinutesRow)
    @action(detail=True, url_name="minutes")
    def minutes(self, request: Request, pk: str) -> Response:
        """The minutes as they are being written and as they were sent, who was there, and who signed."""
        found = self.thing(pk, "partner__owner")
        told = {
            "words": found.minutes if may(self.user, RUN_REVIEW, found.partner) else None,
            "came": found.came.order_by("pk").values_list("pk", flat=True),
            "came_of_us": found.came_of_us.order_by("pk").values_list("pk", flat=True),
            "minutes_by": found.minutes_by,
            "sign_by": found.sign_by,
            "versions": [
                {
                    **{name: getattr(each.minutes, name) for name in VERSION},
                    "signatures": each.minutes.signatures.all(),
                    "differs": each.differs,
                }
                for each in reversed(signing.versions(found))
            ],
        }
        return Response(minutes.MinutesRow(told).data)

    @extend_schema(responses=rows.PacketRow)
    @action(detail=True, url_name="packet")
    def packet(self, request: Request, pk: str) -> Response:
        """What it shows: as it stands now, from the day it is held on as it was frozen."""
        found = self.thing(pk, "partner__owner", "definitions_by")
        what = shown.asked(found, clock.now())
        frozen = Packet.objects.filter(review=found).first()
        parts = reading.by_us(shown.read(what, frozen), found.partner, self.user, what.at)
        hidden = [each.key for each in parts if each.is_hidden]
        parts = [each for each in parts if not each.is_hidden and not each.is_empty]
        confirmed = definitions.of(found, parts, frozen)
        told = {
            "confirmed_on": confirmed.on if confirmed else None,
            "confirmed_by": confirmed.by if confirmed else "",
            "unconfirmed": confirmed.missing if confirmed else [],
            "since": what.since,
            "until": what.until,
            "frozen_at": frozen.frozen_at if frozen else None,
            "fingerprint": frozen.fingerprint if frozen else "",
            "sections": parts,
            "hidden": hidden,
        }
        return Response(rows.PacketRow(told).data)

    pdf = file_of(
        "The packet as it goes on paper, with the minutes that were sent once it was held, as a PDF.",
        lambda self, thing: _on_paper(thing, self.user),
        name="pdf",
        media_type="application/pdf",
    )


def _on_paper(review: Review, user: User) -> FileResponse:
    made, name = whole.as_pdf(whole.by_us(review, user, clock.now()))
    return FileResponse(BytesIO(made), as_attachment=True, filename=name, content_type="application/pdf")


class Saying(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=SAYS)


RUN_SURVEYS = "run surveys"


class Surveys(Reads, Makes, Drops):
    noun, words = "surveys", "What was asked of partners' people. Answers are read on the pages alone."
    model, row, new = Survey, rows.SurveyRow, surveying.NewSurvey
    may_make = permitted_anywhere(RUN_SURVEYS)
    filterset_class = filters(Survey, choices=["kind"], booleans=["is_confidential"], moments=["made_at"])

    def seen(self) -> QuerySet[Survey]:
        return Survey.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Survey:
        return surveys.make(typed["outline"], self.user, clock.now())

    def drop(self, thing: Survey) -> None:
        permitted_or_403(self.user, RUN_SURVEYS)
        surveys.remove(thing, self.user, clock.now())

    @step(permitted_anywhere(RUN_SURVEYS))
    def send(self, thing: Survey, typed: Typed) -> None:
        """Draw whom to ask, write down who was left out and why, and send."""
        surveys.draw(thing, self.user, clock.now())

    @step(permitted_anywhere(RUN_SURVEYS))
    def close(self, thing: Survey, typed: Typed) -> None:
        """Take no more answers; what it reads from now on stays."""
        surveys.close(thing, self.user, clock.now())

    @step(permitted_anywhere(RUN_SURVEYS), Saying, name="answer-all")
    def answer_all(self, thing: Survey, typed: Typed) -> None:
        """Say to all who were asked what we make of what was said."""
        surveys.answer_all(thing, typed["words"], self.user, clock.now())


class Healths(Reads):
    noun, words = "health", "The health of partners, day by day, as it was read then."
    model, row = Snapshot, rows.HealthRow
    filterset_class = filters(Snapshot, keys=["partner"], days=["day"])
    sorts = USUAL_SORTS | {"day": Order("day", nullable=False)}

    def seen(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.visible_to(self.user)
