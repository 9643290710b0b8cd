"""What one is writing and has not sent, for one's own programs: kept, sent, thrown away."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from conversations import drafts, pressed, unsending
from conversations.api.inputs import seen_conversations
from conversations.api.messages import Messages
from conversations.drafts import DraftRefused, Place
from conversations.models import Draft, Message
from conversations.records import LONGEST
from partners.api.inputs import seen_partners
from prm import clock
from prm.api.fields import Among
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Drops, Makes, Reads, Resource, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted, permitted_towards
from team.roles import permitted_or_403

Ids = serializers.IntegerField
WRITE = "write to partner"
FIELDS = (
    "Whatever else stands in the form, by its name, as it is typed. A reply: holding, wanted_by. A mail: "
    "contact, wanted_by. A log: channel, contact, occurred_at, minutes, visibility, answers, still_waiting. "
    "Each but a mail: promise, promised_for, promise_side, promise_owner, and the same with _2 to _4."
)


class DraftRow(Row):
    kind = serializers.ChoiceField(Draft.Kind.choices)
    conversation = Ids(source="conversation_id", allow_null=True, help_text="What it replies to.")
    partner = Ids(source="partner_id", allow_null=True, help_text="Whom a mail goes to, or a log is about.")
    subject = serializers.CharField()
    body = serializers.CharField()
    typed = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text=FIELDS
    )
    changed_at = serializers.DateTimeField()
    thrown_at = serializers.DateTimeField(
        allow_null=True, help_text="Thrown away; for a day it is brought back by bring-back."
    )
    beside = frozenset({"subject", "body"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        for row in rows:
            for name in drafts.WORDS:
                row[name] = "".join(row["typed"].pop(name, [])[-1:])


class WritingChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Nothing is looked at before it is sent."""

    subject = serializers.CharField(max_length=300, required=False, allow_blank=True)
    body = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    typed: Any = serializers.DictField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=2000, allow_blank=True), max_length=drafts.MOST_VALUES
        ),
        required=False,
        help_text=f"{FIELDS} An empty list empties one.",
    )


class NewWriting(WritingChange):
    """One of each place: a reply in a conversation, a mail to a partner, a log of one or of nobody yet."""

    kind = serializers.ChoiceField(Draft.Kind.choices)
    conversation = Among(seen_conversations, required=False, allow_null=True, default=None)
    partner = Among(seen_partners, required=False, allow_null=True, default=None)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        conversation, partner = asked.pop("conversation"), asked.pop("partner")
        if asked["kind"] == Draft.Kind.REPLY:
            if conversation is None or partner is not None:
                raise serializers.ValidationError(
                    {"conversation": [_("A reply names its conversation, and nothing else.")]}
                )
            return asked | {"place": drafts.reply_in(conversation.pk)}
        if conversation is not None or (partner is None and asked["kind"] == Draft.Kind.MAIL):
            raise serializers.ValidationError({"partner": [_("Name the partner, and no conversation.")]})
        return asked | {"place": Place(asked["kind"], partner.pk if partner else None)}


class Drafts(Reads, Makes, Changes, Drops):
    noun, words = "drafts", "What you are writing and have not sent. Nobody else sees it."
    model, row, new, changed = Draft, DraftRow, NewWriting, WritingChange
    filterset_class = filters(
        Draft, keys=["conversation", "partner"], choices=["kind"], moments=["changed_at"]
    )
    sorts = USUAL_SORTS | {"changed_at": Order("changed_at", nullable=False)}
    may_make = permitted_towards(WRITE, "conversation", "partner")

    def seen(self) -> QuerySet[Draft]:
        found = Draft.objects.visible_to(self.user)
        return found if getattr(self, "action", "") == "bring_back" else found.filter(thrown_at=None)

    def _may_write(self, thing: Draft) -> None:
        about = thing.partner or (thing.conversation and thing.conversation.partner)
        if about is not None:
            permitted_or_403(self.user, WRITE, about)

    may_change = _may_write

    def make(self, typed: Typed) -> Draft:
        place = typed["place"]
        if (standing := drafts.find(place, self.user)) is not None:
            raise DraftRefused(_("You are writing there already: change draft {n}.").format(n=standing.pk))
        return self._kept(place, {}, typed)

    def change(self, thing: Draft, typed: Typed) -> None:
        self._kept(drafts.place_of(thing), thing.typed, typed)

    def _kept(self, place: Place, before: dict[str, list[str]], typed: Typed) -> Draft:
        named = typed.get("typed", {})
        strange = sorted(set(named) - set(pressed.names(place.kind)) | set(named) & set(drafts.WORDS))
        if strange:
            raise serializers.ValidationError(
                {"typed": [_("There is no such field: {name}.").format(name=strange[0])]}
            )
        words = {name: [typed[name]] for name in drafts.WORDS if name in typed}
        kept = drafts.keep(place, {**before, **named, **words}, by=self.user, at=clock.now())
        if kept is None:
            raise DraftRefused(_("No word stands in it. Write some, or delete it."))
        return kept

    def drop(self, thing: Draft) -> None:
        drafts.throw_away(thing, at=clock.now())

    @step(_may_write, name="bring-back")
    def bring_back(self, thing: Draft, typed: Typed) -> None:
        """It was thrown away less than a day ago, and stands again."""
        drafts.bring_back(thing)

    @step(_may_write, told_by=Messages)
    def send(self, thing: Draft, typed: Typed) -> Message:
        """Send it, or log it; the message answers. What cannot be read is said by its form's names. Where
        a colleague answered since it was last changed, read that; a change says that you have."""
        return pressed.send(thing, by=self.user, at=clock.now())


class Unsending(Resource):
    noun, words = "messages", "What was just sent, taken back."
    model, row = Message, Messages.row

    def seen(self) -> QuerySet[Message]:
        return Message.objects.visible_to(self.user)

    @step(permitted(WRITE, "conversation.partner"), related=("conversation__partner",), told_by=Drafts)
    def unsend(self, thing: Message, typed: Typed) -> Draft:
        """Take back what you sent less than ten seconds ago: it never went out. Its words are a draft, which
        answers; files are left out."""
        place = unsending.unsend(thing, by=self.user, at=clock.now())
        found = drafts.find(place, self.user)
        assert found is not None  # it had words
        return found
