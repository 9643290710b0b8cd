"""Certificates that come to their end: whoever looks after the partner is reminded, twice before and once
it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from conversations import responsibility
from conversations.commitments import end_of
from lifecycle.onboarding.learning.models import Certificate
from partners.models import Status
from prm import references, sweeper
from team import notices
from team.companies import zone_of
from team.models import Notice

ENDS, ENDED = "certificate_ends", "certificate_ended"
BEFORE = (60, 30)  # days


def sweep(at: datetime) -> int:
    """Look at every certificate of which a day has come."""
    due = Certificate.objects.select_related("partner__owner", "course")
    return sweeper.in_batches(due, at, check)


def check(certificate: Certificate, at: datetime) -> None:
    """Remind of the latest day that has come, and look again on the next."""
    moments = list(_moments(certificate))
    come = [(kind, moment) for kind, moment in moments if moment <= at]
    if come:
        kind, moment = come[-1]
        words = _("The certificate “{it}” ends on {day}") if kind == ENDS else _("“{it}” ended on {day}")
        text = words.format(it=certificate, day=f"{certificate.valid_until:%-d %B %Y}")
        about, url = references.to(certificate), certificate.get_absolute_url()
        for person in responsibility.person_or_heads(certificate.partner.owner):
            notices.give(person, kind, about, moment, at, text, url)
    following = min((moment for _kind, moment in moments if moment > at), default=None)
    Certificate.objects.filter(pk=certificate.pk).update(next_check_at=following)


def _moments(certificate: Certificate) -> Iterator[tuple[str, datetime]]:
    until, partner = certificate.valid_until, certificate.partner
    if until is None or certificate.withdrawn_at is not None or partner.status == Status.ENDED:
        return
    zone = zone_of(partner.owner)
    for days in BEFORE:
        yield ENDS, end_of(until - timedelta(days=days), zone)
    yield ENDED, end_of(until, zone)


def still_stands(notice: Notice) -> bool:
    """Whether it was neither withdrawn nor renewed meanwhile: asked when the mail is composed."""
    rows = Certificate.objects.select_related("partner__owner").filter(pk=notice.cause_id)
    certificate = rows.first()
    if certificate is None or (notice.kind, notice.due_at) not in set(_moments(certificate)):
        return False
    later = Certificate.objects.filter(course=certificate.course_id, contact=certificate.contact_id)
    newer = Q(issued_on__gt=certificate.issued_on) | Q(issued_on=certificate.issued_on, pk__gt=certificate.pk)
    return not later.filter(newer, contact__isnull=False).exists()
