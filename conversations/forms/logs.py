"""What happened, logged and corrected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import cached_property

from conversations.forms.belonging import ask_which_membership
from conversations.forms.writing import BODY
from conversations.models import Conversation, Message, Wait
from conversations.promise_fields import PromiseFields
from partners.models import Contact, Partner
from prm.forms import ManyField, OnceForm, offer
from team.models import User

MOST_CHIPS = 20


LOGGED = [
    (Message.Channel.CALL, "Call"),
    (Message.Channel.MEETING, "Meeting"),
    (Message.Channel.CHAT, "Chat"),
    (Message.Channel.NOTE, "Note"),
    (Message.Channel.EMAIL, "E-mail sent elsewhere"),
]


class WaitsField(ManyField):
    """Open waits, each by the subject of its conversation."""

    def label_from_instance(self, obj: Wait) -> str:
        return obj.conversation.subject


class LogForm(OnceForm, PromiseFields):
    """Something that happened. Partner and text are enough."""

    # Whose faults are said below the form's fields; those of the others stand at them.
    said_below = ("channel", "visibility", "contact", "occurred_at", "minutes", "conversation", "meeting")

    conversation = forms.ModelChoiceField(
        Conversation.objects.none(), required=False, widget=forms.HiddenInput
    )
    meeting = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput, help_text="A planned one."
    )
    channel = forms.ChoiceField(
        choices=LOGGED, initial=Message.Channel.CALL, label="What", widget=forms.RadioSelect
    )
    body = forms.CharField(widget=forms.Textarea(attrs=BODY), label="What happened?", strip=True)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="With", empty_label="nobody named"
    )
    occurred_at = forms.DateTimeField(
        required=False,
        label="When",
        help_text="Empty means now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(required=False, min_value=0, max_value=1440, label="Minutes")
    visibility = forms.ChoiceField(
        choices=[("internal", "Our team"), ("shared", "The partner sees it too")],
        required=False,
        initial="internal",
        label="Who can see this",
        widget=forms.RadioSelect,
    )
    answers = WaitsField(
        Wait.objects.none(), required=False, label="It answers", widget=forms.CheckboxSelectMultiple
    )
    still_waiting = forms.BooleanField(required=False, label="They still wait for an answer")

    def __init__(
        self, *args: Any, partner: Partner, user: User, is_note: bool = False, **kwargs: Any
    ) -> None:
        """`is_note`: a note and nothing else is drawn, which offers nothing to choose from."""
        super().__init__(*args, **kwargs)
        self._open = Wait.objects.none()
        if not is_note:
            self._offer(partner, user)

    def _offer(self, partner: Partner, user: User) -> None:
        offer(self, "contact", Contact.objects.current().filter(partner=partner))
        threads = Conversation.objects.visible_to(user).filter(partner=partner)
        offer(self, "conversation", threads)
        if not self["conversation"].value():
            ask_which_membership(self, partner)
        waits = Wait.objects.open().visible_to(user).filter(partner=partner, metric__in=["first", "next"])
        waits = waits.select_related("conversation").order_by("due_at", "pk")
        self._open = waits
        offer(self, "answers", waits).initial = self._the_one

    @cached_property
    def waits(self) -> list[Wait]:
        """Those it may answer; a note answers none and asks for none."""
        return list(self._open[:MOST_CHIPS])

    def _the_one(self) -> list[int]:
        return [wait.pk for wait in self.waits] if len(self.waits) == 1 else []

    def chips(self) -> list[dict[str, Any]]:
        """The open waits to tick, from one query."""
        ticked = {str(value) for value in self["answers"].value() or []}
        return [{"value": wait.pk, "wait": wait, "ticked": str(wait.pk) in ticked} for wait in self.waits]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_note = cleaned.get("channel") == Message.Channel.NOTE  # whose form does not ask who sees it
        cleaned["visibility"] = "internal" if is_note else cleaned.get("visibility") or "internal"
        if is_note:
            cleaned["answers"] = Wait.objects.none()
        return cleaned

    def occurred(self, at: datetime) -> datetime:
        """When it happened: what was typed, else now."""
        return self.cleaned_data["occurred_at"] or at


class EntryForm(forms.Form):
    """A logged entry, to be corrected."""

    body = forms.CharField(widget=forms.Textarea(attrs=BODY), label="What happened?", strip=True)
    occurred_at = forms.DateTimeField(
        label="When", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="With", empty_label="nobody named"
    )
    minutes = forms.IntegerField(required=False, min_value=0, max_value=1440, label="Minutes")

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "body": message.body,
            "occurred_at": message.occurred_at.replace(second=0, microsecond=0),
            "contact": message.contact_id,
            "minutes": message.minutes,
        }
        offer(self, "contact", Contact.objects.filter(partner=message.partner_id))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.changed_data and not self.errors:
            raise forms.ValidationError("Nothing was changed. Change what is wrong, or go back.")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What was typed differently; a time that stayed keeps its seconds."""
        return {name: self.cleaned_data[name] for name in self.changed_data}
