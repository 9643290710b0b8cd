"""Who waits for an answer: the queue of Today, in four views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from conversations import countdown
from conversations.commitments import end_of
from conversations.models import Wait
from conversations.models.waits import WaitQuerySet
from dashboards.timeline import ICONS
from partners.models import Assignment, Partner
from prm import addresses
from prm.questions import Question, day, key, moment
from team.models import Leave, User
from team.readers import Reader, reader

ROWS = 25
SHOWN = (
    *("opened_at", "warn_at", "due_at", "partner__name", "partner__owner_id"),
    *("conversation__subject", "conversation__partner_id", "conversation__responsible_id"),
    *("opened_by__channel", "opened_by__contact__name"),
)
NAMES = {"mine": "Mine", "covering": "Covering", "team": "Team", "unassigned": "Unassigned"}
TITLES = {
    "mine": "Waiting for your reply",
    "covering": "Waiting while you cover",
    "team": "Waiting for the team",
    "unassigned": "Waiting for nobody in particular",
}
EMPTY = {
    "mine": ("Nobody waits for you", "When a partner writes, its clock starts here."),
    "covering": (
        "Nothing to cover",
        "Partners of colleagues on leave stand here while you stand in for them.",
    ),
    "team": ("Nobody waits", "Every partner who wrote has its answer."),
    "unassigned": ("Every partner has an owner", "A partner without one, and who waits there, stands here."),
}


@dataclass(frozen=True)
class Row:
    wait: Wait
    clock: countdown.Countdown
    icon: str
    who: str
    whose: str
    reply_url: str
    answer_url: str
    is_open: bool


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
    has_open: bool = False
    more: int = 0
    title: str = field(default="")

    @property
    def empty_title(self) -> str:
        return EMPTY[self.tab][0]

    @property
    def empty_text(self) -> str:
        return EMPTY[self.tab][1]


def address(tab: str, reply: int | None = None, page: int = 1) -> str:
    """Today, with its queue in this view."""
    wanted = {"queue": tab if tab != "mine" else None, "reply": reply, "rows": page if page > 1 else None}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{reverse('dashboards:today')}{'?' if query else ''}{query}"


def _whose(people: QuerySet[Any, Any]) -> Q:
    """Waits that these people answer: who took the conversation, else the partner's owner. Each way is a
    query of its own, for either goes along an index and both at once go through all that wait."""
    waiting = Wait.objects.open().order_by()
    took = waiting.filter(conversation__responsible__in=people)
    owned = Partner.objects.filter(owner__in=people)
    own = waiting.filter(conversation__responsible=None, partner__in=owned.values("pk"))
    return Q(pk__in=took.values("pk").union(own.values("pk"), all=True))


def _covered() -> Q:
    """Waits of people away today: as their delegate, else as the partner's further assignment. Who has
    such an assignment also covers what is late, being told of it."""
    me, today = key("reader"), day("today")
    away = Leave.objects.filter(starts_on__lte=today, ends_on__gte=today)
    delegated = _whose(away.filter(delegate=me).values("user"))
    alone = _whose(away.filter(delegate=None).exclude(user=me).values("user"))
    beside = Q(partner__in=Assignment.objects.current().filter(user=me).values("partner"))
    return delegated | (beside & (alone | Q(state=Wait.State.LATE) & ~VIEWS["mine"]()))


VIEWS: dict[str, Callable[[], Q]] = {
    "mine": lambda: _whose(User.objects.filter(pk=key("reader")).values("pk")),
    "covering": _covered,
    "team": Q,
    "unassigned": lambda: Q(conversation__responsible=None, partner__owner=None),
}


def _waiting(reader: Reader, view: str) -> WaitQuerySet:
    return Wait.objects.open().visible_to(reader).filter(VIEWS[view]())


def _shown(reader: Reader, view: str, most: int) -> QuerySet[Wait]:
    related = ("partner", "conversation", "opened_by__contact")
    waits = _waiting(reader, view).select_related(*related).only(*SHOWN)
    return waits.order_by("due_at", "pk")[:most]


def _counted(reader: Reader, view: str) -> QuerySet[Wait, tuple[str, int, int, int]]:
    """One row: the view, how many wait in it and, of *mine*, how many are late and fall due today."""
    late, today = Q(due_at__lt=moment("at")), Q(due_at__gte=moment("at"), due_at__lt=moment("midnight"))
    none = Value(0)
    rows = _waiting(reader, view).order_by().values(view=Value(view))
    return rows.annotate(
        n=Count("pk"),
        late=Count("pk", filter=late) if view == "mine" else none,
        today=Count("pk", filter=today) if view == "mine" else none,
    ).values_list("view", "n", "late", "today")


def _all_counted(reader: Reader) -> QuerySet[Wait, tuple[str, int, int, int]]:
    first, *others = (_counted(reader, view) for view in VIEWS)
    return first.union(*others, all=True)


COUNTS = Question(_all_counted)
FIRST = Question(_shown)


def read(user: User, view: str, at: datetime, reply: int | None = None, page: int = 1) -> Queue:
    """The queue as `user` sees it at a moment, its day ending in its own zone."""
    today, who = timezone.localdate(at), reader(user)
    given = {"reader": user.pk, "today": today, "at": at, "midnight": end_of(today, user.zone)}
    view = view if view in VIEWS else "mine"
    counted = {name: numbers for name, *numbers in COUNTS.ask(who, **given)}
    counts = {name: counted[name][0] if name in counted else 0 for name in VIEWS}
    _, late, due_today = counted.get("mine", (0, 0, 0))
    rows = _rows(FIRST.ask(who, view, ROWS * max(1, page), **given), view, at, reply, page)
    more = counts[view] - len(rows)
    return Queue(
        tab=view,
        title=TITLES[view],
        rows=rows,
        tabs=[
            Tab(NAMES[name], address(name), counts[name], name == view)
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


def _rows(waits: list[Wait], view: str, at: datetime, reply: int | None, page: int) -> list[Row]:
    whose = {wait: wait.conversation.responsible_id or wait.partner.owner_id for wait in waits}
    people = User.objects.in_bulk(set(whose.values()) - {None}) if view != "mine" else {}
    return [_row(wait, people.get(whose[wait] or 0), view, at, reply, page) for wait in waits]


def _row(wait: Wait, whose: User | None, tab: str, at: datetime, reply: int | None, page: int) -> Row:
    message = wait.opened_by
    wait.conversation.partner = wait.partner
    return Row(
        wait=wait,
        clock=countdown.read(wait, at),
        icon=ICONS.get(message.channel, "mail") if message else "mail",
        who=str(message.contact) if message and message.contact else "",
        whose=str(whose or "nobody"),
        reply_url=address(tab, wait.pk, page),
        answer_url=addresses.of("dashboards:answer", wait.pk) + (f"?queue={tab}" if tab != "mine" else ""),
        is_open=wait.pk == reply,
    )
