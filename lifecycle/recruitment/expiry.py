"""How agreements run: reminders before their end and before the last day for notice, renewal by itself,
and the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from conversations import responsibility
from conversations.commitments import end_of
from lifecycle.recruitment import terms
from lifecycle.recruitment.models import Agreement
from partners.models import Contact, Event, Partner
from prm import references, sweeper
from prm.days import plus_months
from team import notices
from team.companies import zone_of
from team.models import Notice, User

ENDS, NOTICE, RENEWED, ENDED = (
    "agreement_ends",
    "agreement_notice_due",
    "agreement_renewed",
    "agreement_ended",
)
BEFORE_END = (90, 30)  # days
BEFORE_NOTICE = (30,)
BY = "sweep"


def sweep(at: datetime) -> int:
    """Look at every agreement of which a day has come."""
    due = Agreement.objects.select_related("partner__owner", "version")
    return sweeper.in_batches(due, at, check)


def next_check(agreement: Agreement, at: datetime) -> datetime | None:
    """The next moment something of it is due; None where nothing is."""
    steps = [moment for _kind, _on, moment in _reminders(agreement) if moment > at]
    if (over := _over(agreement)) is not None:
        steps.append(max(over, at))
    return min(steps, default=None)


def check(agreement: Agreement, at: datetime) -> None:
    """When its last day is over, renew or end it; else remind of what has come near."""
    over = _over(agreement)
    if over is not None and over <= at:
        _finish(agreement, at)
        agreement.refresh_from_db()
    for (kind, on), moment in _near(agreement, at).items():
        _remind(agreement, kind, on, moment, at)
    Agreement.objects.filter(pk=agreement.pk).update(next_check_at=next_check(agreement, at))


def _near(agreement: Agreement, at: datetime) -> dict[tuple[str, date], datetime]:
    """What to remind of: of several reminders of one day the latest that has come."""
    return {(kind, on): moment for kind, on, moment in _reminders(agreement) if moment <= at}


def _reminders(agreement: Agreement) -> Iterator[tuple[str, date, datetime]]:
    """What it reminds of, the day that is about, and from when; the earliest first."""
    if agreement.state != Agreement.State.SIGNED:
        return
    zone = zone_of(agreement.partner.owner)
    ends_on, notice_on = agreement.ends_on, agreement.notice_on
    for days in BEFORE_NOTICE:
        if notice_on is not None:
            yield NOTICE, notice_on, end_of(notice_on - timedelta(days=days), zone)
    for days in BEFORE_END:
        if ends_on is not None and notice_on is None:
            yield ENDS, ends_on, end_of(ends_on - timedelta(days=days), zone)


def _over(agreement: Agreement) -> datetime | None:
    """When its last day is over; None where it has none, or is not in force."""
    if agreement.state != Agreement.State.SIGNED or agreement.ends_on is None:
        return None
    return end_of(agreement.ends_on, zone_of(agreement.partner.owner))


def _remind(agreement: Agreement, kind: str, on: date, moment: datetime, at: datetime) -> None:
    about = references.to(agreement)
    key = f"{kind}:{agreement.pk}:{on.isoformat()}:{moment.isoformat()}"
    if Event.record(kind, at, BY, agreement.partner, about, note=f"{on:%-d %B %Y}", key=key) is not None:
        _tell(agreement, kind, moment, at, _words(agreement, kind, on))


def _words(agreement: Agreement, kind: str, on: date) -> str:
    if kind == NOTICE:
        words = _("The agreement with {partner} renews by itself unless notice is given by {day}")
    else:
        words = _("The agreement with {partner} ends on {day}")
    return words.format(partner=agreement.partner, day=f"{on:%-d %B %Y}")


def _finish(agreement: Agreement, at: datetime) -> None:
    version = agreement.current
    assert agreement.ends_on is not None  # only what has a last day is over
    is_renewed = version.renewal == terms.Renewal.AUTOMATIC and agreement.notice_on is not None
    if is_renewed:
        _prolong(agreement, agreement.ends_on, at)
    else:
        reason = agreement.ended_reason or _("Its term is over.")
        close(agreement, agreement.ends_on, reason, BY, at)
        words = _("The agreement with {partner} has ended.").format(partner=agreement.partner)
        _tell(agreement, ENDED, end_of(agreement.ends_on, zone_of(agreement.partner.owner)), at, words)


def _prolong(agreement: Agreement, ends_on: date, at: datetime) -> None:
    """It goes on for another term, counted from its first day, so that ends of months do not drift."""
    version = agreement.current
    months = version.renewal_months or version.term_months or 12
    starts_on = agreement.starts_on
    assert starts_on is not None  # what is signed has a first day
    rounds = 1
    first = version.term_months or months
    while (later := plus_months(starts_on, first + rounds * months) - timedelta(days=1)) <= ends_on:
        rounds += 1
    agreement.ends_on = later
    agreement.notice_on = terms.notice_by(version.terms, later)
    changed = {"ends_on": later, "notice_on": agreement.notice_on}
    if Agreement.objects.filter(pk=agreement.pk, ends_on=ends_on).update(**changed):
        key = f"{RENEWED}:{agreement.pk}:{ends_on.isoformat()}"
        about = references.to(agreement)
        Event.record(RENEWED, at, BY, agreement.partner, about, note=f"until {later:%-d %B %Y}", key=key)
        push(agreement.partner)


def close(agreement: Agreement, on: date, reason: str, by: User | Contact | str, at: datetime) -> Event:
    """It has ended on a day, for a reason."""
    Agreement.objects.filter(pk=agreement.pk).update(
        state=Agreement.State.ENDED,
        ended_on=on,
        ended_reason=reason,
        notice_on=None,
        next_check_at=None,
    )
    push(agreement.partner)
    event = Event.record(ENDED, at, by, agreement.partner, references.to(agreement), note=reason)
    assert event is not None  # only a keyed event can stand already
    return event


def push(partner: Partner) -> None:
    """The day the partner's agreements end, onto the partner: the last day of the one that holds longest;
    none where one of them has no end. What the record said before there was any agreement stays."""
    rows = Agreement.objects.filter(partner=partner, signed_on__isnull=False)
    if not rows.exists():
        return
    standing = rows.in_force()
    ends_on = None
    if standing.exists() and not standing.filter(ends_on=None).exists():
        ends_on = standing.aggregate(last=Max("ends_on"))["last"]
    Partner.objects.filter(pk=partner.pk).update(agreement_ends_on=ends_on)


def _tell(agreement: Agreement, kind: str, due_at: datetime, at: datetime, words: str) -> None:
    for person in responsibility.person_or_heads(agreement.partner.owner):
        about, url = references.to(agreement), agreement.get_absolute_url()
        notices.give(person, kind, about, due_at, at, words, url)


def still_stands(notice: Notice) -> bool:
    """Whether the day a notice is about is as it was: asked when its mail is composed."""
    agreement = (
        Agreement.objects.select_related("partner__owner", "version").filter(pk=notice.cause_id).first()
    )
    if agreement is None:
        return False
    return any((notice.kind, notice.due_at) == (kind, moment) for kind, _on, moment in _reminders(agreement))
