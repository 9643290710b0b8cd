"""Us: the one company, its name, zone and reading rule."""

from datetime import datetime

from django.db import transaction

from prm.calendars import WorkCalendar
from team import working_time
from team.models import Company, User


def zone_of(who: object = None) -> str:
    """The zone of a colleague; of anybody else, and of nobody in particular, the company's."""
    if isinstance(who, User):
        return who.zone
    return Company.objects.values_list("zone", flat=True).first() or "UTC"


def working_days() -> WorkCalendar:
    """The company's calendar; before there is a company, every day is one of work."""
    company = Company.objects.select_related("calendar").first()
    return company.calendar.as_rule() if company is not None else WorkCalendar.always()


@transaction.atomic
def change(company: Company, name: str, zone: str, reading: str, by: User, at: datetime) -> None:
    """Change what the company is called, where it is, and who reads which partners.

    Its working hours are read in its zone, so they move with it.
    """
    Company.objects.filter(pk=company.pk).update(name=name, zone=zone, reading=reading)
    working_time.change_zone(company.calendar, zone, by, at)
