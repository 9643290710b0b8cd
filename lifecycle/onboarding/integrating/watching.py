"""Whom an integration reminds: its technical contact of the day it is meant to be live, and the partner's
owner once a technical contact has left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from conversations import responsibility
from conversations.commitments import end_of
from lifecycle.models import Integration
from lifecycle.onboarding.plans import RUN
from partners.models import Event, Status
from prm import references, sweeper
from team import notices
from team.companies import zone_of
from team.models import Notice, User

NEAR, PASSED, MISSED = "integration_near", "integration_passed", "integration_contact_gone"
SYSTEM = "sweep"
DAY = timedelta(days=1)
BEFORE = timedelta(days=8)  # at the end of this day before, a whole week is left
BATCH = 100
WITH = ("partner__owner", "product", "our_contact", "their_contact")


def sweep(at: datetime) -> int:
    """Ask for successors, then look at every integration of which a moment has come."""
    asked = ask_for_successors(at)
    due = Integration.objects.filter(state=Integration.State.RUNNING).select_related(*WITH)
    return asked + sweeper.in_batches(due, at, check)


# --- the day it is meant to be live ---------------------------------------------------------------------


def check(integration: Integration, at: datetime) -> None:
    """Remind of the latest moment that has come, and look again at the next; while the partner is parked,
    tomorrow."""
    moments = list(_moments(integration))
    come = [(kind, moment) for kind, moment in moments if moment <= at]
    if come:
        kind, moment = come[-1]
        about, url = references.to(integration), integration.get_absolute_url()
        for person in responsibility.person_or_heads(_person(integration)):
            notices.give(person, kind, about, moment, at, _words(integration, kind), url)
    parked = integration.partner.status == Status.PARKED and integration.target_on is not None
    following = min(
        (moment for _kind, moment in moments if moment > at), default=at + DAY if parked else None
    )
    Integration.objects.filter(pk=integration.pk).update(next_check_at=following)


def _moments(integration: Integration) -> Iterator[tuple[str, datetime]]:
    on = integration.target_on
    if on is None or not integration.is_running or integration.partner.status not in RUN:
        return
    zone = zone_of(_person(integration))
    yield NEAR, end_of(on - BEFORE, zone)
    yield PASSED, end_of(on, zone)


def _person(integration: Integration) -> User | None:
    return integration.partner.owner if integration.misses_ours else integration.our_contact


def _words(integration: Integration, kind: str) -> str:
    if kind == NEAR:
        words = _("{integration} is meant to be live by {day}")
    else:
        words = _("{integration} was meant to be live by {day}")
    return words.format(integration=integration, day=f"{integration.target_on:%-d %B %Y}")


def still_stands(notice: Notice) -> bool:
    """Whether it is being built for that day still: asked when the mail is composed."""
    found = Integration.objects.select_related(*WITH).filter(pk=notice.cause_id).first()
    return found is not None and (notice.kind, notice.due_at) in set(_moments(found))


# --- who has left ---------------------------------------------------------------------------------------


def ask_for_successors(at: datetime) -> int:
    """Tell of each technical contact that left or was switched off, once; of how many integrations."""
    left = Q(their_contact__left_on__isnull=False) | Q(their_contact__withdrawn_at__isnull=False)
    ours = Q(our_contact__is_active=False, ours_missed_at=None)
    rows = Integration.objects.standing().filter(ours | Q(left, theirs_missed_at=None))
    found = list(rows.select_related(*WITH).order_by("pk")[:BATCH])
    for integration in found:
        _ask(integration, at)
    return len(found)


@transaction.atomic
def _ask(integration: Integration, at: datetime) -> None:
    gone = []
    if integration.our_contact is not None and integration.misses_ours:
        gone.append((str(integration.our_contact), "ours_missed_at"))
    if integration.their_contact is not None and integration.misses_theirs:
        gone.append((str(integration.their_contact), "theirs_missed_at"))
    mine = Integration.objects.filter(pk=integration.pk)
    new = [who for who, column in gone if mine.filter(**{column: None}).update(**{column: at})]
    if not new:
        return
    about, url, who = references.to(integration), integration.get_absolute_url(), ", ".join(new)
    note = f"{integration}: {who}"
    Event.record("integration_contact_gone", at, SYSTEM, integration.partner, about, note=note)
    words = _("{integration} needs another technical contact. Not there any more: {who}")
    for person in responsibility.person_or_heads(integration.partner.owner):
        notices.give(person, MISSED, about, at, at, words.format(who=who, integration=integration), url)


def is_missed(notice: Notice) -> bool:
    """Whether nobody followed meanwhile: asked when the mail is composed."""
    found = Integration.objects.standing().select_related(*WITH).filter(pk=notice.cause_id).first()
    return found is not None and (found.misses_ours or found.misses_theirs)
