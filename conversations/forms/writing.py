"""What goes out: a reply, now or later, and a mail that begins a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from conversations.forms.belonging import ask_which_membership
from conversations.mail import keeping
from conversations.promise_fields import PromiseFields
from partners.models import Contact, Partner
from prm import outbox, uploads
from prm.forms import DayField, FilesField, FilesInput, OnceForm, offer
from prm.refusals import Refused

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


def wanted_field() -> DayField:
    """By when the partner's answer is wanted."""
    return DayField(
        required=False,
        label="Answer wanted by",
        help_text="The partner reads it. Only with a day is it counted how soon they answer.",
    )


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

    wanted_by = wanted_field()
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


class StartForm(OnceForm, FilesForm):
    """A conversation we begin."""

    subject = forms.CharField(max_length=300, strip=True)
    contact = forms.ModelChoiceField(Contact.objects.none(), label="To")
    body = forms.CharField(widget=forms.Textarea(attrs=BODY), label="Message", strip=True)
    wanted_by = wanted_field()
    field_order = ["subject", "contact", "body", "wanted_by", "attached"]

    @property
    def verb(self) -> str:
        """The words on its button: it sends only where mails leave."""
        return "Send" if outbox.mails_leave() else "Record it"

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(partner=partner).exclude(email="")
        offer(self, "contact", people)
        ask_which_membership(self, partner)
