"""Where mail providers post to. Shut unless EMAIL_WEBHOOKS names the provider; signed or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.webhooks.mailgun import MailgunInboundWebhookView, MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView, PostmarkTrackingWebhookView
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from prm.refusals import Refused

logger = logging.getLogger(__name__)

LARGEST = 50 * 1024 * 1024  # bytes: a mail of 35 MB, written in letters
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)

View = Callable[[HttpRequest], HttpResponse]


class Checked:
    """What nobody signed, or cannot be read, is refused as such: it is no fault of ours."""

    def run_validators(self, request: HttpRequest) -> None:
        try:
            super().run_validators(request)  # type: ignore[misc]
        except UNREADABLE as fault:
            raise AnymailWebhookValidationFailure("what signs it cannot be read") from fault

    def parse_events(self, request: HttpRequest) -> Any:
        try:
            return super().parse_events(request)  # type: ignore[misc]
        except (AnymailConfigurationError, *UNREADABLE) as fault:  # the former: meant for the other door
            raise BadRequest(f"what was posted cannot be read: {fault}") from fault


class MailgunInbound(Checked, MailgunInboundWebhookView):
    pass


class MailgunTracking(Checked, MailgunTrackingWebhookView):
    pass


class PostmarkInbound(Checked, PostmarkInboundWebhookView):
    pass


class PostmarkTracking(Checked, PostmarkTrackingWebhookView):
    pass


def door(provider: str, kind: Any) -> View:
    """The view a provider posts to."""
    take = kind.as_view()

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        if provider not in settings.EMAIL_WEBHOOKS:
            raise Http404
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return HttpResponse(f"Up to {LARGEST // 2**20} MB.\n", status=413)
        _read(request)
        try:
            answer: HttpResponse = take(request)
        except Refused as refusal:
            logger.warning("a mail that %s posted was refused: %s", provider, refusal)
            return HttpResponse(f"{refusal}\n", status=406)
        return answer

    return view


def _read(request: HttpRequest) -> None:
    """Read the body here: a mail in it is larger than what pages may post. Files in a form go by themselves
    to the disk."""
    if request.content_type != "multipart/form-data":
        request._body = request.read()
        request._stream = BytesIO(request._body)


mailgun_inbound = door("mailgun", MailgunInbound)
mailgun_tracking = door("mailgun", MailgunTracking)
postmark_inbound = door("postmark", PostmarkInbound)
postmark_tracking = door("postmark", PostmarkTracking)
