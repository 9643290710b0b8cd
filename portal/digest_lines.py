"""What a digest says of promises, answers wanted, tasks, certificates, issues and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.utils.formats import date_format

from conversations.catching.weeks import Here
from conversations.models import Commitment, Wanted
from lifecycle.models import Certificate, Side
from lifecycle.onboarding.learning import renewing
from partners.models import Contact
from portal import seen
from portal.digests import Line
from prm.calendars import WorkCalendar
from reviews.meetings import monthly
from team.models import Company

SOON = 2  # working days
DECIDED = timedelta(days=7)
OVER = timedelta(days=30)


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
    """Tasks of the partner's that are nobody else's there: sent back, due soon, or late. What waits for
    another task waits here, too."""
    todo = seen.tasks(contact.partner).open().unblocked().filter(side=Side.THEIRS, handed_in_at=None)
    todo = todo.filter(Q(contact=None) | Q(contact=contact) | Q(contact__left_on__isnull=False))
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


def answers_wanted(contact: Contact, now: datetime) -> Iterator[Line]:
    """What we wrote to this person and want answered by a day: near it, or late for a month at most."""
    today = now.date()
    asked = Wanted.objects.standing().with_answers().filter(Q(answered_at=None), message__contact=contact)
    near = asked.filter(message__in=seen.messages(contact), on__gt=today - OVER, on__lte=_soon(now))
    for each in near.select_related("message__conversation").order_by("on", "pk"):
        thread = each.message.conversation
        words = f"Your answer to “{thread}”"
        yield _due(f"wanted:{each.pk}", words, each.on, today, private=thread.is_private)


def issues(contact: Contact, now: datetime) -> Iterator[Line]:
    """What is wrong: solved within the last days, due to be solved, or late."""
    found = seen.issues(contact).select_related("wait__conversation").order_by("wait__due_at", "pk")
    for each in found.open():
        private, due_on = each.conversation.is_private, each.wait.due_at.astimezone(now.tzinfo).date()
        if due_on <= _soon(now):
            yield _due(f"issue:{each.pk}:{each.wait_id}", str(each), due_on, now.date(), private=private)
    for each in found.filter(solved_at__gt=now - DECIDED):
        key = f"issue:{each.pk}:{each.wait_id}:solved"
        yield Line(key, f"{each}: solved, your page says how", each.conversation.is_private)


def month(contact: Contact, first: date, now: datetime) -> Iterator[Line]:
    """What a month brought, for a partner that is talked with once a year."""
    for heading, words in monthly.told(contact.partner, first, now):
        yield Line(f"month:{first:%Y-%m}:{heading}", f"{heading}: {words}")


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
