"""The inbox: conversations, newest first, in the views one looks through them by.

A view is read along one index of the conversations, from a mark on; what a row shows of its messages and
its clock is asked for those rows alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Left
from django.utils import timezone

from conversations import countdown, covering
from conversations.models import Conversation, LaterReply, Message, RawMail, Wait
from partners.models import Partner
from prm import addresses
from prm.questions import Asked, Question, day, key, keys, moment, spread
from team.models import Leave, Role, User
from team.readers import Reader, reader
from team.roles import may

ROWS = 25
COUNTED = 100  # a view with as many says 99+
OPENING = 240  # letters of a message that are fetched
SHOWN = 140
FAR = 2**62

State = Conversation.State


@dataclass(frozen=True)
class View:
    """A way to look through conversations: its condition, given who reads and whether anybody is on leave
    today."""

    name: str
    which: Callable[[Reader, bool], Q]
    empty: tuple[str, str]
    newest: str = "last_message_at"
    stands: bool = False  # also while it is empty


def _covered(who: Reader, away: bool) -> Q:
    """Whose answerer is away, and what is late with partners of whom one is a further assignment; each way
    a query of its own, for each goes along an index and all at once go through everything."""
    late = Wait.objects.filter(covering.beside(), state=Wait.State.LATE).values("conversation")
    others = Conversation.objects.filter(state=State.OPEN).exclude(responsible=key("reader")).order_by()
    found = others.filter(pk__in=late).values("pk")
    if away:
        ways = (others.filter(way).values("pk") for way in (covering.delegated(), covering.left()))
        found = found.union(*ways, all=True)
    return Q(pk__in=found)


def _own(who: Reader) -> Q:
    """One's own; a head looks through everybody's."""
    return Q() if Role.HEAD in who.roles else Q(responsible=key("reader"))


VIEWS = {
    "mine": View(
        "Mine",
        lambda who, away: Q(state=State.OPEN, responsible=key("reader")),
        ("Your inbox is empty", "What partners write to you stands here until you mark it as done."),
        stands=True,
    ),
    "covering": View(
        "Covering",
        _covered,
        ("Nothing to cover", "Conversations of colleagues on leave stand here while you stand in for them."),
    ),
    "team": View(
        "Team",
        lambda who, away: Q(state=State.OPEN),
        ("The team’s inbox is empty", "Every open conversation of the team stands here."),
        stands=True,
    ),
    "unassigned": View(
        "Unassigned",
        lambda who, away: Q(state=State.OPEN, responsible=None),
        ("Every conversation has somebody", "One with a partner that nobody owns stands here."),
    ),
    "copied": View(
        "Copied in",
        lambda who, away: _own(who) & Q(state=State.OPEN),
        ("Nothing to look through", "Mail in which you stand only in Cc stands here; it starts no clock."),
        newest="copied_at",
        stands=True,
    ),
    "done": View(
        "Done",
        lambda who, away: _own(who) & Q(state=State.DONE),
        ("Nothing is done yet", "What you mark as done stands here. A new message opens it again."),
        stands=True,
    ),
}
COUNTS_IN = ("mine", "covering", "team", "unassigned", "copied")


@dataclass(frozen=True)
class Mark:
    """Where a conversation stands in a view. As text it goes into an address."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """The mark in an address; None where it is none."""
        at, _, pk = text.partition("~")
        try:
            mark = cls(datetime.fromisoformat(at.replace(" ", "+")), int(pk))
        except ValueError:
            return None
        return mark if mark.at.tzinfo and 0 <= mark.pk < FAR else None


@dataclass(frozen=True)
class Row:
    """A conversation as a row shows it."""

    conversation: Conversation
    url: str
    at: datetime
    who: str
    said: str
    said_by: str
    is_internal: bool
    whose: str
    clock: countdown.Countdown | None
    copy: int | None
    goes_out_at: datetime | None

    @property
    def partner(self) -> Partner:
        return self.conversation.partner


@dataclass(frozen=True)
class Tab:
    name: str
    url: str
    count: str
    current: bool


@dataclass(frozen=True)
class Inbox:
    view: str
    rows: list[Row]
    tabs: list[Tab]
    url: str
    older_url: str
    is_first: bool

    @property
    def name(self) -> str:
        return VIEWS[self.view].name

    @property
    def empty_title(self) -> str:
        return VIEWS[self.view].empty[0]

    @property
    def empty_text(self) -> str:
        return VIEWS[self.view].empty[1]


def address(view: str, before: str = "") -> str:
    """The inbox in this view, from a mark on."""
    asked = f"?view={view}" + (f"&before={before.replace('+', '%2B')}" if before else "")
    return f"{addresses.at('conversations:inbox')}{asked}"


# --- what is asked -------------------------------------------------------------------------------------


def _seen(who: Reader, away: bool, view: str) -> QuerySet[Conversation]:
    newest = Q(**{f"{VIEWS[view].newest}__isnull": False})
    return Conversation.objects.visible_to(who).filter(newest, VIEWS[view].which(who, away))


def _beyond(column: str, newer: bool) -> Q:
    """What is older than the mark, or newer."""
    side = "gt" if newer else "lt"
    tie = Q(**{f"{column}__{side}": moment("mark_at")}) | Q(**{f"pk__{side}": key("mark_pk")})
    return Q(**{f"{column}__{side}e": moment("mark_at")}) & tie


def _found(
    who: Reader, away: bool, view: str, marked: bool, newer: bool, most: int
) -> QuerySet[Conversation, tuple[int, datetime]]:
    column = VIEWS[view].newest
    rows = _seen(who, away, view).filter(_beyond(column, newer) if marked else Q())
    order = (column, "pk") if newer else (f"-{column}", "-pk")
    return rows.order_by(*order).values_list("pk", column)[:most]


def _beside(who: Reader, away: bool, view: str) -> QuerySet[Conversation, tuple[int, bool]]:
    """The next newer one and the next older one."""
    newer, older = (
        Conversation.objects.filter(pk__in=_found(who, away, view, True, is_newer, 1).values("pk"))
        .order_by()
        .values_list("pk", Value(is_newer, BooleanField()))
        for is_newer in (True, False)
    )
    return newer.union(older, all=True)


def _counted(who: Reader, away: bool, view: str) -> QuerySet[Conversation, tuple[str, int]]:
    """One row: the view, and how many stand in it, COUNTED at most."""
    some = _seen(who, away, view).order_by().values("pk")[:COUNTED]
    rows = Conversation.objects.filter(pk__in=some).order_by().values(view=Value(view))
    return rows.annotate(n=Count("*")).values_list("view", "n")


def _all_counted(who: Reader, away: bool) -> QuerySet[Any, tuple[str, int]]:
    first, *others = (_counted(who, away, view) for view in COUNTS_IN)
    some = RawMail.objects.visible_to(who).unknown().filter(is_automatic=False).values("pk")[:COUNTED]
    mails = RawMail.objects.filter(pk__in=some).order_by().values(view=Value("unknown"))
    return first.union(*others, mails.annotate(n=Count("*")).values_list("view", "n"), all=True)


def _shown(copies: bool) -> QuerySet[Any]:
    """Conversations by their ids, with the id of the message whose words a row shows: the last one, or the
    last on which we stand only in Cc."""
    said = Message.objects.filter(conversation=OuterRef("pk"), withdrawn_at=None)
    if copies:
        said = said.filter(is_copy=True, asks=False)
    last = said.order_by("-occurred_at", "-pk").values("pk")[:1]
    later = LaterReply.objects.filter(conversation=OuterRef("pk")).values("goes_out_at")[:1]
    rows = Conversation.objects.filter(pk__in=keys("row", ROWS))
    rows = rows.annotate(said=Subquery(last), goes_out_at=Subquery(later))
    columns = ("subject", "state", "last_message_at", "copied_at", "partner__name", "responsible__name")
    return rows.select_related("partner", "responsible").only(*columns, "responsible__email")


def _words() -> QuerySet[Any]:
    messages = Message.objects.filter(pk__in=keys("message", ROWS)).annotate(opening=Left("body", OPENING))
    columns = ("direction", "visible_to_partner", "contact__name", "author__name", "author__email")
    return messages.select_related("contact", "author").only("conversation", *columns).order_by()


def _waiting() -> QuerySet[Wait]:
    waits = Wait.objects.open().filter(conversation__pk__in=keys("row", ROWS))
    return waits.only("conversation", "opened_at", "due_at", "warn_at", "paused_until").order_by("-due_at")


AWAY = Question(
    lambda: Leave.objects.filter(starts_on__lte=day("today"), ends_on__gte=day("today")).only("pk")[:1]
)
FOUND = Question(_found)
BESIDE = Question(_beside)
COUNTS = Question(_all_counted)
SHOW = Question(_shown)
WORDS = Question(_words)
WAITING = Question(_waiting)


# --- what is answered ----------------------------------------------------------------------------------


def read(user: User, view: str, at: datetime, before: Mark | None = None) -> Inbox:
    """The inbox as `user` sees it at a moment, older than a mark."""
    view = _known(user, view)
    given = _given(user, at, before)
    away = bool(AWAY.ask(today=given["today"]))
    found = FOUND.ask(reader(user), away, view, before is not None, False, ROWS + 1, **given)
    counts = dict(COUNTS.ask(reader(user), away, **given))
    page = found[:ROWS]
    older = str(Mark(page[-1][1], page[-1][0])) if len(found) > ROWS else ""
    return Inbox(
        view=view,
        rows=_rows([pk for pk, _ in page], user, view, at),
        tabs=list(_tabs(user, view, counts)),
        url=address(view, str(before) if before else ""),
        older_url=address(view, older) if older else "",
        is_first=before is None,
    )


def neighbours(user: User, view: str, conversation: Conversation, at: datetime) -> tuple[str, str]:
    """The addresses of the newer and the older one beside a conversation in a view; "" where none is."""
    view = _known(user, view)
    beside = {
        is_newer: pk for each in asked_beside(user, view, conversation, at) for pk, is_newer in each.ask()
    }
    return _thread_url(beside.get(True), view), _thread_url(beside.get(False), view)


def asked_beside(user: User, view: str, conversation: Conversation, at: datetime) -> list[Asked[Any]]:
    """What `neighbours` asks; nothing where the conversation has no place in the view."""
    view = _known(user, view)
    newest: datetime | None = getattr(conversation, VIEWS[view].newest)
    if newest is None:
        return []
    given = _given(user, at, Mark(newest, conversation.pk))
    away = VIEWS[view].which is _covered and bool(AWAY.ask(today=given["today"]))
    return [BESIDE.of(reader(user), away, view, **given)]


def is_view(name: str) -> bool:
    return name in VIEWS


def _thread_url(pk: int | None, view: str) -> str:
    return f"{addresses.of('conversations:conversation', pk)}?in={view}" if pk else ""


def _known(user: User, view: str) -> str:
    return view if is_view(view) else "team" if user.is_head else "mine"


def _given(user: User, at: datetime, mark: Mark | None) -> dict[str, Any]:
    given: dict[str, Any] = {"reader": user.pk, "today": timezone.localdate(at)}
    return given | ({"mark_at": mark.at, "mark_pk": mark.pk} if mark else {})


def _tabs(user: User, view: str, counts: dict[str, int]) -> Iterator[Tab]:
    """The views that stand, and of the others those with something in them."""
    for name, each in VIEWS.items():
        if name == "done" and may(user, "file mail"):
            url = addresses.at("conversations:unknown_senders")
            yield Tab("Unknown senders", url, _count(counts.get("unknown", 0)), current=False)
        if each.stands or name == view or counts.get(name):
            count = _count(counts.get(name, 0)) if name in COUNTS_IN else ""
            yield Tab(each.name, address(name), count, name == view)


def _count(n: int) -> str:
    return f"{COUNTED - 1}+" if n >= COUNTED else str(n)


def _rows(pks: list[int], user: User, view: str, at: datetime) -> list[Row]:
    if not pks:
        return []
    copies = view == "copied"
    shown = {row.pk: row for row in SHOW.ask(copies, **spread("row", ROWS, pks))}
    said = [row.said for row in shown.values() if row.said]
    words = {message.pk: message for message in WORDS.ask(**spread("message", ROWS, said))}
    waits = {wait.conversation_id: wait for wait in WAITING.ask(**spread("row", ROWS, pks))}
    return [
        _row(shown[pk], words.get(shown[pk].said), waits.get(pk), user, view, at) for pk in pks if pk in shown
    ]


def _row(conversation: Any, message: Any, wait: Wait | None, user: User, view: str, at: datetime) -> Row:
    return Row(
        conversation=conversation,
        url=f"{conversation.get_absolute_url()}?in={view}",
        at=getattr(conversation, VIEWS[view].newest),
        who=str(message.contact) if message and message.contact else "",
        said=_shortened(message.opening) if message else "",
        said_by=_said_by(message, user) if message else "",
        is_internal=message is not None and not message.visible_to_partner,
        whose="" if view == "mine" else _whose(conversation.responsible, user),
        clock=countdown.read(wait, at) if wait else None,
        copy=conversation.said if view == "copied" else None,
        goes_out_at=conversation.goes_out_at,
    )


def _whose(responsible: User | None, user: User) -> str:
    return "you" if responsible == user else str(responsible or "nobody")


def _said_by(message: Any, user: User) -> str:
    """Who of us said it; nothing where the partner did, whose name stands above."""
    if message.direction == Message.Direction.IN:
        return ""
    return "You" if message.author_id == user.pk else str(message.author or "We")


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1].rsplit(" ", 1)[0] + "…"
