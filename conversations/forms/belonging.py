"""Whose a mail or a conversation is, and which of the partner's programmes it is about."""

from __future__ import annotations

from typing import Any

from django import forms

from conversations import belonging
from conversations.models import Conversation, RawMail
from partners.models import Partner
from prm.forms import offer
from team.models import User


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
