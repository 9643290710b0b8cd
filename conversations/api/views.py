"""The doors of other programs to what is said, waited for, promised and decided."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from conversations import (
    appeals,
    belonging,
    commitments,
    corrections,
    deciders,
    decisions,
    messages,
    moving,
    pauses,
    private_threads,
    records,
    retiming,
    taking_back,
    thanks,
    threads,
    waits,
)
from conversations.api import inputs, rows
from conversations.commitments import Promise, end_of
from conversations.messages import Happening
from conversations.models import Commitment, Conversation, Decision, Matter, Message, Wait, hidden_from
from conversations.waiting import WRITTEN
from partners.api.inputs import Reason
from partners.models import seen_by
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Changes, Makes, Reads, Typed, step
from prm.paging import Order
from prm.refusals import Refused
from team.api.permits import permitted, permitted_anywhere, permitted_by, permitted_towards
from team.roles import STEERING, permitted_or_403

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


class Waits(Reads):
    noun, words = "waits", "Clocks of requests: a partner waits for our answer, decision or solution."
    model, row = Wait, rows.WaitRow
    filterset_class = filters(
        Wait,
        keys=["partner", "conversation", "policy", "answered_by"],
        choices=["metric", "state"],
        moments=["opened_at", "due_at"],
    )
    sorts = USUAL_SORTS | {"due_at": Order("due_at", nullable=False)}

    def seen(self) -> QuerySet[Wait]:
        return Wait.objects.visible_to(self.user)

    @step(permitted(WRITE), Reason, related=("partner", "conversation"))
    def cancel(self, thing: Wait, typed: Typed) -> None:
        """No reply is needed, and why. It leaves the figures and is counted among the exclusions."""
        waits.cancel(thing, typed["reason"], by=self.user, at=clock.now())

    @step(permitted(WRITE), inputs.Pausing, related=("partner", "conversation"))
    def pause(self, thing: Wait, typed: Typed) -> None:
        """Let the clock stand still until the end of a day, for what the partner knows of."""
        until = end_of(typed["until"], self.user.zone)
        pauses.pause(thing, typed["ground"], until, self.user, clock.now(), typed["note"])

    @step(permitted(WRITE), related=("partner", "conversation"))
    def resume(self, thing: Wait, typed: Typed) -> None:
        """The clock runs on, before the time that was said."""
        pauses.resume(thing, self.user, clock.now())

    def _must_have_asked(self, wait: Wait) -> None:
        if matter := _asked_by(wait):
            decisions.may_withdraw_or_403(self.user, matter)
        else:
            permitted_or_403(self.user, "change partner", wait.partner)

    @step(_must_have_asked, name="withdraw-matter", related=("partner__owner", "conversation"))
    def withdraw_matter(self, thing: Wait, typed: Typed) -> None:
        """What waits for our yes or no is not asked any more: nobody decides on it."""
        matter = _asked_by(thing)
        if matter is None:
            raise Refused(_("This waits for no decision."))
        decisions.withdraw(matter, decisions.TAKEN_BACK, by=self.user, at=clock.now())

    @step(permitted(WRITE), name="clear-thanks", related=("partner", "conversation"))
    def clear_thanks(self, thing: Wait, typed: Typed) -> None:
        """Put away what only says thanks; it is counted apart."""
        thanks.clear([thing], by=self.user, at=clock.now())

    @step(permitted("change partner"), related=("partner__owner", "conversation"))
    def rebase(self, thing: Wait, typed: Typed) -> None:
        """Count the due time anew, by the promise and calendar of today, from when they asked."""
        retiming.rebase(thing, self.user, clock.now())


def _asked_by(wait: Wait) -> Matter | None:
    """What this wait asks to be decided."""
    return Matter.objects.filter(wait=wait).select_related("partner__owner").first()


class Commitments(Reads, Makes, Changes):
    noun, words = "commitments", "Who promised what to whom by when, on either side."
    model, row = Commitment, rows.CommitmentRow
    new, changed = inputs.NewCommitment, inputs.CommitmentChange
    may_make = permitted_towards(WRITE, "partner")
    filterset_class = filters(
        Commitment,
        keys=["partner", "owner", "contact", "made_in"],
        choices=["side", "status"],
        days=["promised_for"],
    )
    sorts = USUAL_SORTS | {"promised_for": Order("promised_for", nullable=False)}

    def seen(self) -> QuerySet[Commitment]:
        return Commitment.objects.visible_to(self.user).select_related("partner", "owner", "contact")

    def _must_be_theirs(self, promise: Commitment) -> None:
        """Whose promise it is changes it, and who may change promises of the partner."""
        if promise.owner_id != self.user.pk:
            permitted_or_403(self.user, "change promise", promise.partner)

    def make(self, typed: Typed) -> Commitment:
        partner, visible = typed.pop("partner"), typed.pop("visible_to_partner")
        return commitments.make(
            partner, Promise(**typed), by=self.user, at=clock.now(), visible_to_partner=visible
        )

    may_change = _must_be_theirs

    def change(self, thing: Commitment, typed: Typed) -> None:
        if typed:
            commitments.correct(thing, by=self.user, at=clock.now(), **typed)

    @step(_must_be_theirs, inputs.Keeping)
    def keep(self, thing: Commitment, typed: Typed) -> None:
        """It is done, today or on an earlier day."""
        commitments.keep(thing, by=self.user, at=clock.now(), on=typed.get("on"))

    @step(_must_be_theirs, inputs.Moving)
    def move(self, thing: Commitment, typed: Typed) -> None:
        """Move the date; only before it has passed and with consent does the new one count."""
        to, consent = typed["to"], typed["consent"]
        commitments.renegotiate(thing, to, consent, self.user, clock.now(), reason=typed["reason"])

    @step(_must_be_theirs, Reason, name="break")
    def break_(self, thing: Commitment, typed: Typed) -> None:
        """Say that it will not be kept, and why."""
        commitments.break_(thing, typed["reason"], by=self.user, at=clock.now())

    @step(_must_be_theirs, Reason)
    def withdraw(self, thing: Commitment, typed: Typed) -> None:
        """It was written down by mistake, or does not matter any more. A partner that reads the promise reads
        the reason in the next review."""
        commitments.withdraw(thing, typed["reason"], by=self.user, at=clock.now())


class Decisions(Reads, Makes):
    noun, words = "decisions", "Our yes or no, with its reason, to what a partner or a colleague asked."
    model, row, new = Decision, rows.DecisionRow, inputs.NewDecision
    filterset_class = filters(
        Decision,
        keys=["partner", "wait", "by"],
        choices=["answer"],
        texts=["kind"],
        booleans=["visible_to_partner"],
        moments=["at"],
    )
    sorts = USUAL_SORTS | {"at": Order("at", nullable=False)}

    def seen(self) -> QuerySet[Decision]:
        """Those that partners read; what colleagues asked for, for both of them and for who steers."""
        found = Decision.objects.filter(seen_by(self.user), ~hidden_from(self.user, "wait__conversation"))
        if self.user.roles & STEERING:
            return found
        asked = Decision.objects.filter(matter__asked_by=self.user.pk).values("pk")
        return found.filter(Q(visible_to_partner=True) | Q(by=self.user.pk) | Q(pk__in=asked))

    def _must_decide(self, thing: None) -> None:
        wait, at = self.named("wait"), clock.now()
        if wait is not None and not deciders.may(self.user, wait.matter, at):
            raise PermissionDenied(decisions.why_not(self.user, wait.matter, at))

    may_make = _must_decide

    def make(self, typed: Typed) -> Any:
        return decisions.decide(
            typed["wait"].matter,
            typed["answer"],
            typed["reason"],
            by=self.user,
            at=clock.now(),
            seen=typed.get("seen"),
            sort=typed["sort"],
        )

    @step(permitted(WRITE), inputs.Contesting, related=("partner__owner",))
    def contest(self, thing: Decision, typed: Typed) -> None:
        """They told us that they contest it; a second person decides anew."""
        contact = typed.get("contact")
        records.must_be_of(contact, thing.partner)
        appeals.contest(thing, typed["words"], self.user, clock.now(), contact=contact)
