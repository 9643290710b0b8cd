"""What a mail provider posts to us: mails that came in, and mails of ours that did not arrive.

django-anymail checks who posts and reads it, and hands on by its own signals; `wiring` connects them here.
"""

from __future__ import annotations

from typing import Any

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType

from conversations import incoming
from conversations.mail import rebuilding
from prm import clock, outbox

# a complaint counts, too: whoever takes our mail for spam does not read it
NOT_READ = {EventType.BOUNCED, EventType.COMPLAINED, EventType.REJECTED, EventType.FAILED}


def mail_came(event: AnymailInboundEvent, **of: Any) -> None:
    """A mail came in at the provider: it is taken in as by any other way."""
    incoming.accept(rebuilding.raw(event.message), at=clock.now())


def mail_told_of(event: AnymailTrackingEvent, **of: Any) -> None:
    """The provider says what became of a mail of ours; that it did not arrive counts as a delivery report."""
    if event.event_type in NOT_READ:
        failed = [event.recipient.lower()] if event.recipient else []
        incoming.did_not_arrive(_ours(event), clock.now(), failed)


def _ours(event: AnymailTrackingEvent) -> set[str]:
    """The Message-IDs that it may be: ours as it went along with the mail, or the provider's."""
    along = (event.metadata or {}).get(outbox.ALONG, "")
    return {f"<{each.strip('<>')}>" for each in (along, event.message_id) if isinstance(each, str) and each}
