"""Set-up as a whole: the company and its first admin, the lists, and what it promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from conversations import policies, previews, reply_templates, thanks
from conversations.models import Policy
from lifecycle.growth import phases
from lifecycle.onboarding import starters
from lifecycle.recruitment.outreach import sequences
from partners import lists
from reviews.issues import causes
from team import setup, working_time
from team.models import User

PROMISES = {
    Policy.Mode.ELAPSED: "Within 24 hours, round the clock",
    Policy.Mode.WORKING_DAYS: "Within 24 hours on working days, Monday to Friday",
}


@dataclass(frozen=True)
class Example:
    """When a message of a Friday afternoon falls due under one promise, in the company's zone."""

    promise: str
    written: str
    due: str


@transaction.atomic
def set_up(company: str, zone: str, promise: str, email: str, name: str, password: str, at: datetime) -> User:
    """Make the company with all it begins with; its first admin is returned.

    Raises `team.setup.SetUpRefused` where a company stands.
    """
    admin = setup.found(company=company, zone=zone, email=email, name=name, password=password, at=at)
    lists.seed()
    phases.seed()
    starters.seed(at)
    thanks.seed()
    reply_templates.seed()
    sequences.seed()
    causes.seed()
    policies.found(promise, at)
    return admin


def examples(zone: str, on: date) -> list[Example]:
    """A message of 15:00 on the next Friday from `on`, under each promise."""
    here = ZoneInfo(zone)
    written = previews.friday(zone, on)
    return [
        Example(
            words,
            previews.words(written),
            previews.words(
                policies.preview(mode, zone, working_time.OFFICE_HOURS, (), written).astimezone(here)
            ),
        )
        for mode, words in PROMISES.items()
    ]
