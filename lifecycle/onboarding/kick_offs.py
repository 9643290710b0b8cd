"""The kick-off: planned with an invitation by mail, changed, called off, held with minutes and promises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from conversations import messages
from conversations.commitments import Promise
from conversations.meetings import calling, settling
from conversations.meetings.calling import Wanted
from conversations.meetings.sending import CANCEL, REQUEST
from conversations.messages import Happening
from conversations.models import Message
from lifecycle import evidence, tasks
from lifecycle.models import Evidence, KickOff, Task
from partners.models import Contact, Event, Partner
from partners.organisations import local_day
from prm import references
from prm.models import OutboxItem
from prm.outbox import Mail
from prm.refusals import Refused
from team.models import Company, User

MAIL = "kick_off"
LONGEST = timedelta(hours=12)
State = KickOff.State


class KickOffRefused(Refused):
    """The kick-off cannot be planned, changed or held so."""


# --- planned --------------------------------------------------------------------------------------------


@transaction.atomic
def plan(partner: Partner, wanted: Wanted, by: User, at: datetime) -> KickOff:
    """Ask everybody to the kick-off, by mail; `by` organises it."""
    Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if planned(partner) is not None:
        raise KickOffRefused(_("A kick-off is planned already: change that one."))
    _check(partner, wanted, at)
    title = _("Kick-off: {company} and {partner}").format(company=Company.objects.first(), partner=partner)
    kick_off = KickOff(partner=partner, organiser=by, uid=calling.new_uid(), title=title[:300], created_at=at)
    _write(kick_off, wanted)
    _send(kick_off, REQUEST, calling.addresses(kick_off), at)
    _record("kick_off_planned", kick_off, by, at)
    return kick_off


@transaction.atomic
def change(kick_off: KickOff, wanted: Wanted, by: User, at: datetime) -> KickOff:
    """Tell everybody what is different now; who is not asked any more reads that it is called off."""
    held = _held(kick_off)
    _check(held.partner, wanted, at)
    if _is(held, wanted):
        raise KickOffRefused(_("Nothing is different."))
    before, colleagues = calling.addresses(held), set(calling.ours(held))
    held.sequence += 1
    _write(held, wanted)
    now = calling.addresses(held)
    _send(held, REQUEST, now, at)
    _send(held, CANCEL, before - now, at, to_us=colleagues - set(calling.ours(held)))
    _record("kick_off_changed", held, by, at)
    return held


@transaction.atomic
def call_off(kick_off: KickOff, reason: str, by: User, at: datetime) -> KickOff:
    """It does not take place; everybody is told, with the reason."""
    if not reason.strip():
        raise KickOffRefused(_("Reason: everybody reads why it is called off."))
    held = _held(kick_off)
    held.state, held.sequence, held.reason = State.CALLED_OFF, held.sequence + 1, reason.strip()[:300]
    held.save(update_fields=["state", "sequence", "reason"])
    _send(held, CANCEL, calling.addresses(held), at)
    _record("kick_off_called_off", held, by, at, note=held.reason)
    return held


def planned(partner: Partner) -> KickOff | None:
    """The one that is ahead, or still to be written down."""
    return KickOff.objects.filter(partner=partner, state=State.PLANNED).order_by("-pk").first()


def _check(partner: Partner, wanted: Wanted, at: datetime) -> None:
    if wanted.starts_at <= at:
        raise KickOffRefused(_("Begins: choose a time to come. One that was held is recorded as evidence."))
    if not timedelta(0) < wanted.ends_at - wanted.starts_at <= LONGEST:
        raise KickOffRefused(_("Minutes: it takes between one minute and twelve hours."))
    if not wanted.contacts:
        raise KickOffRefused(_("Of theirs: ask somebody there, too."))
    asked = {contact.pk for contact in wanted.contacts}
    if askable(partner).filter(pk__in=asked).count() != len(asked):
        raise KickOffRefused(_("Of theirs: somebody has left, has no e-mail address, or wants no mail."))


def askable(partner: Partner) -> QuerySet[Contact]:
    """Whom there one can ask: with an e-mail address, and open to mail."""
    return Contact.objects.current().filter(partner=partner, do_not_contact=False).exclude(email="")


def _is(kick_off: KickOff, wanted: Wanted) -> bool:
    return wanted_of(kick_off) == Wanted(
        wanted.starts_at,
        wanted.ends_at,
        tuple(sorted(wanted.contacts, key=lambda contact: contact.pk)),
        tuple(sorted(wanted.colleagues, key=lambda person: person.pk)),
        wanted.place,
        wanted.agenda,
    )


def wanted_of(kick_off: KickOff) -> Wanted:
    """What is asked for now."""
    return Wanted(
        kick_off.starts_at,
        kick_off.ends_at,
        tuple(kick_off.contacts.order_by("pk")),
        tuple(kick_off.colleagues.order_by("pk")),
        kick_off.place,
        kick_off.agenda,
    )


def _write(kick_off: KickOff, wanted: Wanted) -> None:
    kick_off.starts_at, kick_off.ends_at = wanted.starts_at, wanted.ends_at
    kick_off.place, kick_off.agenda = wanted.place, wanted.agenda
    kick_off.save()
    kick_off.contacts.set(wanted.contacts)
    kick_off.colleagues.set(wanted.colleagues)


# --- told -----------------------------------------------------------------------------------------------


def _send(
    kick_off: KickOff, method: str, to: Iterable[str], at: datetime, to_us: Iterable[User] | None = None
) -> None:
    calling.send(kick_off, MAIL, {"kick_off": kick_off.pk}, method, to, at, to_us)


def still_stands(item: OutboxItem) -> bool:
    """A newer word makes an invitation that has not left stale; what is called off is always said."""
    if item.about["method"] == CANCEL:
        return True
    now = {"pk": item.about["kick_off"], "sequence": item.about["sequence"], "state": State.PLANNED}
    return KickOff.objects.filter(**now).exists()


def compose(item: OutboxItem) -> Mail:
    rows = KickOff.objects.select_related("partner", "organiser").prefetch_related("contacts", "colleagues")
    kick_off = rows.get(pk=item.about["kick_off"])
    context = {
        "kick_off": kick_off,
        "company": Company.objects.first(),
        "is_off": item.about["method"] == CANCEL,
        "is_change": item.about["sequence"] > 0,
    }
    subject = render_to_string("emails/kick_off.subject.txt", context)
    body = render_to_string("emails/kick_off.txt", context)
    return calling.mail(kick_off, MAIL, item.about, subject, body, item.created_at)


# --- held -----------------------------------------------------------------------------------------------


@transaction.atomic
def hold(
    kick_off: KickOff, minutes: str, shared: bool, promises: Iterable[Promise], by: User, at: datetime
) -> Message:
    """It was held: minutes as a meeting of the partner's history, promises out of them, the evidence, and
    the tasks that ask for it done. `shared` lets the partner read the minutes."""
    held = _held(kick_off)
    if held.starts_at > at:
        raise KickOffRefused(_("It has not begun yet."))
    happened = Happening(
        "meeting",
        minutes,
        occurred_at=held.starts_at,
        contact=held.contacts.order_by("pk").first(),
        minutes=int((held.ends_at - held.starts_at).total_seconds()) // 60,
        subject=held.title,
        shared=shared,
    )
    message = messages.log(held.partner, happened, by, at, promises=promises)
    held.state, held.minutes, held.message = State.HELD, minutes, message
    held.save(update_fields=["state", "minutes", "message"])
    on, kind = local_day(held.starts_at, held.organiser.zone), Evidence.Kind.KICK_OFF_HELD
    evidence.record(held.partner, kind, on=on, by=by, at=at, note=held.title)
    for task in Task.objects.open().filter(partner=held.partner, evidence=kind, handed_in_at=None):
        tasks.done(task, by=by, at=at)
    settling.held(held.uid, message)
    _record("kick_off_held", held, by, at)
    return message


def _held(kick_off: KickOff) -> KickOff:
    """The kick-off as it stands, planned, held until this transaction ends."""
    rows = KickOff.objects.select_for_update(of=("self",)).select_related("partner", "organiser")
    held = rows.get(pk=kick_off.pk)
    if held.state != State.PLANNED:
        word = str(held.get_state_display()).lower()
        raise KickOffRefused(_("This kick-off is {word} already.").format(word=word))
    return held


def _record(kind: str, kick_off: KickOff, by: User, at: datetime, note: str = "") -> None:
    when = f"{kick_off.starts_at.astimezone(ZoneInfo(by.zone)):%-d %B %Y %H:%M}"
    Event.record(kind, at, by, kick_off.partner, references.to(kick_off), note=note or when)
