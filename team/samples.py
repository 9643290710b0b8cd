"""The people of the sample company, and where they stand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from prm.days import plus_months
from prm.samples import Sample
from team import public_holidays
from team.models import Calendar, Company, Grant, Rate, Region, Role, User, Vertical

PASSWORD = "partners first"  # noqa: S105  the sample's, printed at every start and refused in production
PEOPLE = [
    ("Maya Okafor", "maya", "Europe/Berlin", [Role.FULL_LIFECYCLE, Role.GROWTH], "ingrid"),
    ("Ingrid Solberg", "ingrid", "Europe/Oslo", [Role.HEAD], None),
    ("Ravi Bose", "ravi", "Europe/London", [Role.ADMIN, Role.OPERATIONS], "ingrid"),
    ("Dan Cole", "dan", "Europe/London", [Role.GROWTH], "ingrid"),
    ("Jonas Weber", "jonas", "Europe/Berlin", [Role.RECRUITMENT], "ingrid"),
]
REGIONS = ["DACH", "Nordics", "UK and Ireland", "Benelux", "North America"]
VERTICALS = ["Public sector", "Manufacturing", "Retail", "Health care", "Financial services"]


def make(sample: Sample) -> None:
    calendar = Calendar.objects.create(
        name="Office hours", zone="Europe/Berlin", weekly={str(day): [["09:00", "17:00"]] for day in range(5)}
    )
    years = range(sample.at.year - 2, sample.at.year + 2)
    public_holidays.add(calendar, "DE", "BE", years, None, sample.at - timedelta(days=730))
    calendar.refresh_from_db()
    Company.objects.create(
        name="Aldermoor Software",
        zone="Europe/Berlin",
        calendar=calendar,
        is_sample=True,
        set_up_at=sample.at - timedelta(days=730),
    )
    Region.objects.bulk_create(Region(name=name, position=n) for n, name in enumerate(REGIONS))
    Vertical.objects.bulk_create(Vertical(name=name, position=n) for n, name in enumerate(VERTICALS))
    users = {}
    for name, short, zone, _, _ in PEOPLE:
        users[short] = User.objects.create_user(
            f"{short}@aldermoor.example",
            PASSWORD,
            name=name,
            zone=zone,
            joined_at=sample.at - timedelta(days=730),
        )
    for _, short, _, roles, lead in PEOPLE:
        Grant.objects.bulk_create(Grant(user=users[short], role=role) for role in roles)
        if lead:
            User.objects.filter(pk=users[short].pk).update(lead=users[lead])
    _rates(sample, users["ravi"])
    sample.made["users"] = users
    sample.made["managers"] = _further(sample, users["ingrid"])
    sample.made["calendar"] = calendar
    sample.made["sign_in"] = sign_in()


def _rates(sample: Sample, by: User) -> None:
    """Rates of every month's first day, around what they were."""
    rng = sample.random("rates")
    first = sample.at.date().replace(day=1)
    Rate.objects.bulk_create(
        Rate(
            reporting="EUR",
            currency=currency,
            since_on=plus_months(first, -months),
            worth=Decimal(usual + rng.randint(-200, 200)) / 10_000,
            source="Month’s first reference rate",
            by=by,
            at=sample.at - timedelta(days=30 * months),
        )
        for currency, usual in (("GBP", 11_800), ("USD", 9_200))
        for months in range(30)
    )


def _further(sample: Sample, lead: User) -> list[User]:
    """Managers for the partners beyond the first sixty, twenty each; they cannot sign in."""
    more = max(0, sample.partners - 60) // 20
    managers = User.objects.bulk_create(
        User(
            email=f"manager{n}@aldermoor.example",
            name=f"Manager {n}",
            zone="Europe/Berlin",
            lead=lead,
            password=UNUSABLE_PASSWORD_PREFIX,
            joined_at=sample.at - timedelta(days=730),
        )
        for n in range(1, more + 1)
    )
    Grant.objects.bulk_create(Grant(user=manager, role=Role.FULL_LIFECYCLE) for manager in managers)
    return managers


def sign_in() -> list[str]:
    """How to sign in to the sample company, for the terminal."""
    rows = [("maya", "partner manager"), ("ingrid", "head of partnerships"), ("ravi", "admin")]
    return [
        "Sign in as " + ", ".join(f"{short}@aldermoor.example ({role})" for short, role in rows),
        f"with the password: {PASSWORD}",
    ]


def welcome(address: str) -> list[str]:
    """What a start prints where the company is the sample."""
    return sign_in() if Company.objects.filter(is_sample=True).exists() else []
