"""The address of an invitation: 256 bits made from its key and the installation's secret, so that neither a
copy of the database nor of the secret alone opens it. Only the hash is kept."""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from reviews.surveying.models import Invitation

LONGEST = 100  # letters


def token(invitation: Invitation) -> str:
    made = salted_hmac("reviews.surveying", invitation.key.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def path(invitation: Invitation) -> str:
    return reverse("reviews:answer_survey", args=[token(invitation)])


def address(invitation: Invitation) -> str:
    """The whole address its person answers at."""
    return settings.BASE_URL + path(invitation)


def stop_address(invitation: Invitation) -> str:
    """The whole address at which its person asks for no surveys any more."""
    return settings.BASE_URL + reverse("reviews:stop_surveys", args=[token(invitation)])


def behind(token: str) -> Invitation | None:
    """The invitation of an address, whether it can be answered or not; None where it is none of ours."""
    if len(token) > LONGEST:
        return None
    related = ("survey", "contact__partner", "contact__opt_out", "partner", "answer")
    return Invitation.objects.select_related(*related).filter(token_hash=hashed(token)).first()
