"""The doors of other programs to threads and what is said in them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conversations import (
    belonging,
    commitments,
    corrections,
    messages,
    moving,
    private_threads,
    taking_back,
    threads,
)
from conversations.api import inputs, rows
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import Conversation, Message
from conversations.waiting import WRITTEN
from partners.api.inputs import Reason
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Makes, Reads, Typed, step
from prm.paging import Order
from prm.refusals import Refused
from team.api.permits import permitted, permitted_anywhere, permitted_by, permitted_towards

WRITE = "write to partner"
MENDED = ("conversation__partner__owner", "author")


class Conversations(Reads):
    noun, words = "conversations", "Threads with partners. A message begins one; see messages."
    model, row = Conversation, rows.ConversationRow
    filterset_class = filters(
        Conversation, keys=["partner", "responsible"], choices=["state"], moments=["last_message_at"]
    )
    sorts = USUAL_SORTS | {"last_message_at": Order("last_message_at")}

    def seen(self) -> QuerySet[Conversation]:
        return Conversation.objects.visible_to(self.user)

    @step(permitted(WRITE), inputs.Resolving, related=("partner__owner", "responsible"))
    def resolve(self, thing: Conversation, typed: Typed) -> None:
        """It is done. Where they still wait, the reason says why no reply is needed."""
        threads.resolve(thing, by=self.user, at=clock.now(), reason=typed["reason"])

    @step(permitted(WRITE), related=("partner__owner", "responsible"))
    def reopen(self, thing: Conversation, typed: Typed) -> None:
        """It is not done after all."""
        threads.reopen(thing, by=self.user, at=clock.now())

    @step(permitted(WRITE), inputs.HandOver, name="hand-over", related=("partner__owner", "responsible"))
    def hand_over(self, thing: Conversation, typed: Typed) -> None:
        """Somebody else answers from now on. No due time moves."""
        threads.hand_over(thing, to=typed["to"], by=self.user, at=clock.now(), note=typed["note"])

    @step(permitted("change partner"), inputs.Into, related=("partner__owner", "responsible"))
    def merge(self, thing: Conversation, typed: Typed) -> Conversation:
        """Let what was said here stand in another one, which answers. Of two open clocks the earlier runs."""
        into: Conversation = typed["into"]
        moving.merge(thing, into, by=self.user, at=clock.now())
        return into

    @step(permitted("change partner"), inputs.Giving, related=("partner__owner", "responsible"))
    def give(self, thing: Conversation, typed: Typed) -> None:
        """Let it stand with another partner: its messages, waits and promises go along."""
        moving.give(thing, typed["partner"], by=self.user, at=clock.now())

    @step(permitted(WRITE), inputs.Belonging, related=("partner",))
    def belong(self, thing: Conversation, typed: Typed) -> None:
        """Say which of the partner's programmes it is about. Who answers follows; no due time moves."""
        belonging.belong(thing, typed["membership"], by=self.user, at=clock.now())

    @step(permitted(WRITE), name="make-private", related=("partner", "responsible"))
    def make_private(self, thing: Conversation, typed: Typed) -> None:
        """Let only who wrote in it, whom it was addressed to and who answers it read it. Clocks run on."""
        private_threads.make_private(thing, by=self.user, at=clock.now())

    @step(permitted(WRITE), related=("partner", "responsible"))
    def share(self, thing: Conversation, typed: Typed) -> None:
        """Let everybody read it again who reads the partner."""
        private_threads.share(thing, by=self.user, at=clock.now())

    @step(permitted(WRITE), Reason, name="take-back", related=("partner", "responsible"))
    def take_back(self, thing: Conversation, typed: Typed) -> None:
        """Delete for good, for everybody, the words and files of its mails that came from the own mailbox of
        whose token it is; what they asked waits no more. The trace stays, later ones stay out."""
        taking_back.take_back(thing, typed["reason"], by=self.user, at=clock.now())

    @step(permitted(WRITE), name="take-over", related=("partner__owner", "responsible"))
    def take_over(self, thing: Conversation, typed: Typed) -> None:
        """Make it that of whose token it is. No due time moves."""
        threads.take_over(thing, by=self.user, at=clock.now())


class Messages(Reads, Makes):
    noun, words = "messages", "What was said, in and out: written, called, met, noted."
    model, row, new = Message, rows.MessageRow, inputs.NewMessage
    may_make = permitted_towards(WRITE, "partner", "conversation")
    parser_classes = WITH_FILES
    filterset_class = filters(
        Message,
        keys=["partner", "conversation", "contact", "author"],
        choices=["direction", "channel"],
        texts=["external_id"],
        moments=["occurred_at", "recorded_at"],
    )
    sorts = USUAL_SORTS | {"occurred_at": Order("occurred_at", nullable=False)}

    def seen(self) -> QuerySet[Message]:
        return Message.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Message:
        if typed["direction"] == Message.Direction.IN and typed["channel"] in WRITTEN:
            return self._known(typed) or self._taken_in(typed)
        return self._sent(typed) if typed["send"] else self._happened(typed)

    def _known(self, typed: Typed) -> Message | None:
        """The message with this id from outside, where it was told before."""
        if not typed["external_id"]:
            return None
        return self.seen().filter(partner=typed["partner"], external_id=typed["external_id"]).first()

    def _taken_in(self, typed: Typed) -> Message:
        """Two at once may tell the same; and somebody may tell what is private to others."""
        try:
            with transaction.atomic():
                return self._came_in(typed)
        except IntegrityError:
            known = self._known(typed)
            if known is None:
                raise Refused(_("A message with this id from outside is here already."))
            return known

    def _came_in(self, typed: Typed) -> Message:
        return messages.receive(
            typed["partner"],
            typed["channel"],
            typed["body"],
            clock.now(),
            typed.get("conversation"),
            typed["occurred_at"],
            typed.get("contact"),
            typed["subject"],
            by=self.user,
            is_automatic=typed["is_automatic"],
            external_id=typed["external_id"],
        )

    def _sent(self, typed: Typed) -> Message:
        at, contact = clock.now(), typed.get("contact")
        promises = _promises(typed)
        along: Typed = {"files": typed.get("files", ()), "wanted_by": typed.get("wanted_by")}
        if typed.get("conversation") is not None:
            return messages.reply(
                typed["conversation"],
                typed["body"],
                by=self.user,
                at=at,
                to=contact,
                holding=typed["holding"],
                promises=promises,
                **along,
            )
        sent = messages.start(
            typed["partner"],
            typed["subject"],
            typed["body"],
            by=self.user,
            at=at,
            to=contact,
            membership=typed.get("membership"),
            **along,
        )
        for promise in promises:
            commitments.make(sent.partner, promise, self.user, at, made_in=sent)
        return sent

    def _happened(self, typed: Typed) -> Message:
        happened = Happening(
            typed["channel"],
            typed["body"],
            occurred_at=typed["occurred_at"],
            conversation=typed.get("conversation"),
            contact=typed.get("contact"),
            minutes=typed.get("minutes"),
            subject=typed["subject"],
            direction=typed["direction"],
            shared=typed["visible_to_partner"],
            membership=typed.get("membership"),
        )
        return messages.log(
            typed["partner"],
            happened,
            by=self.user,
            at=clock.now(),
            answers=typed["answers"],
            still_waiting=typed["still_waiting"],
            promises=_promises(typed),
        )

    @step(permitted_by(corrections.may_mend_or_403), inputs.Correction, related=MENDED)
    def correct(self, thing: Message, typed: Typed) -> Message:
        """Put a corrected entry in the place of a logged one, and answer with it; the old one stays as
        withdrawn. A wait it answered is counted anew."""
        return corrections.correct(thing, by=self.user, at=clock.now(), **typed)

    @step(permitted_by(corrections.may_mend_or_403), Reason, related=MENDED)
    def withdraw(self, thing: Message, typed: Typed) -> None:
        """It counts for nothing any more: a wait it answered opens again with its times. The trace stays."""
        corrections.withdraw(thing, typed["reason"], by=self.user, at=clock.now())

    @step(permitted_by(corrections.may_mend_or_403), inputs.IntoAnother, related=MENDED)
    def move(self, thing: Message, typed: Typed) -> None:
        """Let it stand in another conversation of its partner; a clock that it started goes along."""
        moving.move(thing, typed["into"], by=self.user, at=clock.now())

    @step(permitted(WRITE, "conversation.partner"), name="start-clock", related=MENDED)
    def start_clock(self, thing: Message, typed: Typed) -> None:
        """A mail we stood on only in Cc is for us after all: the clock runs from when it was written."""
        corrections.start_clock(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere("delete message"), Reason, related=MENDED)
    def erase(self, thing: Message, typed: Typed) -> None:
        """Delete its words and files for good, for everybody; who did it and why stays on record."""
        corrections.erase(thing, typed["reason"], by=self.user, at=clock.now())


def _promises(typed: Typed) -> list[Promise]:
    return [Promise(**promise) for promise in typed["promises"]]
