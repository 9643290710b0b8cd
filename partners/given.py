"""What a person is told when partners are given to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from partners.models import Assignment, Event, Partner
from prm.references import Reference
from team import notices, people
from team.models import Notice, User

KIND = "partner_given"


def tell(partner: Partner, to: User | None, by: User | str, at: datetime, role: str = "") -> None:
    """Tell `to` that somebody else gave this partner to them, in a role beside its owner or as its owner."""
    if to is None or to == by or isinstance(by, str):
        return
    what = f"{by} asks you to look after {partner}: {role}" if role else f"{by} gave {partner} to you"
    cause = Reference("partner", partner.pk)
    notices.give(to, KIND, cause, due_at=at, at=at, text=what, url=partner.get_absolute_url())


def tell_of_many(report: Event, to: User | None, by: User, at: datetime) -> None:
    """Tell `to` once of all the partners that one press gave to them."""
    given: list[Any] = report.changes["done"]
    if to is None or to == by or not given:
        return
    what = f"{by} gave you {len(given)} partner{'' if len(given) == 1 else 's'}"
    url = f"{reverse('partners:list')}?{urlencode({'owner': to.pk})}"
    notices.give(to, KIND, Reference("partner", given[0][0]), due_at=at, at=at, text=what, url=url)


def still_theirs(notice: Notice) -> bool:
    """Whether the person looks after the partner, at the time its mail is composed."""
    mine = Assignment.objects.current().filter(partner=notice.cause_id)
    return mine.filter(user__in=people.covered_by(notice.person)).exists()
