"""Whom an open deal reminds: its owner, when the day of its next step or its expected close is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from conversations import responsibility
from conversations.commitments import end_of
from lifecycle.growth.models import Deal
from partners.models import Event
from prm import references
from team import notices
from team.companies import zone_of
from team.models import Notice

STEP, CLOSE = "deal_step_overdue", "deal_close_passed"
RENEWED_BEFORE = 120  # days before the end of its term
COLUMNS = {STEP: "next_step_on", CLOSE: "expected_close_on"}


def next_check(deal: Deal, at: datetime) -> datetime | None:
    """The next moment one of its days ends, or, won with a term, when it is to be renewed; None where
    nothing lies ahead."""
    if deal.state == Deal.State.WON:
        return _renewed_at(deal, at)
    return min((moment for _kind, moment in _ends(deal) if moment > at), default=None)


def is_to_renew(deal: Deal, at: datetime) -> bool:
    """Whether the end of its term is near and not over."""
    moment = _renewed_at(deal, at)
    return moment is not None and moment <= at


def _renewed_at(deal: Deal, at: datetime) -> datetime | None:
    """From when it is to be renewed; None where it has no term, or that is over."""
    zone, ends_on = zone_of(deal.owner or deal.partner.owner), deal.term_ends_on
    if ends_on is None or end_of(ends_on, zone) <= at:
        return None
    return max(at, end_of(ends_on - timedelta(days=RENEWED_BEFORE + 1), zone))


def check(deal: Deal, at: datetime) -> None:
    """Remind of every day that is over, once for each day it stood at."""
    for kind, moment in _ends(deal):
        if moment <= at:
            _remind(deal, kind, moment, at)
    Deal.objects.filter(pk=deal.pk).update(next_check_at=next_check(deal, at))


def _ends(deal: Deal) -> Iterator[tuple[str, datetime]]:
    """When the days of an open deal end, in its owner's zone."""
    if not deal.is_open:
        return
    zone = zone_of(deal.owner or deal.partner.owner)
    for kind, column in COLUMNS.items():
        on: date | None = getattr(deal, column)
        if on is not None:
            yield kind, end_of(on, zone)


def _remind(deal: Deal, kind: str, ended_at: datetime, at: datetime) -> None:
    about = references.to(deal)
    on = getattr(deal, COLUMNS[kind])
    key = f"{kind}:{deal.pk}:{on.isoformat()}"
    if Event.record(kind, at, "sweep", deal.partner, about, note=str(deal), key=key) is None:
        return
    for person in responsibility.person_or_heads(deal.owner or deal.partner.owner):
        notices.give(person, kind, about, ended_at, at, _words(deal, kind), deal.get_absolute_url())


def _words(deal: Deal, kind: str) -> str:
    if kind == STEP:
        return _("The next step of “{deal}” is overdue: {step}").format(
            deal=deal, step=deal.next_step or _("not said")
        )
    return _("“{deal}” was expected to close and is open").format(deal=deal)


def still_stands(notice: Notice) -> bool:
    """Whether the deal is open and its day is as it was: asked when the mail is composed."""
    deal = Deal.objects.open().select_related("partner__owner", "owner").filter(pk=notice.cause_id).first()
    return deal is not None and (notice.kind, notice.due_at) in set(_ends(deal))
