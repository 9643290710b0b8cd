"""What is typed about a mailbox. An empty secret keeps the one that stands."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms

from conversations.mail.imap import HERE
from conversations.models import Mailbox
from prm.forms import offer
from team.colleague_field import ColleagueField
from team.models import Region, User

PORTS = {143, 993}
Security, SignIn = Mailbox.Security, Mailbox.SignIn


class MailboxForm(forms.ModelForm):
    """A mailbox, shared or one's own (`person`), whose ports are then the usual ones."""

    secret = forms.CharField(
        required=False,
        label="Password, or client secret with OAuth",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="It is kept encrypted and shown to nobody. Empty: the one that stands is kept.",
    )
    refresh_token = forms.CharField(
        required=False,
        max_length=5000,
        label="Refresh token (OAuth only)",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Mailbox
        field_classes = {"lead": ColleagueField}
        fields = [
            "name", "address", "region", "lead", "host", "port", "security", "sign_in", "username",
            "secret", "client_id", "refresh_token", "inbox", "sent", "is_active",
        ]  # fmt: skip
        labels = {
            "name": "What we call it",
            "address": "Mail address",
            "region": "Of which region",
            "lead": "Of whose team",
            "host": "Server",
            "security": "Encryption",
            "sign_in": "Sign in with",
            "username": "User name",
            "client_id": "Client id (OAuth only)",
            "inbox": "Folder of incoming mail",
            "sent": "Folder of sent mail",
            "is_active": "Read it",
        }
        help_texts = {
            "address": "",
            "region": "Who answers what comes in here, where neither owner nor assignment says so: who leads "
            "the team, else whose role is narrowed to the region.",
            "sent": "What one of us sends to a partner from elsewhere counts as our reply. Empty: not read.",
            "is_active": "Every minute, from what arrives after it was added.",
        }

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            for name in ("name", "region", "lead"):
                del self.fields[name]
            return
        offer(self, "region", Region.objects.filter(retired_at=None))
        offer(self, "lead", User.objects.current())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("security") == Security.NONE and cleaned.get("host") not in HERE:
            self.add_error("security", "Without TLS only this machine is read. Choose TLS or STARTTLS.")
        if self.person is not None and cleaned.get("port") not in PORTS:
            self.add_error("port", "Use 993 (TLS) or 143 (STARTTLS).")
        self._check_secret(cleaned)
        return cleaned

    def _check_secret(self, cleaned: dict[str, Any]) -> None:
        """A first secret is needed, and another one when the way to sign in or the server changes."""
        oauth = cleaned.get("sign_in") in {SignIn.GOOGLE, SignIn.MICROSOFT}
        moved = {"host", "username", "sign_in", "client_id"} & set(self.changed_data)
        given = bool(cleaned.get("secret"))
        if not given and (moved or not self.instance.sealed):
            self.add_error("secret", "Enter it: it belongs to this server, user name and way to sign in.")
        if oauth and not cleaned.get("client_id"):
            self.add_error("client_id", "OAuth needs the client id.")
        if oauth and given and not cleaned.get("refresh_token"):
            self.add_error("refresh_token", "OAuth needs the refresh token, together with the client secret.")

    def mailbox(self, at: datetime) -> Mailbox:
        """The mailbox as typed, not stored yet; it is looked at anew at once."""
        mailbox = self.instance
        if self.cleaned_data["secret"]:
            mailbox.secret = self._secret()
        if mailbox.pk is None:
            mailbox.created_at = at
        if self.person is not None:
            mailbox.person, mailbox.name = self.person, f"Mailbox of {self.person}"
        mailbox.next_check_at = at
        mailbox.failures, mailbox.failing_since, mailbox.last_error = 0, None, ""
        return mailbox

    def _secret(self) -> str:
        typed = self.cleaned_data
        if typed["sign_in"] == SignIn.PASSWORD:
            return str(typed["secret"])
        return json.dumps({"client_secret": typed["secret"], "refresh_token": typed["refresh_token"]})
