"""Announcements of the sample company: news for all, new prices that were corrected, and a draft."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from lifecycle.growth.announcing import sending, writing
from lifecycle.growth.announcing.models import Announcement
from lifecycle.growth.announcing.writing import AnnouncementRefused, Outline
from partners.models import Contact, Tier
from prm.models import OutboxItem
from prm.samples import Sample
from team.models import User

Kind, Role = Announcement.Kind, Contact.Role
NEWS = """Release 9 is out from Monday.

- **Single sign-on** without a further licence
- Imports ten times as fast
- The connector for warehouses, which many of you asked for

Your customers are offered the update from the first of next month on. The notes are in the library."""
PRICES = """From the first of next quarter the list prices of support change:

- Standard: 4 % up
- Premium: unchanged

Quotes made until then hold for 60 days."""
RIGHT = PRICES.replace("60 days", "90 days") + "\n\nThe first mail said 60 days; that was wrong."
EVENT = "We meet in the spring: two days on *selling services*. Places go by tier, then by turn."
LOST = 40  # one mail of so many comes back


def make(sample: Sample) -> None:
    ingrid = sample.made["users"]["ingrid"]
    at = sample.at - timedelta(days=12)
    tiers = list(Tier.objects.filter(rank=1).values_list("pk", flat=True))
    _sent(Outline("Release 9 is out", NEWS, Kind.PRODUCT, [Role.SALES, Role.TECHNICAL]), ingrid, at)
    wrong = _sent(Outline("Support prices from next quarter", PRICES, Kind.PRICE), ingrid, at + _days(4))
    if wrong is not None:
        right = Outline("Support prices: quotes hold for 90 days", RIGHT, Kind.PRICE, corrects=wrong)
        _sent(right, ingrid, at + _days(5))
    writing.write(
        Outline("Partner days in spring", EVENT, Kind.EVENT, who={"tiers": tiers}), ingrid, sample.at
    )


def _days(n: int) -> timedelta:
    return timedelta(days=n)


def _sent(outline: Outline, by: User, at: datetime) -> Announcement | None:
    made = writing.write(outline, by, at)
    try:
        writing.send(made, by, at)
    except AnnouncementRefused:  # nobody lives here yet
        writing.remove(made, by, at)
        return None
    mails = OutboxItem.objects.filter(kind=sending.MAIL, state=OutboxItem.State.WAITING)
    left: dict[str, Any] = {"sent_at": at + timedelta(minutes=1), "next_check_at": None}
    left |= {"subject": made.title, "body": made.body}
    mails.annotate(one=F("pk") % LOST).filter(one=0).update(state=OutboxItem.State.BOUNCED, **left)
    mails.update(state=OutboxItem.State.KEPT, **left)
    Announcement.objects.filter(pk=made.pk).update(first_told_at=left["sent_at"])
    return made
