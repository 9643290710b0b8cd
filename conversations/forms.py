"""What people type about conversations and promises. Forms clean; verbs decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import cached_property

from conversations import belonging, pauses
from conversations.commitments import end_of
from conversations.mail import keeping
from conversations.models import Commitment, Conversation, Message, RawMail, Wait
from conversations.promise_fields import PromiseFields
from partners.models import Contact, Partner
from prm import outbox, uploads
from prm.forms import DayField, FilesField, FilesInput, OnceForm, offer
from prm.refusals import Refused
from team.models import User

MOST_CHIPS = 20
BODY = {"placeholder": "What happened?", "rows": 4, "maxlength": 20000}
HOUR = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class FilesForm(forms.Form):
    """Files that go with what is written."""

    attached = FilesField(
        required=False,
        max_length=200,
        label="Files",
        help_text=f"{keeping.LIMITS} {keeping.TYPES}",
        widget=FilesInput(attrs={"accept": ",".join(uploads.ALLOWED)}),
    )

    def clean_attached(self) -> list[UploadedFile]:
        files = self.cleaned_data["attached"]
        try:
            keeping.check(files)
        except Refused as refusal:
            raise forms.ValidationError(f"{refusal} Choose the files again.")
        return files


class ReplyForm(OnceForm, FilesForm, PromiseFields):
    promises_heading = "A promise in this reply"
    body = forms.CharField(
        widget=forms.Textarea(attrs={**BODY, "placeholder": "Your answer", "autofocus": True}),
        label="Reply",
        strip=True,
    )
    holding = forms.BooleanField(required=False, label="Holding reply")
    seen = forms.IntegerField(
        required=False, min_value=0, widget=forms.HiddenInput, help_text="The newest message read."
    )

    goes_out_at = forms.DateTimeField(required=False, label="Another time", widget=HOUR)

    def clean_goes_out_at(self) -> datetime | None:
        """Enter in this field is no press of *Send*."""
        if self.cleaned_data["goes_out_at"] is not None:
            raise forms.ValidationError(f"Press “{self.verb_then}”, or empty this to let it go out now.")
        return None

    @property
    def verb(self) -> str:
        """The words on its button: it sends only where mails leave."""
        return "Send" if outbox.mails_leave() else "Record my reply"

    @property
    def verb_later(self) -> str:
        return "Send later" if outbox.mails_leave() else "Record later"

    @property
    def verb_then(self) -> str:
        return "Send then" if outbox.mails_leave() else "Record then"


class LaterForm(ReplyForm):
    """A reply that goes out later: at the hour that was pressed, else ("typed") at the one typed."""

    later = forms.CharField(max_length=40)

    def clean_goes_out_at(self) -> datetime | None:
        return self.cleaned_data["goes_out_at"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self._pressed is None and cleaned["goes_out_at"] is None:
            self.add_error("goes_out_at", "Say when it goes out, or choose one of the times.")
        return cleaned

    @property
    def _pressed(self) -> datetime | None:
        try:
            moment = datetime.fromisoformat(self.cleaned_data["later"])
        except ValueError:
            return None
        return moment if moment.tzinfo else None

    def moment(self) -> datetime:
        """When the valid form says it goes out."""
        return self._pressed or self.cleaned_data["goes_out_at"]


class HourForm(forms.Form):
    """Another time for a reply that goes out later."""

    goes_out_at = forms.DateTimeField(label="Goes out", widget=HOUR)


class FileMailForm(forms.Form):
    """Whose a mail is. With a name, its sender becomes a contact there."""

    partner = forms.ModelChoiceField(
        Partner.objects.none(),
        label="Partner",
        error_messages={"required": "Choose the partner it belongs to."},
    )
    name = forms.CharField(
        max_length=120,
        required=False,
        strip=True,
        label="Name of the new contact",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, partners: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partners is not None:
            offer(self, "partner", partners)

    @classmethod
    def about(cls, raw: RawMail) -> FileMailForm:
        """With the name that the sender gave itself, ready to be a contact's."""
        return cls(initial={"name": raw.sender_name if raw.sender else ""})


class NoReplyForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why is no reply needed?", strip=True)


class PauseForm(forms.Form):
    """A clock is paused: on which ground, and for how long."""

    ground = forms.ChoiceField(
        label="Why does it stand still?",
        choices=[(ground.value, ground.label) for ground in pauses.PRESSED],
        widget=forms.RadioSelect,
    )
    until = DayField(label="Until the end of", help_text="The clock runs on by itself after that day.")
    note = forms.CharField(max_length=300, required=False, label="What was said", strip=True)

    def ends_at(self, zone: str) -> datetime:
        """24:00 of the day, in the zone of who typed it."""
        return end_of(self.cleaned_data["until"], zone)


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label="Hand over to", empty_label=None)
    note = forms.CharField(
        label="What they should know",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the conversation, for our team only.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", User.objects.current())


class IntoForm(forms.Form):
    """Another conversation of the same partner, to merge into or to move a message to."""

    into = forms.ModelChoiceField(Conversation.objects.none(), label="Conversation")

    def __init__(
        self, *args: Any, conversation: Conversation, user: User, alone: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = Conversation.objects.visible_to(user).filter(partner=conversation.partner_id)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others.exclude(pk=conversation.pk).order_by("-last_message_at", "-pk")
        field.empty_label = "One of its own" if alone else "Choose…"
        field.required = not alone


class MembershipChoice(forms.ModelChoiceField):
    """One of a partner's memberships, called by its programme."""

    def __init__(self, partner: Partner, **more: Any) -> None:
        super().__init__(
            belonging.choices(partner),
            label="About",
            required=False,
            empty_label="the whole partnership",
            **more,
        )

    def label_from_instance(self, row: Any) -> str:
        return str(row.programme)


def ask_which_membership(form: forms.Form, partner: Partner) -> None:
    """Let the form ask what a new conversation is about, where there is a choice."""
    field = MembershipChoice(partner)
    if len(field.queryset or ()) > 1:
        form.fields["membership"] = field


class BelongingForm(forms.Form):
    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"] = MembershipChoice(partner)


class StartForm(OnceForm, FilesForm):
    """A conversation we begin."""

    subject = forms.CharField(max_length=300, strip=True)
    contact = forms.ModelChoiceField(Contact.objects.none(), label="To")
    body = forms.CharField(widget=forms.Textarea(attrs=BODY), label="Message", strip=True)
    field_order = ["subject", "contact", "body", "attached"]

    @property
    def verb(self) -> str:
        """The words on its button: it sends only where mails leave."""
        return "Send" if outbox.mails_leave() else "Record it"

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(partner=partner).exclude(email="")
        offer(self, "contact", people)
        ask_which_membership(self, partner)


LOGGED = [
    (Message.Channel.CALL, "Call"),
    (Message.Channel.MEETING, "Meeting"),
    (Message.Channel.CHAT, "Chat"),
    (Message.Channel.NOTE, "Note"),
    (Message.Channel.EMAIL, "E-mail sent elsewhere"),
]


class WaitsField(forms.ModelMultipleChoiceField):
    """Open waits, each by the subject of its conversation."""

    def label_from_instance(self, obj: Wait) -> str:
        return obj.conversation.subject


class LogForm(OnceForm, PromiseFields):
    """Something that happened. Partner and text are enough."""

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
        if cleaned.get("channel") == Message.Channel.NOTE:
            cleaned["visibility"] = "internal"
            cleaned["answers"] = Wait.objects.none()
        return cleaned

    def occurred(self, at: datetime) -> datetime:
        """When it happened: what was typed, else now."""
        return self.cleaned_data["occurred_at"] or at


class CommitmentForm(OnceForm):
    side = forms.ChoiceField(choices=Commitment.Side, initial=Commitment.Side.OURS, widget=forms.RadioSelect)
    text = forms.CharField(max_length=500, label="What is promised?", strip=True)
    promised_for = forms.DateField(
        label="By", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label="Who of us", empty_label="me")
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Who over there", empty_label="nobody named"
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", User.objects.current())
        offer(self, "contact", Contact.objects.current().filter(partner=partner))


class MoveForm(forms.Form):
    """A promise gets a new day."""

    to = forms.DateField(label="New day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    consent = forms.ChoiceField(
        label="Does the other side agree?",
        choices=[("stated", "Yes, they said so"), ("none", "Not asked, or no")],
        widget=forms.RadioSelect,
        initial="none",
    )
    note = forms.CharField(max_length=300, required=False, label="What they said, or why it moves")

    def clean_to(self) -> Any:
        to = self.cleaned_data["to"]
        if to < timezone.localdate():
            raise forms.ValidationError("That day has passed. Choose today or a later one.")
        return to


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


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why?", strip=True)


class AskForm(OnceForm):
    """A colleague outside the team is asked for something by a day."""

    name = forms.CharField(max_length=120, label="Whom do you ask?", strip=True)
    email = forms.EmailField(label="Their e-mail address", max_length=254)
    question = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 5000}),
        label="What do you need from them?",
        help_text="They see this, your name and the partner's, and nothing else.",
        strip=True,
    )
    wanted_by = DayField(label="By")


class AnswerAskForm(forms.Form):
    answer = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 5000}), label="Your answer", strip=True
    )


class ResolveForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False, label="Why is no reply needed?", strip=True)
