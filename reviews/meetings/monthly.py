"""What a partner of the tail is told each month, for it is talked with once a year: the figures of its packet
over one month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partners.models import Partner
from prm.days import plus_months
from reviews import scheduling
from reviews.meetings.dates import TAIL
from reviews.meetings.packet.sections import Asked, Section, all_sections
from reviews.models import Review
from team import companies

SECTIONS = {"promises", "exchange", "results", "responses", "plan"}


def next_talk(partner: Partner) -> Review | None:
    """The yearly review ahead of a partner of the tail; None for one that is reviewed more often, or is not
    live."""
    if scheduling.months_of(partner) != TAIL:
        return None
    return Review.objects.ahead().filter(partner=partner).first()


def told(partner: Partner, month: date, at: datetime) -> Iterator[tuple[str, str]]:
    """Heading and figures of each section that has any in the month that begins on this day, then the day of
    the next talk. Nothing where nothing happened."""
    review = next_talk(partner)
    if review is None:
        return
    zone, begins = companies.zone_and_fiscal_month()
    until = plus_months(month, 1) - timedelta(days=1)
    asked = Asked(partner, month, until, at, review, zone, begins)
    said = [each for each in _sections(asked) if each[1]]
    yield from said
    if said:
        yield _("The next review"), date_format(review.on, "j F Y")


def _sections(asked: Asked) -> Iterator[tuple[str, str]]:
    for section in all_sections():
        if section.key in SECTIONS:
            yield str(section.title), _figures(section, asked)


def _figures(section: Section, asked: Asked) -> str:
    values = section.draw(asked)
    rows, nothing = [*values.get("figures", []), *values.get("got", [])], _("{k} of {n}").format(k=0, n=0)
    return "; ".join(f"{row['name']} {row['value']}" for row in rows if row["value"] != nothing)
