"""How sign-in behaves: nobody signs up unasked, and its mails go through the outbox.

A mail of sign-in holds a link that opens an account. Where a mail server is set, its text is
forgotten once it is sent; where none is, it is kept, as the only way to pass the link on.
"""

import uuid
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from prm import clock, outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from team.models import User

MAIL = "account"
FORGOTTEN = "This mail held a personal link; its text was not kept."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "This e-mail and password do not go together. Check both, or reset the password."
        ),
        "too_many_login_attempts": (
            "Too many failed attempts. Wait five minutes, then try again, or reset the password."
        ),
        "account_inactive": "This account is switched off. Ask an admin of your company.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail down; it is sent within seconds, also where the mail server rests."""
        told = {**context, "email": email, "base_url": settings.BASE_URL}
        about = {
            "to": email,
            "subject": render_to_string(f"{template_prefix}_subject.txt", told).strip(),
            "body": render_to_string(f"{template_prefix}_message.txt", told).strip() + "\n",
        }
        outbox.put(MAIL, f"{MAIL}:{uuid.uuid4().hex}", clock.now(), about)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a reset, on our own address whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def set_password(self, user: Any, password: str) -> None:
        """Who chose a new password starts with no failed attempts."""
        super().set_password(user, password)
        if isinstance(user, User) and allauth.request is not None:
            self._delete_login_attempts_cached_email(allauth.request, email=user.email)


def compose(item: OutboxItem) -> Mail:
    """The mail as it was written down."""
    headers = {outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"}
    return Mail(
        to=[item.about["to"]], subject=item.about["subject"], body=item.about["body"], headers=headers
    )


def forget_link(item: OutboxItem, at: datetime) -> None:
    """Once a mail with a personal link is gone, nobody can read the link here."""
    kept = {"body": FORGOTTEN} if outbox.mails_leave() else {}
    OutboxItem.objects.filter(pk=item.pk).update(about={}, **kept)
