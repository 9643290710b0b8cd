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


def fiscal_month() -> int:
    """The month in which our fiscal year begins; quarters follow it."""
    return Company.objects.values_list("fiscal_month", flat=True).first() or 1


def zone_and_fiscal_month() -> tuple[str, int]:
    """Both at once."""
    return Company.objects.values_list("zone", "fiscal_month").first() or ("UTC", 1)


def working_days() -> WorkCalendar:
    """The company's calendar; before there is a company, every day is one of work."""
    company = Company.objects.select_related("calendar").first()
    return company.calendar.as_rule() if company is not None else WorkCalendar.always()


@transaction.atomic
def change(
    company: Company,
    name: str,
    zone: str,
    reading: str,
    figures: str,
    fiscal_month: int,
    reporting_currency: str,
    by: User,
    at: datetime,
) -> None:
    """Change what the company is called, where it is, when its year begins, what it reports in, who reads
    which partners and who sees the figures of one person.

    Its working hours are read in its zone, so they move with it. Rates stay with the reporting currency
    they were stated for.
    """
    Company.objects.filter(pk=company.pk).update(
        name=name,
        zone=zone,
        reading=reading,
        figures=figures,
        fiscal_month=fiscal_month,
        reporting_currency=reporting_currency,
    )
    working_time.change_zone(company.calendar, zone, by, at)
