"""Announcements leave by mail, once to each person. What came back stands on the mail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string

from lifecycle import markdown
from lifecycle.growth.announcing import audience
from lifecycle.growth.announcing.models import Announcement, Copy, Entitlement
from partners import contacting
from partners.models import Event, Status
from prm import once, outbox, references
from prm.models import OutboxItem
from prm.outbox import Mail
from team.models import Company, User

MAIL, TOLD = "announcement", "announced"
BATCH = 500
T = TypeVar("T")


def tell(announcement: Announcement, by: User, at: datetime) -> int:
    """Write down who is entitled now and put a mail for each person to be told; how many. Within the
    transaction that holds the announcement's row."""
    entitled = list(audience.partners(announcement.who).order_by("pk").values_list("pk", flat=True))
    for some in _batches(entitled):
        rows = [Entitlement(announcement=announcement, partner_id=pk, since=at) for pk in some]
        once.add_all(rows, ("announcement", "partner"))
    people = _people(announcement, at)
    for batch in _batches(people):
        _put(announcement, batch, at)
    about = references.to(announcement)
    note, first = announcement.title, f"{TOLD}:{announcement.pk}"
    partners = sorted({partner for _pk, partner, _email in people})
    for some in _batches(partners):
        events = []
        for pk in some:
            event = Event.drafted(TOLD, at, by, about=about, note=note, key=f"{first}:{pk}")
            event.partner_id = pk
            events.append(event)
        Event.record_all(events)
    return len(people)


def _people(announcement: Announcement, at: datetime) -> list[tuple[int, int, str]]:
    """Whom to tell, as (contact, partner, address): at partners not told yet, an address there once."""
    told = Copy.objects.filter(announcement=announcement, partner=OuterRef("partner"))
    told = told.filter(mail__state__in=(*Copy.ARRIVED, *Copy.UNDER_WAY))
    entitled = audience.partners(announcement.who).values("pk")
    found = audience.to_tell(announcement, at).filter(partner__in=entitled).exclude(Exists(told))
    first: dict[tuple[int, str], tuple[int, int, str]] = {}
    for pk, partner, email in found.order_by("pk").values_list("pk", "partner", "email"):
        first.setdefault((partner, email.lower()), (pk, partner, email))
    return list(first.values())


def _put(announcement: Announcement, people: Sequence[tuple[int, int, str]], at: datetime) -> None:
    keys = {_key(announcement, pk, email): (pk, partner, email) for pk, partner, email in people}
    abouts = {key: {"announcement": announcement.pk, "contact": pk} for key, (pk, _p, _e) in keys.items()}
    copies = []
    for mail in outbox.put_all(MAIL, at, abouts):
        pk, partner, email = keys[mail.key]
        copies.append(
            Copy(
                announcement=announcement,
                partner_id=partner,
                contact_id=pk,
                email=email,
                mail=mail,
                at=at,
            )
        )
    Copy.objects.bulk_create(copies, batch_size=BATCH)


def _key(announcement: Announcement, contact: int, email: str) -> str:
    return f"{MAIL}:{announcement.pk}:{contact}:{hashlib.sha256(email.lower().encode()).hexdigest()[:16]}"


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def still_stands(item: OutboxItem) -> bool:
    """Whether it was not withdrawn, and its person is there still and may be told."""
    copy = _of(item)
    contact = copy.contact
    if contact is None or not copy.announcement.is_sent:
        return False
    if contact.left_on or contact.withdrawn_at or contact.partner.status == Status.ENDED:
        return False
    return not contacting.forbidden(contact.partner, contact)


def compose(item: OutboxItem) -> Mail:
    copy = _of(item)
    announcement, contact = copy.announcement, copy.contact
    if contact is None:
        raise outbox.GivenUp("Its person is gone.")
    context: dict[str, Any] = {
        "announcement": announcement,
        "contact": contact,
        "company": Company.objects.first(),
        "html": markdown.in_html(announcement.body),
    }
    return Mail(
        to=[copy.email],
        subject=announcement.title,
        body=render_to_string("emails/announcement.txt", context).strip() + "\n",
        html=render_to_string("emails/announcement.html", context),
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated", "Precedence": "bulk"},
    )


def sent(item: OutboxItem, at: datetime) -> None:
    """The first mail that left is what others are compared with."""
    mine = Announcement.objects.filter(pk=item.about["announcement"], first_told_at=None)
    mine.update(first_told_at=at)


def _of(item: OutboxItem) -> Copy:
    return Copy.objects.select_related("announcement__corrects", "contact__partner").get(mail=item)
