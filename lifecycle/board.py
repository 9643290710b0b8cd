"""What the board shows: the first cards of each column with what is next, in few queries."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from conversations.models import Commitment, Meeting, Wait
from lifecycle import gates, stalled
from lifecycle.gates import Place
from lifecycle.models import Task
from partners.models import Assignment, Partner, Stage, Step, Visit
from prm import addresses
from prm.counting import Counted
from prm.questions import Question, key, keys, moment, spread
from prm.templatetags.ui import span
from prm.together import answers, together
from team.models import User
from team.readers import Reader, reader
from team.roles import is_narrowed, may_by_role

SHOWN = 8
MOST_COUNTED = 1_000  # of a column
MOST = SHOWN * len(gates.BOARD)
MOST_LETTERS = 60
COLUMNS = ("pk", "name", "score", "owner_id", "region_id", "stage", "step", "stage_since")

Dated = tuple[int, date | None, str]


def _theirs() -> dict[str, Any]:
    """Rows of the partners whose cards are shown, for a filter; they are given with `spread`."""
    return {"partner__pk__in": keys("partner", MOST)}


def _days(who: Reader) -> QuerySet[Any, Any]:
    promises = Commitment.objects.open().visible_to(who).values_list("partner", "promised_for", "text")
    tasks = Task.objects.open().values_list("partner", "due_on", "text")
    first, second = (rows.filter(**_theirs()).order_by() for rows in (promises, tasks))
    return first.union(second, all=True)


def _meetings_ahead(who: Reader) -> QuerySet[Any, Any]:
    planned = Meeting.objects.planned().visible_to(who)
    ahead = planned.filter(starts_at__gt=moment("at"), **_theirs()).order_by()
    return ahead.values_list("partner", "starts_at", "title")


CARDS = Question(
    lambda: (
        Partner.objects.filter(pk__in=keys("partner", MOST))
        .order_by("-step_since", "-pk")
        .values_list(*COLUMNS, named=True)
    )
)
DAYS = Question(_days)
MEETINGS = Question(_meetings_ahead)
WAITS = Question(
    lambda who: (
        Wait.objects.open()
        .for_reply()
        .visible_to(who)
        .filter(**_theirs())
        .order_by("-due_at", "-pk")
        .values_list("partner", "due_at")
    )
)
ASSIGNED = Question(
    lambda: Assignment.objects.current().filter(user=key("user"), **_theirs()).values_list("partner")
)


@dataclass(frozen=True)
class Ahead:
    """The next thing with a partner: what, and by when."""

    words: str
    on: date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Card:
    """One partner on the board."""

    key: str  # its id as it stands in addresses and ids
    name: str
    place: Place
    score: Decimal | None
    days: int | None  # in the stage; None where nobody knows
    ahead: Ahead | None
    usual: int | None  # how many days in the stage are usual, where it stands still
    may_move: bool

    @property
    def url(self) -> str:
        return addresses.of("dashboards:partner", self.key)

    @property
    def road_url(self) -> str:
        return addresses.of("lifecycle:road", self.key)

    @property
    def move_url(self) -> str:
        return addresses.of("lifecycle:advance", self.key)

    @property
    def move_words(self) -> str:
        return _("Move {name}").format(name=self.name)

    @property
    def next_words(self) -> str:
        if self.ahead:
            return self.ahead.words
        if self.usual is not None:
            return _("Stalled: usual {usual} days, nothing ahead").format(usual=self.usual)
        return _("Nothing planned")

    @property
    def next_on(self) -> date | None:
        return self.ahead.on if self.ahead else None

    @property
    def next_tone(self) -> str:
        worrying = self.ahead.is_late if self.ahead else self.usual is not None
        return "t-warn" if worrying else "muted"

    @property
    def facts(self) -> str:
        score = "–" if self.score is None else f"{self.score:.0f}"
        if self.days is None:
            return _("Fit {score}").format(score=score)
        return _("Fit {score} · {days} d in stage").format(score=score, days=self.days)

    @property
    def is_in_trouble(self) -> bool:
        return self.usual is not None or (self.ahead is not None and self.ahead.is_late)


@dataclass(frozen=True)
class Column:
    """One place of the board: how many stand there, of very many MOST_COUNTED + 1, and the first cards."""

    place: Place
    count: int
    cards: list[Card]

    @property
    def count_words(self) -> str:
        return f"{MOST_COUNTED}+" if self.is_many else str(self.count)

    @property
    def is_many(self) -> bool:
        """More stand there than are counted."""
        return self.count > MOST_COUNTED

    @property
    def more(self) -> int:
        return self.count - len(self.cards)

    @property
    def filter(self) -> str:
        """How the list narrows to this column: "step=contacted&status=prospect"."""
        live = isinstance(self.place, Stage)
        return f"stage={self.place}&status=live" if live else f"step={self.place}&status=prospect"

    @property
    def leads_to(self) -> str:
        """The places that the road leads to from here, as the board's script reads them."""
        return _leads_to(self.place)


@functools.cache
def _leads_to(place: Place) -> str:
    is_step = isinstance(place, Step)
    return " ".join(gates.reachable(Stage.RECRUITMENT if is_step else place, place if is_step else ""))


def on_the_road(who: User | Reader) -> QuerySet[Partner]:
    """The partners that stand on somebody's board."""
    return Partner.objects.visible_to(who).on_the_road()


def _counts(partners: QuerySet[Partner], whose: Any) -> QuerySet[Any, Any]:
    """How many of `partners` stand in each place, in one row of the reader's."""
    there = {f"n_{place}": partners.filter(**_standing(place)).order_by() for place in gates.BOARD}
    counted = {name: Counted(rows.values("pk")[: MOST_COUNTED + 1]) for name, rows in there.items()}
    return User.objects.filter(pk=whose).order_by().annotate(**counted).values_list(*counted)


def _first(partners: QuerySet[Partner]) -> QuerySet[Any, Any]:
    """The ids of the first partners of each column, who came last first: each found along the index."""
    newest = partners.order_by("-step_since", "-pk")
    tops = [newest.filter(**_standing(place)).values("pk")[:SHOWN] for place in gates.BOARD]
    first, *others = [Partner.objects.filter(pk__in=top).order_by().values_list("pk") for top in tops]
    return first.union(*others, all=True)


def _standing(place: Place) -> dict[str, str]:
    """Where those stand that are in this column."""
    if isinstance(place, Step):
        return {"stage": Stage.RECRUITMENT, "step": place}
    return {"stage": place, "step": ""}


COUNTS = Question(lambda who: _counts(on_the_road(who), key("reader")))
FIRST = Question(lambda who: _first(on_the_road(who)))


def columns(user: User, at: datetime, narrowed: QuerySet[Partner] | None = None) -> list[Column]:
    """Every column of the board: all that this person sees on the road, or those the board is narrowed to;
    the same number of queries however many there are."""
    who, whose = reader(user), {"reader": user.pk}
    if narrowed is None:
        counted, first = answers(COUNTS.of(who, **whose), FIRST.of(who, **whose))
    else:
        counted, first = list(_counts(narrowed, user.pk)), list(_first(narrowed))
    cards: dict[Place, list[Card]] = {place: [] for place in gates.BOARD}
    for card in _cards([pk for (pk,) in first], user, at):
        cards[card.place].append(card)
    return [Column(place, n, cards[place]) for place, n in zip(gates.BOARD, counted[0], strict=True)]


def _cards(ids: list[int], user: User, at: datetime) -> list[Card]:
    these = spread("partner", MOST, ids)
    who, seen = reader(user), {**these, "reader": user.pk}
    asked = [DAYS.of(who, **seen), MEETINGS.of(who, at=at, **seen), WAITS.of(who, **seen), CARDS.of(**these)]
    with together([*asked, *stalled.asked(at), Visit.objects.asked_since_nobody_knows(ids, most=MOST)]):
        return list(_drawn(ids, user, at))


def _drawn(ids: list[int], user: User, at: datetime) -> Iterable[Card]:
    these = spread("partner", MOST, ids)
    usual = stalled.usual_days(at)
    who, seen = reader(user), {**these, "reader": user.pk}
    dated = [*DAYS.ask(who, **seen), *_meetings(who, seen, at)]
    ahead, busy = _ahead(who, seen, dated, at), {pk for pk, _on, _text in dated}
    partners = CARDS.ask(**these)
    movable = _movable(partners, user, these)
    unknown = Visit.objects.since_nobody_knows(ids, most=MOST)
    for partner in partners:
        stood, usually = at - partner.stage_since, usual[partner.stage]
        is_still = stalled.is_stalled(stood / timedelta(days=1), usually, partner.pk in busy)
        yield Card(
            key=str(partner.pk),
            name=partner.name,
            place=gates.here(partner.stage, partner.step),
            score=partner.score,
            days=None if partner.pk in unknown else stood.days,
            ahead=ahead.get(partner.pk),
            usual=round(usually) if is_still else None,
            may_move=partner.pk in movable,
        )


def _movable(partners: list[Any], user: User, these: dict[str, int]) -> set[int]:
    """Those of `partners` that `user` may advance; one query, where it does not own or steer them all."""
    reached = _reached(partners, user)
    movable = {partner.pk for partner in reached if may_by_role(user, "advance stage", partner)}
    movable.update(partner.pk for partner in partners if partner.owner_id == user.pk)
    if len(movable) < len(partners):
        movable.update(pk for (pk,) in ASSIGNED.ask(user=user.pk, **these))
    return movable


def _reached(partners: list[Any], user: User) -> Iterable[Any]:
    """The partners as roles look at them: with their verticals where a role is narrowed to some."""
    if not is_narrowed(user, "advance stage"):
        return partners
    ids = [partner.pk for partner in partners]
    return Partner.objects.filter(pk__in=ids).only("region").prefetch_related("verticals")


def _meetings(who: Reader, seen: dict[str, int], at: datetime) -> Iterable[Dated]:
    for pk, starts_at, title in MEETINGS.ask(who, at=at, **seen):
        yield pk, timezone.localtime(starts_at).date(), title


def _ahead(who: Reader, seen: dict[str, int], dated: list[Dated], at: datetime) -> dict[int, Ahead]:
    """What is next with each: a reply we owe before all, else the earliest promise, task or meeting."""
    due = dict(WAITS.ask(who, **seen))  # the earliest of each
    things = {pk: _reply(due_at, at) for pk, due_at in due.items()}
    today = timezone.localdate(at)
    for pk, on, text in sorted(dated, key=lambda thing: (thing[1] is None, thing[1] or date.max, thing[2])):
        if pk not in things:
            words = Truncator(text).chars(MOST_LETTERS) if len(text) > MOST_LETTERS else text
            things[pk] = Ahead(words, on, is_late=on is not None and on < today)
    return things


def _reply(due_at: datetime, at: datetime) -> Ahead:
    is_late = due_at < at
    words = _("Reply overdue {span}") if is_late else _("Reply in {span}")
    return Ahead(words.format(span=span(due_at - at)), is_late=is_late)
