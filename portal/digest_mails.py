"""The digest as a mail: looked for every morning, composed anew when it is sent, once for each local day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string

from portal import digests, passes
from portal.models import Digest
from portal.zones import zone_of
from prm import clock, outbox, sweeper
from prm.models import OutboxItem
from prm.outbox import Mail
from team.models import Company

MAIL = "partner_digest"
RELATED = ("contact__partner__owner",)


def sweep(at: datetime) -> int:
    """Put a mail for everybody for whom there is news, at its own morning."""
    return sweeper.in_batches(Digest.objects.select_related(*RELATED), at, _look)


def _look(digest: Digest, at: datetime) -> None:
    contact = digest.contact
    now = at.astimezone(zone_of(contact))
    columns: dict[str, Any] = {"next_check_at": digests.next_morning(contact, at)}
    is_time = now.time() >= digests.TIME and digest.sent_on != now.date()
    if is_time and digests.open_pass(digest, at) is not None:
        month = digests.month_due(digest, now.date())
        news = digests.said_to(contact, at, month)
        said = [line.key for lines in news.values() for line in lines]
        if set(said) - set(digest.said):
            tells = month if news.keys() & digests.monthly() else None
            about = {"digest": digest.pk, "month": tells.isoformat() if tells else ""}
            outbox.put(MAIL, f"{MAIL}:{contact.pk}:{now.date()}", at, about)
            columns |= {"said": said, "sent_on": now.date()}
            if tells:
                columns["month_told_on"] = now.date()
    Digest.objects.filter(pk=digest.pk).update(**columns)


def still_stands(item: OutboxItem) -> bool:
    """Whether its reader still wants it and there is still something to say."""
    digest, at = _of(item), clock.now()
    if digest is None or digests.open_pass(digest, at) is None:
        return False
    return bool(digests.said_to(digest.contact, at, _month(item)))


def compose(item: OutboxItem) -> Mail:
    digest, at = _of(item), clock.now()
    given = digests.open_pass(digest, at) if digest else None
    if digest is None or given is None:
        raise outbox.GivenUp("Its reader wants it no more.")
    contact, said = digest.contact, digests.said_to(digest.contact, at, _month(item))
    stop = digests.address(digest)
    owner = contact.partner.owner
    context = {
        "contact": contact,
        "company": Company.objects.first(),
        "said": said,
        "address": passes.address(given),
        "stop": stop,
        "owner": owner,
    }
    return Mail(
        to=[contact.email],
        subject=render_to_string("emails/digest.subject.txt", context).strip(),
        body=render_to_string("emails/digest.txt", context).strip() + "\n",
        reply_to=[owner.email] if owner else [],
        headers={
            outbox.GENERATOR: MAIL,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        is_private=any(line.is_private for lines in said.values() for line in lines),
    )


def _of(item: OutboxItem) -> Digest | None:
    return Digest.objects.select_related(*RELATED).filter(pk=item.about["digest"]).first()


def _month(item: OutboxItem) -> date | None:
    """The month that the mail tells of, whenever it goes out."""
    told = item.about.get("month")
    return date.fromisoformat(told) if told else None
