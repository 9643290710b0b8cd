"""Notices: what we tell a person, once for each cause, kind, due time and person.

`give` writes the row, in the transaction of its cause. How it is mailed is `team.mailing`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from prm.references import Reference
from prm.refusals import Refused
from team import people
from team.models import Notice, NoticeChoice, NoticeSet, User, Way


class NoticeRefused(Refused):
    """The notice cannot be hidden for so long."""


@dataclass(frozen=True)
class NoticeKind:
    """How notices of a kind travel, and why a person gets them."""

    name: str
    at_once: bool
    why: str
    still_stands: Callable[[Notice], bool]
    may_be_off: bool
    deadline: bool
    for_admins: bool

    @property
    def way(self) -> Way:
        """How they travel to who chose nothing."""
        return Way.AT_ONCE if self.at_once else Way.DIGEST


_kinds: dict[str, NoticeKind] = {}
_when_given: list[Callable[[Notice], None]] = []


def register(
    kind: str,
    at_once: bool,
    why: str,
    still_stands: Callable[[Notice], bool] = lambda notice: True,
    name: str = "",
    may_be_off: bool = True,
    deadline: bool = False,
    for_admins: bool = False,
) -> None:
    """Register a kind of notice.

    `at_once`: it needs the person, rings and is mailed with the next sweep; else it is listed and goes
    into the daily digest. `why` ends the mail ("You look after this partner."). `still_stands` is asked
    when the mail is composed: a notice whose cause is gone is left out of it. `name` is what a person
    choosing its way reads. Without `may_be_off` it stays in the app whatever is chosen. `deadline`: its
    due time is one by which something must be done, so that quiet hours do not use up the time left.
    `for_admins`: nobody else gets any.
    """
    name = name or kind.replace("_", " ").capitalize()
    _kinds[kind] = NoticeKind(name, at_once, why, still_stands, may_be_off, deadline, for_admins)


def when_given(pass_on: Callable[[Notice], None]) -> None:
    """Register what hears of each notice, in the transaction that writes it."""
    _when_given.append(pass_on)


def kinds() -> dict[str, NoticeKind]:
    """Every kind there is: first those that must not be missed, then those that need a person at once."""
    return dict(sorted(_kinds.items(), key=lambda kind: (kind[1].may_be_off, not kind[1].at_once)))


def give(
    person: User,
    kind: str,
    cause: Reference,
    due_at: datetime,
    at: datetime,
    text: str,
    url: str = "",
    why: str = "",
    at_once: bool | None = None,
) -> bool:
    """Give `person` a notice about `cause`; False when it was given before or is not wanted.

    `url` is a path of ours; `why` and `at_once` replace what the kind says. A moved `due_at`
    is a new notice. While the person is on leave, who stands in is told, too. Raises LookupError
    for a kind nobody registered.
    """
    if kind not in _kinds:
        raise LookupError(f"no app registered notices of kind {kind!r}")
    needs = _kinds[kind].at_once if at_once is None else at_once
    written: dict[str, Any] = {"text": text[:300], "url": url, "rings": needs, "created_at": at}
    made = _write(person, kind, cause, due_at, why=why or _kinds[kind].why, **written)
    delegate = people.delegate_of(person, at.astimezone(ZoneInfo(person.zone)).date())
    if delegate is not None:
        _write(delegate, kind, cause, due_at, why=f"You stand in for {person}.", **written)
    return made


def _write(
    person: User, kind: str, cause: Reference, due_at: datetime, rings: bool, why: str, **written: Any
) -> bool:
    """Write one person's row, to travel as that person chose."""
    way = _way(person, kind, rings)
    if way == Way.OFF:
        return False
    notice, made = Notice.objects.get_or_create(
        person=person,
        kind=kind,
        cause_kind=cause.kind,
        cause_id=cause.id,
        due_at=due_at,
        defaults={
            **written,
            "rings": rings,
            "why": why[:300],
            "way": way,
            "next_check_at": None if way == Way.APP else written["created_at"],
        },
    )
    for pass_on in _when_given if made else ():
        pass_on(notice)
    return made


def _way(person: User, kind: str, at_once: bool) -> Way:
    chosen = NoticeChoice.objects.filter(person=person, kind=kind).values_list("way", flat=True).first()
    if chosen == Way.OFF and not _kinds[kind].may_be_off:
        return Way.APP
    return Way(chosen) if chosen else Way.AT_ONCE if at_once else Way.DIGEST


def stands(notice: Notice) -> bool:
    """Whether the cause of a notice still stands."""
    kind = _kinds.get(notice.kind)
    return kind is None or kind.still_stands(notice)


def deadline_of(notice: Notice) -> datetime | None:
    """By when something must be done about it, where its kind is of that sort."""
    kind = _kinds.get(notice.kind)
    return notice.due_at if kind is not None and kind.deadline else None


def unread(person: User) -> int:
    """How many notices that need this person are unread."""
    return Notice.objects.filter(person=person).ringing().count()


def mark_read(given: Iterable[Notice], by: User, at: datetime) -> int:
    """Mark these notices of `by` as read; how many were unread. Another's are left alone."""
    return _read(Notice.objects.filter(pk__in=[notice.pk for notice in given]), by, at)


def mark_all_read(by: User, at: datetime) -> int:
    """Mark all notices of `by` given up to `at` as read; how many. Snoozed ones come back unread."""
    return _read(Notice.objects.shown().filter(created_at__lte=at), by, at)


def _read(given: NoticeSet, by: User, at: datetime) -> int:
    """What was read here is not mailed any more."""
    return given.filter(person=by, read_at=None).update(read_at=at, next_check_at=None)


def snooze(notice: Notice, until: datetime, by: User, at: datetime) -> None:
    """Hide a notice of `by` until a moment, then show it as new. Refused past its due time; whom else
    it concerns, and what is told at the due time, stays as it is."""
    deadline = deadline_of(notice)
    if until <= at:
        raise NoticeRefused("Choose a time to come.")
    if deadline is not None and until > deadline:
        due = f"{deadline.astimezone(ZoneInfo(by.zone)):%d.%m.%Y %H:%M}"
        raise NoticeRefused(f"It is due at {due}; it cannot be hidden for longer than that.")
    mine = Notice.objects.filter(pk=notice.pk, person=by)
    mine.update(snoozed_until=until, read_at=None)
    mine.filter(next_check_at__lt=until).update(next_check_at=until)


def show_again(notice: Notice, by: User) -> None:
    """Hide a notice of `by` no longer."""
    Notice.objects.filter(pk=notice.pk, person=by).update(snoozed_until=None)


def wake(at: datetime) -> int:
    """The sweep: show what was hidden until now; how many."""
    return Notice.objects.filter(snoozed_until__lte=at).update(snoozed_until=None)
