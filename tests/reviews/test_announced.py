"""A packet tells what was announced to its partner in its time, and how soon after the first."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.growth.announcing import writing
from lifecycle.growth.announcing.writing import Outline
from lifecycle.models import Announcement
from partners.models import Contact, Partner
from prm import outbox
from reviews.meetings.packet import announced
from reviews.meetings.packet.sections import Asked
from reviews.models import Review
from team.models import User
from tests.conftest import MONDAY
from tests.reviews.conftest import living

DAY = timedelta(days=1)


def told(partner: Partner, days: int = 30) -> Asked:
    since = MONDAY.date()
    return Asked(partner, since, since + days * DAY, MONDAY + days * DAY, Review(partner=partner), "UTC", 1)


def test_it_tells_what_was_announced_and_how_soon(
    northwind: Partner, contoso: Partner, nora: Contact, alice: User
) -> None:
    living(northwind)
    assert announced.announcements(told(northwind)) == {}
    first = writing.write(Outline("Release 9", "Out."), alice, MONDAY)
    writing.send(first, alice, MONDAY)
    late = writing.write(Outline("Prices", "Up.", Announcement.Kind.PRICE), alice, MONDAY)
    writing.send(late, alice, MONDAY)
    assert announced.announcements(told(northwind)) == {}  # nothing has left yet
    outbox.deliver(MONDAY)
    Announcement.objects.filter(pk=late.pk).update(first_told_at=MONDAY - 3 * DAY)
    writing.withdraw(first, "Wrong day.", alice, MONDAY)
    values = announced.announcements(told(northwind))
    assert [each["value"] for each in values["figures"]] == [2, "1 / 2"]
    assert [(each["text"], each["note"], each["pill"]) for each in values["lines"]] == [
        ("Release 9", "Product news · 1 Jun 2026 · within a day of the first partner", "withdrawn"),
        ("Prices", "Prices and terms · 1 Jun 2026 · 3 days after the first partner", ""),
    ]
    assert announced.announcements(told(contoso)) == {}
