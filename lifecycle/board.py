"""What the board shows: the first cards of each column with what is next, in few queries."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from conversations.models import Commitment, Message, Wait
from lifecycle import gates, stalled
from lifecycle.gates import Place
from lifecycle.models import Task
from lifecycle.stalled import Stalled
from partners.models import Assignment, Partner, Stage, Step, Visit
from prm import addresses
from prm.templatetags.ui import span
from team.models import User
from team.roles import is_narrowed, may_by_role

SHOWN = 10
MOST_WORDS = 60
SAID = ("name", "score", "owner", "region", "status", "stage", "step", "stage_since", "step_since")

Dated = tuple[int, date | None, str]


@dataclass(frozen=True)
class Ahead:
    """The next thing with a partner: what, and by when."""

    words: str
    on: date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Card:
    """One partner on the board."""

    partner: Partner
    days: int | None  # in the stage; None where nobody knows
    ahead: Ahead | None
    stalled: Stalled | None
    may_move: bool

    @property
    def key(self) -> str:
        """Its id as it stands in addresses and ids."""
        return str(self.partner.pk)

    @property
    def name(self) -> str:
        return self.partner.name

    @property
    def url(self) -> str:
        return self.partner.get_absolute_url()

    @property
    def road_url(self) -> str:
        return addresses.of("lifecycle:road", self.partner.pk)

    @property
    def move_url(self) -> str:
        return addresses.of("lifecycle:advance", self.partner.pk)

    @property
    def move_words(self) -> str:
        return _("Move {name}").format(name=self.name)

    @property
    def next_words(self) -> str:
        if self.ahead:
            return self.ahead.words
        if self.stalled:
            return _("Stalled: usual {usual} days, nothing ahead").format(usual=self.stalled.usual)
        return _("Nothing planned")

    @property
    def fit_words(self) -> str:
        score = self.partner.score
        return _("Fit {score}").format(score="–" if score is None else f"{score:.0f}")

    @property
    def days_words(self) -> str:
        return "" if self.days is None else _("{days} d in stage").format(days=self.days)

    @property
    def is_in_trouble(self) -> bool:
        return self.ahead.is_late if self.ahead else self.stalled is not None


@dataclass(frozen=True)
class Column:
    """One place of the board, with the true count and the first cards."""

    place: Place
    count: int
    cards: list[Card]

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


def columns(partners: QuerySet[Partner], user: User, at: datetime) -> list[Column]:
    """Every column of the board; the same number of queries however many partners there are."""
    grouped = partners.order_by().values_list("stage", "step").annotate(n=Count("pk"))
    counts = {gates.here(stage, step): n for stage, step, n in grouped}
    cards: dict[Place, list[Card]] = {place: [] for place in gates.BOARD}
    for card in _cards(_first(partners, is_narrowed(user, "advance stage")), user, at):
        cards[gates.here(card.partner.stage, card.partner.step)].append(card)
    return [Column(place, counts.get(place, 0), cards[place]) for place in gates.BOARD]


def _first(partners: QuerySet[Partner], with_verticals: bool) -> list[Partner]:
    """The first partners of each column, who came last first."""
    place = Window(
        RowNumber(), partition_by=[F("stage"), F("step")], order_by=[F("step_since").desc(), F("pk").desc()]
    )
    first = partners.order_by().annotate(nth=place).filter(nth__lte=SHOWN).values_list("pk", flat=True)
    shown = Partner.objects.filter(pk__in=list(first)).only(*SAID).order_by("-step_since", "-pk")
    return list(shown.prefetch_related("verticals") if with_verticals else shown)


def _cards(partners: list[Partner], user: User, at: datetime) -> Iterable[Card]:
    ids = [partner.pk for partner in partners]
    usual = stalled.usual_days(at)
    dated = _dated(ids, at)
    next_things = _ahead(ids, dated, at)
    busy = {pk for pk, _, _ in dated}
    movable = _movable(partners, user)
    unknown = Visit.objects.since_nobody_knows(ids)
    for partner in partners:
        yield Card(
            partner=partner,
            days=None if partner.pk in unknown else (at - partner.stage_since).days,
            ahead=next_things.get(partner.pk),
            stalled=stalled.of(partner, at, usual, something_ahead=partner.pk in busy),
            may_move=partner.pk in movable,
        )


def _movable(partners: list[Partner], user: User) -> set[int]:
    """Those of `partners` that `user` may advance; one query."""
    assigned = Assignment.objects.current().filter(user=user, partner__in=[p.pk for p in partners])
    movable = set(assigned.values_list("partner", flat=True))
    by_right = (p.pk for p in partners if p.owner_id == user.pk or may_by_role(user, "advance stage", p))
    return movable.union(by_right)


def _dated(ids: list[int], at: datetime) -> list[Dated]:
    """The open promises and tasks and the meetings ahead of these partners."""
    dated: list[Dated] = []
    promises = Commitment.objects.open().filter(partner__in=ids)
    dated += promises.values_list("partner", "promised_for", "text")
    dated += Task.objects.open().filter(partner__in=ids).values_list("partner", "due_on", "text")
    dated += _meetings(ids, at)
    return dated


def _ahead(ids: list[int], dated: list[Dated], at: datetime) -> dict[int, Ahead]:
    """What is next with each: a reply we owe before all, else the earliest promise, task or meeting."""
    things: dict[int, Ahead] = {}
    today = timezone.localdate(at)
    for pk, on, text in sorted(dated, key=lambda thing: (thing[1] is None, thing[1] or date.max, thing[2])):
        words = Truncator(text).chars(MOST_WORDS)
        things.setdefault(pk, Ahead(words, on, is_late=on is not None and on < today))
    waits = Wait.objects.open().filter(partner__in=ids).order_by("-due_at", "-pk")
    for pk, due_at in waits.values_list("partner", "due_at"):
        things[pk] = _reply(due_at, at)
    return things


def _reply(due_at: datetime, at: datetime) -> Ahead:
    is_late = due_at < at
    words = _("Reply overdue {span}") if is_late else _("Reply in {span}")
    return Ahead(words.format(span=span(due_at - at)), is_late=is_late)


def _meetings(ids: list[int], at: datetime) -> Iterable[tuple[int, date, str]]:
    ahead: dict[str, Any] = {"channel": Message.Channel.MEETING, "occurred_at__gt": at, "withdrawn_at": None}
    held = Message.objects.filter(partner__in=ids, **ahead)
    for pk, moment, subject in held.values_list("partner", "occurred_at", "subject"):
        yield pk, timezone.localtime(moment).date(), subject or "Meeting"
