"""Notices: what we tell a person, once for each cause, kind, due time and person.

`give` writes the row (`give_all` many), in the transaction of its cause. How it is mailed is `team.mailing`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from prm import once
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


@dataclass(frozen=True)
class Private:
    """What a notice is about is private: who `may_read` gets its words; everybody else, and whatever
    passes notices on, gets `instead`, with a path of ours where no words stand."""

    may_read: Callable[[User], bool]
    instead: str
    url: str

    def written(self, person: User, text: str, url: str) -> dict[str, str]:
        """The columns of the notice of this person."""
        if self.may_read(person):
            return {"text": text[:300], "url": url, "for_others": self.instead[:300]}
        return {"text": self.instead[:300], "url": self.url, "for_others": ""}


_kinds: dict[str, NoticeKind] = {}
_when_given: list[Callable[[Sequence[Notice]], None]] = []

KEY = ("person", "kind", "cause_kind", "cause_id", "due_at")


@dataclass(frozen=True)
class News:
    """Something to tell a person; as `give` takes it. Raises LookupError for a kind nobody registered."""

    person: User
    kind: str
    cause: Reference
    due_at: datetime
    text: str
    url: str = ""
    why: str = ""
    at_once: bool | None = None
    private: Private | None = None

    def __post_init__(self) -> None:
        if self.kind not in _kinds:
            raise LookupError(f"no app registered notices of kind {self.kind!r}")

    @property
    def words(self) -> dict[str, str]:
        """What its person reads, and where it leads to."""
        if self.private is not None:
            return self.private.written(self.person, self.text, self.url)
        return {"text": self.text[:300], "url": self.url}

    @property
    def needs(self) -> bool:
        """Whether it needs the person."""
        return _kinds[self.kind].at_once if self.at_once is None else self.at_once


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


def when_given(pass_on: Callable[[Sequence[Notice]], None]) -> None:
    """Register what hears of the notices, in the transaction that writes them."""
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
    private: Private | None = None,
) -> bool:
    """Give `person` a notice about `cause`; False when it was given before or is not wanted.

    `url` is a path of ours; `why` and `at_once` replace what the kind says. A moved `due_at`
    is a new notice. While the person is on leave, who stands in is told, too. `private` says who of
    them may read the words. Raises LookupError for a kind nobody registered.
    """
    news = News(person, kind, cause, due_at, text, url, why, at_once, private)
    return any(notice.person_id == person.pk for notice in give_all([news], at))


def give_all(news: Iterable[News], at: datetime) -> list[Notice]:
    """Give all of these as `give` does each, in a handful of queries; which notices were written."""
    told = _with_stand_ins(list(news), at)
    chosen = _chosen(told)
    ways = [_way(each, chosen) for each in told]
    wanted = [_notice(each, way, at) for each, way in zip(told, ways, strict=True) if way != Way.OFF]
    made = once.add_all(wanted, KEY)
    for pass_on in _when_given if made else ():
        pass_on(made)
    return made


def _with_stand_ins(news: list[News], at: datetime) -> list[News]:
    """Each of them, and behind it the same for who stands in for its person."""
    delegates = people.delegates_of({each.person for each in news}, at)
    told = []
    for each in news:
        told.append(each)
        if delegate := delegates.get(each.person.pk):
            told.append(replace(each, person=delegate, why=f"You stand in for {each.person}."))
    return told


def _notice(news: News, way: Way, at: datetime) -> Notice:
    """The row, to travel in that way."""
    return Notice(
        person=news.person,
        kind=news.kind,
        cause_kind=news.cause.kind,
        cause_id=news.cause.id,
        due_at=news.due_at,
        **news.words,
        why=(news.why or _kinds[news.kind].why)[:300],
        rings=news.needs,
        way=way,
        created_at=at,
        next_check_at=None if way == Way.APP else at,
    )


def _chosen(told: list[News]) -> dict[tuple[int, str], str]:
    """The ways these people chose, by person and kind."""
    asked = {each.person.pk for each in told}, {each.kind for each in told}
    rows = NoticeChoice.objects.filter(person__in=asked[0], kind__in=asked[1])
    return {(person, kind): way for person, kind, way in rows.values_list("person", "kind", "way")}


def _way(news: News, chosen: Mapping[tuple[int, str], str]) -> Way:
    way = chosen.get((news.person.pk, news.kind))
    if way == Way.OFF and not _kinds[news.kind].may_be_off:
        return Way.APP
    return Way(way) if way else Way.AT_ONCE if news.needs else Way.DIGEST


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
