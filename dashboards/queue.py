"""Who waits for an answer: the queue of Today, in four views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import countdown, covering
from conversations.commitments import end_of
from conversations.models import Wait
from conversations.models.waits import WaitQuerySet
from dashboards.timeline import ICONS
from partners.models import Partner
from prm import addresses
from prm.questions import Asked, Question, day, key, keys, moment, spread
from prm.together import answers
from team.models import Leave, User, known_as
from team.readers import Reader, reader

ROWS = 25
OPENING = 140  # letters
SHOWN = (
    *("opened_at", "warn_at", "due_at", "paused_until", "reply_reported"),
    *("partner__name", "partner__do_not_contact", "conversation__subject"),
    "conversation__partner_id",
    *("opened_by__channel", "opened_by__contact__name", "opened_by__contact__do_not_contact"),
)
NAMES = {
    "mine": gettext_lazy("Mine"),
    "covering": gettext_lazy("Covering"),
    "team": gettext_lazy("Team"),
    "unassigned": gettext_lazy("Unassigned"),
}
TITLES = {
    "mine": gettext_lazy("Waiting for your reply"),
    "covering": gettext_lazy("Waiting while you cover"),
    "team": gettext_lazy("Waiting for the team"),
    "unassigned": gettext_lazy("Waiting for nobody in particular"),
}
EMPTY = {
    "mine": (
        gettext_lazy("Nobody waits for you"),
        gettext_lazy("When a partner writes, its clock starts here."),
    ),
    "covering": (
        gettext_lazy("Nothing to cover"),
        gettext_lazy("Partners of colleagues on leave stand here while you stand in for them."),
    ),
    "team": (gettext_lazy("Nobody waits"), gettext_lazy("Every partner who wrote has its answer.")),
    "unassigned": (
        gettext_lazy("Every partner has an owner"),
        gettext_lazy("A partner without one, and who waits there, stands here."),
    ),
}


@dataclass(frozen=True)
class Row:
    wait: Wait
    key: str
    partner: Partner
    name: str
    url: str
    who: str
    whose: str
    subject: str
    thread_url: str
    reply_reported: bool
    icon: str
    clock: countdown.Countdown
    reply_url: str
    answer_url: str
    is_open: bool


@dataclass(frozen=True)
class Thanks:
    """A wait that only says thanks, and how it says so."""

    key: str
    partner: Partner
    who: str
    words: str
    thread_url: str
    since: datetime


@dataclass(frozen=True)
class Tab:
    name: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class Queue:
    tab: str
    rows: list[Row]
    tabs: list[Tab]
    count: int
    late: int
    due_today: int
    url: str
    refresh_url: str
    more_url: str = ""
    thanks: tuple[Thanks, ...] = ()
    has_open: bool = False
    more: int = 0
    title: str = field(default="")

    @property
    def open(self) -> Row | None:
        """The row that is being answered."""
        return next((row for row in self.rows if row.is_open), None)

    @property
    def empty_title(self) -> str:
        return str(EMPTY[self.tab][0])

    @property
    def empty_text(self) -> str:
        return str(EMPTY[self.tab][1])


def address(tab: str, reply: int | None = None, page: int = 1) -> str:
    """Today, with its queue in this view."""
    wanted = {"queue": tab, "reply": reply, "rows": page if page > 1 else None}
    query = "&".join(f"{name}={value}" for name, value in wanted.items() if value)  # words and numbers only
    return f"{addresses.at('dashboards:today')}{'?' if query else ''}{query}"


def _covered() -> Q:
    """What is late with partners of whom one is a further assignment: one is told of it."""
    late = Q(state=Wait.State.LATE) & ~Q(responsible=key("reader"))
    return covering.beside() & late


def _covered_on_leave() -> Q:
    """That, and waits of people away today."""
    return covering.away() | _covered()


VIEWS: dict[str, Callable[[bool], Q]] = {
    "mine": lambda away: Q(responsible=key("reader")),
    "covering": lambda away: _covered_on_leave() if away else _covered(),
    "team": lambda away: Q(),
    "unassigned": lambda away: Q(responsible=None),
}


def _waiting(reader: Reader, away: bool, view: str, only_thanks: bool = False) -> WaitQuerySet:
    """The waits of a view, or those of it that only say thanks; `away`: whether anybody is on leave today."""
    waits = Wait.objects.open().for_reply().visible_to(reader).filter(only_thanks=only_thanks)
    return waits.filter(VIEWS[view](away))


def _first(reader: Reader, away: bool, view: str, most: int) -> QuerySet[Wait, int]:
    waits = _waiting(reader, away, view).order_by("due_at", "pk")
    return waits.values_list("pk", flat=True)[:most]


def _shown(most: int) -> QuerySet[Wait]:
    """Waits by their ids with what a row shows: apart from `_first`, for to plan both at once takes long."""
    whose = {name: F(f"responsible__{name}") for name in ("name", "email")}
    waits = Wait.objects.filter(pk__in=keys("wait", most)).only(*SHOWN).annotate(**whose)
    return waits.select_related("partner", "conversation", "opened_by__contact").order_by("due_at", "pk")


def _thanks(reader: Reader, away: bool, view: str) -> QuerySet[Wait]:
    waits = _waiting(reader, away, view, only_thanks=True).select_related("partner", "opened_by__contact")
    shown = waits.only("opened_at", "partner__name", "conversation_id", "opened_by__contact__name")
    return shown.annotate(opening=Left("opened_by__body", OPENING)).order_by("due_at", "pk")[:ROWS]


def _counted(reader: Reader, away: bool, view: str) -> QuerySet[Wait, tuple[str, int, int, int]]:
    """One row: the view, how many wait in it and, of *mine*, how many are late and fall due today."""
    late, today = Q(due_at__lt=moment("at")), Q(due_at__gte=moment("at"), due_at__lt=moment("midnight"))
    none = Value(0)
    rows = _waiting(reader, away, view).order_by().values(view=Value(view))
    return rows.annotate(
        n=Count("*"),
        late=Count("due_at", filter=late) if view == "mine" else none,
        today=Count("due_at", filter=today) if view == "mine" else none,
    ).values_list("view", "n", "late", "today")


def _all_counted(reader: Reader, away: bool) -> QuerySet[Wait, tuple[str, int, int, int]]:
    first, *others = (_counted(reader, away, view) for view in VIEWS)
    return first.union(*others, all=True)


def _away() -> QuerySet[Leave]:
    return Leave.objects.filter(starts_on__lte=day("today"), ends_on__gte=day("today")).only("pk")[:1]


AWAY = Question(_away)
COUNTS = Question(_all_counted)
FIRST = Question(_first)
SHOW = Question(_shown)
THANKS = Question(_thanks)


def asked(at: datetime) -> list[Asked[Leave]]:
    """What `read` asks first."""
    return [AWAY.of(today=timezone.localdate(at))]


def read(user: User, view: str, at: datetime, reply: int | None = None, page: int = 1) -> Queue:
    """The queue as `user` sees it at a moment, its day ending in its own zone."""
    today, who = timezone.localdate(at), reader(user)
    given = {"reader": user.pk, "today": today, "at": at, "midnight": end_of(today, user.zone)}
    view = view if view in VIEWS else "mine"
    away, most = bool(AWAY.ask(today=today)), ROWS * max(1, page)
    counting, leading = COUNTS.of(who, away, **given), FIRST.of(who, away, view, most, **given)
    numbered, first, thanks = answers(counting, leading, THANKS.of(who, away, view, **given))
    counted = {name: numbers for name, *numbers in numbered}
    counts = {name: counted[name][0] if name in counted else 0 for name in VIEWS}
    _n, late, due_today = counted.get("mine", (0, 0, 0))
    found = SHOW.ask(most, **spread("wait", most, first)) if first else []
    rows = [_row(wait, view, at, reply, page) for wait in found]
    more = counts[view] - len(rows)
    return Queue(
        tab=view,
        title=str(TITLES[view]),
        rows=rows,
        thanks=tuple(map(_thanked, thanks)),
        tabs=[
            Tab(str(NAMES[name]), address(name), counts[name], name == view)
            for name in VIEWS
            if name in {"mine", "team", view} or counts[name]
        ],
        count=counts[view],
        late=late,
        due_today=due_today,
        url=address(view, page=page),
        refresh_url=address(view, reply, page),
        has_open=any(row.is_open for row in rows),
        more=max(0, more),
        more_url=address(view, page=page + 1) if more > 0 else "",
    )


def _thanked(wait: Any) -> Thanks:
    message = wait.opened_by
    return Thanks(
        key=str(wait.pk),
        partner=wait.partner,
        who=f"· {message.contact}" if message and message.contact else "",
        words=" ".join((wait.opening or "").split()),
        thread_url=addresses.of("conversations:conversation", wait.conversation_id),
        since=wait.opened_at,
    )


def _row(wait: Any, tab: str, at: datetime, reply: int | None, page: int) -> Row:
    message, partner, conversation = wait.opened_by, wait.partner, wait.conversation
    return Row(
        wait=wait,
        key=str(wait.pk),
        partner=partner,
        name=partner.name,
        url=partner.get_absolute_url(),
        who=f"· {message.contact}" if message and message.contact else "",
        whose="" if tab == "mine" else f"· {known_as(wait.name, wait.email) or _('nobody')}",
        subject=conversation.subject,
        thread_url=conversation.get_absolute_url(),
        reply_reported=wait.reply_reported,
        icon=ICONS.get(message.channel, "mail") if message else "mail",
        clock=countdown.read(wait, at),
        reply_url=address(tab, wait.pk, page),
        answer_url=addresses.of("dashboards:answer", wait.pk) + (f"?queue={tab}" if tab != "mine" else ""),
        is_open=wait.pk == reply,
    )
