"""Commitments: who promised what to whom by when.

A promise for a day ends at 24:00 in its owner's zone. Kept by its first date, kept by a date moved
beforehand with the other side's consent, and late or broken are three figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from conversations import privacy
from conversations.models import Commitment, Message
from partners.models import Contact, Event, Partner
from partners.organisations import local_day
from prm.references import Reference
from prm.refusals import Refused
from team import companies, notices
from team.models import Notice, User

GIVEN = "promise_given"
BROKEN_AFTER = timedelta(days=30)
CONSENTS = {
    "none": "without asking",
    "stated": "they agreed, we noted it",
    "theirs": "they agreed themselves",
}

Status = Commitment.Status
Side = Commitment.Side


class CommitmentRefused(Refused):
    """The promise cannot be made or changed like this."""


By = User | Contact | str
Follow = Callable[[Commitment, set[str], By, datetime], None]
_followers: list[Follow] = []


def also(follow: Follow) -> None:
    """Register what follows a promise of which some columns change: it is asked in the same transaction."""
    _followers.append(follow)


@dataclass(frozen=True)
class Promise:
    """What is promised, for a day; by `owner` of ours (default: who writes) or, theirs, by `contact`."""

    text: str
    promised_for: date
    side: str = Side.OURS
    owner: User | None = None
    contact: Contact | None = None


def make(
    partner: Partner,
    promise: Promise,
    by: User,
    at: datetime,
    made_in: Message | None = None,
    visible_to_partner: bool | None = None,
) -> Commitment:
    """Write a promise down. Made in a message, it is as visible as that message."""
    text = " ".join(promise.text.replace("\0", "").split())
    if not text:
        raise CommitmentRefused("Say what is promised.")
    if len(text) > 500:
        raise CommitmentRefused("A promise is one sentence; put the rest into a note (500 letters at most).")
    if promise.contact is not None and promise.contact.partner_id != partner.pk:
        raise CommitmentRefused(f"{promise.contact} is no contact of {partner}.")
    owner = (promise.owner or by) if promise.side == Side.OURS else promise.owner
    zone = _zone(promise.side, owner, promise.contact, partner)
    _not_past(promise.promised_for, zone, at)
    if visible_to_partner is None:
        visible_to_partner = made_in is not None and made_in.visible_to_partner
    ends_at = end_of(promise.promised_for, zone)
    with transaction.atomic():
        commitment = Commitment.objects.create(
            partner=partner,
            side=promise.side,
            owner=owner,
            contact=promise.contact,
            text=text,
            promised_for=promise.promised_for,
            original_promised_for=promise.promised_for,
            ends_at=ends_at,
            next_check_at=ends_at,
            made_in=made_in,
            visible_to_partner=visible_to_partner,
            created_by=by,
            created_at=at,
        )
        _record("promise_made", commitment, by, at)
        if owner is not None and owner != by:
            _tell(commitment, owner, by, at)
    return commitment


def _tell(commitment: Commitment, owner: User, by: User, at: datetime) -> None:
    what = f"{by} wrote down a promise of yours to {commitment.partner}: {commitment.text}"
    about = Reference("commitment", commitment.pk)
    url, private = commitment.partner.get_absolute_url(), privacy.for_promise(commitment)
    notices.give(owner, GIVEN, about, at, at, what, url, private=private)


def still_given(notice: Notice) -> bool:
    """Whether the promise is open, at the time its mail is composed."""
    return Commitment.objects.open().filter(pk=notice.cause_id).exists()


def end_of(day: date, zone: str) -> datetime:
    """24:00 of a local day: the first instant of the next."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


def zone_of(commitment: Commitment) -> str:
    """The zone its day ends in: its owner's; for theirs the contact's, the partner's or ours."""
    return _zone(commitment.side, commitment.owner, commitment.contact, commitment.partner)


def _zone(side: str, owner: User | None, contact: Contact | None, partner: Partner) -> str:
    if side == Side.OURS and owner is not None:
        return owner.zone
    found = (contact.zone if contact else "") or partner.zone
    return found or companies.zone_of()


def _not_past(day: date, zone: str, at: datetime) -> None:
    today = local_day(at, zone)
    if day < today:
        raise CommitmentRefused("The day has passed. Promise today or a later day.")
    if day > today + timedelta(days=3660):
        raise CommitmentRefused("That is more than ten years ahead. Check the year.")


@transaction.atomic
def keep(commitment: Commitment, by: User | Contact, at: datetime, on: date | None = None) -> Event | None:
    """It is done, today or `on` an earlier day: kept by its first date, by a moved one, or late."""
    held = _held(commitment, Status.OPEN, Status.BROKEN)
    zone = zone_of(held)
    today = local_day(at, zone)
    on = on or today
    if on > today:
        raise CommitmentRefused("It cannot have been done on a day to come.")
    return _change(
        held,
        "promise_kept",
        by,
        at,
        status=_kept_as(held, on),
        done_at=at if on == today else end_of(on, zone) - timedelta(seconds=1),
        next_check_at=None,
    )


def _kept_as(commitment: Commitment, on: date) -> str:
    if on <= commitment.original_promised_for:
        return Status.KEPT
    if on <= commitment.promised_for and commitment.moved_beforehand:
        return Status.RENEGOTIATED
    return Status.LATE


@transaction.atomic
def renegotiate(
    commitment: Commitment, to: date, consent: str, by: User, at: datetime, reason: str = ""
) -> Event | None:
    """Move the date. Only before it has passed and with consent ("stated" or "theirs") does the
    new date count; a single move without spoils it."""
    if consent not in CONSENTS:
        raise CommitmentRefused("Say whether they agreed to the new date.")
    held = _held(commitment, Status.OPEN)
    zone = zone_of(held)
    _not_past(to, zone, at)
    if to == held.promised_for:
        raise CommitmentRefused("That is the date it has already.")
    ends_at = end_of(to, zone)
    return _change(
        held,
        "promise_moved",
        by,
        at,
        note=reason,
        extra={"consent": consent},
        promised_for=to,
        ends_at=ends_at,
        next_check_at=ends_at,
        moved_beforehand=at <= held.ends_at and consent != "none" and _moved_well_so_far(held),
    )


def _moved_well_so_far(commitment: Commitment) -> bool:
    moves = Event.objects.filter(
        about_kind="commitment", about_id=commitment.pk, kind="promise_moved", undone_by__isnull=True
    )
    return commitment.moved_beforehand or not moves.exists()


@transaction.atomic
def break_(commitment: Commitment, reason: str, by: User, at: datetime) -> Event | None:
    """Say that it will not be kept, and why."""
    if not reason.strip():
        raise CommitmentRefused("Say why it will not be kept.")
    held = _held(commitment, Status.OPEN)
    return _change(
        held, "promise_broken", by, at, note=reason.strip(), status=Status.BROKEN, next_check_at=None
    )


def lapse(commitment: Commitment, by: str, at: datetime) -> Event | None:
    """Thirty days over and neither done nor moved: broken, from the sweep."""
    key = f"lapsed:{commitment.pk}:{commitment.ends_at.isoformat()}"
    note = f"Thirty days over: {commitment.text}"
    return _change(
        commitment, "promise_broken", by, at, note=note, key=key, status=Status.BROKEN, next_check_at=None
    )


@transaction.atomic
def withdraw(commitment: Commitment, reason: str, by: User, at: datetime) -> Event | None:
    """It was written down by mistake, or does not matter any more: out of the figures, with a trace."""
    if not reason.strip():
        raise CommitmentRefused("Say why it is withdrawn.")
    held = _held(commitment, Status.OPEN, Status.BROKEN)
    return _change(
        held, "promise_withdrawn", by, at, note=reason.strip(), status=Status.WITHDRAWN, next_check_at=None
    )


@transaction.atomic
def correct(
    commitment: Commitment, by: User, at: datetime, text: str | None = None, owner: User | None = None
) -> Event | None:
    """Mend the words or the owner of an open promise; the date is moved by `renegotiate`."""
    held = _held(commitment, Status.OPEN)
    columns: dict[str, Any] = {}
    if text is not None:
        columns["text"] = " ".join(text.replace("\0", "").split())[:500]
        if not columns["text"]:
            raise CommitmentRefused("Say what is promised.")
    if owner is not None:
        held.owner = owner
        columns |= {"owner_id": owner.pk, "ends_at": end_of(held.promised_for, zone_of(held))}
        columns["next_check_at"] = columns["ends_at"]
    return _change(held, "promise_corrected", by, at, **columns)


def undo(event: Event, by: User | Contact, at: datetime) -> Event:
    """The inverse of any of these steps, while nothing came after it."""
    commitment = Commitment.objects.select_related("partner", "owner", "contact").get(pk=event.about_id or 0)
    with transaction.atomic():
        held = _held(commitment, *Status.values)
        for name, (_, became) in _columns(event).items():
            if _kept(getattr(held, name)) != became:
                raise CommitmentRefused("Something came after it; change the promise instead.")
        before = {name: _read(name, was) for name, (was, _) in _columns(event).items()}
        made = _change(held, "promise_undone", by, at, undoes=event, **before)
    assert made is not None
    return made


def undo_made(event: Event, by: User, at: datetime) -> Event:
    """The inverse of making: withdrawn, as if never said."""
    commitment = Commitment.objects.get(pk=event.about_id or 0)
    with transaction.atomic():
        held = _held(commitment, Status.OPEN)
        made = _change(
            held,
            "promise_withdrawn",
            by,
            at,
            "Undone.",
            undoes=event,
            status=Status.WITHDRAWN,
            next_check_at=None,
        )
    assert made is not None
    return made


def _held(commitment: Commitment, *expected: str) -> Commitment:
    """The row, locked, in one of the states a step starts from."""
    held = (
        Commitment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner", "owner", "contact")
        .get(pk=commitment.pk)
    )
    if held.status not in expected:
        raise CommitmentRefused(f"This promise is {held.get_status_display().lower()} already.")
    return held


def _change(
    held: Commitment,
    kind: str,
    by: By,
    at: datetime,
    note: str = "",
    extra: dict[str, Any] | None = None,
    undoes: Event | None = None,
    key: str | None = None,
    **columns: Any,
) -> Event | None:
    """Write the columns if the row is as it was read, and an event with what they were."""
    was = {name: getattr(held, name) for name in columns}
    if not Commitment.objects.filter(pk=held.pk, status=held.status).update(**columns):
        raise CommitmentRefused("Somebody changed this promise just now. Look at it again.")
    for name, value in columns.items():
        setattr(held, name, value)
    changes = {name: [_kept(was[name]), _kept(value)] for name, value in columns.items()} | (extra or {})
    event = _record(kind, held, by, at, changes=changes, note=note, undoes=undoes, key=key)
    for follow in _followers:
        follow(held, set(columns), by, at)
    return event


def _record(kind: str, commitment: Commitment, by: By, at: datetime, **more: Any) -> Event | None:
    more["note"] = more.get("note") or commitment.text
    return Event.record(kind, at, by, commitment.partner, Reference("commitment", commitment.pk), **more)


def _columns(event: Event) -> dict[str, list[Any]]:
    return {name: pair for name, pair in event.changes.items() if isinstance(pair, list)}


def _kept(value: Any) -> Any:
    """What JSON keeps of a column: moments in UTC, so that they compare as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, kept: Any) -> Any:
    """A column's value from what JSON kept of it."""
    reader = _READERS.get(name)
    return reader(kept) if reader and kept is not None else kept


_READERS: dict[str, Callable[[str], Any]] = {
    "promised_for": date.fromisoformat,
    "ends_at": datetime.fromisoformat,
    "done_at": datetime.fromisoformat,
    "next_check_at": datetime.fromisoformat,
}
