"""Who waits for an answer: the queue of Today, in four views."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from conversations import countdown
from conversations.commitments import end_of
from conversations.models import Wait
from dashboards.timeline import ICONS
from partners.models import Assignment
from prm import addresses
from team.models import Leave, User

ROWS = 25
SHOWN = (
    *("metric", "state", "opened_at", "warn_at", "due_at"),
    *("partner__name", "partner__owner__name", "partner__owner__email"),
    *("conversation__subject", "conversation__partner"),
    *("conversation__responsible__name", "conversation__responsible__email"),
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


def _whose(people: Any) -> Q:
    """Waits that these people answer: who took the conversation, else the partner's owner."""
    took = Q(conversation__responsible__in=people)
    return took | Q(conversation__responsible=None, partner__owner__in=people)


def _covered(user: User, today: date) -> Q:
    """Waits of people away today: as their delegate, else as the partner's further assignment. Who has
    such an assignment also covers what is late, being told of it."""
    away = Leave.objects.filter(starts_on__lte=today, ends_on__gte=today)
    mine = Assignment.objects.current().filter(user=user).values("partner")
    alone = away.filter(delegate=None).exclude(user=user).values("user")
    late = Q(state=Wait.State.LATE) & ~_whose([user])
    return _whose(away.filter(delegate=user).values("user")) | ((_whose(alone) | late) & Q(partner__in=mine))


def _views(user: User, today: date) -> dict[str, Q]:
    """Which waits each view holds, as conditions on Wait."""
    return {
        "mine": _whose([user]),
        "covering": _covered(user, today),
        "team": Q(),
        "unassigned": Q(conversation__responsible=None, partner__owner=None),
    }


def read(user: User, tab: str, at: datetime, reply: int | None = None, page: int = 1) -> Queue:
    """The queue as `user` sees it at a moment, its day ending in its own zone; three queries, four while
    somebody is away."""
    today = timezone.localdate(at)
    midnight = end_of(today, user.zone)
    views = _views(user, today)
    tab = tab if tab in views else "mine"
    waiting = Wait.objects.open().visible_to(user)
    counts = _counts(waiting, user, at, midnight)
    if Leave.objects.filter(starts_on__lte=today, ends_on__gte=today).exists():
        counts["covering"] = waiting.filter(views["covering"]).count()
    shown = ROWS * max(1, page)
    rows = [_row(wait, tab, at, reply, page) for wait in _rows(waiting.filter(views[tab]))[:shown]]
    more = counts[tab] - len(rows)
    return Queue(
        tab=tab,
        title=TITLES[tab],
        rows=rows,
        tabs=[
            Tab(NAMES[name], address(name), counts[name], name == tab)
            for name in views
            if name in {"mine", "team", tab} or counts[name]
        ],
        count=counts[tab],
        late=counts["late"],
        due_today=counts["due_today"],
        url=address(tab, page=page),
        refresh_url=address(tab, reply, page),
        has_open=any(row.is_open for row in rows),
        more=max(0, more),
        more_url=address(tab, page=page + 1) if more > 0 else "",
    )


def _counts(waits: QuerySet[Wait], user: User, at: datetime, midnight: datetime) -> dict[str, int]:
    """How many wait in each view, from one line for each pair of responsible and owner."""
    by_person = waits.order_by().values_list("conversation__responsible", "partner__owner")
    rows = by_person.annotate(
        n=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=at)),
        today=Count("pk", filter=Q(due_at__gte=at, due_at__lt=midnight)),
    )
    counts = dict.fromkeys((*NAMES, "late", "due_today"), 0)
    for responsible, owner, n, late, due_today in rows:
        counts["team"] += n
        whose = responsible or owner
        if whose is None:
            counts["unassigned"] += n
        elif whose == user.pk:
            counts["mine"] += n
            counts["late"] += late
            counts["due_today"] += due_today
    return counts


def _rows(waits: QuerySet[Wait]) -> QuerySet[Wait]:
    related = ("partner", "partner__owner", "conversation", "conversation__responsible", "opened_by__contact")
    return waits.select_related(*related).only(*SHOWN).order_by("due_at", "pk")


def _row(wait: Wait, tab: str, at: datetime, reply: int | None, page: int) -> Row:
    message = wait.opened_by
    wait.conversation.partner = wait.partner
    return Row(
        wait=wait,
        clock=countdown.read(wait, at),
        icon=ICONS.get(message.channel, "mail") if message else "mail",
        who=str(message.contact) if message and message.contact else "",
        reply_url=address(tab, wait.pk, page),
        answer_url=addresses.of("dashboards:answer", wait.pk) + (f"?queue={tab}" if tab != "mine" else ""),
        is_open=wait.pk == reply,
    )
