"""Us: the one company, its name, zone and reading rule."""

from datetime import datetime

from django.db import transaction

from prm.calendars import WorkCalendar
from prm.questions import Question
from team import working_time
from team.models import Company, User

OURS = Question(
    lambda: Company.objects.order_by("pk").values_list("zone", "fiscal_month", "reporting_currency")[:1]
)
BEFORE = ("UTC", 1, "EUR")  # what holds while there is no company yet


def _ours() -> tuple[str, int, str]:
    return next(iter(OURS.ask()), BEFORE)


def zone_of(who: object = None) -> str:
    """The zone of a colleague; of anybody else, and of nobody in particular, the company's."""
    if isinstance(who, User):
        return who.zone
    return _ours()[0]


def fiscal_month() -> int:
    """The month in which our fiscal year begins; quarters follow it."""
    return _ours()[1]


def zone_and_fiscal_month() -> tuple[str, int]:
    """Both at once."""
    zone, begins, _currency = _ours()
    return zone, begins


def reporting_currency() -> str:
    """The currency that amounts of several are told in."""
    return _ours()[2]


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
