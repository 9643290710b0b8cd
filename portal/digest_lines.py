"""What a digest says of promises, tasks, certificates and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.utils.formats import date_format

from conversations.catching.weeks import Here
from conversations.models import Commitment
from lifecycle.models import Certificate, Side
from lifecycle.onboarding.learning import renewing
from partners.models import Contact
from portal import seen
from portal.digests import Line
from prm.calendars import WorkCalendar
from team.models import Company

SOON = 2  # working days
DECIDED = timedelta(days=7)


def promised_by_us(contact: Contact, now: datetime) -> Iterator[Line]:
    """What we owe: due soon, late, or moved to a later day."""
    for each in _promises(contact, now, Commitment.Side.OURS):
        yield _line(each, now.date())


def promised_by_them(contact: Contact, now: datetime) -> Iterator[Line]:
    """What this person owes, or the partner without a name: due soon or late."""
    for each in _promises(contact, now, Commitment.Side.THEIRS):
        if each.contact_id in {None, contact.pk}:
            yield _line(each, now.date())


def decided(contact: Contact, now: datetime) -> Iterator[Line]:
    """What we decided within the last days."""
    lately = seen.decisions(contact.partner).filter(at__gt=now - DECIDED).order_by("at", "pk")
    for each in lately:
        reason = f": {' '.join(each.reason.split())}" if each.reason else ""
        yield Line(f"decision:{each.pk}", f"{each.get_answer_display()}{reason}")


def tasks(contact: Contact, now: datetime) -> Iterator[Line]:
    """Tasks of the partner's: sent back, due soon, or late. What waits for another task waits here, too."""
    todo = seen.tasks(contact.partner).open().unblocked().filter(side=Side.THEIRS, handed_in_at=None)
    for each in todo.order_by("due_on", "pk"):
        if each.sent_back:
            yield Line(f"task:{each.pk}:back:{each.sent_back}", f"{each}: sent back, {each.sent_back}")
        elif each.due_on is not None and each.due_on <= _soon(now):
            yield _due(f"task:{each.pk}", each.text, each.due_on, now.date())


def certificates(contact: Contact, now: datetime) -> Iterator[Line]:
    """What this person's certificates need: one that ends within 60 days, said anew 30 days before."""
    today = now.date()
    mine = Certificate.objects.filter(contact=contact).holding(today).select_related("course")
    newest = {each.course_id: each for each in mine.order_by("issued_on", "pk")}
    for each in newest.values():
        left = (each.valid_until - today).days if each.valid_until else None
        if each.valid_until is not None and left is not None and left <= renewing.BEFORE[0]:
            stage = next(days for days in reversed(renewing.BEFORE) if left <= days)
            until = date_format(each.valid_until, "j F Y")
            yield Line(
                f"certificate:{each.pk}:{stage}", f"{each.course}: your certificate ends on {until}", True
            )


def _due(about: str, text: str, day: date, today: date, private: bool = False, more: str = "") -> Line:
    """News when it comes near, when it is moved, when it is late, and each week that it stays so."""
    about, when = f"{about}:{day}", date_format(day, "l j F")
    if day < today:
        year, week, _ = today.isocalendar()
        return Line(f"{about}:late:{year}-{week}", f"{text}: late, it was due {when}", private)
    return Line(about, f"{text}: by {when}{more}", private)


def _promises(contact: Contact, now: datetime, side: str) -> list[Commitment]:
    wanted = Q(promised_for__lte=_soon(now))
    if side == Commitment.Side.OURS:
        wanted |= Q(promised_for__gt=F("original_promised_for"))
    rows = seen.promises(contact).filter(wanted, side=side).select_related("made_in__conversation")
    return list(rows.order_by("promised_for", "pk"))


def _line(promise: Commitment, today: date) -> Line:
    day = promise.promised_for
    private = promise.made_in is not None and promise.made_in.conversation.is_private
    moved = day > promise.original_promised_for
    first = f", first promised for {date_format(promise.original_promised_for, 'j F')}" if moved else ""
    return _due(f"promise:{promise.pk}", promise.text, day, today, private, first)


def _soon(now: datetime) -> date:
    """The day on which so many working days of ours have passed."""
    company = Company.objects.select_related("calendar").first()
    return Here(now, company.calendar.as_rule() if company else WorkCalendar.always()).worked_after(SOON)
